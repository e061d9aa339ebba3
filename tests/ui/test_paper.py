"""Receipts as dots: what is on the paper, where, and whether a phone can read it."""

from __future__ import annotations

import io
import math
import os
import threading

import pytest
import segno
import zxingcpp
from PIL import Image

from kiosk.ports import (
    Align,
    Bitmap,
    Block,
    Divider,
    Document,
    Gap,
    Pair,
    Qr,
    Text,
    TextSize,
)
from ui.paper import application, rasterise, to_png

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PAPERS = [(576, 203), (512, 180), (384, 203), (832, 300), (1344, 300)]
PROOF = "RP1:" + "NCFOXN%TSMAHN-H7QTVS5.LE4%PKD9.W8MG8X1VH9" * 5


@pytest.fixture(autouse=True)
def _qt(qapp: object) -> None:
    """Fonts need an application."""


def document(*blocks: Block, rtl: bool = False, language: str = "en") -> Document:
    return Document("Receipt", language, rtl, blocks)


def draw(*blocks: Block, rtl: bool = False, language: str = "en", width: int = 576) -> Bitmap:
    return rasterise(document(*blocks, rtl=rtl, language=language), width, 203)


def picture(bitmap: Bitmap) -> Image.Image:
    return Image.open(io.BytesIO(to_png(bitmap))).convert("L")


def ink(bitmap: Bitmap) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of all that is black."""
    box = picture(bitmap).point(lambda grey: 255 - grey).getbbox()
    assert box is not None
    return box


def lines(bitmap: Bitmap) -> int:
    """Runs of rows with ink: printed lines, where no letter hangs down."""
    stride = bitmap.width // 8
    inked = [any(bitmap.rows[y * stride : (y + 1) * stride]) for y in range(bitmap.height)]
    return sum(1 for before, now in zip([False, *inked], inked, strict=False) if now and not before)


@pytest.mark.parametrize(("width", "dpi"), PAPERS)
def test_a_bitmap_is_as_wide_as_the_paper_and_says_so(width: int, dpi: int) -> None:
    bitmap = rasterise(document(Text("Hello"), Divider()), width, dpi)
    assert bitmap.width == width
    assert len(bitmap.rows) == bitmap.height * width // 8


@pytest.mark.parametrize(("width", "dpi"), PAPERS)
def test_the_printed_code_reads_back_exactly(width: int, dpi: int) -> None:
    image = picture(rasterise(document(Text("Shop"), Qr(PROOF, "K1-000001")), width, dpi))
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [PROOF]


@pytest.mark.parametrize(("width", "dpi"), PAPERS)
def test_the_code_is_module_exact_with_its_quiet_zone(width: int, dpi: int) -> None:
    bitmap = rasterise(document(Qr(PROOF)), width, dpi)
    matrix = list(segno.make(PROOF, micro=False, error="m").matrix_iter(border=0))
    left, top, right, bottom = ink(bitmap)
    module, rest = divmod(right - left, len(matrix))
    assert (rest, bottom - top) == (0, right - left)
    assert module * 25.4 / dpi >= 0.29  # millimetres: what a phone reads at arm's length
    assert min(left, width - right) >= 4 * module
    image = picture(bitmap)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            spot = (left + x * module, top + y * module)
            corners = {
                image.getpixel((spot[0] + dx, spot[1] + dy))
                for dx in (0, module - 1)
                for dy in (0, module - 1)
            }
            assert corners == {0 if dark else 255}


def test_a_short_code_is_about_three_centimetres_wide() -> None:
    left, _, right, _ = ink(draw(Qr("K1-000001")))
    assert 28 <= (right - left) * 25.4 / 203 <= 32


def test_sizes_come_from_millimetres() -> None:
    """Cap height of body text is the same on every printer."""
    heights = []
    for dpi in (180, 203, 300):
        _, top, _, bottom = ink(rasterise(document(Text("HHH")), 832, dpi))
        heights.append((bottom - top) * 25.4 / dpi)
    assert all(math.isclose(h, 2.4, abs_tol=0.15) for h in heights)


def test_sizes_grow_from_small_to_huge() -> None:
    heights = [ink(draw(Text("H", size)))[3] - ink(draw(Text("H", size)))[1] for size in TextSize]
    assert heights == sorted(set(heights))


def test_bold_is_blacker() -> None:
    plain, bold = (draw(Text("Refund", bold=b)).rows for b in (False, True))
    assert sum(map(int.bit_count, bold)) > 1.1 * sum(map(int.bit_count, plain))


@pytest.mark.parametrize(
    ("align", "rtl", "side"),
    [
        (Align.START, False, "left"),
        (Align.END, False, "right"),
        (Align.START, True, "right"),
        (Align.END, True, "left"),
        (Align.CENTER, False, "middle"),
        (Align.CENTER, True, "middle"),
    ],
)
@pytest.mark.parametrize("text", ["Bag 417", "كيس"])
def test_alignment_follows_the_reading_direction(
    align: Align, rtl: bool, side: str, text: str
) -> None:
    left, _, right, _ = ink(draw(Text(text, align=align), rtl=rtl))
    white = (left, 576 - right)
    match side:
        case "left":
            assert white[0] < 8 < white[1]
        case "right":
            assert white[1] < 8 < white[0]
        case _:
            assert abs(white[0] - white[1]) <= 8


def test_a_pair_stands_at_both_edges_of_one_line() -> None:
    bitmap = draw(Pair("Bar", "B-417"))
    left, _, right, _ = ink(bitmap)
    assert left < 8
    assert right > 568
    assert lines(bitmap) == 1
    assert bitmap.height == draw(Text("Bar")).height


def test_a_short_value_stays_beside_a_label_of_many_lines() -> None:
    wrapped = draw(Pair("WOOL HAT WITH A BRIM AND A BAND OF SILK IN GREEN", "12.00"))
    assert lines(wrapped) == lines(draw(Text("WOOL HAT WITH A BRIM AND A BAND OF SILK IN GREEN")))
    assert ink(wrapped)[2] > 568


def test_a_long_value_goes_below_its_label() -> None:
    bitmap = draw(Pair("Date", "Saturday 21 November 2026 at 20:17 o'clock"))
    assert lines(bitmap) == 2
    assert bitmap.height == 2 * draw(Text("Date")).height - 2 * 8


@pytest.mark.parametrize(
    "word", ["Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter" * 2, "9" * 200]
)
def test_a_word_wider_than_the_paper_breaks_and_loses_nothing(word: str) -> None:
    bitmap = draw(Text(word, TextSize.HUGE))
    assert ink(bitmap)[2] <= 576
    assert bitmap.height > 3 * draw(Text("x", TextSize.HUGE)).height


def test_centred_lines_are_balanced_and_keep_an_address_whole() -> None:
    text = "Questions? Write to help@northfield-outdoor.example"
    bitmap = draw(Text(text, align=Align.CENTER), width=384)
    image = picture(bitmap).point(lambda grey: 255 - grey)
    half = bitmap.height // 2
    tops = image.crop((0, 0, 384, half)).getbbox(), image.crop((0, half, 384, half * 2)).getbbox()
    assert tops[0] is not None
    assert tops[1] is not None
    assert tops[1][2] - tops[1][0] > 200  # no word is left alone on the second line


@pytest.mark.parametrize(
    ("language", "rtl", "text"),
    [
        ("ar", True, "سترة صوف ميرينو، أخضر غامق"),
        ("he", True, "מעיל צמר"),
        ("ja", False, "メリノウールセーター"),
        ("zh", False, "羊毛衫"),
        ("ko", False, "양모 스웨터"),
        ("th", False, "เสื้อกันหนาว"),
        ("el", False, "Πουλόβερ"),
        ("ru", False, "Свитер"),
    ],
)
def test_every_script_has_letters_of_its_own(language: str, rtl: bool, text: str) -> None:
    """A missing font would draw the same empty box for every letter."""
    shapes = {draw(Text(c), rtl=rtl, language=language).rows for c in set(text) if c.isalpha()}
    assert len(shapes) == len({c for c in text if c.isalpha()})


def test_arabic_letters_join() -> None:
    joined, apart = ink(draw(Text("سلام"), rtl=True)), ink(draw(Text("س ل ا م"), rtl=True))
    assert joined[2] - joined[0] < 0.8 * (apart[2] - apart[0])


@pytest.mark.parametrize("text", ["Hat (M).", "••••4711", "+44 20 7946", "K1-000017-X"])
def test_what_is_not_arabic_keeps_its_order_on_an_arabic_receipt(text: str) -> None:
    """Drawn right to left, a closing full stop would jump to the front."""
    foreign, own = draw(Text(text), rtl=True), draw(Text(text))
    left, top, right, bottom = ink(foreign)
    assert picture(foreign).crop((left, top, right, bottom)).tobytes() == (
        picture(own).crop(ink(own)).tobytes()
    )


def test_small_text_stands_close_to_what_it_explains() -> None:
    note = Text("Note", TextSize.SMALL)
    two = draw(Text("A"), note).height, draw(note, Text("A")).height
    assert two[0] < two[1]


def test_a_gap_is_as_high_as_it_says() -> None:
    assert draw(Gap(10)).height - draw(Gap(0)).height == 80


def test_an_empty_document_is_blank_paper_and_not_an_error() -> None:
    assert not any(draw().rows)


def test_the_picture_file_shows_exactly_the_dots() -> None:
    bitmap = Bitmap(16, 2, b"\xf0\x01\x00\xff")
    image = picture(bitmap)
    black = {(x, y) for y in range(2) for x in range(16) if image.getpixel((x, y)) == 0}
    assert black == {(0, 0), (1, 0), (2, 0), (3, 0), (15, 0), *((x, 1) for x in range(8, 16))}


def test_it_draws_the_same_on_any_thread() -> None:
    blocks = (Text("Müller"), Pair("كيس", "B-1"), Qr("X", "K1"))
    expected = draw(*blocks)
    found: list[Bitmap] = []
    threads = [threading.Thread(target=lambda: found.append(draw(*blocks))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_the_running_application_is_used(qapp: object) -> None:
    assert application() is qapp
