"""A camera's options: what it is set to, and how its picture is turned before anybody looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np

from drivers.scanners.camera.v4l2 import APERTURE_PRIORITY, AUTO, MANUAL, Controls, Id
from drivers.scanners.pictures import Picture

Options = Mapping[str, str | int | bool]
Value = int | Literal["auto"] | None

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_MAINS = {0: 0, 50: 1, 60: 2}  # values of POWER_LINE_FREQUENCY


@dataclass(frozen=True, slots=True)
class Shape:
    """How pictures come from the sensor and how they are wanted: first a part is cut out (left,
    top, width, height in per cent), then it is mirrored, then turned clockwise."""

    region: tuple[int, int, int, int] = (0, 0, 100, 100)
    mirror: bool = False
    rotate: int = 0

    def of(self, picture: Picture) -> Picture:
        left, top, width, height = self.region
        if (width, height) != (100, 100):
            high, wide = picture.shape[:2]
            picture = picture[
                high * top // 100 : high * (top + height) // 100,
                wide * left // 100 : wide * (left + width) // 100,
            ]
        if self.mirror:
            picture = np.asarray(cv2.flip(picture, 1), np.uint8)
        if self.rotate:
            picture = np.asarray(cv2.rotate(picture, _TURNS[self.rotate]), np.uint8)
        return picture


@dataclass(frozen=True, slots=True)
class Setup:
    """What the camera is to be set to. None leaves a control as the camera has it.

    `exposure` in units of 0.1 ms; `gain` and `focus` in the camera's own; `white_balance` in
    kelvin; `mains_hz` is 50 or 60 against flickering lamps, 0 for none.
    """

    size: tuple[int, int] = (1280, 720)
    fps: int = 30
    exposure: Value = None
    gain: int | None = None
    focus: Value = None
    white_balance: Value = None
    mains_hz: int | None = None
    bracket: bool = True
    shape: Shape = field(default_factory=Shape)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the camera said when it was set up, in words for an engineer."""

    done: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def setup(options: Options) -> Setup:
    """The camera's options. Raises ValueError with a sentence for one that cannot be."""
    mains = _optional(options, "mains_hz", 0, 60)
    if mains not in (None, *_MAINS):
        raise ValueError(f"a camera's mains_hz is 50, 60 or 0, not {mains}")
    rotate = number(options, "rotate", 0, least=0)
    if rotate not in (0, *_TURNS):
        raise ValueError(f"a camera's rotate is 0, 90, 180 or 270, not {rotate}")
    return Setup(
        size=(number(options, "width", 1280), number(options, "height", 720)),
        fps=number(options, "fps", 30, most=240),
        exposure=_auto_or(options, "exposure", 1, 100_000),
        gain=_optional(options, "gain", 0, 65_535),
        focus=_auto_or(options, "focus", 0, 65_535),
        white_balance=_auto_or(options, "white_balance", 1_000, 20_000),
        mains_hz=mains,
        bracket=flag(options, "bracket", True),
        shape=Shape(_region(options), flag(options, "mirror", False), rotate),
    )


def number(options: Options, key: str, default: int, least: int = 1, most: int = 8192) -> int:
    """A camera's whole-number option. Raises ValueError for anything else."""
    value = options.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(
            f"a camera's {key} is a whole number from {least} to {most}, not {value!r}"
        )
    return value


def flag(options: Options, key: str, default: bool) -> bool:
    """A camera's yes or no. Raises ValueError for anything else."""
    value = options.get(key, default)
    if not isinstance(value, bool):
        raise ValueError(f"a camera's {key} is true or false, not {value!r}")
    return value


def _optional(options: Options, key: str, least: int, most: int) -> int | None:
    return number(options, key, 0, least, most) if key in options else None


def _auto_or(options: Options, key: str, least: int, most: int) -> Value:
    if options.get(key) == "auto":
        return "auto"
    if isinstance(options.get(key), str):
        raise ValueError(f'a camera\'s {key} is "auto" or a whole number, not {options[key]!r}')
    return _optional(options, key, least, most)


def _region(options: Options) -> tuple[int, int, int, int]:
    told = options.get("region", "0,0,100,100")
    parts = str(told).split(",")
    if len(parts) == 4 and all(part.strip().isascii() and part.strip().isdigit() for part in parts):
        left, top, width, height = (int(part) for part in parts)
        if min(width, height) >= 10 and left + width <= 100 and top + height <= 100:
            return left, top, width, height
    raise ValueError(
        "a camera's region is left, top, width and height in per cent, at least 10 wide and high, "
        f'such as "10,0,80,100", not {told!r}'
    )


def apply(controls: Controls, wanted: Setup) -> Taken:
    """Set the camera's controls, read each back, and tell what became of it."""
    done: list[str] = []
    refused: list[str] = []

    def put(name: str, control: Id, value: int, said: object = None) -> None:
        told = value if said is None else said
        scope = controls.range(control)
        if scope is None or (scope.menu and value not in scope.menu):
            refused.append(f"{name} {told}: the camera has none")
            return
        has = controls.set(control, value if scope.menu else scope.nearest(value))
        if has == value:
            done.append(f"{name} {told}")
        else:
            refused.append(f"{name} {told}: it has {'not changed' if has is None else has}")

    def auto_or(name: str, mode: Id, values: tuple[int, int], level: Id, value: Value) -> None:
        if value is None:
            return
        automatic, manual = values
        put(f"{name} control", mode, automatic if value == "auto" else manual, _mode(value))
        if value != "auto":
            put(name, level, value)

    exposing = (automatic_exposure(controls), MANUAL)
    auto_or("exposure", Id.EXPOSURE_AUTO, exposing, Id.EXPOSURE_ABSOLUTE, wanted.exposure)
    auto_or("focus", Id.FOCUS_AUTO, (1, 0), Id.FOCUS_ABSOLUTE, wanted.focus)
    balance = Id.WHITE_BALANCE_TEMPERATURE
    auto_or("white balance", Id.AUTO_WHITE_BALANCE, (1, 0), balance, wanted.white_balance)
    if wanted.gain is not None:
        put("gain", Id.GAIN, wanted.gain)
    if wanted.mains_hz is not None:
        mains = _MAINS[wanted.mains_hz]
        put("mains", Id.POWER_LINE_FREQUENCY, mains, f"{wanted.mains_hz} Hz")
    return Taken(tuple(done), tuple(refused))


def automatic_exposure(controls: Controls) -> int:
    """What the camera calls automatic: UVC cameras mostly keep the aperture, which is fixed."""
    scope = controls.range(Id.EXPOSURE_AUTO)
    return AUTO if scope is not None and AUTO in scope.menu else APERTURE_PRIORITY


def _mode(value: Value) -> str:
    return "automatic" if value == "auto" else "manual"
