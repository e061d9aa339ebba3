"""Where a thing is before the lens: a pinhole camera and a flat thing turned in space."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.scenes.model import FOCAL, HEIGHT, WIDTH, Points

Matrix = NDArray[np.float64]
_MARGIN = 14.0


@dataclass(frozen=True, slots=True)
class Pose:
    """`pixels` a module on the sensor; `turn`, `tilt` and the direction `towards` of the tilt in
    degrees; `x`, `y` the middle of the code in pixels of the frame."""

    pixels: float
    turn: float
    tilt: float
    towards: float
    x: float = WIDTH / 2
    y: float = HEIGHT / 2


def _turned(degrees: float) -> Matrix:
    c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def projection(pose: Pose, quad: Points, module: float) -> Matrix:
    """The 3 x 3 matrix from the thing's pixels to the frame's."""
    c, s = np.cos(np.deg2rad(pose.tilt)), np.sin(np.deg2rad(pose.tilt))
    lean = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    turn = _turned(pose.turn) @ _turned(pose.towards) @ lean @ _turned(-pose.towards)
    middle = (quad.min(axis=0) + quad.max(axis=0)) / 2
    far = FOCAL * module / pose.pixels
    centre = np.array([[1, 0, -middle[0]], [0, 1, -middle[1]], [0, 0, 0]])
    spatial = turn @ centre
    spatial[2] += np.array([0, 0, far])
    lens = np.array([[FOCAL, 0, pose.x], [0, FOCAL, pose.y], [0, 0, 1]])
    return np.asarray(lens @ spatial, np.float64)


def through(matrix: Matrix, points: Points) -> Points:
    """Points of the thing, as the frame shows them."""
    there = cv2.perspectiveTransform(points.reshape(-1, 1, 2).astype(np.float64), matrix)
    return np.asarray(there.reshape(-1, 2), np.float64)


def shift_inside(quad: Points) -> Points:
    """How far to move, so that the whole code is in the frame; a code too large stays centred."""
    low, high = quad.min(axis=0), quad.max(axis=0)
    size = np.array([WIDTH, HEIGHT], float)
    back = np.minimum(0, size - _MARGIN - high)
    move = np.where(high + back - _MARGIN < high - low, size / 2 - (low + high) / 2, back)
    return np.asarray(np.where(low < _MARGIN, np.maximum(move, _MARGIN - low), move), np.float64)
