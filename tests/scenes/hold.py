"""Two seconds of holding a code up: a hand that arrives, sways and trembles, a lens that finds its
focus, a sensor that finds its exposure, lamps that wander over the glass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tests.scenes.exposing import photograph
from tests.scenes.make import mixed_optics
from tests.scenes.model import Dice, Grade, Kind, Picture, Truth
from tests.scenes.optics import BASE, Optics
from tests.scenes.place import Pose
from tests.scenes.staging import Staged, dice_for, pose, staged, truths

SECONDS = 2.0
FRAMES = 15
_NUDGE = 1e-3  # seconds over which a speed is taken

# By grade: how far the hand sways, in modules (about millimetres on a phone); how long the shutter
# stays open, in seconds; how far off the focus starts, in modules; how wrong the exposure starts.
_SWAY = (2.5, 4.0, 6.0, 9.0)
_SHUTTER = (0.010, 0.017, 0.028, 0.040)
_OFF_FOCUS = (0.8, 1.6, 2.4, 3.2)
_OFF_LIGHT = (0.2, 0.4, 0.7, 0.9)
_ARRIVAL = 22.0  # modules from its place when the first frame is taken
_NEARER = 0.07  # a second; people lean in when nothing happens
_ARRIVAL_S, _FOCUS_S, _LIGHT_S = 0.16, 0.30, 0.35  # after so long a third of it is left


def _tilting(grade: Grade) -> float:
    """Degrees by which the hand tilts to and fro."""
    return 2.0 + 2.0 * grade


@dataclass(frozen=True, slots=True, eq=False)
class Wander:
    """A sum of slow and fast swings, about one in size. Hands sway below 1 Hz and tremble at
    some 4 to 9 Hz, the trembling a tenth of the sway."""

    hertz: np.ndarray
    size: np.ndarray
    phase: np.ndarray

    def at(self, t: float) -> float:
        return float((self.size * np.sin(2 * np.pi * self.hertz * t + self.phase)).sum())


def _wander(dice: Dice) -> Wander:
    hertz = np.concatenate([dice.uniform(0.2, 0.9, 2), dice.uniform(4, 9, 2)])
    return Wander(hertz, np.array([0.7, 0.4, 0.07, 0.05]), dice.uniform(0, 2 * np.pi, 4))


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A frame and when it came, in seconds since the hand arrived."""

    at: float
    picture: Picture
    truths: tuple[Truth, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Holding:
    """One thing held up for a while. The same seed gives the same frames."""

    name: str
    grade: Grade
    stage: Staged
    optics: Optics
    place: Pose
    swings: tuple[Wander, ...]  # x, y, turn, tilt, nearness, focus, glare x, glare y
    arrival: np.ndarray
    seed: int

    def _pose(self, t: float) -> Pose:
        """Where the hand is: on its way for a moment, then round about its place, and a little
        nearer as time goes by, because people lean in when nothing happens."""
        x, y, turn, tilt, near = (swing.at(t) for swing in self.swings[:5])
        far = self.arrival * np.exp(-t / _ARRIVAL_S)
        reach = _SWAY[self.grade] * (1 + self.optics.motion) * self.place.pixels
        return replace(
            self.place,
            x=self.place.x + x * reach + float(far[0]) * self.place.pixels,
            y=self.place.y + y * reach + float(far[1]) * self.place.pixels,
            turn=self.place.turn + turn * (2 + self.grade),
            tilt=max(0.0, self.place.tilt + tilt * _tilting(self.grade)),
            pixels=self.place.pixels * (1 + 0.03 * near + _NEARER * t),
        )

    def _optics(self, t: float) -> tuple[Optics, float]:
        here, there = self._pose(t), self._pose(t + _NUDGE)
        speed = np.array([there.x - here.x, there.y - here.y]) / _NUDGE / here.pixels
        settled = (self.optics.defocus + BASE.defocus) / 2  # the lens mends a part of it
        focus = settled * (1 + 0.2 * self.swings[5].at(t))
        sign = 1 if self.seed % 2 else -0.6
        light = 1 + sign * _OFF_LIGHT[self.grade] * np.exp(-t / _LIGHT_S)
        changed = replace(
            self.optics,
            motion=float(np.hypot(*speed)) * _SHUTTER[self.grade],
            defocus=focus + _OFF_FOCUS[self.grade] * float(np.exp(-t / _FOCUS_S)),
            exposure=self.optics.exposure * float(light),
        )
        return changed, float(np.rad2deg(np.arctan2(speed[1], speed[0])))

    def frame(self, t: float) -> Shot:
        """What the camera sees `t` seconds after the hand arrived."""
        optics, way = self._optics(t)
        # A mirror that turns by some degrees throws a lamp twice as far, seen from five sides away.
        drift = (
            10 * np.deg2rad(_tilting(self.grade)) * np.array([s.at(t) for s in self.swings[6:8]])
        )
        stage = replace(self.stage, glint=self.stage.glint + drift, spots=self.stage.spots + drift)
        dice = dice_for(self.name, f"{t:.4f}")
        picture, quad = photograph(stage, optics, self._pose(t), way, dice)
        return Shot(t, picture, truths(stage, quad))

    def frames(self, count: int = FRAMES, seconds: float = SECONDS) -> Iterator[Shot]:
        """Evenly spread frames."""
        for number in range(count):
            yield self.frame(seconds * number / count)


def hold(kind: Kind, grade: Grade, seed: int) -> Holding:
    """Hold such a thing up, with as much wrong as the grade says."""
    name = f"hold {grade.words} {kind.name} {seed}"
    dice = dice_for("hold", kind.name, int(grade), seed)
    optics = mixed_optics(kind, grade, dice)
    stage = staged(kind, optics, dice)
    way = dice.uniform(0, 2 * np.pi)
    return Holding(
        name=name,
        grade=grade,
        stage=stage,
        optics=optics,
        place=pose(stage, optics, dice),
        swings=tuple(_wander(dice) for _ in range(8)),
        arrival=_ARRIVAL * np.array([np.cos(way), np.sin(way)]),
        seed=seed,
    )
