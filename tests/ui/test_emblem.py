"""A shop's mark at the head of its receipt: of a fair size, crisp, never instead of its name."""

from __future__ import annotations

import io
import threading

import pytest
from PIL import Image

from kiosk.ports import Align, Bitmap, Document, Emblem, Text, TextSize
from ui import emblem
from ui.paper import rasterise, to_png

PAPERS = [(576, 203), (384, 203), (512, 180), (832, 300)]
SQUARE = "M0 0H100V100H0Z"
# A ring, a beam, and hair lines: what a thermal head finds hard.
RING = (
    "M40 2A38 38 0 1 1 39.9 2Z M40 14A26 26 0 1 0 40.1 14Z",
    "M96 8H230V28H96Z",
    "M96 46H230V46.4H96Z",
    "M96 60H96.4V76H96Z",
    "M110 76L230 60.4L230.1 60.8L110.1 76.4Z",
)


@pytest.fixture(autouse=True)
def _qt(qapp: object) -> None:
    """Fonts need an application."""


def shop(paths: tuple[str, ...] = RING, width: int = 240, height: int = 80) -> Emblem:
    return Emblem(width, height, paths, "Linden & Row")


def draw(*blocks: Emblem | Text, width: int = 576, dpi: int = 203) -> Bitmap:
    return rasterise(Document("Receipt", "en", False, blocks), width, dpi)


def picture(bitmap: Bitmap) -> Image.Image:
    return Image.open(io.BytesIO(to_png(bitmap))).convert("L")


def mark(block: Emblem, width: int = 576, dpi: int = 203) -> Image.Image:
    """The mark alone, with what lies around it on the paper cut off."""
    found = emblem.dots(block, width, dpi)
    assert found is not None
    bits = bytes(found.constBits())
    rows = [bits[y * found.bytesPerLine() :][: found.width()] for y in range(found.height())]
    return Image.frombytes("L", (found.width(), found.height()), b"".join(rows))


@pytest.mark.parametrize(("width", "dpi"), PAPERS)
@pytest.mark.parametrize("box", [(50, 100), (100, 100), (300, 100), (600, 100)])
def test_its_size_is_fair_to_square_and_wide_marks_and_fits_every_paper(
    width: int, dpi: int, box: tuple[int, int]
) -> None:
    wide, high = emblem.size(shop(width=box[0], height=box[1]), width, dpi)
    assert high * 25.4 / dpi <= 14.2
    assert wide <= 0.81 * width
    assert wide / high == pytest.approx(box[0] / box[1], rel=0.03)
    assert wide * high * (25.4 / dpi) ** 2 <= 490


@pytest.mark.parametrize(("width", "dpi"), PAPERS)
def test_it_stands_in_the_middle_above_the_name(width: int, dpi: int) -> None:
    name = Text("Linden & Row", TextSize.BODY, bold=True, align=Align.CENTER)
    square = shop((SQUARE,), 100, 100)
    with_mark, alone = (picture(draw(one, width=width, dpi=dpi)) for one in (square, name))
    high = emblem.size(square, width, dpi)[1]
    grown = with_mark.height - alone.height  # the mark, and white below it
    above = with_mark.crop((0, 0, width, grown + round(1.0 * dpi / 25.4)))
    left, top, right, bottom = above.point(lambda grey: 255 - grey).getbbox() or (0, 0, 0, 0)
    assert bottom - top == high
    assert abs(left - (width - right)) <= 1
    below = with_mark.crop((0, grown + 8, width, with_mark.height))
    assert below.tobytes() == alone.crop((0, 8, width, alone.height)).tobytes()


def test_what_is_filled_is_black_to_its_edge_and_holes_stay_white() -> None:
    drawn = mark(shop())
    share = drawn.width / 240
    grey = {drawn.getpixel((x, y)) for x in range(drawn.width) for y in range(drawn.height)}
    assert grey == {0, 255}
    assert drawn.getpixel((round(40 * share), round(40 * share))) == 255  # within the ring
    assert drawn.getpixel((round(160 * share), round(18 * share))) == 0  # on the beam
    beam = [drawn.getpixel((round(160 * share), y)) for y in range(round(36 * share))]
    assert beam.count(0) == pytest.approx(20 * share, abs=1)


@pytest.mark.parametrize(("width", "dpi"), PAPERS)
def test_lines_thinner_than_half_a_dot_are_not_lost(width: int, dpi: int) -> None:
    drawn = mark(shop(), width, dpi)
    share = drawn.width / 240
    level = drawn.crop(
        (round(100 * share), round(44 * share), round(225 * share), round(48 * share))
    )
    columns = [
        [level.getpixel((x, y)) for y in range(level.height)].count(0) for x in range(level.width)
    ]
    assert set(columns) == {1}
    slanted = drawn.crop(
        (round(115 * share), round(58 * share), round(225 * share), round(78 * share))
    )
    empty = [
        x
        for x in range(slanted.width)
        if 0 not in {slanted.getpixel((x, y)) for y in range(slanted.height)}
    ]
    assert len(empty) <= slanted.width // 20


@pytest.mark.parametrize(("width", "dpi"), PAPERS)
def test_hatching_too_fine_for_dots_comes_out_as_grey_as_it_is(width: int, dpi: int) -> None:
    """Lines of 0.12 units every 0.3: two fifths of it are ink."""
    hatch = "".join(f"M{n * 3 / 10:g} 0v80h.12v-80z" for n in range(400))
    drawn = mark(shop((hatch, "M120 0H240V80H120Z")), width, dpi)
    half = drawn.width // 2
    assert share_of_black(drawn.crop((2, 0, half - 2, drawn.height))) == pytest.approx(
        0.4, abs=0.05
    )
    assert share_of_black(drawn.crop((half + 1, 0, drawn.width, drawn.height))) == 1.0


def share_of_black(drawn: Image.Image) -> float:
    return drawn.histogram()[0] / (drawn.width * drawn.height)


@pytest.mark.parametrize(
    "paths", [("M0 0",), ("M500 500H600V600H500Z",), ("M0 0H240",)], ids=["none", "outside", "flat"]
)
def test_a_mark_without_a_black_dot_gives_the_name_in_large_type(paths: tuple[str, ...]) -> None:
    name = Text("Linden & Row", TextSize.LARGE, bold=True, align=Align.CENTER)
    assert draw(shop(paths)) == draw(name)


def test_a_printers_thread_may_draw_it() -> None:
    found: list[Bitmap] = []
    emblem.dots.cache_clear()
    thread = threading.Thread(target=lambda: found.append(draw(shop())))
    thread.start()
    thread.join()
    assert found == [draw(shop())]


def test_the_same_mark_is_drawn_once() -> None:
    assert emblem.dots(shop(), 576, 203) is emblem.dots(shop(), 576, 203)
