"""The ladder: each rung shows the picture to a decoder in another way.

The order is that of what paid on photographs of phones and labels, cheap before dear. A rung says
what it is good for, so that a search for QR codes alone never pays for turning the picture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from math import hypot

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from zxingcpp import Binarizer, TextMode

from drivers.scanners import zbar
from drivers.scanners.formats import BY_ZXING, Format, zxing_formats
from drivers.scanners.reads import Point, Quad, Read

Picture = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Reader = Callable[[Picture, Sequence[Format]], list[Read]]
_HERE: Matrix = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
_DOUBLE_UP_TO = 1_500_000  # pixels; beyond, enlarging costs seconds and codes are large anyway


class Good(Enum):
    """What a rung is worth trying for."""

    BOTH = "both"
    MATRIX = "matrix"
    LINEAR = "linear"


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture prepared for a decoder; `back` maps its pixels to those of the original."""

    picture: Picture
    back: Matrix


@dataclass(frozen=True, slots=True)
class Rung:
    name: str
    good: Good
    show: Callable[[Picture], Shown | None]
    read: Reader

    def suits(self, formats: Sequence[Format]) -> tuple[Format, ...]:
        """The formats of these that the rung helps with."""
        if self.good is Good.BOTH:
            return tuple(formats)
        return tuple(row for row in formats if row.linear is (self.good is Good.LINEAR))

    def climb(
        self, grey: Picture, formats: Sequence[Format], read: Reader | None = None
    ) -> list[Read]:
        """The codes found this way, with corners in the original's pixels; by another reader of
        the same picture where one is given."""
        wanted = self.suits(formats)
        shown = self.show(grey) if wanted else None
        if shown is None:
            return []
        return [_moved(found, shown.back) for found in (read or self.read)(shown.picture, wanted)]


def _moved(read: Read, back: Matrix) -> Read:
    if back is _HERE:
        return read
    corners = np.array(read.quad) @ back[:, :2].T + back[:, 2]
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return Read(read.symbology, read.aim, read.text, read.raw, (a, b, c, d), read.quality)


def _corner(point: zxingcpp.Point) -> Point:
    return float(point.x), float(point.y)


def quad_of(position: zxingcpp.Position) -> Quad:
    return (
        _corner(position.top_left),
        _corner(position.top_right),
        _corner(position.bottom_right),
        _corner(position.bottom_left),
    )


def read_zxing(
    picture: Picture, formats: Sequence[Format], binarizer: Binarizer = Binarizer.LocalAverage
) -> list[Read]:
    """zxing-cpp, which looks for light on dark and sideways codes by itself; the GIL is free.

    Plain text, because the human-readable form puts brackets round GS1 data.
    """
    found = zxingcpp.read_barcodes(
        picture,
        formats=zxing_formats(tuple(formats)),
        text_mode=TextMode.Plain,
        binarizer=binarizer,
    )
    return [
        Read(
            row.symbology, code.symbology_identifier, code.text, code.bytes, quad_of(code.position)
        )
        for code in found
        if (row := BY_ZXING.get(code.format)) is not None
    ]


def read_global(picture: Picture, formats: Sequence[Format]) -> list[Read]:
    return read_zxing(picture, formats, Binarizer.GlobalHistogram)


def _bare(grey: Picture) -> Shown:
    return Shown(grey, _HERE)


def _half(grey: Picture) -> Shown:
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return Shown(np.asarray(small, np.uint8), _HERE * 2)


def _equalised(grey: Picture) -> Shown:
    return Shown(np.asarray(cv2.equalizeHist(grey), np.uint8), _HERE)


def _double(grey: Picture) -> Shown | None:
    if grey.size > _DOUBLE_UP_TO:
        return None
    large = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return Shown(np.asarray(large, np.uint8), _HERE / 2)


def _inverted(grey: Picture) -> Shown:
    return Shown(np.asarray(cv2.bitwise_not(grey), np.uint8), _HERE)


def _turned(degrees: float) -> Callable[[Picture], Shown]:
    """Bars that lean fall between the rows a decoder looks along."""

    def turn(grey: Picture) -> Shown:
        height, width = grey.shape
        side = int(hypot(height, width))
        there = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        there[:, 2] += (side - width) / 2, (side - height) / 2
        turned = cv2.warpAffine(grey, there, (side, side), borderMode=cv2.BORDER_REPLICATE)
        back = np.asarray(cv2.invertAffineTransform(there), np.float64)
        return Shown(np.asarray(turned, np.uint8), back)

    return turn


BARE = Rung("bare", Good.BOTH, _bare, read_zxing)
HALF = Rung("half", Good.BOTH, _half, read_zxing)

LADDER: tuple[Rung, ...] = (
    BARE,
    Rung("global", Good.BOTH, _bare, read_global),
    HALF,
    Rung("equalised", Good.BOTH, _equalised, read_zxing),
    Rung("double", Good.MATRIX, _double, read_zxing),
    Rung("turned 45", Good.LINEAR, _turned(45.0), read_zxing),
    Rung("turned 22", Good.LINEAR, _turned(22.5), read_zxing),
    Rung("turned -22", Good.LINEAR, _turned(-22.5), read_zxing),
    Rung("zbar", Good.BOTH, _bare, zbar.read),
    Rung("zbar inverted", Good.MATRIX, _inverted, zbar.read),
)
