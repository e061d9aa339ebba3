"""Light on its way to the sensor, in linear parts of a white paper's: glare, screens, blur."""

from __future__ import annotations

import cv2
import numpy as np

from tests.scenes.model import Dice, Plane, Points
from tests.scenes.optics import Optics
from tests.scenes.place import Matrix

_GAMMA = 2.2
_TO_LINEAR = ((np.arange(256) / 255.0) ** _GAMMA).astype(np.float32)


def linear(picture: np.ndarray) -> Plane:
    """Brightness from the picture's coded values."""
    return np.asarray(_TO_LINEAR[picture], np.float32)


def disc(across: float) -> Plane:
    """A lens out of focus: an even disc with a soft rim, this many pixels across."""
    radius = across / 2
    reach = int(np.ceil(radius + 0.5))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    kernel = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    return np.asarray(kernel / kernel.sum(), np.float32)


def streak(pixels: float, degrees: float) -> Plane:
    """A hand that moves while the shutter is open: a line this long."""
    reach = max(1, int(np.ceil(pixels / 2)))
    large = np.zeros((8 * reach + 9,) * 2, np.float32)
    middle = large.shape[0] // 2
    way = 4 * pixels / 2 * np.array([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))])
    ends = [(round(middle + s * way[0]), round(middle + s * way[1])) for s in (-1, 1)]
    cv2.line(large, ends[0], ends[1], 1.0, 4, cv2.LINE_AA)
    side = 2 * reach + 3
    kernel = cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(kernel / kernel.sum(), np.float32)


def blurred(light: Plane, defocus: float, motion: float, way: float) -> Plane:
    """Both in pixels; what stays under half a pixel is the lens's own softness."""
    if defocus > 0.6:
        light = np.asarray(cv2.filter2D(light, -1, disc(defocus)), np.float32)
    if motion > 0.6:
        light = np.asarray(cv2.filter2D(light, -1, streak(motion, way)), np.float32)
    return light


def ripple(box: tuple[int, int, int, int], back: Matrix, pitch: float, contrast: float) -> Plane:
    """The screen's pixel grid as the sensor samples it: `pitch` of the grid in the thing's pixels.

    One sample a sensor pixel, a third of a cell apart for the colours: what is finer than the
    sensor folds into broad coloured waves, which is the moire.
    """
    left, top, right, bottom = box
    x, y = np.meshgrid(
        np.arange(left, right, dtype=np.float64), np.arange(top, bottom, dtype=np.float64)
    )
    below = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    u = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / below * (2 * np.pi / pitch)
    v = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / below * (2 * np.pi / pitch)
    rows = 1 + 0.5 * contrast * np.cos(v)
    waves = [rows * (1 + contrast * np.cos(u + shift)) for shift in (0.0, 0.9, 1.8)]
    return np.stack(waves, axis=-1).astype(np.float32)


def flicker(height: int, depth: float, dice: Dice) -> Plane:
    """Bands across a rolling shutter, where a dimmed screen switches on and off: a row's factor."""
    rows = np.arange(height)
    wave = np.sin(2 * np.pi * rows / dice.uniform(60, 170) + dice.uniform(0, 6.3))
    rows_light = 1 - depth * (0.5 + 0.5 * np.tanh(2.5 * wave))
    return np.asarray(rows_light[:, None, None], np.float32)


def soft_glare(shape: tuple[int, int], quad: Points, peak: float, at: Points, lean: float) -> Plane:
    """A lamp or a window in matt glass: a broad blot, `at` in parts of the code from its middle."""
    side = np.ptp(quad, axis=0)
    centre = quad.mean(axis=0) + at * side
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    c, s = np.cos(lean), np.sin(lean)
    along = ((x - centre[0]) * c + (y - centre[1]) * s) / (0.45 * float(side.max()))
    across = ((y - centre[1]) * c - (x - centre[0]) * s) / (0.24 * float(side.max()))
    return np.asarray(peak * np.exp(-(along**2 + across**2)), np.float32)


def hard_glare(
    shape: tuple[int, int], quad: Points, part: float, spots: Points, lean: float
) -> Plane:
    """Lamps mirrored in the glass: `spots` in parts of the code from its middle, together `part`
    of its area, far over white, with the glow round them that a lens makes."""
    side = np.ptp(quad, axis=0)
    area = float(side[0] * side[1]) * part / len(spots)
    glow = np.zeros(shape, np.float32)
    long = np.sqrt(area / np.pi * 1.8)
    for spot in quad.mean(axis=0) + spots * side:
        centre = (round(float(spot[0]) * 16), round(float(spot[1]) * 16))
        axes = (max(8, round(16 * long)), max(8, round(16 * long / 1.8)))
        cv2.ellipse(glow, centre, axes, float(np.rad2deg(lean)), 0, 360, 5.0, -1, cv2.LINE_AA, 4)
    bloom = cv2.GaussianBlur(glow, (0, 0), 6)
    return np.asarray(cv2.GaussianBlur(glow, (0, 0), 0.8) + 0.06 * bloom, np.float32)


def screen_gain(optics: Optics, emitted: Plane) -> Plane:
    """What a screen of this brightness sends, with the room in its glass."""
    return np.asarray(emitted * np.float32(optics.screen) + np.float32(optics.veil), np.float32)
