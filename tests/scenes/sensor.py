"""From light to the picture a USB camera delivers: grain, curve, sharpening, MJPEG."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from tests.scenes.model import HEIGHT, WIDTH, Dice, Picture, Plane

_SPARE = 96
_READ = 4.0  # electrons of noise with no light at all
_WHITE = 0.82  # where a well exposed white paper lies, in parts of the sensor's full range
_STEPS = 4095  # of a 12-bit converter
_CURVE = (255 * (np.arange(_STEPS + 1) / _STEPS) ** (1 / 2.2)).astype(np.float32)
_SHARPEN = 0.35  # cameras do it by themselves


@lru_cache(maxsize=1)
def _field() -> Plane:
    """Grain of spread one, larger than a frame, a little smoothed as the colour filter does."""
    dice = np.random.default_rng(72)
    raw = dice.standard_normal((HEIGHT + _SPARE, WIDTH + _SPARE, 3), dtype=np.float32)
    soft = cv2.GaussianBlur(raw, (0, 0), 0.5)
    return np.asarray(soft / soft.std(), np.float32)


def grain(dice: Dice) -> Plane:
    """Another piece of the grain each time."""
    y, x = (int(v) for v in dice.integers(0, _SPARE, 2))
    piece = _field()[y : y + HEIGHT, x : x + WIDTH]
    turns = dice.integers(2, size=2)
    return piece[:: 1 - 2 * int(turns[0]), :: 1 - 2 * int(turns[1])]


@lru_cache(maxsize=1)
def _falloff() -> Plane:
    """A small lens gives its corners a fifth less light."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    far = np.hypot(x - WIDTH / 2, y - HEIGHT / 2) / np.hypot(WIDTH / 2, HEIGHT / 2)
    return np.asarray((1 - 0.2 * far**2)[:, :, None], np.float32)


def photographed(
    light: Plane, exposure: float, electrons: float, jpeg: float, dice: Dice
) -> Picture:
    """The frame: `light` in parts of white paper's, rows x columns x BGR."""
    seen = np.minimum(light * _falloff() * np.float32(exposure * _WHITE), 1.0)
    spread = np.sqrt(
        np.maximum(seen, 0) / np.float32(electrons) + np.float32((_READ / electrons) ** 2)
    )
    steps = np.clip((seen + spread * grain(dice)) * _STEPS, 0, _STEPS).astype(np.uint16)
    coded = _CURVE[steps]
    soft = cv2.GaussianBlur(coded, (0, 0), 1.2)
    sharp = cv2.addWeighted(coded, 1 + _SHARPEN, soft, -_SHARPEN, 0)
    frame = np.clip(sharp, 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, round(jpeg)])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
