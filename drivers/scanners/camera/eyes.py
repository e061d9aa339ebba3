"""The eyes of a QR code: the three nested squares in its corners (ISO/IEC 18004, 5.3.3: a core of 3
modules in a ring that is 7 modules wide). One or two of them tell a code that is cut off.

Found by contours, at any angle: a dark ring round a light one round a dark core, each centred on
the other, with areas of about 49 to 25 to 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import hypot

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.pictures import Picture

_LEAST = 10  # pixels across; smaller ones are chance
_NEXT, _CHILD, _PARENT = 0, 2, 3
_RING_TO_CORE = (2.2, 14.0)  # 49 : 9 is 5.4, and thresholds make squares fat or lean
_LARGE = 28  # pixels across; of one so large the others would be seen too, were they in view


@dataclass(frozen=True, slots=True)
class Eye:
    """Its middle and its side, in pixels."""

    x: float
    y: float
    side: float


def eyes(grey: Picture) -> list[Eye]:
    """Every eye in a picture, dark on light or light on dark; about 2 ms for 640 x 360."""
    block = max(15, min(grey.shape) // 8) | 1
    mean, inverse = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    ink = cv2.adaptiveThreshold(grey, 255, mean, inverse, block, 7)
    contours, tree = cv2.findContours(ink, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return []  # and no tree either
    return _nested([np.asarray(c, np.int32) for c in contours], np.asarray(tree[0], np.int64))


def cut_off(seen: Sequence[Eye], width: int, height: int) -> bool:
    """Does the code of these eyes reach out of a picture of this size? Only ever for one or two:
    with all three in view it does not."""
    if len(seen) == 1:
        return seen[0].side >= _LARGE
    if len(seen) != 2 or not alike(seen):
        return False
    a, b = seen
    dx, dy = b.x - a.x, b.y - a.y
    room = a.side / 2

    def outside(x: float, y: float) -> bool:
        return not (room <= x <= width - room and room <= y <= height - room)

    # The third eye is on one side of these two or on the other; where a whole side is out of view
    # and the code is large, it is rather there than under a thumb.
    sides = ([(e.x + s * dy, e.y - s * dx) for e in seen] for s in (1, -1))
    large = hypot(dx, dy) > height / 3
    return large and any(all(outside(x, y) for x, y in side) for side in sides)


def alike(seen: Sequence[Eye]) -> bool:
    """Of about one size, and apart from each other: eyes of one code."""
    sides = [eye.side for eye in seen]
    apart = min(hypot(a.x - b.x, a.y - b.y) for a, b in combinations(seen, 2))
    return max(sides) < 1.6 * min(sides) and apart > 1.5 * max(sides)


def _nested(contours: Sequence[NDArray[np.int32]], tree: NDArray[np.int64]) -> list[Eye]:
    found: list[Eye] = []
    for number, ring in enumerate(contours):
        hole = tree[number][_CHILD]
        core = tree[hole][_CHILD] if hole >= 0 else -1
        if core < 0 or tree[hole][_NEXT] >= 0 or tree[core][_NEXT] >= 0:
            continue
        if tree[core][_CHILD] >= 0:  # rings within rings are the middle of an Aztec code
            continue
        eye = _eye(ring, contours[core])
        if eye is not None and not any(hypot(eye.x - e.x, eye.y - e.y) < e.side for e in found):
            found.append(eye)
    return found


def _eye(ring: NDArray[np.int32], core: NDArray[np.int32]) -> Eye | None:
    (x, y), (width, height), _ = cv2.minAreaRect(ring)
    if min(width, height) < _LEAST or max(width, height) > 1.5 * min(width, height):
        return None
    (cx, cy), (core_width, core_height), _ = cv2.minAreaRect(core)
    if min(core_width, core_height) < 2 or hypot(x - cx, y - cy) > 0.12 * width:
        return None
    ratio = width * height / (core_width * core_height)
    filled = cv2.contourArea(ring) / (width * height)
    if not _RING_TO_CORE[0] < ratio < _RING_TO_CORE[1] or filled < 0.75:
        return None
    return Eye(float(x), float(y), float(max(width, height)))
