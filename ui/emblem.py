"""A shop's mark as dots for a receipt.

A mark has one colour. A dot is black where the mark covers half of it, which keeps edges crisp. A
line thinner than that would break up or be lost, so its middle dots are black as well. What is
finer still, as hatching, comes out grey; only that is dithered.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from kiosk.domain.look import Logo
from kiosk.ports import Emblem
from ui.theme import drawn

MM_PER_INCH: Final = 25.4
MOST_HEIGHT_MM: Final = 14.0
AREA_MM2: Final = 480.0
"""A wide mark is drawn lower than a square one, so that both look alike in size."""
WIDTH_SHARE: Final = 0.8  # of the paper
HALF: Final = 128  # of 255: so much of a dot is covered
FAINT: Final = 40  # less than this is no line
EDGE: Final = 3  # dots of white around, to look at


def size(emblem: Emblem, width: int, dpi: int) -> tuple[int, int]:
    """Width and height in dots, on a paper of `width` dots."""
    ratio, per_mm = emblem.width / emblem.height, dpi / MM_PER_INCH
    high = min(MOST_HEIGHT_MM, math.sqrt(AREA_MM2 / ratio), WIDTH_SHARE * width / per_mm / ratio)
    return max(1, round(high * ratio * per_mm)), max(1, round(high * per_mm))


@lru_cache(maxsize=16)
def dots(emblem: Emblem, width: int, dpi: int) -> QImage | None:
    """The mark in black on white, greyscale; None where nothing of it is black. Do not paint on
    it: the next receipt of the shop takes the same."""
    wide, high = size(emblem, width, dpi)
    told = drawn(Logo(emblem.width, emblem.height, emblem.paths)).replace("currentColor", "#fff")
    renderer = QSvgRenderer(QByteArray(told.encode()))
    if not renderer.isValid():
        return None
    # How much of each dot is covered, with empty dots around for neighbours.
    cover = QImage(wide + 2 * EDGE, high + 2 * EDGE, QImage.Format.Format_Grayscale8)
    cover.fill(0)
    painter = QPainter(cover)
    try:
        painter.setClipRect(EDGE, EDGE, wide, high)
        renderer.render(painter, QRectF(EDGE, EDGE, wide, high))
    finally:
        painter.end()
    return _black(bytes(cover.constBits()), wide, high, cover.bytesPerLine())


def _black(cover: bytes, wide: int, high: int, stride: int) -> QImage | None:
    """Row by row; what a dot of grey has too much or too little goes to those after it."""
    rows = bytearray()
    here = [0.0] * stride
    for y in range(EDGE, EDGE + high):
        below = [0.0] * stride
        for x in range(EDGE, EDGE + wide):
            at = y * stride + x
            match _kind(cover, at, stride):
                case True | False as black:
                    rows.append(0 if black else 255)
                case None:
                    wanted = cover[at] + here[x]
                    rows.append(0 if wanted >= HALF else 255)
                    _spread(wanted - 255 * (wanted >= HALF), x, here, below)
        here = below
    if 0 not in rows:
        return None
    # A copy: the image does not own the rows it is made of.
    return QImage(bytes(rows), wide, high, wide, QImage.Format.Format_Grayscale8).copy()


def _kind(cover: bytes, at: int, stride: int) -> bool | None:
    """Whether a dot is black; None where the mark is too fine here to say: a tone of grey."""
    if _line(cover, at, stride):
        return True
    if cover[at] < FAINT:
        return False
    around = (at + down + right for down in (-stride, 0, stride) for right in (-1, 0, 1))
    return False if any(_line(cover, one, stride) for one in around) else None


def _line(cover: bytes, at: int, stride: int) -> bool:
    """Whether a dot is within the mark, or on a thin line of it."""
    if cover[at] >= HALF:
        return True
    return cover[at] >= FAINT and (_thin(cover, at, 1) or _thin(cover, at, stride))


def _thin(cover: bytes, at: int, across: int) -> bool:
    """Whether a dot that is covered a little is the middle of a thin line: covered most of its
    neighbours, none of which is black, and the line ends there. At the edge of something larger
    that is never so."""
    before, here, after = cover[at - across], cover[at], cover[at + across]
    beyond = max(cover[at - 2 * across], cover[at + 2 * across])
    return before <= here > after and before < HALF and 2 * beyond < here


def _spread(error: float, x: int, here: list[float], below: list[float]) -> None:
    """R. W. Floyd and L. Steinberg, An adaptive algorithm for spatial grey scale, 1976."""
    here[x + 1] += error * 7 / 16
    below[x - 1] += error * 3 / 16
    below[x] += error * 5 / 16
    below[x + 1] += error / 16
