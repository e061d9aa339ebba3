"""The second ladder: only the place where a code seems to be, cut out and seen from the front.

A place is a hundredth of the picture, so that views which would be far too slow for the whole of
it are cheap here; and a code seen from the front, a few pixels a module, is the easiest to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from drivers.scanners.decoders import opencv_qr, views, zbar, zxing
from drivers.scanners.decoders.bars import averaged, straight, strip
from drivers.scanners.decoders.mended import Half, mended
from drivers.scanners.decoders.quads import Quad, Shown, cut_out, flattened, grown, sides
from drivers.scanners.decoders.reads import Read
from drivers.scanners.decoders.rungs import Reader, returned
from drivers.scanners.formats import Format
from drivers.scanners.pictures import Picture

_BARS_LONG = (240, 1400)  # pixels of a strip


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One way to look at a place."""

    name: str
    show: Callable[[], Shown | None]
    read: Reader

    def reads(self, formats: Sequence[Format]) -> list[Read]:
        shown = self.show()
        return returned(self.read(shown.picture, formats), shown) if shown is not None else []


def then(shown: Shown | None, view: views.View) -> Shown | None:
    """A view of what is shown already."""
    if shown is None:
        return None
    further = view(shown.picture)
    return None if further is None else Shown(further.picture, shown.back @ further.back)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a square code seems to be, without its quiet zone: as it would look from the front,
    and cut out of the picture as it is."""

    flat: Shown | None
    crop: Shown | None


def place(grey: Picture, spot: Quad) -> Place:
    side = max(sides(spot))
    scale = 2.0 if side < 260 else (1.0 if side < 700 else 0.5)
    size = max(96, min(640, round(side * scale * 1.4)))
    return Place(flattened(grey, grown(spot, 1.4), size, size), cut_out(grey, spot, 0.25, scale))


def quick_glimpses(at: Place) -> Iterator[Glimpse]:
    """The ways that read most for their time, each about a millisecond where QR codes alone are
    looked for."""
    yield Glimpse("front global", lambda: at.flat, zxing.read_global)
    yield Glimpse("front", lambda: at.flat, zxing.read)
    yield Glimpse("cut out", lambda: at.crop, zxing.read)
    for name, view in _QUICK:
        yield Glimpse(f"front {name}", partial(then, at.flat, view), zxing.read)
    yield Glimpse("cut out contrast", lambda: then(at.crop, views.local_contrast), zxing.read)


def hard_glimpses(at: Place) -> Iterator[Glimpse]:
    """The ways that read now and then what the quick ones do not, in the order to try."""
    for name, view in _HARDER:
        yield Glimpse(f"front {name}", partial(then, at.flat, view), zxing.read)
    yield Glimpse("zbar front", lambda: at.flat, zbar.read)
    yield Glimpse("zbar cut out", lambda: at.crop, zbar.read)
    yield Glimpse("front opencv", lambda: at.flat, opencv_qr.read)


def first_glimpses(at: Place) -> Iterator[Glimpse]:
    """The plainest ways, for the families that the quick ones left out."""
    yield Glimpse("front", lambda: at.flat, zxing.read)
    yield Glimpse("cut out", lambda: at.crop, zxing.read)


def mended_glimpses(grey: Picture, half: Half) -> tuple[Glimpse, ...]:
    """Ways to look at a QR code of which one square is covered, the quick one first."""
    return (
        Glimpse("mended", lambda: mended(grey, half), zxing.read),
        Glimpse("zbar mended", lambda: mended(grey, half), zbar.read),
    )


_QUICK: tuple[tuple[str, views.View], ...] = (
    ("adaptive", views.adaptive(31)),
    ("sharpened", views.sharpened),
)
_HARDER: tuple[tuple[str, views.View], ...] = (
    ("opened", views.opened(3)),
    ("closed", views.closed(3)),
    ("smoothed", views.smoothed(1.5)),
    ("deblurred 2", views.deblurred(2.0)),
    ("deblurred 3", views.deblurred(3.0, 0.02)),
)


def bar_glimpses(grey: Picture, spot: Quad) -> Iterator[Glimpse]:
    """Ways to look at the bars at `spot`, in the order to try."""
    bars = straight(grey, spot)
    if bars is None:
        return
    length, thickness = sides(bars)
    scale = 2.0 if length < 700 else 1.0
    width = max(_BARS_LONG[0], min(_BARS_LONG[1], round(length * scale * 1.3)))
    height = max(24, min(160, round(thickness * scale)))
    flat = strip(grey, bars, width, height, 0.15)
    even = None if flat is None else averaged(flat)
    yield Glimpse("strip", lambda: flat, zxing.read)
    yield Glimpse("strip even", lambda: even, zxing.read_global)
    yield Glimpse("strip even", lambda: then(even, views.sharpened), zxing.read)
    yield Glimpse("zbar strip", lambda: flat, zbar.read)
    yield Glimpse("zbar strip", lambda: then(even, views.sharpened), zbar.read)
    yield Glimpse("strip even", lambda: then(even, views.deblurred(3.0, 0.02)), zxing.read)


def second_looks(grey: Picture, read: Read) -> Iterator[Glimpse]:
    """Ways to confirm one read, cheap ones first; none is the way it was read."""
    if read.linear:
        yield from bar_glimpses(grey, read.quad)
        return
    crop = cut_out(grey, read.quad, 0.2)
    yield Glimpse("crop global", lambda: crop, zxing.read_global)
    yield Glimpse("crop double", lambda: then(crop, views.scaled(2.0)), zxing.read)
    yield Glimpse("crop contrast", lambda: then(crop, views.local_contrast), zxing.read)
    yield Glimpse("crop smoothed", lambda: then(crop, views.smoothed(1.0)), zxing.read)
