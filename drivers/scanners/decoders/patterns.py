"""Where bars seem to be, whether or not anybody can read them: many edges of one direction, found
on a shrunk picture. Squares are in drivers.scanners.decoders.squares.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.decoders.quads import Point, Quad, box, quad_of_points, sides
from drivers.scanners.pictures import Picture

_BARS, _AROUND, _STEP = 640, (15, 15), 2  # pixels of the picture that is searched for bars
_AREA = 62  # of every second pixel in both directions


def shrunk(grey: Picture, longest: int) -> tuple[Picture, float]:
    """A picture no longer than so many pixels, and how much smaller it is."""
    scale = min(1.0, longest / max(grey.shape))
    if scale == 1.0:
        return grey, 1.0
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), scale


def bar_spots(grey: Picture, most: int = 4) -> list[Quad]:
    """Where edges run in one direction: patches of bars, strongest first, the first side of each
    across the bars. Found by the structure tensor of the picture."""
    small, scale = shrunk(grey, _BARS)
    xx, yy, xy = _tensor(small)
    even, lean = xx - yy, 2 * xy
    size = cv2.magnitude(even, lean)
    strength = xx + yy
    strong = strength > max(float(np.mean(strength)) * 1.5, 3.0e4)
    mask = (size > 0.65 * (strength + 1.0)) & strong
    spots: list[tuple[float, Quad]] = []
    for along in (even, lean, -even, -lean):  # patches of like direction, in overlapping fans
        fan = np.asarray(mask & (along > 0.6 * size), np.uint8)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(fan)
        for label in range(1, count):
            left, top, width, height, area = (int(n) for n in stats[label])
            if area < _AREA:
                continue
            part = np.s_[top : top + height, left : left + width]
            inside = labels[part] == label
            quad = _patch(inside, xx[part], yy[part], xy[part])
            if quad is not None:
                shift = np.array(quad) + np.array((left, top))
                spots.append((area, quad_of_points(shift * _STEP / scale)))
    spots.sort(key=lambda item: -item[0])
    return _apart([quad for _, quad in spots])[:most]


def _tensor(
    small: Picture,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The structure tensor, averaged over some pixels and taken at every second one."""
    across = cv2.Scharr(small, cv2.CV_32F, 1, 0)
    down = cv2.Scharr(small, cv2.CV_32F, 0, 1)
    xx, yy, xy = (
        np.ascontiguousarray(cv2.blur(p, _AROUND)[::_STEP, ::_STEP], np.float32)
        for p in (across * across, down * down, across * down)
    )
    return xx, yy, xy


def _patch(
    inside: NDArray[np.bool_],
    xx: NDArray[np.floating],
    yy: NDArray[np.floating],
    xy: NDArray[np.floating],
) -> Quad | None:
    """The rectangle round a patch, its first side along the steepest direction."""
    angle = 0.5 * float(
        np.arctan2(2 * np.sum(xy[inside]), float(np.sum(xx[inside])) - float(np.sum(yy[inside])))
    )
    rows, columns = np.nonzero(inside)
    u = np.array([cos(angle), sin(angle)])
    v = np.array([-u[1], u[0]])
    points = np.stack([columns, rows], 1).astype(np.float64)
    along, aside = points @ u, points @ v
    l0, l1 = np.percentile(along, (1, 99))
    s0, s1 = np.percentile(aside, (3, 97))
    if l1 - l0 < 18 / _STEP or s1 - s0 < 3 / _STEP:
        return None
    corners = [u * p + v * q for p, q in ((l0, s0), (l1, s0), (l1, s1), (l0, s1))]
    return quad_of_points(np.array(corners))


def _apart(quads: Sequence[Quad]) -> list[Quad]:
    kept: list[Quad] = []
    for quad in quads:
        left, top, right, bottom = box(quad)
        middle = (left + right) / 2, (top + bottom) / 2
        if not any(within(middle, other) for other in kept):
            kept.append(quad)
    return kept


def within(point: Point, quad: Quad, margin: float = 0.0) -> bool:
    """Whether a point lies in the shape, or no further outside than a part of its side."""
    outline = np.array(quad, np.float32)
    room = margin * max(sides(quad))
    return float(cv2.pointPolygonTest(outline, point, True)) >= -room
