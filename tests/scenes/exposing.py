"""One frame of a staged thing: projected, lit, blurred and caught."""

from __future__ import annotations

import cv2
import numpy as np

from tests.scenes import light
from tests.scenes.model import HEIGHT, WIDTH, Dice, Picture, Plane, Points
from tests.scenes.optics import Optics
from tests.scenes.place import Matrix, Pose, projection, through
from tests.scenes.sensor import photographed
from tests.scenes.staging import Staged
from tests.scenes.things import Thing


def _box(matrix: Matrix, thing_: Thing, margin: int) -> tuple[int, int, int, int]:
    rows, columns = thing_.picture.shape[:2]
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], float)
    low, high = (f(through(matrix, corners), axis=0) for f in (np.min, np.max))
    left, top = (int(max(0, v - margin)) for v in low)
    right, bottom = (
        int(min(limit, v + margin)) for v, limit in zip(high, (WIDTH, HEIGHT), strict=True)
    )
    return left, top, max(right, left + 2), max(bottom, top + 2)


def _laid(stage: Staged, matrix: Matrix, box: tuple[int, int, int, int]) -> Plane:
    """The thing as the frame's pixels see it: drawn at twice the size and averaged."""
    left, top, right, bottom = box
    to_box = np.array([[2, 0, -2 * left + 0.5], [0, 2, -2 * top + 0.5], [0, 0, 1]])
    large = cv2.warpPerspective(
        stage.shine,
        to_box @ matrix,
        (2 * (right - left), 2 * (bottom - top)),
        flags=cv2.INTER_LINEAR,
    )
    return np.asarray(cv2.resize(large, (right - left, bottom - top), interpolation=cv2.INTER_AREA))


def _shining(
    stage: Staged, optics: Optics, local: Points, shape: tuple[int, int], alpha: Plane
) -> Plane:
    """The lamps that the thing reflects."""
    glare = np.zeros(shape, np.float32)
    if optics.glare:
        glare += light.soft_glare(shape, local, optics.glare, stage.glint, stage.lean)
    if optics.spots:
        glare += light.hard_glare(shape, local, optics.spots, stage.spots, stage.lean)
    return np.asarray(alpha * glare[:, :, None], np.float32)


def photograph(
    stage: Staged, optics: Optics, held: Pose, way: float, dice: Dice
) -> tuple[Picture, Points]:
    """One frame of it, and the code's corners there. `way` is the direction of motion, degrees."""
    matrix = projection(held, stage.thing.quad, stage.thing.module)
    quad = through(matrix, stage.thing.quad)
    frame = light.linear(stage.background) * np.float32(stage.ambient)
    box = _box(matrix, stage.thing, 12)
    left, top, right, bottom = box
    laid = _laid(stage, matrix, box)
    body, alpha = laid[:, :, :3], laid[:, :, 3:]
    if optics.moire and stage.thing.glows:
        back = np.asarray(np.linalg.inv(matrix), np.float64)
        body = body * light.ripple(box, back, stage.pitch, optics.moire)
    if optics.bands and stage.thing.glows:
        body = body * light.flicker(bottom - top, optics.bands, dice)
    shape = (bottom - top, right - left)
    body = body + _shining(stage, optics, quad - np.array([left, top]), shape, alpha)
    seen = np.ascontiguousarray(body + frame[top:bottom, left:right] * (1 - alpha))
    blur, motion = optics.defocus * held.pixels, optics.motion * held.pixels
    frame[top:bottom, left:right] = light.blurred(seen, blur, motion, way)
    return photographed(frame, optics.exposure, optics.electrons, optics.jpeg, dice), quad
