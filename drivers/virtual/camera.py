"""A camera that is not there: a shop seen from a kiosk, and hands that hold things up.

Only the frames are made up. The threads, the decoders and every report are those of a real camera.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sin
from threading import Event, Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.camera import Camera, number
from drivers.scanners.sources import Pace, Picture
from kiosk.ports import DeviceFault

WIDTH, HEIGHT = 1280, 720
_SLIDE_S = 0.25  # how long a hand takes to come into view
_SPARE = 64  # the noise plane is this much larger than the picture, to be laid on anew each time
_SEED = 20  # the same shop and the same noise on every machine


@dataclass(frozen=True, slots=True, eq=False)
class Showing:
    """Something held up since `since`: its height as a part of the picture's, its lean."""

    picture: Picture
    since: float
    size: float
    tilt: float
    steady: bool


@dataclass(frozen=True, slots=True)
class State:
    showing: Showing | None = None
    covered: bool = False
    frozen: bool = False
    plugged: bool = True


class Stage:
    """The source of frames: BGR, 1280 x 720. Verbs from any thread."""

    alive = True

    def __init__(self, monotonic: Callable[[], float], fps: int) -> None:
        self._monotonic = monotonic
        self._fps = fps
        self._lock = Lock()
        self._state = State()
        self._pace = Pace(fps, monotonic)
        self._shop = shop()
        self._noise = noise(4.0)
        self._number = 0
        self._last: Picture | None = None

    def change(self, change: Callable[[State], State]) -> None:
        with self._lock:
            self._state = change(self._state)

    def open(self) -> DeviceFault:
        self._pace = Pace(self._fps, self._monotonic)
        return DeviceFault.NONE if self._state.plugged else DeviceFault.NOT_FOUND

    def read(self, stop: Event) -> Picture | DeviceFault | None:
        self._pace.wait(stop)
        with self._lock:
            state = self._state
        if not state.plugged:
            return DeviceFault.DISCONNECTED
        if not state.frozen or self._last is None:
            self._last = self.frame(state, self._monotonic())
        return self._last

    def close(self) -> None:
        self._last = None

    def frame(self, state: State, now: float) -> Picture:
        """What the sensor sees at this moment."""
        scene = np.zeros_like(self._shop) if state.covered else self._shop.copy()
        if state.showing is not None and not state.covered:
            hold_up(scene, state.showing, now)
        self._number += 1
        y, x = self._number * 29 % _SPARE, self._number * 17 % _SPARE
        speckle = self._noise[y : y + HEIGHT, x : x + WIDTH]
        return np.asarray(cv2.addWeighted(scene, 1, speckle, 1, -128), np.uint8)


class VirtualCamera(Camera):
    """A scanner with human verbs; without anything held up it looks at an empty shop."""

    def __init__(self, name: str, monotonic: Callable[[], float], fps: int = 20) -> None:
        self._stage = Stage(monotonic, fps)
        super().__init__(name, self._stage, monotonic)

    def present(
        self,
        picture: NDArray[np.uint8],
        *,
        size: float = 0.92,
        tilt: float = 3.0,
        steady: bool = False,
    ) -> None:
        """Hold up a picture, BGR or BGRA: `size` is its height as a part of the frame's, `tilt`
        its lean in degrees; `steady` puts it on a stand instead of into a hand."""
        showing = Showing(fitting(picture, size), self._monotonic(), size, tilt, steady)
        self._stage.change(lambda s: State(showing, s.covered, s.frozen, s.plugged))

    def remove(self) -> None:
        """Take it away."""
        self._stage.change(lambda s: State(None, s.covered, s.frozen, s.plugged))

    def cover(self) -> None:
        """Put a hand, a coat or a sticker over the lens."""
        self._stage.change(lambda s: State(s.showing, True, s.frozen, s.plugged))

    def uncover(self) -> None:
        self._stage.change(lambda s: State(s.showing, False, s.frozen, s.plugged))

    def freeze(self) -> None:
        """Let the driver hand out its last picture for ever."""
        self._stage.change(lambda s: State(s.showing, s.covered, True, s.plugged))

    def thaw(self) -> None:
        self._stage.change(lambda s: State(s.showing, s.covered, False, s.plugged))

    def unplug(self) -> None:
        """Pull the cable."""
        self._stage.change(lambda s: State(s.showing, s.covered, s.frozen, False))

    def plug(self) -> None:
        """Put the cable back."""
        self._stage.change(lambda s: State(s.showing, s.covered, s.frozen, True))


def make(
    name: str, options: Mapping[str, str | int | bool], monotonic: Callable[[], float]
) -> VirtualCamera:
    """The factory of drivers.registry. Options: `fps` (20); `plugged` (true), whether the cable
    is in at the start. Raises ValueError for any other."""
    unknown = set(options) - {"fps", "plugged"}
    if unknown:
        raise ValueError(f"a virtual camera has no option {', '.join(sorted(unknown))}")
    camera = VirtualCamera(name, monotonic, fps=number(options, "fps", 20))
    if options.get("plugged", True) is not True:
        camera.unplug()
    return camera


def fitting(picture: NDArray[np.uint8], size: float) -> Picture:
    """The picture as BGRA, shrunk to about what the frame can show, so that nothing shimmers."""
    if picture.ndim == 2:
        picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGRA), np.uint8)
    elif picture.shape[2] == 3:
        picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), np.uint8)
    shrink = min(size * HEIGHT / picture.shape[0], 0.95 * WIDTH / picture.shape[1])
    if shrink >= 1:
        return picture
    small = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _place(showing: Showing, now: float) -> NDArray[np.float32]:
    """Where the corners are: in the middle, swaying a little, the far side a little smaller."""
    height, width = showing.picture.shape[:2]
    scale = min(showing.size * HEIGHT / height, 0.95 * WIDTH / width)
    held = 0.0 if showing.steady else 1.0
    lean = np.deg2rad(showing.tilt + held * 1.5 * sin(now * 2.3))
    x, y = width * scale / 2, height * scale / 2
    near, far = 1.0 + 0.03 * held, 1.0 - 0.03 * held
    corners = np.array([[-x * far, -y], [x * far, -y], [x * near, y], [-x * near, y]])
    turn = np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
    sway = held * np.array([7 * sin(now * 3.1) + 3 * sin(now * 7.7), 5 * sin(now * 4.3)])
    arriving = max(0.0, 1 - (now - showing.since) / _SLIDE_S)
    middle = np.array([WIDTH / 2, HEIGHT / 2 + arriving * HEIGHT])
    return np.asarray(corners @ turn + sway + middle, np.float32)


def hold_up(scene: Picture, showing: Showing, now: float) -> None:
    """Draw the held thing into the scene, where it is at this moment."""
    height, width = showing.picture.shape[:2]
    place = _place(showing, now)
    left, top = (max(0, int(edge)) for edge in place.min(axis=0))
    right, bottom = (int(edge) + 2 for edge in place.max(axis=0))
    within = scene[top:bottom, left:right]
    if within.size == 0:
        return
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(corners, place - np.array([left, top], np.float32))
    held = cv2.warpPerspective(showing.picture, warp, (within.shape[1], within.shape[0]))
    solid = (held[:, :, 3] > 127).astype(np.uint8)
    within[:] = cv2.copyTo(np.ascontiguousarray(held[:, :, :3]), solid, within.copy())


def noise(strength: float) -> Picture:
    """A sensor's grain around 128 with this standard deviation, larger than a frame."""
    shape = (HEIGHT + _SPARE, WIDTH + _SPARE, 3)
    grain = np.random.default_rng(_SEED).normal(128, strength, shape)
    return np.clip(grain, 0, 255).astype(np.uint8)


def shop() -> Picture:
    """What is behind the shopper: a wall, shelves with goods, a floor, all out of focus."""
    dice = np.random.default_rng(_SEED)
    scene = np.full((HEIGHT, WIDTH, 3), (168, 176, 182), np.uint8)
    scene[560:] = (120, 128, 134)
    for shelf in range(4):
        bottom = 170 + shelf * 125
        cv2.rectangle(scene, (0, bottom), (WIDTH, bottom + 10), (92, 100, 108), -1)
        x = 6
        while x < WIDTH:
            width, height = int(dice.integers(28, 76)), int(dice.integers(50, 104))
            colour = tuple(int(c) for c in dice.integers(50, 225, 3))
            cv2.rectangle(scene, (x, bottom - height), (x + width, bottom - 1), colour, -1)
            x += width + int(dice.integers(4, 26))
    light = np.linspace(1.06, 0.82, HEIGHT)[:, None, None]
    soft = cv2.GaussianBlur(scene, (0, 0), 5)
    return np.clip(soft * light, 0, 255).astype(np.uint8)
