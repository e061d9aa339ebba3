"""Whether the bars of a retail code really say what was read from them.

zbar reads some blurred EAN and UPC codes wrongly, the same way in every row, with a right check
digit: it takes thin bars for thick ones, 1 for 7 and 2 for 8. Drawn and blurred like the picture,
the number that was read must fit it better, digit by digit, than its neighbours do.
Patterns are those of ISO/IEC 15420.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.decoders.bars import middle_half, straight, stretched
from drivers.scanners.decoders.quads import Quad, flattened
from drivers.scanners.pictures import Picture

Line = NDArray[np.float64]

_ODD: tuple[str, ...] = ("0001101", "0011001", "0010011", "0111101", "0100011")
_ODD += ("0110001", "0101111", "0111011", "0110111", "0001011")
_PARITY: tuple[str, ...] = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG")
_PARITY += ("LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")
_MODULES = 95
_PER = 5  # samples a module
_ROOM = 30  # modules looked at on either side: zbar says only roughly where the code is
_BLURS = (0.4, 0.8, 1.2)  # modules
_SURELY_HERE = 0.7  # correlation from which on the place is believed
_TOO_MANY = 3  # digits that fit worse than others would
_STARTS = tuple(3 + 7 * n for n in range(6)) + tuple(50 + 7 * n for n in range(6))


def _bits(pattern: str) -> Line:
    return np.array([int(c) for c in pattern], np.float64)


_L = tuple(_bits(p) for p in _ODD)
_R = tuple(1 - p for p in _L)
_G = tuple(p[::-1] for p in _R)


def drawn(number: str) -> Line:
    """The 95 modules of an EAN-13 code, 1 for dark."""
    sets = {"L": _L, "G": _G}
    left = [sets[s][int(d)] for s, d in zip(_PARITY[int(number[0])], number[1:7], strict=True)]
    right = [_R[int(d)] for d in number[7:]]
    return np.concatenate([_bits("101"), *left, _bits("01010"), *right, _bits("101")])


@dataclass(frozen=True, slots=True)
class Fit:
    """Where and how blurred a drawn code fits a picture best; `line` is the picture there."""

    likeness: float
    blur: float
    line: Line


def blurred(modules: Line, blur: float) -> Line:
    room = 10 * _PER
    wide = np.pad(np.repeat(modules, _PER), room)[np.newaxis]
    return np.asarray(cv2.GaussianBlur(wide, (0, 0), blur * _PER), np.float64)[0, room:-room]


@lru_cache(maxsize=1)
def _places() -> tuple[Line, ...]:
    """For each width, where to look in the line: shifts x samples."""
    steps = np.arange(_MODULES * _PER) - _MODULES * _PER / 2
    middle = (_MODULES + 2 * _ROOM) * _PER / 2
    shifts = np.arange(-14, 14.1, 0.4)[:, np.newaxis] * _PER
    return tuple(steps * width + middle + shifts for width in np.linspace(0.78, 1.3, 53))


def fitted(line: Line, modules: Line) -> Fit:
    """The best of all places, widths and blurs."""
    best = Fit(-1.0, _BLURS[0], line)
    ground = np.arange(len(line))
    pieces = [np.interp(place, ground, line) for place in _places()]
    for blur in _BLURS:
        ideal = blurred(modules, blur)
        ideal = ideal - ideal.mean()
        for piece in pieces:
            seen = piece - piece.mean(axis=1, keepdims=True)
            size = np.sqrt((seen**2).sum(axis=1) * (ideal**2).sum()) + 1e-6
            likeness = seen @ ideal / size
            place = int(likeness.argmax())
            if likeness[place] > best.likeness:
                best = Fit(float(likeness[place]), blur, seen[place])
    return best


def _miss(line: Line, ideal: Line, digit: slice, around: slice) -> float:
    """What is left of a digit after the drawn one, its light and contrast set from around it."""
    base = np.stack([ideal[around], np.ones(around.stop - around.start)], axis=1)
    gain, level = np.linalg.lstsq(base, line[around], rcond=None)[0]
    return float(((line[digit] - gain * ideal[digit] - level) ** 2).sum())


def misfits(fit: Fit, modules: Line) -> int:
    """How many of the twelve drawn digits fit the picture worse than another digit would."""
    ideal, count = blurred(modules, fit.blur), 0
    for number, start in enumerate(_STARTS):
        digit = slice(max(0, (start - 1) * _PER), min(_MODULES, start + 8) * _PER)
        around = slice(max(0, (start - 10) * _PER), min(_MODULES, start + 17) * _PER)
        said = _miss(fit.line, ideal, digit, around)
        for pattern in (*_L, *_G) if number < 6 else _R:
            other = modules.copy()
            other[start : start + 7] = pattern
            if _miss(fit.line, blurred(other, fit.blur), digit, around) < said - 1e-9:
                count += 1
                break
    return count


def contradicted(grey: Picture, quad: Quad, number: str) -> bool:
    """Whether the bars at `quad` are plainly those of another number than this EAN-13."""
    bars = straight(grey, quad)
    if bars is None or len(number) != 13 or not number.isdigit():
        return False
    size = (_MODULES + 2 * _ROOM) * _PER
    flat = flattened(grey, stretched(middle_half(bars), _ROOM / _MODULES), size, 15)
    if flat is None:
        return False
    modules = drawn(number)
    fit = fitted(-flat.picture.astype(np.float64).mean(axis=0), modules)
    return fit.likeness >= _SURELY_HERE and misfits(fit, modules) >= _TOO_MANY
