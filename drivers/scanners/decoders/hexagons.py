"""MaxiCode's grid of hexagons: laid over a picture from its rings, straightened, and drawn anew.

Geometry: ISO/IEC 16023: 33 rows of 30 and 29 hexagons by turns, rings about column 14 of row 16.
Lengths are in columns (0.88 mm) from the middle of the rings.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.decoders.quads import Matrix, Quad
from drivers.scanners.pictures import Picture

Floats = NDArray[np.float64]

_ROWS, _COLUMNS, _MIDDLE = 33, 30, (14.0, 16.0)
# A row's height and the radius of the middle dark ring, in columns: the standard's (0.88 mm), and
# those of encoders that draw in square cells, five to a column.
RING = 2.875
_MAKES = ((0.866, RING), (0.8, 3.1))
_TURN = 3  # degrees; at six the marks of a right turn can all be missed
_LIKELY = 0.35  # of the darkness of ink, that the marks show on average
# Row, column, dark: the orientation patterns and the two fillers at the upper right.
_MARKS: tuple[tuple[int, int, bool], ...] = (
    *((0, 28, True), (0, 29, True)),
    *((9, 10, True), (9, 11, True), (10, 11, True)),
    *((9, 16, False), (9, 17, False), (10, 17, False)),
    *((15, 7, True), (16, 7, False), (16, 8, True)),
    *((16, 20, True), (16, 21, False), (17, 20, True)),
    *((22, 10, True), (22, 11, False), (23, 10, True)),
    *((22, 17, True), (23, 16, False), (23, 17, True)),
)


class Rings(NamedTuple):
    """Concentric circles as the picture shows them: middle, half axes in pixels, lean in degrees
    of the first."""

    x: float
    y: float
    a: float
    b: float
    lean: float


_ROW, _COLUMN = (axis.ravel().astype(np.float64) for axis in np.mgrid[0:_ROWS, 0:_COLUMNS])
_REAL = ~((_ROW % 2 == 1) & (_COLUMN == _COLUMNS - 1))  # the short rows


def _grid(pitch: float) -> Floats:
    """The middles of all hexagons, N x 3, in columns from the middle of the rings."""
    x = _COLUMN + 0.5 * (_ROW % 2) - _MIDDLE[0]
    y = (_ROW - _MIDDLE[1]) * pitch
    return np.asarray(np.stack([x, y, np.ones_like(x)], 1)[_REAL], np.float64)


_GRIDS = tuple(_grid(pitch) for pitch, _ in _MAKES)
_FAR = np.hypot(_GRIDS[0][:, 0], _GRIDS[0][:, 1])
_MODULES = _FAR > 5.4  # outside the rings
_NEAR = _MODULES & (_FAR < 10.0)
_INDEX = {
    (int(r), int(c)): n for n, (r, c) in enumerate(zip(_ROW[_REAL], _COLUMN[_REAL], strict=True))
}
_MARK_AT = np.array([_INDEX[row, column] for row, column, _ in _MARKS])
_MARK_IS = np.array([1.0 if dark else -1.0 for _, _, dark in _MARKS])


def _laid(found: Rings, ring: float, angle: float) -> Matrix:
    """The matrix from columns about the middle to pixels, for a symbol turned by so many degrees
    before the lean of the picture."""
    lean, turn = np.deg2rad(found.lean), np.deg2rad(angle)
    rotate = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    flat = rotate @ np.diag([found.a / ring, found.b / ring]) @ rotate.T @ spin
    return np.array([[*flat[0], found.x], [*flat[1], found.y], [0.0, 0.0, 1.0]])


def seen(even: Floats, there: Matrix, grid: Floats) -> Floats:
    """How dark the picture is at each place of the grid."""
    return _at(even, grid @ there.T)


def _at(even: Floats, spots: Floats) -> Floats:
    x, y = (spots[:, :2] / spots[:, 2:]).T.astype(np.float32)
    return np.asarray(cv2.remap(even, x, y, cv2.INTER_LINEAR), np.float64).ravel()


def straightened(even: Floats, found: Rings) -> tuple[Matrix, Floats] | None:
    """The best grid over the picture: turned by the marks, pulled by the modules' clearness."""
    trials = [
        (_laid(found, ring, angle), grid)
        for (_, ring), grid in zip(_MAKES, _GRIDS, strict=True)
        for angle in range(0, 360, _TURN)
    ]
    marks = np.concatenate([grid[_MARK_AT] @ there.T for there, grid in trials])
    fits = _at(even, marks).reshape(len(trials), -1) @ _MARK_IS
    best = int(np.argmax(fits))
    if fits[best] < _LIKELY * len(_MARKS):
        return None
    there, grid = trials[best]
    for part, steps in ((_NEAR, (0.6, 0.3)), (_MODULES, (0.6, 0.3, 0.15))):
        for step in steps:
            there = _pulled(even, there, grid, part, step)
    return there, grid


SYMBOL: Quad = ((-14.5, -13.5), (15.5, -13.5), (15.5, 13.5), (-14.5, 13.5))
_CORNERS = np.array([[-14.5, -14.0], [15.5, -14.0], [15.5, 14.0], [-14.5, 14.0]], np.float32)


def _pulled(
    even: Floats, there: Matrix, grid: Floats, part: NDArray[np.bool_], step: float
) -> Matrix:
    """Each corner moved by `step` columns this way and that, as long as it gets clearer."""
    corners = _CORNERS.copy()
    places = np.concatenate([grid[_MARK_AT], grid[part]])

    def judged(trial: NDArray[np.float32]) -> tuple[float, Matrix]:
        pulled = there @ cv2.getPerspectiveTransform(_CORNERS, trial)
        dark = seen(even, pulled, places)
        clear = float(np.abs(dark[len(_MARKS) :]).mean())
        return clear + float(dark[: len(_MARKS)] @ _MARK_IS) / len(_MARKS), pulled

    best, kept = judged(corners)
    for _ in range(6):
        before = best
        for corner, axis, sign in product(range(4), range(2), (-step, step)):
            trial = corners.copy()
            trial[corner, axis] += sign
            clear, pulled = judged(trial)
            if clear > best:
                best, kept, corners = clear, pulled, trial
        if best == before:
            break
    return kept


def drawn(dark: NDArray[np.bool_]) -> Picture:
    """The modules as the clean upright symbol that the decoder reads, ten pixels a column."""
    page = np.full((_ROWS * 8 + 40, _COLUMNS * 10 + 40), 255, np.uint8)
    for row, column, ink_there in zip(_ROW[_REAL], _COLUMN[_REAL], dark, strict=True):
        if ink_there:
            x, y = 20 + int(column * 10 + 5 * (row % 2)), 20 + int(row * 8)
            page[y : y + 8, x : x + 10] = 0
    return page
