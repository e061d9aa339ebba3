"""A QR code that is too blurred for anybody to see its squares: a block of ink and paper in equal
parts, about square, in a quiet margin. Print has less ink, pictures have no margin."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.pictures import Picture

_CELL = 5  # pixels of the half picture
_BUSY, _QUIET = 14.0, 12.0  # standard deviation within a cell
_LEAST, _MOST = 0.14, 0.9  # of the picture's height
_SQUARE, _FILLED = 1.6, 0.72
_INK = (0.33, 0.67)
_MARGIN = 0.5  # of the cells around it are quiet


def block(half: Picture) -> tuple[float, float, float, float] | None:
    """The largest such block, as left, top, right, bottom in pixels of the half picture."""
    rows, columns = half.shape[0] // _CELL, half.shape[1] // _CELL
    values = half[: rows * _CELL, : columns * _CELL].astype(np.float32)
    size = (columns, rows)
    mean = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
    square = cv2.resize(values * values, size, interpolation=cv2.INTER_AREA)
    spread = np.asarray(np.sqrt(np.maximum(square - mean * mean, 0)), np.float32)
    busy = np.asarray(spread > _BUSY, np.uint8)
    busy = np.asarray(cv2.morphologyEx(busy, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(busy, connectivity=4)
    best: tuple[int, tuple[float, float, float, float]] | None = None
    for number in range(1, count):
        x, y, width, height, area = (int(value) for value in stats[number])
        if not _LEAST * rows <= min(width, height) <= max(width, height) <= _MOST * rows:
            continue
        if max(width, height) > _SQUARE * min(width, height) or area < _FILLED * width * height:
            continue
        if not (_inked(half, x, y, width, height) and _margin(spread, x, y, width, height)):
            continue
        if best is None or area > best[0]:
            left, top = float(x * _CELL), float(y * _CELL)
            best = area, (left, top, left + width * _CELL, top + height * _CELL)
    return None if best is None else best[1]


def _inked(half: Picture, x: int, y: int, width: int, height: int) -> bool:
    """Ink and paper in equal parts, all over the block and not on one side of it."""
    inside = half[y * _CELL : (y + height) * _CELL, x * _CELL : (x + width) * _CELL]
    low, high = (float(level) for level in np.percentile(inside, (10, 90)))
    dark = np.asarray(inside < (low + high) / 2, np.float32)
    quarters = cv2.resize(dark, (3, 3), interpolation=cv2.INTER_AREA)
    return bool(quarters.min() > 0.2 and quarters.max() < 0.8) and (
        _INK[0] <= float(dark.mean()) <= _INK[1]
    )


def _margin(spread: NDArray[np.float32], x: int, y: int, width: int, height: int) -> bool:
    top, bottom = max(0, y - 1), min(spread.shape[0], y + height + 1)
    left, right = max(0, x - 1), min(spread.shape[1], x + width + 1)
    quiet = np.asarray(spread < _QUIET)
    around = int(quiet[top:bottom, left:right].sum())
    inside = int(quiet[y : y + height, x : x + width].sum())
    cells = (bottom - top) * (right - left) - width * height
    return cells > 0 and bool((around - inside) / cells >= _MARGIN)
