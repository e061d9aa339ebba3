"""MaxiCode in any turn and lean: found by its bull's-eye, straightened, and drawn anew.

The one decoder of it here reads only a symbol that lies upright and alone. So the rings are looked
for, the grid is laid over the picture from their ellipse, turned until the six orientation
patterns fit, and pulled straight until the modules are clearest; what they then say is drawn as a
clean symbol and given to that decoder, whose error correction alone says whether it is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.decoders import zxing
from drivers.scanners.decoders.hexagons import (
    RING,
    SYMBOL,
    Floats,
    Rings,
    drawn,
    seen,
    straightened,
)
from drivers.scanners.decoders.patterns import shrunk
from drivers.scanners.decoders.quads import Matrix, moved
from drivers.scanners.decoders.reads import Read
from drivers.scanners.decoders.squares import ink
from drivers.scanners.formats import Format
from drivers.scanners.pictures import Picture
from kiosk.ports import Symbology

_MOST = 4  # places that are tried
_CRISP = 3.0  # by so much what differs from around is raised
_SHARP = 480  # pixels across what may hold a symbol: ten to a column


def rings(grey: Picture) -> list[Rings]:
    """Where a bull's-eye seems to be, the largest first: round patches in rings of the right
    areas, which squares in squares are not."""
    small, scale = shrunk(grey, 1280)
    outlines, tree = cv2.findContours(ink(small), cv2.RETR_TREE, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return []
    child = np.asarray(tree[0])[:, 2]
    inner = np.where(child >= 0, child[child], -1)
    found = []
    for number in map(int, np.nonzero(inner >= 0)[0]):
        outer, core = (np.asarray(outlines[n], np.int32) for n in (number, int(inner[number])))
        if 24 <= len(outer) <= 1200 and len(core) >= 5:
            round_one = _rings(outer, core)
            if round_one is not None:
                found.append(round_one)
    found.sort(key=lambda r: -r.a * r.b)
    return [
        Rings(r.x / scale, r.y / scale, r.a / scale, r.b / scale, r.lean) for r in found[:_MOST]
    ]


def _rings(outer: NDArray[np.int32], core: NDArray[np.int32]) -> Rings | None:
    """Outlines run through the middle of the pixels, so half a pixel is added on every side."""
    (x, y), (w, h), lean = cv2.fitEllipse(outer)
    (u, v), (p, q), _ = cv2.fitEllipse(core)
    size = (w + h) / 2 + 1
    if min(w, h) < 0.4 * max(w, h) or np.hypot(x - u, y - v) > 0.08 * size:
        return None
    if not 0.32 < ((p + q) / 2 + 1) / size < 0.62:  # 1.18 to 2.53 mm, more or less ink
        return None
    area, ellipse = -cv2.contourArea(outer, oriented=True), np.pi / 4 * w * h
    _, (long, short), _ = cv2.minAreaRect(outer)
    boxed = area / max(1.0, long * short)  # pi / 4 for an ellipse, near 1 for a square
    if not 0.9 < area / max(1.0, ellipse) < 1.1 or boxed > 0.88:
        return None
    return Rings(x, y, (w + 1) / 2, (h + 1) / 2, lean)


def _reads(grey: Picture, formats: Sequence[Format], blur: float) -> Iterator[Read]:
    wanted = [row for row in formats if row.symbology is Symbology.MAXICODE]
    for found in rings(grey) if wanted else ():
        piece, here, back = _around(grey, found)
        even = _evened(piece, here, blur)
        laid = straightened(even, here)
        if laid is None:
            continue
        there, grid = laid
        quad = moved(SYMBOL, back @ there)
        for picture in (even, _crisp(even, here)):
            reads = zxing.read(drawn(seen(picture, there, grid) > 0), wanted)
            if reads:
                yield from (replace(read, quad=quad) for read in reads)
                break


def _around(grey: Picture, found: Rings) -> tuple[Picture, Rings, Matrix]:
    """The part of the picture that a whole symbol about these rings can fill, no sharper than it
    need be; the rings in it; and the matrix from its pixels to the picture's."""
    reach = 24 * max(found.a, found.b) / RING
    left, top = max(0, int(found.x - reach)), max(0, int(found.y - reach))
    piece = grey[top : int(found.y + reach) + 1, left : int(found.x + reach) + 1]
    small, scale = shrunk(piece, _SHARP)
    x, y = ((at + 0.5) * scale - 0.5 for at in (found.x - left, found.y - top))
    here = Rings(x, y, found.a * scale, found.b * scale, found.lean)
    back = np.array([[1 / scale, 0, left], [0, 1 / scale, top], [0, 0, 1.0]])
    return small, here, back


def _evened(grey: Picture, found: Rings, blur: float) -> Floats:
    """The picture with light taken out: above 0 where it is darker than around, about 1 for ink."""
    column = (found.a + found.b) / 2 / RING
    soft = cv2.GaussianBlur(grey, (0, 0), max(0.4, blur * column)).astype(np.float32)
    mean = cv2.GaussianBlur(soft, (0, 0), 3.0 * column)
    spread = cv2.GaussianBlur(np.abs(soft - mean), (0, 0), 4.0 * column)
    return np.asarray((mean - soft) / (spread + 4.0), np.float64)


def _crisp(even: Floats, found: Rings) -> Floats:
    """The same with a blur of about a column taken back."""
    blurred = cv2.GaussianBlur(even, (0, 0), 0.8 * (found.a + found.b) / 2 / RING)
    return np.asarray(even + _CRISP * (even - blurred), np.float64)


def read(picture: Picture, formats: Sequence[Format]) -> list[Read]:
    """Rung: the MaxiCodes in a grey picture."""
    return list(_reads(picture, formats, 0.1))


def read_soft(picture: Picture, formats: Sequence[Format]) -> list[Read]:
    """Rung: the same by another road, each hexagon judged by its whole area: the second voice."""
    return list(_reads(picture, formats, 0.25))
