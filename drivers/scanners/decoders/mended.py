"""QR codes whose corner is under a thumb, a glare or a crack: the lost square is painted in.

Every decoder looks for the three squares first and gives up without one of them, although the
error correction would make good what else is covered there. Two squares tell where the third one
was: it lies on the side where the modules are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import atan2, degrees

import cv2
import numpy as np

from drivers.scanners.decoders.quads import (
    Point,
    Quad,
    Shown,
    flattened,
    grown,
    quad_of_points,
    sides,
)
from drivers.scanners.decoders.squares import Eye
from drivers.scanners.pictures import Picture

_PER_MODULE = 5  # pixels of the flattened code
_QUIET = 5  # modules left round it
_SLANT = 17.0  # degrees by which perspective may bend a right angle
_DIMENSIONS = range(21, 178, 4)  # modules a side; ISO/IEC 18004, 6.3.1
_MOST = 4
_SWOLLEN = 0.93


@dataclass(frozen=True, slots=True)
class Half:
    """The place of a code of which two squares are seen; `corner` is the number of the quad's
    corner where the third should be, `modules` the number a side."""

    quad: Quad
    corner: int
    modules: int


def halves(grey: Picture, found: Sequence[Eye]) -> list[Half]:
    """Places of codes of which two squares are seen, most likely first."""
    if not 2 <= len(found) <= 8:
        return []
    places: list[tuple[float, Half]] = []
    for first, second in combinations(found, 2):
        for quad, corner in _squares(first, second):
            modules = dimension(quad, (first[2] + second[2]) / 2)
            places.append((_busy(grey, quad), Half(quad, corner, modules)))
    places.sort(key=lambda item: -item[0])
    return [half for busy, half in places if busy > 0][:_MOST]


def _squares(first: Eye, second: Eye) -> Iterator[tuple[Quad, int]]:
    side = (first[2] + second[2]) / 2
    way = np.array([second[0] - first[0], second[1] - first[1]])
    length = float(np.hypot(*way))
    alike = max(first[2], second[2]) < 1.5 * min(first[2], second[2])
    if not alike or not 1.8 * side < length < 32 * side:
        return
    along = way / length
    aside = np.array([-along[1], along[0]])
    lean = (degrees(atan2(way[1], way[0])) - first[3]) % 90
    a, b = np.array(first[:2]), np.array(second[:2])
    if abs(lean - 45) < _SLANT and length > 2.5 * side:
        middle, reach = (a + b) / 2, aside * (length / 2 + side / 2**0.5)
        step = along * side / 2**0.5
        quad = quad_of_points(np.array([a - step, middle - reach, b + step, middle + reach]))
        yield quad, 1
        yield quad, 3
    elif min(lean, 90 - lean) < _SLANT:
        for turn in (aside, -aside):
            start, end = a - (along + turn) * side / 2, b + (along - turn) * side / 2
            down = turn * (length + side)
            quad = quad_of_points(np.array([start, end, end + down, start + down]))
            yield quad, 2
            yield quad, 3


def _busy(grey: Picture, quad: Quad) -> float:
    """How much a place looks like modules; nothing where it leaves the picture."""
    flat = flattened(grey, grown(quad, 0.8), 48, 48)
    corners = np.array(quad)
    height, width = grey.shape
    room = 0.2 * max(sides(quad))
    beyond = corners.max(axis=0) - (width, height)
    if flat is None or corners.min() < -room or beyond.max() > room:
        return 0.0
    return float(np.mean(np.abs(cv2.Laplacian(flat.picture, cv2.CV_32F))))


def dimension(quad: Quad, eye: float) -> int:
    """The number of modules a side that fits best, from the side of a square of seven, which a
    lens shows a little too large."""
    modules = 7 * sum(sides(quad)) / 2 / (eye * _SWOLLEN)
    return min(_DIMENSIONS, key=lambda number: abs(number - modules))


def mended(grey: Picture, half: Half) -> Shown | None:
    """The code seen from the front, with a fresh square in that corner and light around it."""
    quad, corner, modules = half.quad, half.corner, half.modules
    whole = modules + 2 * _QUIET
    size = whole * _PER_MODULE
    flat = flattened(grey, grown(quad, whole / modules), size, size)
    if flat is None:
        return None
    picture = flat.picture.copy()
    inner = picture[_QUIET * _PER_MODULE : -_QUIET * _PER_MODULE]
    dark, light = (int(v) for v in np.percentile(inner, (12, 88)))
    eye = round((_QUIET + 3.5) * _PER_MODULE)  # the first corner's square is always one of the two
    centre = int(np.median(picture[eye - 3 : eye + 4, eye - 3 : eye + 4]))
    if centre > (dark + light) / 2:
        dark, light = light, dark
    x, y = (int(v) for v in _corner_of(corner, modules))
    for inset, shade in ((-1, light), (0, dark), (1, light), (2, dark)):
        first, last = inset * _PER_MODULE, (7 - inset) * _PER_MODULE - 1
        cv2.rectangle(picture, (x + first, y + first), (x + last, y + last), shade, -1)
    return Shown(picture, flat.back)


def _corner_of(corner: int, modules: int) -> Point:
    """Where the square in that corner of the flattened picture begins, in pixels."""
    near, far = _QUIET * _PER_MODULE, (_QUIET + modules - 7) * _PER_MODULE
    return ((near, near), (far, near), (far, far), (near, far))[corner]
