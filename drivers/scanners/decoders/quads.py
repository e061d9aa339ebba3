"""Corners in a picture: boxes, overlaps, enlarging, and cutting out a piece seen from the front."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import hypot

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.pictures import Picture

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
Matrix = NDArray[np.float64]
HERE: Matrix = np.eye(3)


def box(quad: Quad) -> tuple[float, float, float, float]:
    """Upright rectangle around the corners: left, top, right, bottom."""
    xs, ys = [p[0] for p in quad], [p[1] for p in quad]
    return min(xs), min(ys), max(xs), max(ys)


def overlap(first: Quad, second: Quad) -> float:
    """Shared area of the two boxes as a part of the smaller one's area, 0 to 1."""
    a, b = box(first), box(second)
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    smaller = min((r[2] - r[0]) * (r[3] - r[1]) for r in (a, b))
    return min(1.0, width * height / max(smaller, 1.0))


def quad_of_points(points: NDArray[np.floating]) -> Quad:
    """The first four of N x 2 corners, as plain numbers."""
    a, b, c, d = ((float(x), float(y)) for x, y in np.asarray(points).reshape(-1, 2)[:4])
    return a, b, c, d


def moved(quad: Quad, matrix: Matrix) -> Quad:
    """The corners sent through a 3 x 3 perspective matrix."""
    corners = np.array([[*point, 1.0] for point in quad]) @ matrix.T
    return quad_of_points(corners[:, :2] / corners[:, 2:])


def centre(quad: Quad) -> Point:
    return sum(p[0] for p in quad) / 4, sum(p[1] for p in quad) / 4


def sides(quad: Quad) -> tuple[float, float]:
    """Mean width and mean height of the shape, in pixels."""
    a, b, c, d = quad
    width = hypot(b[0] - a[0], b[1] - a[1]) + hypot(c[0] - d[0], c[1] - d[1])
    height = hypot(d[0] - a[0], d[1] - a[1]) + hypot(c[0] - b[0], c[1] - b[1])
    return width / 2, height / 2


def grown(quad: Quad, factor: float) -> Quad:
    """The same shape, larger about its centre."""
    x, y = centre(quad)
    a, b, c, d = (((px - x) * factor + x, (py - y) * factor + y) for px, py in quad)
    return a, b, c, d


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture prepared for a decoder; `back` (3 x 3) maps its pixels to those of the original."""

    picture: Picture
    back: Matrix = field(default_factory=lambda: HERE)


def flattened(picture: Picture, quad: Quad, width: int, height: int) -> Shown | None:
    """What lies within the corners, seen from the front; None where they span no area."""
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    source = np.array(quad, np.float32)
    if abs(cv2.contourArea(source)) < 16 or not cv2.isContourConvex(source):
        return None
    there = cv2.getPerspectiveTransform(source, target)
    flat = cv2.warpPerspective(
        picture, there, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return Shown(np.asarray(flat, np.uint8), np.asarray(np.linalg.inv(there), np.float64))


def cut_out(picture: Picture, quad: Quad, margin: float, scale: float = 1.0) -> Shown | None:
    """The upright box around the corners with a margin (part of its longer side), scaled."""
    left, top, right, bottom = box(quad)
    room = margin * max(right - left, bottom - top) + 4
    height, width = picture.shape
    x0, y0 = max(0, int(left - room)), max(0, int(top - room))
    x1, y1 = min(width, int(right + room) + 1), min(height, int(bottom + room) + 1)
    if x1 - x0 < 8 or y1 - y0 < 8:
        return None
    piece = picture[y0:y1, x0:x1]
    if scale != 1.0:
        how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
        piece = np.asarray(cv2.resize(piece, None, fx=scale, fy=scale, interpolation=how), np.uint8)
    back = np.array([[1 / scale, 0, x0], [0, 1 / scale, y0], [0, 0, 1.0]])
    return Shown(np.ascontiguousarray(piece), back)
