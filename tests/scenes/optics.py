"""The one table of conditions and grades, in what a physicist would measure.

Lengths are in modules of the code as they arrive on the sensor, so that a grade means the same for
a QR code of 3.5 pixels a module and for bars of 2.2. `BASE` is a good day: everything below
changes some of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from types import MappingProxyType

from tests.scenes.model import Grade, Kind


@dataclass(frozen=True, slots=True)
class Optics:
    """How the thing, the light and the camera stand to each other."""

    size: float = 1.0  # times the kind's own pixels a module
    tilt: float = 4.0  # degrees out of the picture plane
    turn: float = 3.0  # degrees within it
    curve: float = 0.0  # degrees of a bottle that the code goes round
    crumple: float = 0.0  # modules by which folds move the print
    defocus: float = 0.5  # modules across the blur disc
    motion: float = 0.0  # modules that the hand moves while the shutter is open
    glare: float = 0.0  # a soft reflection's peak, in parts of white paper's light
    spots: float = 0.0  # part of the code's area under hard, saturated reflections
    exposure: float = 1.0  # light on the sensor, in parts of a well exposed picture's
    electrons: float = 6000.0  # that white paper gives a pixel: the grain is their square root
    screen: float = 1.0  # a phone's brightness, in parts of white paper's
    veil: float = 0.01  # what its glass throws back everywhere, in the same
    bands: float = 0.0  # depth of the stripes a dimmed screen's flicker leaves
    moire: float = 0.0  # contrast of the screen's pixels as the sensor sees them
    dark: float = 0.0  # 0 light, 1 white card in dark mode, 2 inverted, 3 inverted and grey
    cracks: float = 0.0  # cracks that cross the code
    thumb: float = -1.0  # part of the code's side that a thumb covers at one corner; -1 none,
    # 0 the quiet zone alone
    scratches: float = 0.0  # lines scratched through the print
    jpeg: float = 92.0  # quality of the camera's MJPEG


class Condition(StrEnum):
    SMALL = "small"
    PERSPECTIVE = "perspective"
    ROTATION = "rotation"
    CURVED = "curved"
    CRUMPLED = "crumpled"
    DEFOCUS = "defocus"
    MOTION = "motion blur"
    GLARE = "soft glare"
    SPOTS = "hard glare"
    LOW_LIGHT = "low light"
    NOISE = "noise"
    DIM = "dim phone"
    DARK_MODE = "dark mode"
    MOIRE = "moire"
    CRACKS = "cracks"
    THUMB = "thumb"
    SCRATCHES = "scratches"
    JPEG = "jpeg"


Change = Mapping[str, float]
_C = Condition


def _row(**values: tuple[float, float, float, float]) -> tuple[Change, ...]:
    return tuple(
        MappingProxyType({name: grades[i] for name, grades in values.items()}) for i in range(4)
    )


# easy, medium, hard, very hard
GRADES: Mapping[Condition, tuple[Change, ...]] = {
    _C.SMALL: _row(size=(0.75, 0.58, 0.46, 0.38)),
    _C.PERSPECTIVE: _row(tilt=(18, 34, 48, 60)),
    _C.ROTATION: _row(turn=(10, 20, 33, 45)),
    _C.CURVED: _row(curve=(25, 45, 70, 100)),
    _C.CRUMPLED: _row(crumple=(0.25, 0.5, 0.75, 1.1)),
    _C.DEFOCUS: _row(defocus=(0.9, 1.4, 1.8, 2.4)),
    _C.MOTION: _row(motion=(0.7, 1.2, 1.7, 2.5)),
    _C.GLARE: _row(glare=(0.3, 0.8, 1.5, 2.6)),
    _C.SPOTS: _row(spots=(0.004, 0.015, 0.035, 0.07)),
    _C.LOW_LIGHT: _row(exposure=(0.45, 0.2, 0.09, 0.045), electrons=(2500, 900, 350, 150)),
    _C.NOISE: _row(electrons=(900, 250, 80, 30)),
    _C.DIM: _row(
        screen=(0.5, 0.25, 0.12, 0.06), veil=(0.03, 0.06, 0.1, 0.14), bands=(0.0, 0.1, 0.25, 0.4)
    ),
    _C.DARK_MODE: _row(
        dark=(1, 2, 2, 3), screen=(0.9, 0.8, 0.35, 0.3), veil=(0.02, 0.03, 0.05, 0.06)
    ),
    _C.MOIRE: _row(moire=(0.15, 0.35, 0.6, 0.85)),
    _C.CRACKS: _row(cracks=(2, 5, 9, 14)),
    _C.THUMB: _row(thumb=(0.0, 0.025, 0.055, 0.12)),
    _C.SCRATCHES: _row(scratches=(3, 8, 16, 28)),
    _C.JPEG: _row(jpeg=(60, 32, 16, 8)),
}

_PHONE_ONLY = frozenset({_C.DIM, _C.DARK_MODE, _C.MOIRE, _C.CRACKS})
_PAPER_ONLY = frozenset({_C.CURVED, _C.CRUMPLED, _C.SCRATCHES})
PHONES = frozenset({Kind.RETURN_PHONE, Kind.SHORT_PHONE, Kind.AZTEC})
_WORSE_LOWER = frozenset({"size", "exposure", "electrons", "screen", "jpeg"})


def fits(condition: Condition, kind: Kind) -> bool:
    """Can this befall such a thing? Paper has no glass, and glass does not crumple."""
    return condition not in (_PAPER_ONLY if kind in PHONES else _PHONE_ONLY)


def under(optics: Optics, condition: Condition, grade: Grade) -> Optics:
    """The optics with a condition on top; of two that touch the same thing the worse one stays."""
    changed = {}
    for name, value in GRADES[condition][grade].items():
        before = getattr(optics, name)
        changed[name] = min(before, value) if name in _WORSE_LOWER else max(before, value)
    return replace(optics, **changed)


BASE = Optics()
assert {name for row in GRADES.values() for name in row[0]} <= {f.name for f in fields(Optics)}
