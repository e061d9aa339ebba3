"""Documents and pictures as bytes, without any printer."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printers import escpos, native
from drivers.printers.escpos import Cut
from kiosk.ports import Align, Bitmap, Divider, Document, Emblem, Gap, Pair, Qr, Text, TextSize

HEAD = b"\x1b\x40" + b"\x1d\x61\x0e"
TAIL = b"\x1d\x72\x01" + b"\x1d\x61\x00"
MARK = b"\x1d\x28\x48\x06\x00\x30\x30AB12"
PART_CUT = b"\x1d\x56\x42\x00"


def rasters(job: bytes) -> list[tuple[int, int, bytes]]:
    """Bytes a row, rows and data of each GS v 0 in a job that is nothing else but rasters."""
    assert job.startswith(HEAD)
    found, at = [], len(HEAD)
    while job[at : at + 4] == b"\x1d\x76\x30\x00":
        wide, high = job[at + 4] + 256 * job[at + 5], job[at + 6] + 256 * job[at + 7]
        found.append((wide, high, job[at + 8 : at + 8 + wide * high]))
        at += 8 + wide * high
    assert job[at:] == PART_CUT + MARK + TAIL
    return found


def blank(rows: int, width: int = 576) -> Bitmap:
    return Bitmap(width, rows, bytes(rows * width // 8))


def test_a_small_picture_byte_for_byte() -> None:
    picture = Bitmap(16, 2, b"\xff\x00\x81\x7e")
    body = b"\x1d\x76\x30\x00\x02\x00\x02\x00\xff\x00\x81\x7e"
    assert escpos.encode_bitmap(picture, Cut.PART, b"AB12") == HEAD + body + PART_CUT + MARK + TAIL


def test_a_printer_that_would_print_the_mark_gets_none() -> None:
    job = escpos.encode_bitmap(blank(1), Cut.PART, None)
    assert b"\x1d\x28\x48" not in job
    assert job.endswith(TAIL)


@pytest.mark.parametrize(
    ("cut", "code"),
    [(Cut.PART, b"\x1d\x56\x42\x00"), (Cut.FULL, b"\x1d\x56\x41\x00"), (Cut.NONE, b"\x1b\x64\x06")],
)
def test_cuts(cut: Cut, code: bytes) -> None:
    assert escpos.encode_bitmap(blank(1), cut, None).endswith(code + TAIL)


@pytest.mark.parametrize("rows", [1, 47, 255, 256, 257, 300, 1599, 1600, 2048])
def test_a_long_picture_goes_out_in_pieces_and_loses_nothing(rows: int) -> None:
    dots = bytes((n * 37 % 256) & 0xEF for n in range(rows * 72))
    parts = rasters(escpos.encode_bitmap(Bitmap(576, rows, dots), Cut.PART, b"AB12"))
    assert all(wide == 72 and high <= escpos.CHUNK_ROWS for wide, high, _ in parts)
    printed = b"".join(data for _, _, data in parts)
    assert printed[: len(dots)] == dots
    assert not any(printed[len(dots) :])


@pytest.mark.parametrize("rows", [48, 96, 144, 192, 240, 256 + 48, 512 + 240])
def test_no_piece_is_a_multiple_of_48_rows_high(rows: int) -> None:
    parts = rasters(escpos.encode_bitmap(blank(rows), Cut.PART, b"AB12"))
    assert all(high % 48 for _, high, _ in parts)
    assert sum(high for _, high, _ in parts) == rows + 1


@given(st.lists(st.sampled_from([0x10, 0x04, 0x05, 0x14, 0x00, 0x12]), min_size=16, max_size=64))
def test_no_picture_contains_a_command_that_is_obeyed_at_once(dots: list[int]) -> None:
    rows = bytes(dots[: len(dots) // 2 * 2])
    shown = escpos.disarm(rows)
    assert not re.search(rb"\x10[\x04\x05\x14]", shown)
    changed = [(a, b) for a, b in zip(rows, shown, strict=True) if a != b]
    assert all(pair == (0x10, 0x18) for pair in changed)


def document(*blocks: Text | Pair | Divider | Gap | Qr, rtl: bool = False) -> Document:
    return Document("Receipt", "en", rtl, blocks)


def test_plain_text_byte_for_byte() -> None:
    job = escpos.encode_text(document(Text("Müller 5 €")), 384, Cut.PART, b"AB12")
    assert job.startswith(HEAD + b"\x1b\x74\x13")  # code page 858
    assert b"M\x81ller 5 \xd5\n" in job
    assert job.endswith(PART_CUT + MARK + TAIL)


def test_each_job_chooses_its_code_page_again() -> None:
    """`ESC @` makes the printer forget it, so an encoder must not remember it."""
    first = escpos.encode_text(document(Text("é")), 384, Cut.PART, b"AB12")
    assert escpos.encode_text(document(Text("é")), 384, Cut.PART, b"AB12") == first


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_name_can_reach_the_printer_as_a_command(label: str, value: str) -> None:
    lines = list(native.layout(document(Text(label), Pair(label, value)), 576))
    for line in lines:
        assert isinstance(line, native.Line)
        assert all(b >= 0x20 and b != 0x7F for b in line.text.encode(native.CODE_PAGE))


def test_a_name_with_a_drawer_kick_in_it_prints_harmlessly() -> None:
    job = escpos.encode_text(document(Text("Nice\x1bp\x00\x19\xfahat")), 384, Cut.PART, None)
    assert b"\x1bp" not in job
    assert b"Nicep\xa3hat" in job or b"Nicep" in job


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("12,50\u00a0€", "12,50 €"),
        ("1\u202f234", "1 234"),
        ("\u200f12 US$", "12 US$"),
        ("\uffe51,200", "¥1,200"),
        ("“Čapek” – ’n", '"Capek" - \'n'),
        ("e\u0301", "é"),
        ("帽子", "??"),
        ("a\tb\nc", "a b c"),
    ],
)
def test_what_the_code_page_lacks_is_replaced(text: str, plain: str) -> None:
    assert native.plain(text) == plain


def test_a_pair_keeps_label_and_value_at_the_edges() -> None:
    assert list(native.layout(document(Pair("Bag", "B-1")), 384)) == [
        native.Line("Bag" + " " * 26 + "B-1")
    ]
    assert list(native.layout(document(Pair("Bag", "B-1"), rtl=True), 384)) == [
        native.Line("B-1" + " " * 26 + "Bag")
    ]


def test_a_pair_too_long_for_the_line_puts_the_value_below() -> None:
    lines = list(native.layout(document(Pair("A very long name of a thing", "1,234.00 €")), 384))
    assert lines == [
        native.Line("A very long name of a thing", "left"),
        native.Line("1,234.00 €", "right"),
    ]


def test_sizes_alignment_and_rules_in_plain_text() -> None:
    blocks = (
        Text("Big", TextSize.HUGE, align=Align.CENTER),
        Text("End", align=Align.END),
        Divider(),
        Gap(8),
    )
    assert list(native.layout(document(*blocks), 384)) == [
        native.Line("Big", "center", scale=2),
        native.Line("End", "right"),
        native.Line("-" * 32),
        native.Line(""),
        native.Line(""),
    ]


def test_where_nothing_can_be_drawn_a_shops_name_stands_for_its_mark() -> None:
    mark = Emblem(240, 80, ("M0 0H240V80H0Z",), "Crème & Söhne, a shop with a very long name")
    document = Document("Receipt", "en", False, (mark,))
    assert list(native.layout(document, 384)) == [
        native.Line("Crème & Söhne, a shop with a", "center", bold=True),
        native.Line("very long name", "center", bold=True),
    ]


def test_the_library_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    """Its import would add a log handler and leave a folder behind."""
    script = (
        "import logging\n"
        "from drivers.printers import escpos\n"
        "from kiosk.ports import Bitmap\n"
        "escpos.encode_bitmap(Bitmap(8, 1, b'x'), escpos.Cut.PART, None)\n"
        "print(logging.getLogger().handlers)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        env={"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
        cwd=Path(escpos.__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (result.stdout, result.stderr) == ("[]\n", "")
    assert list(tmp_path.iterdir()) == []


def test_a_job_carries_its_picture_disarmed() -> None:
    dots = b"\x10\x14\x01\x00\x05\x10\x04\x01" + bytes(64)
    job = escpos.encode_bitmap(Bitmap(576, 1, dots), Cut.PART, b"AB12")
    assert not re.search(rb"\x10[\x04\x05\x14]", job)
    assert b"\x18\x14\x01\x00\x05\x18\x04\x01" in job
