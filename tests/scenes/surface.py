"""Paper that is not flat: round a bottle, or crumpled. Works on the thing before the camera."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from tests.scenes.model import Dice, Plane, Points
from tests.scenes.optics import Optics
from tests.scenes.things import Thing

_FOLD = 0.22  # of the code's longer side: how far folds lie apart


def _grid(thing: Thing) -> tuple[Plane, Plane]:
    rows, columns = thing.picture.shape[:2]
    x, y = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    return x, y


def _moved(thing: Thing, x: Plane, y: Plane, shade: Plane, quad: Points) -> Thing:
    picture = cv2.remap(thing.picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    lit = picture[:, :, :3] * shade[:, :, None]
    picture[:, :, :3] = np.clip(lit, 0, 255).astype(np.uint8)
    return replace(thing, picture=np.ascontiguousarray(picture), quad=quad)


def curved(thing: Thing, degrees: float, axis: int) -> Thing:
    """Wrapped round a bottle so that the code covers these degrees; `axis` 0 bends its width, 1
    its height. Seen straight on, darker towards the rim."""
    if degrees <= 0:
        return thing
    low, high = thing.quad[:, axis].min(), thing.quad[:, axis].max()
    middle = (low + high) / 2
    radius = (high - low) / np.deg2rad(degrees)
    grid = list(_grid(thing))
    reach = (grid[axis] - middle) / radius
    inside = np.abs(reach) < 0.98
    angle = np.arcsin(np.clip(reach, -0.98, 0.98))
    grid[axis] = np.where(inside, middle + radius * angle, -9.0).astype(np.float32)
    quad = thing.quad.copy()
    quad[:, axis] = middle + radius * np.sin((quad[:, axis] - middle) / radius)
    shade = (0.35 + 0.65 * np.cos(angle)).astype(np.float32)
    return _moved(thing, grid[0], grid[1], shade, quad)


def crumpled(thing: Thing, modules: float, dice: Dice) -> Thing:
    """Folds that move the print by up to about this much, and the light with it."""
    if modules <= 0:
        return thing
    rows, columns = thing.picture.shape[:2]
    side = float(np.ptp(thing.quad, axis=0).max())
    coarse = max(3, round(rows / side / _FOLD)), max(3, round(columns / side / _FOLD))
    size = (columns, rows)
    dx, dy, height = (
        cv2.resize(
            dice.normal(0, 1, coarse).astype(np.float32), size, interpolation=cv2.INTER_CUBIC
        )
        for _ in range(3)
    )
    reach = np.float32(modules * thing.module * 0.5)
    x, y = _grid(thing)
    slope = cv2.Sobel(height, cv2.CV_32F, 1, 1, ksize=5)
    shade = np.clip(1 + 0.09 * modules * slope / max(1e-6, float(slope.std())), 0.45, 1.15)
    quad = thing.quad.copy()
    for _ in range(6):  # where each corner went: the point whose source it is
        at = np.clip(np.rint(quad).astype(int), 0, [columns - 1, rows - 1])
        moved = np.stack([dx[at[:, 1], at[:, 0]], dy[at[:, 1], at[:, 0]]], axis=1) * reach
        quad = thing.quad - moved
    return _moved(thing, x + dx * reach, y + dy * reach, shade.astype(np.float32), quad)


def bent(thing: Thing, optics: Optics, dice: Dice) -> Thing:
    """The thing's surface under these optics."""
    return crumpled(curved(thing, optics.curve, int(dice.integers(2))), optics.crumple, dice)
