"""Squares in squares: the corners of QR codes, whether or not anybody can read them.

Found on a shrunk picture, for a small part of the time of a look. The decoders look there again;
hints tell from them that a code is in view, and where it is cut off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations, permutations
from math import hypot
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.decoders import zxing
from drivers.scanners.decoders.patterns import shrunk, within
from drivers.scanners.decoders.quads import Quad, quad_of_points
from drivers.scanners.formats import Format
from drivers.scanners.pictures import Picture

_MOST = 24  # squares; more of them are a pattern of something else
_NOISY = 0.25  # of all neighbours differ: grain of the night, not ink


class Eye(NamedTuple):
    """A square in a square: its middle and its side in pixels, its lean in degrees."""

    x: float
    y: float
    side: float
    lean: float


def eyes(grey: Picture, finely: bool = False) -> list[Eye]:
    """The finder squares of QR codes, light on dark ones too, in pixels of `grey`; about 3 ms for
    1280 x 720. `finely` also the small ones, for three times the time.

    A square is a dark patch in a light ring in a dark ring, with areas near 9 : 25 : 49
    (ISO/IEC 18004, 6.3.3).
    """
    small, scale = shrunk(grey, 1280 if finely else int(min(1280, max(640, max(grey.shape) / 2))))
    soft = np.asarray(cv2.blur(small, (3, 3)), np.uint8)
    halves = ink(soft if scale == 1.0 and not finely else small)
    if np.count_nonzero(halves[:, 1:] != halves[:, :-1]) > _NOISY * halves.size:
        halves = ink(soft)
    outlines, tree = cv2.findContours(halves, cv2.RETR_TREE, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return []
    child = np.asarray(tree[0])[:, 2]  # -1 where there is none, which the guard behind it answers
    inner = np.where(child >= 0, child[child], -1)
    nested = np.nonzero((inner >= 0) & (child[inner] < 0))[0]
    found: list[Eye] = []
    for number in map(int, nested):
        if 12 <= len(outlines[number]) <= 900:
            outer, core = (np.asarray(outlines[n], np.int32) for n in (number, int(inner[number])))
            eye = _eye(outer, core)
            if eye is not None:
                found.append(Eye(eye.x / scale, eye.y / scale, eye.side / scale, eye.lean))
    return found[: 4 * _MOST]


def ink(grey: Picture) -> Picture:
    """White where the picture is darker than what is around."""
    window = max(15, min(grey.shape) // 8 | 1)
    mean, inverse = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    return np.asarray(cv2.adaptiveThreshold(grey, 255, mean, inverse, window, 7), np.uint8)


def _eye(outer: NDArray[np.int32], inner: NDArray[np.int32]) -> Eye | None:
    """Outlines run through the middle of the pixels, so half a pixel is added on every side."""
    (x, y), (w, h), lean = cv2.minAreaRect(outer)
    (u, v), (p, q), _ = cv2.minAreaRect(inner)
    long, short = max(w, h) + 1, min(w, h) + 1
    core = (p + q) / 2 + 1
    side = (long + short) / 2
    squarish = short > 0.55 * long and min(p, q) + 1 > 0.4 * (max(p, q) + 1)
    if not squarish or not 0.25 < core / side < 0.65 or hypot(x - u, y - v) > 0.15 * side:
        return None
    full = (cv2.contourArea(outer) + long + short) / (long * short)
    return Eye(x, y, side, lean) if full > 0.6 else None


class Sighting:
    """What one frame shows of QR codes: what was read, what was seen and not read. The squares
    are looked for once, by whoever asks first."""

    def __init__(self, grey: Picture, qr: Sequence[Format]) -> None:
        self.grey = grey
        self.look = zxing.look(grey, qr) if qr else zxing.Look([], [])

    @cached_property
    def eyes(self) -> list[Eye]:
        """The squares of codes that were not read."""
        read = [one.quad for one in self.look.reads]
        return [e for e in eyes(self.grey) if not any(within(e[:2], q, 0.15) for q in read)]

    @property
    def squared(self) -> bool:
        """Have the squares been looked for?"""
        return "eyes" in self.__dict__

    @cached_property
    def spots(self) -> list[Quad]:
        """Where a whole code seems to be that was not read, best first."""
        return self.look.broken or qr_spots(self.eyes)


def qr_spots(found: Sequence[Eye]) -> list[Quad]:
    """Where three squares make the corners of one code; best first, in reading order, without the
    quiet zone."""
    if not 3 <= len(found) <= _MOST:
        return []
    ranked = sorted(_corners(found), key=lambda item: item[0])
    spots: list[Quad] = []
    taken: set[Eye] = set()
    for _, used, quad in ranked:
        if not taken & used:
            taken |= used
            spots.append(quad)
    return spots


def _corners(found: Sequence[Eye]) -> Iterator[tuple[float, set[Eye], Quad]]:
    for three in combinations(found, 3):
        sizes = sorted(eye[2] for eye in three)
        if sizes[2] > 1.7 * sizes[0]:
            continue
        for corner, right, down in permutations(three):
            quad = _square(corner, right, down)
            if quad is not None:
                yield quad[0], set(three), quad[1]


def _square(corner: Eye, right: Eye, down: Eye) -> tuple[float, Quad] | None:
    """How far from square and how wide the code with these squares would be, and its corners."""
    a = np.array([right[0] - corner[0], right[1] - corner[1]])
    b = np.array([down[0] - corner[0], down[1] - corner[1]])
    la, lb = float(np.hypot(*a)), float(np.hypot(*b))
    side = (corner[2] + right[2] + down[2]) / 3
    if min(la, lb) < 1.5 * side or max(la, lb) > 25 * side:
        return None
    square = float(a[0] * b[1] - a[1] * b[0]) / (la * lb)  # 1 where clockwise and at right angles
    ratio = max(la, lb) / min(la, lb)
    if square < 0.75 or ratio > 1.8:
        return None
    half_a, half_b = a / la * side / 2, b / lb * side / 2
    origin = np.array(corner[:2]) - half_a - half_b
    across, along = a + 2 * half_a, b + 2 * half_b
    points = np.array([origin, origin + across, origin + across + along, origin + along])
    badness = (ratio - 1) + 2 * (1 - square) + 0.02 * (la + lb) / side
    return badness, quad_of_points(points)
