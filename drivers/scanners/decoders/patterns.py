"""Where codes seem to be, whether or not anybody can read them.

QR codes show three squares in squares, bars show many edges of one direction. Both are found on a
shrunk picture, for a small part of the time of a look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from math import cos, hypot, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.decoders.quads import Point, Quad, box, quad_of_points, sides
from drivers.scanners.pictures import Picture

_LONGEST = 960  # pixels, of the shrunk picture
_MOST = 24  # squares; more of them are a pattern of something else
Eye = tuple[float, float, float, float]  # a square in a square: middle x, y, side, lean (degrees)


def shrunk(grey: Picture, longest: int = _LONGEST) -> tuple[Picture, float]:
    """A picture no longer than so many pixels, and how much smaller it is."""
    scale = min(1.0, longest / max(grey.shape))
    if scale == 1.0:
        return grey, 1.0
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), scale


def eyes(grey: Picture) -> list[Eye]:
    """The finder squares of QR codes, light on dark ones too, in pixels of `grey`.

    A square is a dark patch in a light ring in a dark ring, with areas near 9 : 25 : 49
    (ISO/IEC 18004, 6.3.3).
    """
    small, scale = shrunk(grey, int(min(1280, max(640, max(grey.shape) / 2))))
    window = max(15, min(small.shape) // 8 | 1)
    halves = cv2.adaptiveThreshold(
        cv2.blur(small, (3, 3)) if scale == 1.0 else small,
        255,
        cv2.ADAPTIVE_THRESH_MEAN_C,
        cv2.THRESH_BINARY_INV,
        window,
        7,
    )
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
                found.append((eye[0] / scale, eye[1] / scale, eye[2] / scale, eye[3]))
    return found[: 4 * _MOST]


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
    return (x, y, side, lean) if full > 0.6 else None


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


def bar_spots(grey: Picture, most: int = 4) -> list[Quad]:
    """Where edges run in one direction: patches of bars, strongest first, the first side of each
    across the bars. Found by the structure tensor of the picture."""
    small, scale = shrunk(grey, 640)
    across = cv2.Scharr(small, cv2.CV_32F, 1, 0)
    down = cv2.Scharr(small, cv2.CV_32F, 0, 1)
    size = (15, 15)
    xx, yy, xy = (
        np.asarray(cv2.blur(p, size), np.float32)
        for p in (across * across, down * down, across * down)
    )
    strength = xx + yy
    alike = cv2.magnitude(xx - yy, 2 * xy) / (strength + 1.0)
    strong = strength > max(float(np.mean(strength)) * 1.5, 3.0e4)
    mask = np.asarray((alike > 0.65) & strong, np.uint8)
    angles = 0.5 * np.arctan2(2 * xy, xx - yy)
    spots: list[tuple[float, Quad]] = []
    for turn in range(4):  # patches of like direction only, in four overlapping fans
        fan = np.cos(2 * (angles - turn * np.pi / 4)) > 0.6
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask & fan.astype(np.uint8))
        for label in range(1, count):
            left, top, width, height, area = (int(n) for n in stats[label])
            if area < 250:
                continue
            part = np.s_[top : top + height, left : left + width]
            inside = labels[part] == label
            quad = _patch(inside, xx[part], yy[part], xy[part])
            if quad is not None:
                shift = np.array(quad) + np.array((left, top))
                spots.append((area, quad_of_points(shift / scale)))
    spots.sort(key=lambda item: -item[0])
    return _apart([quad for _, quad in spots])[:most]


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
    if l1 - l0 < 18 or s1 - s0 < 3:
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
