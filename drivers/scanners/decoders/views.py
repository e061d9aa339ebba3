"""The ways a picture is prepared for a decoder. Each gives the picture and the way back."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

import cv2
import numpy as np

from drivers.scanners.decoders.quads import HERE, Shown
from drivers.scanners.pictures import Picture

View = Callable[[Picture], Shown | None]
_ENLARGE_UP_TO = 1_500_000  # pixels; beyond, enlarging costs seconds and codes are large anyway


def bare(grey: Picture) -> Shown:
    return Shown(grey, HERE)


def scaled(factor: float) -> View:
    """Smaller against noise and moire; larger for modules of less than two pixels."""
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA

    def scale(grey: Picture) -> Shown | None:
        too_large = factor > 1 and grey.size > _ENLARGE_UP_TO
        if too_large or min(grey.shape) * factor < 8:
            return None
        other = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=how)
        return Shown(np.asarray(other, np.uint8), np.diag([1 / factor, 1 / factor, 1.0]))

    return scale


def equalised(grey: Picture) -> Shown:
    return Shown(np.asarray(cv2.equalizeHist(grey), np.uint8), HERE)


def local_contrast(grey: Picture) -> Shown:
    """Contrast made alike everywhere (CLAHE): dim screens, shade across a code."""
    clahe = cv2.createCLAHE(3.0, (8, 8))
    return Shown(np.asarray(clahe.apply(grey), np.uint8), HERE)


def inverted(grey: Picture) -> Shown:
    return Shown(np.asarray(cv2.bitwise_not(grey), np.uint8), HERE)


def sharpened(grey: Picture) -> Shown:
    return Shown(sharper(grey, 1.5, 1.5), HERE)


def sharpened_far(grey: Picture) -> Shown:
    """Against a lens well out of focus."""
    return Shown(sharper(grey, 3.0, 2.0), HERE)


def half_sharpened(grey: Picture) -> Shown | None:
    small = scaled(0.5)(grey)
    return None if small is None else Shown(sharper(small.picture, 1.5, 1.5), small.back)


def double_sharpened(grey: Picture) -> Shown | None:
    large = scaled(2.0)(grey)
    return None if large is None else Shown(sharper(large.picture, 3.0, 2.0), large.back)


def despeckled(grey: Picture) -> Shown:
    return Shown(np.asarray(cv2.medianBlur(grey, 3), np.uint8), HERE)


def sharper(grey: Picture, sigma: float, amount: float) -> Picture:
    soft = cv2.GaussianBlur(grey, (0, 0), sigma)
    return np.asarray(cv2.addWeighted(grey, 1 + amount, soft, -amount, 0), np.uint8)


def adaptive(window: int) -> View:
    """Black or white by the mean of a window of so many pixels."""

    def divide(grey: Picture) -> Shown:
        mode = cv2.ADAPTIVE_THRESH_MEAN_C
        halves = cv2.adaptiveThreshold(grey, 255, mode, cv2.THRESH_BINARY, window, 5)
        return Shown(np.asarray(halves, np.uint8), HERE)

    return divide


def brightened(power: float) -> View:
    """A gamma curve: below 1 opens the dark parts, above 1 those near white."""
    curve = np.asarray(255 * (np.arange(256) / 255) ** power, np.uint8)
    return lambda grey: Shown(np.asarray(cv2.LUT(grey, curve), np.uint8), HERE)


def smoothed(sigma: float) -> View:
    return lambda grey: Shown(np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma), np.uint8), HERE)


def deblurred(sigma: float, noise: float = 0.01) -> View:
    """Wiener's filter against a lens that is out of focus by so many pixels."""

    def deblur(grey: Picture) -> Shown:
        rows, columns = (cv2.getOptimalDFTSize(n) for n in grey.shape)
        room = rows - grey.shape[0], columns - grey.shape[1]
        padded = cv2.copyMakeBorder(grey, 0, room[0], 0, room[1], cv2.BORDER_REFLECT)
        down, across = np.fft.fftfreq(rows)[:, None], np.fft.rfftfreq(columns)[None]
        lens = np.exp(-2 * (np.pi * sigma) ** 2 * (down**2 + across**2))
        waves = np.fft.rfft2(padded.astype(np.float32)) * lens / (lens**2 + noise)
        sharp = np.fft.irfft2(waves, s=(rows, columns))[: grey.shape[0], : grey.shape[1]]
        return Shown(np.clip(sharp, 0, 255).astype(np.uint8), HERE)

    return deblur


def turned(degrees: float) -> View:
    """Bars that lean fall between the rows a decoder looks along."""

    def turn(grey: Picture) -> Shown:
        height, width = grey.shape
        side = int(hypot(height, width))
        there = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        there[:, 2] += (side - width) / 2, (side - height) / 2
        whole = cv2.warpAffine(grey, there, (side, side), borderMode=cv2.BORDER_REPLICATE)
        back = np.vstack([cv2.invertAffineTransform(there), [0.0, 0.0, 1.0]])
        return Shown(np.asarray(whole, np.uint8), back)

    return turn


def opened(size: int) -> View:
    """Light specks smaller than so many pixels go: cracks, noise on dark modules."""
    return _morphed(cv2.MORPH_OPEN, size)


def closed(size: int) -> View:
    """Dark specks smaller than so many pixels go: dirt, the lines of a screen."""
    return _morphed(cv2.MORPH_CLOSE, size)


def _morphed(how: int, size: int) -> View:
    kernel = np.ones((size, size), np.uint8)
    return lambda grey: Shown(np.asarray(cv2.morphologyEx(grey, how, kernel), np.uint8), HERE)
