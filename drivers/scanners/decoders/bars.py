"""Bars: their direction, a straight strip of them, and whether all of them are there."""

from __future__ import annotations

from math import cos, sin

import cv2
import numpy as np

from drivers.scanners.decoders.quads import Quad, Shown, cut_out, flattened, quad_of_points
from drivers.scanners.decoders.reads import Read, sure
from drivers.scanners.formats import Proof
from drivers.scanners.pictures import Picture

_PER_MODULE = 3  # pixels in the strip that is judged
_QUIET = 7  # narrow bars of light that must follow either end; ISO/IEC 16390 asks for ten
_BEYOND = 20  # narrow bars: so far out nothing that looks like more bars may follow


def straight(grey: Picture, quad: Quad) -> Quad | None:
    """The rectangle of the bars within the corners, its first side across the bars.

    A read that met only a few rows of a leaning code gives the direction of those rows; the
    direction of the bars themselves is that of all edges there (the structure tensor).
    """
    piece = cut_out(grey, quad, 0.02)
    if piece is None:
        return None
    x0, y0 = float(piece.back[0, 2]), float(piece.back[1, 2])
    corners = np.array(quad) - (x0, y0)
    mask = np.zeros(piece.picture.shape, np.uint8)
    outline = [np.round(corners).astype(np.int32)]
    cv2.fillPoly(mask, outline, 1)
    cv2.polylines(mask, outline, True, 1, 5)
    across = cv2.Scharr(piece.picture, cv2.CV_32F, 1, 0) * mask
    down = cv2.Scharr(piece.picture, cv2.CV_32F, 0, 1) * mask
    xx, yy, xy = (float(np.sum(p)) for p in (across**2, down**2, across * down))
    if xx + yy <= 0:
        return None
    angle = 0.5 * float(np.arctan2(2 * xy, xx - yy))
    u = np.array([cos(angle), sin(angle)])
    reading = corners[1] + corners[2] - corners[0] - corners[3]
    u = u if float(u @ reading) >= 0 else -u
    v = np.array([-u[1], u[0]])
    along, aside = corners @ u, corners @ v
    if np.ptp(along) < 8:
        return None
    l0, l1 = float(along.min()), float(along.max())
    middle, half = float(aside.mean()), max(2.0, float(np.ptp(aside)) / 2)
    s0, s1 = middle - half, middle + half
    points = [u * p + v * q for p, q in ((l0, s0), (l1, s0), (l1, s1), (l0, s1))]
    return quad_of_points(np.array(points) + np.array((x0, y0)))


def stretched(quad: Quad, margin: float) -> Quad:
    """The rectangle made longer at both ends by a part of its length."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad
    ux, uy = (bx - ax) * margin, (by - ay) * margin
    return (ax - ux, ay - uy), (bx + ux, by + uy), (cx + ux, cy + uy), (dx - ux, dy - uy)


def strip(grey: Picture, bars: Quad, width: int, height: int, margin: float) -> Shown | None:
    """The bars upright in a picture of `width` pixels, with a margin at both ends."""
    return flattened(grey, stretched(bars, margin), width, height)


def whole(grey: Picture, quad: Quad, modules: float) -> bool:
    """Whether the bars of a read are all that is there: light beyond both ends, in nearly every
    row, and no more bars further out. A part of a longer code reads alike in every frame, so that
    no second look can tell. `modules` is the length of the symbol in narrow bars."""
    bars = straight(grey, quad)
    if bars is None:
        return False
    margin = _BEYOND / modules
    core = middle_half(bars)
    quiet = next((n for n in (_QUIET, 3) if _inside(stretched(core, n / modules), grey)), 0)
    if not quiet:
        return False
    inner, outer = round(modules * _PER_MODULE), _BEYOND * _PER_MODULE
    flat = flattened(grey, stretched(core, margin), inner + 2 * outer, 15)
    if flat is None:
        return False
    rows = flat.picture.astype(np.float32)
    dark, light = np.percentile(rows[:, outer:-outer], (15, 85), axis=1)
    middle = (dark + light) / 2
    start, end = outer - quiet * _PER_MODULE, outer - _PER_MODULE - 1
    sides = rows[:, start:end], rows[:, -end:-start]
    clear = np.all([side.min(axis=1) > middle for side in sides], axis=0)
    if light.mean() - dark.mean() < 12 or clear.mean() < 0.75:
        return False
    profile = rows.mean(axis=0) > float(middle.mean())
    beyond = profile[:end], profile[-end:]
    return all(int(np.count_nonzero(np.diff(part))) <= 2 for part in beyond)


def complete(grey: Picture, read: Read) -> bool:
    """False for what may be a part of a longer code, which only ITF knows: its start and end are
    found within it too, and it has no check digit."""
    if read.proof is not Proof.ITF or sure(read):
        return True
    return whole(grey, read.quad, 8.0 * len(read.raw) + 8.5)


def _inside(quad: Quad, grey: Picture) -> bool:
    corners = np.array(quad)
    return bool(corners.min() >= 0 and (corners.max(axis=0) <= np.array(grey.shape[::-1])).all())


def middle_half(bars: Quad) -> Quad:
    """The middle half of the rectangle's height: its edges may already show what is above."""
    a, b, c, d = (np.array(p) for p in bars)
    quarter_left, quarter_right = (d - a) / 4, (c - b) / 4
    return quad_of_points(
        np.array([a + quarter_left, b + quarter_right, c - quarter_right, d - quarter_left])
    )


def averaged(shown: Shown) -> Shown:
    """A strip whose rows are made alike: noise goes, upright bars stay."""
    rows = max(3, shown.picture.shape[0] // 2)
    return Shown(np.asarray(cv2.blur(shown.picture, (1, rows)), np.uint8), shown.back)
