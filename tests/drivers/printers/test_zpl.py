"""Labels as ZPL: what is sent, what a printer reads, and nothing that a name could command."""

from __future__ import annotations

import io
import random
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from drivers.printers import native, zpl, zpl_status
from drivers.printers.zpl import Media, Stock
from drivers.scanners.decoders import decode_image
from drivers.virtual.label_printer import drawn
from drivers.virtual.zpl_commands import NotZpl, commands, graphic
from kiosk.ports import (
    Align,
    Bitmap,
    DeviceFault,
    DeviceState,
    Divider,
    Document,
    Emblem,
    Gap,
    Pair,
    Qr,
    Text,
    TextSize,
)


def read_codes(png: bytes) -> list[str]:
    """What our own scanner reads from a label."""
    with Image.open(io.BytesIO(png)) as image:
        grey = np.asarray(image.convert("L"))
    return [code.text for code in decode_image(grey)]


STOCK = Stock(width=448, dpi=203)


def noise(seed: int, width: int = 96, height: int = 40) -> Bitmap:
    source, stride = random.Random(seed), (width + 7) // 8
    kinds = (bytes(stride), b"\xff" * stride, None)
    rows = b"".join(source.choice(kinds) or source.randbytes(stride) for _ in range(height))
    return Bitmap(width, height, rows)


@pytest.mark.parametrize("seed", range(12))
def test_a_picture_is_read_back_as_it_was(seed: int) -> None:
    picture = noise(seed, width=8 * (seed + 1))
    data = zpl.compressed(picture)
    stride = (picture.width + 7) // 8
    total = len(picture.rows)
    assert graphic(f"A,{total},{total},{stride},{data}") == (stride, picture.rows)


def test_white_paper_is_next_to_nothing() -> None:
    picture = Bitmap(832, 1218, bytes(104 * 1218))
    assert len(zpl.compressed(picture)) == 1218


def test_long_runs_of_a_digit() -> None:
    for count in (1, 2, 19, 20, 21, 399, 400, 419, 807):
        row = "A" * count + "5" * (2 - count % 2)
        picture = Bitmap(4 * len(row), 1, bytes.fromhex(row))
        text = zpl.compressed(picture)
        assert graphic(f"A,{len(row) // 2},{len(row) // 2},{len(row) // 2},{text}")[1].hex() == (
            row.lower()
        )


def test_a_label_names_its_size_and_media() -> None:
    picture = noise(1)
    said = zpl.encode_bitmap(picture, replace(STOCK, height=400, media=Media.GAP)).decode()
    assert said.startswith("^XA^CI28^LH0,0^PW448^MNY^LL400^FO0,180^GFA,")
    assert said.endswith("^FS^PQ1^XZ\n")
    assert "^LL" not in zpl.encode_bitmap(picture, STOCK).decode()
    assert (
        "^MNN^LL40" in zpl.encode_bitmap(picture, replace(STOCK, media=Media.CONTINUOUS)).decode()
    )


NASTY = "A^XZ~JA^FD~HS\x02\x1b\u202e\u0000B"


@pytest.mark.parametrize(
    "block",
    [
        Text(NASTY),
        Text(NASTY, TextSize.GIANT),
        Pair(NASTY, NASTY),
        Emblem(1, 1, (), NASTY),
        Qr("X", NASTY),
    ],
)
def test_no_name_commands_the_printer(block: Text | Pair | Emblem | Qr) -> None:
    """security.md 27: neither caret nor tilde gets into a field."""
    said = zpl.encode_text(Document(NASTY, "en", False, (block,)), STOCK).decode()
    names = [one.name for one in commands(said)]
    assert names.count("^XA") == names.count("^XZ") == 1
    assert not any(name.startswith("~") for name in names)
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_the_printers_own_letters_stand_in() -> None:
    blocks = (
        Text("Shelf", align=Align.CENTER),
        Text("A-12P", TextSize.GIANT),
        Pair("Place", "Corner shop"),
        Divider(),
        Gap(2),
        Qr("TS:A-12P0", "A-12P"),
        Text("", TextSize.SMALL),
    )
    for turned in (False, True):
        said = zpl.encode_text(Document("Label", "en", turned, blocks), STOCK)
        png = drawn(said.decode(), 448)
        assert read_codes(png) == ["TS:A-12P0"]


@pytest.mark.parametrize(("name", "scale"), [("A1", 8), ("KELLER-LINKS", 4), ("X" * 60, 1)])
def test_the_largest_type_is_as_large_as_one_line_takes(name: str, scale: int) -> None:
    line = next(native.layout(Document("L", "en", False, (Text(name, TextSize.GIANT),)), 576))
    assert isinstance(line, native.Line)
    assert line.scale == scale


# --- what it says of itself ----------------------------------------------------------------------


def answer(first: str = "030,0,0,1245,000,0,0,0,000,0,0,0", second: str = "") -> bytes:
    second = second or "000,0,0,0,0,2,4,0,00000000,1,000"
    return b"".join(b"\x02" + one.encode() + b"\x03\r\n" for one in (first, second, "1234,0"))


def test_an_idle_printer_is_ready() -> None:
    report = zpl_status.read(answer())
    assert report is not None
    assert (report.fault, report.state, report.idle) == (
        DeviceFault.NONE,
        DeviceState.READY,
        True,
    )


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        ("030,1,0,1245,000,0,0,0,000,0,0,0", "", DeviceFault.PAPER_OUT),
        ("030,0,1,1245,000,0,0,0,000,0,0,0", "", DeviceFault.PAUSED),
        ("030,0,0,1245,000,0,0,0,000,1,0,0", "", DeviceFault.INTERNAL),
        ("030,0,0,1245,000,0,0,0,000,0,0,1", "", DeviceFault.OVERHEATED),
        ("", "000,0,1,0,0,2,4,0,00000000,1,000", DeviceFault.COVER_OPEN),
        ("", "000,0,0,1,0,2,4,0,00000000,1,000", DeviceFault.RIBBON_OUT),
        (
            "030,1,1,1245,000,0,0,0,000,0,0,0",
            "000,0,1,1,0,2,4,0,00000000,1,000",
            DeviceFault.COVER_OPEN,
        ),
    ],
)
def test_what_is_wrong_and_what_is_mended_first(
    first: str, second: str, fault: DeviceFault
) -> None:
    report = zpl_status.read(answer(first or "030,0,0,1245,000,0,0,0,000,0,0,0", second))
    assert report is not None
    assert report.fault is fault
    assert report.state is DeviceState.FAULTY


def test_what_is_still_to_come_out() -> None:
    waits = zpl_status.read(answer("030,0,0,1245,002,0,0,0,000,0,0,0"))
    batch = zpl_status.read(answer(second="000,0,0,0,0,2,4,0,00000003,1,000"))
    assert waits is not None
    assert batch is not None
    assert (waits.formats, waits.idle) == (2, False)
    assert (batch.remaining, batch.idle) == (3, False)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x02\x03", answer()[:-4], b"\x02a\x03" * 3, answer("x," * 11 + "0"), b"\xff" * 900],
)
def test_half_an_answer_is_none(data: bytes) -> None:
    assert zpl_status.read(data) is None


@pytest.mark.parametrize("data", ["G0", "GG", "Z", "0" * 10, ":", "0:"])
def test_the_twin_reads_strictly(data: str) -> None:
    with pytest.raises(NotZpl):
        graphic(f"A,2,2,2,{data}")


def test_a_code_of_a_real_size_is_read_from_the_label() -> None:
    picture = native.qr_picture("TB0000000042M", 448)
    png = drawn(zpl.encode_bitmap(picture, STOCK).decode(), 448)
    assert Image.open(io.BytesIO(png)).size == (448, picture.height)
    assert read_codes(png) == ["TB0000000042M"]
