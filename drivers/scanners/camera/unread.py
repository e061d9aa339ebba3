"""Where a code seems to be that no decoder could read, and what keeps it from being read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.camera.blocks import block
from drivers.scanners.camera.eyes import alike, cut_off
from drivers.scanners.decoders.quads import box
from drivers.scanners.decoders.squares import Eye, Sighting, eyes
from drivers.scanners.formats import rows
from drivers.scanners.pictures import Picture
from kiosk.ports import Symbology

Box = tuple[float, float, float, float]

_QR = rows({Symbology.QR})
_LEAST = 24  # pixels; below it nothing can be told from a speck
_SMALL, _LARGE = 0.18, 0.92  # of the picture's height
_WITHIN = 0.9  # of it is in the picture; where a detector guesses more, it mostly guessed it all
_EDGE = 3  # pixels from the border that are its end
_LONG = 2.6  # a square that leans looks longer, but not by more than this
_SPREAD = 10.0  # grey levels between a code's light and dark, at the very least
_BALANCE = (0.15, 0.85)  # of its area may be dark
_ROWS = 24  # rows and columns along which a pattern is looked at
_FILLED = 3
_CROSSINGS = 7  # from dark to light and back in a row: the smallest QR code has more
_DIM = 80  # grey level of its light parts
_BURNT = 250
_BLOT = 0.14  # of its side: wider than any light part that belongs to a code
_MODULE = 2.0  # pixels; smaller ones melt together
_SOFT = 0.5  # of its contrast that a sharp code's edge takes within two pixels


class Trouble(Enum):
    """Why a code in view may not read, in words for an engineer."""

    SMALL = "too small"
    LARGE = "too large, or cut off by the picture's edge"
    DIM = "too dark"
    GLARE = "glare on it"
    BLURRED = "blurred"
    DAMAGED = "sharp, but damaged, incomplete or of another family"


@dataclass(frozen=True, slots=True)
class Pattern:
    """An upright box in pixels of the picture: left, top, right, bottom. `linear` for bars;
    `cut_off` where it is known that a part of it is out of view."""

    box: Box
    linear: bool
    cut_off: bool = False


class Finder:
    """Looks for the outline of a code. One thread; about 30 ms for 1280 x 720."""

    def __init__(self) -> None:
        self._qr = cv2.QRCodeDetector()
        self._bars = cv2.barcode.BarcodeDetector()

    def find(
        self,
        grey: Picture,
        linear: bool = True,
        matrix: bool = True,
        seen: Sighting | None = None,
    ) -> Pattern | None:
        """The outline of a code that does not read, of bars or of a QR code as is asked for.
        `seen` is what a decoder saw of QR codes in the same picture, if it looked.

        First what zxing-cpp finds and cannot make sense of, which is sharp but small or
        damaged; then the squares of QR codes, and OpenCV's detectors on half the size, which at
        full size cost more than everything else together. They see codes in shelves, so each
        finding is looked at."""
        half = np.asarray(
            cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8
        )
        found = self._matrix(half, seen or Sighting(grey, _QR)) if matrix else None
        return self._bar(grey, half) if found is None and linear else found

    def _matrix(self, half: Picture, seen: Sighting) -> Pattern | None:
        grey = seen.grey
        if seen.look.reads:
            return None  # it reads; whoever does not want it need not be told how to hold it
        for quad in seen.look.broken:
            found = Pattern(box(quad), linear=False)
            if is_code(grey, found):
                return found
        if cut_off(seen.eyes, grey.shape[1], grey.shape[0]):
            return Pattern(_around_eyes(seen.eyes), linear=False, cut_off=True)
        for finely in (False, True):
            squares = eyes(grey, finely) if finely else seen.eyes
            if len(squares) == 3 and alike(squares):
                found = Pattern(_around_eyes(squares), linear=False)
                if is_code(grey, found):
                    return found
        came, corners = self._qr.detect(half)
        detected = _kept(grey, _pattern(corners, linear=False)) if came else None
        if detected is not None:
            return detected
        blurred = block(half)
        if blurred is None:
            return None
        left, top, right, bottom = (2 * edge for edge in blurred)
        return Pattern((left, top, right, bottom), linear=False)

    def _bar(self, grey: Picture, half: Picture) -> Pattern | None:
        came, corners = self._bars.detect(half)
        return _kept(grey, _pattern(corners, linear=True)) if came else None


def _kept(grey: Picture, found: Pattern | None) -> Pattern | None:
    return found if found is not None and is_code(grey, found) else None


def _around_eyes(seen: Sequence[Eye]) -> Box:
    reach = max(eye.side for eye in seen) / 2
    xs, ys = [eye.x for eye in seen], [eye.y for eye in seen]
    return min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach


def _pattern(corners: object, linear: bool) -> Pattern | None:
    """What OpenCV found at half the size; of several bar codes the first."""
    if corners is None:
        return None
    points = np.asarray(corners, np.float64).reshape(-1, 2)[:4] * 2
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return Pattern((float(left), float(top), float(right), float(bottom)), linear)


def cut_out(grey: Picture, pattern: Pattern) -> Picture:
    """The part of the picture inside the box."""
    left, top, right, bottom = (int(edge) for edge in pattern.box)
    return grey[max(0, top) : max(0, bottom) + 1, max(0, left) : max(0, right) + 1]


def is_code(grey: Picture, pattern: Pattern) -> bool:
    """Is there ink and paper in the box, in turns, as codes have it?"""
    left, top, right, bottom = pattern.box
    width, height = right - left, bottom - top
    if min(width, height) < (_LEAST / 2 if pattern.linear else _LEAST):
        return False
    if not pattern.linear and max(width, height) > _LONG * min(width, height):
        return False
    inside = cut_out(grey, pattern)
    if inside.size < _WITHIN * width * height:
        return False
    low, high = (float(level) for level in np.percentile(inside, (10, 90)))
    dark = float(np.mean(inside < (low + high) / 2))
    if high - low < _SPREAD or not _BALANCE[0] <= dark <= _BALANCE[1]:
        return False
    along, down = crossings(inside), crossings(inside.T)
    middles = sorted((float(np.median(along)), float(np.median(down))))
    if pattern.linear:
        whole = not (left < 0 and right > grey.shape[1])  # stripes from end to end are a wall's
        return whole and middles[1] >= 2 * _CROSSINGS
    # Between lines of print there is nothing; a code has ink in nearly every row and column.
    filled = min(float(np.percentile(along, 25)), float(np.percentile(down, 25))) >= _FILLED
    return filled and middles[0] >= _CROSSINGS and middles[1] < 3 * middles[0]


def crossings(inside: Picture) -> NDArray[np.int64]:
    """How often some rows change between light and dark, with the middle between the lightest and
    the darkest as the border, and a tenth of the contrast ignored."""
    at = np.linspace(0, inside.shape[0] - 1, _ROWS + 2)[1:-1].astype(int)
    lines = cv2.blur(np.ascontiguousarray(inside), (3, 1))[at].astype(np.int16)
    low, high = float(lines.min()), float(lines.max())
    middle, slack = (low + high) / 2, (high - low) * 0.1
    state = np.where(lines > middle + slack, 1, np.where(lines < middle - slack, -1, 0))
    counts = []
    for row in state:
        told = row[row != 0]
        counts.append(int(np.count_nonzero(told[1:] != told[:-1])))
    return np.asarray(counts, np.int64)


def judge(grey: Picture, pattern: Pattern) -> Trouble:
    """What keeps this pattern from being read, the gravest first."""
    height, width = grey.shape
    left, top, right, bottom = pattern.box
    side = max((right - left) / width, (bottom - top) / height)
    edge = left < _EDGE or top < _EDGE or right >= width - _EDGE or bottom >= height - _EDGE
    if pattern.cut_off or side > _LARGE or (edge and side > 0.3):
        return Trouble.LARGE
    inside = cut_out(grey, pattern)
    if blotted(inside):
        return Trouble.GLARE
    if side < _SMALL or module_size(inside) < _MODULE:
        return Trouble.SMALL
    if float(np.percentile(inside, 90)) < _DIM:
        return Trouble.DIM
    return Trouble.BLURRED if sharpness(inside) < _SOFT else Trouble.DAMAGED


def blotted(inside: Picture) -> bool:
    """A burnt-out blot inside the code that is wider than anything white that belongs to it."""
    burnt = np.asarray(cv2.blur(np.ascontiguousarray(inside), (5, 5)) >= _BURNT, np.uint8)
    reach = max(3, int(min(inside.shape) * _BLOT) | 1)
    kernel = np.ones((reach, reach), np.uint8)
    rest = cv2.erode(burnt, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return bool(rest.any())


def module_size(inside: Picture) -> float:
    """About how many pixels the narrowest bar or square has: light and dark take turns at about
    every second one."""
    along = max(
        float(np.median(crossings(inside))) / inside.shape[1],
        float(np.median(crossings(inside.T))) / inside.shape[0],
    )
    return 1 / (2 * along) if along else float("inf")


def sharpness(inside: Picture) -> float:
    """How much of the contrast the steepest edges take within two pixels: near 1 where the
    picture is sharp, less the softer it is."""
    low, high = (float(level) for level in np.percentile(inside, (5, 95)))
    soft = cv2.GaussianBlur(np.ascontiguousarray(inside), (3, 3), 0).astype(np.int16)
    steps = np.concatenate(
        [np.abs(soft[:, 2:] - soft[:, :-2]).ravel(), np.abs(soft[2:] - soft[:-2]).ravel()]
    )
    return float(np.percentile(steps, 95)) / max(1.0, high - low)
