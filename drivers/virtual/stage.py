"""The frames of a virtual camera: what the sensor makes of the light before the lens."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock

import cv2
import numpy as np

from drivers.scanners.camera.sources import Pace, Source
from drivers.scanners.pictures import Picture
from drivers.virtual.shop import HEIGHT, SPARE, WIDTH, Held, State, hold_up, noise, shop, through
from kiosk.ports import DeviceFault

_STEP = 3.0  # of light, from one step of exposure to the next
_DARKEST, _LIGHTEST = -3, 3
_BLOOM, _BLOOM_PX = 0.25, 40.0  # what too much light spills, and how far


class Stage(Source):
    """The source of frames: BGR, 1280 x 720. Verbs from any thread.

    `exposes` says whether its exposure can be chosen; `taken` and `let_go` count its frames.
    """

    alive = True

    def __init__(self, monotonic: Callable[[], float], fps: int, exposes: bool = True) -> None:
        self._monotonic = monotonic
        self._fps = fps
        self._exposes = exposes
        self._lock = Lock()
        self._state = State()
        self._pace = Pace(fps, monotonic)
        self._shop = shop()
        self._noise = noise(4.0)
        self._number = 0
        self._step = 0
        self._last: Picture | None = None
        self.taken = self.let_go = 0

    def change(self, change: Callable[[State], State]) -> None:
        with self._lock:
            self._state = change(self._state)

    def open(self) -> DeviceFault:
        self._pace = Pace(self._fps, self._monotonic)
        self._step = 0
        with self._lock:
            state = self._state
        if not state.plugged:
            return DeviceFault.NOT_FOUND
        return DeviceFault.PERMISSION if state.forbidden else DeviceFault.NONE

    def read(self, stop: Event) -> Picture | DeviceFault | None:
        came = self._next(stop)
        if not isinstance(came, State):
            return came
        self.taken += 1
        if not came.frozen or self._last is None:
            self._last = self.frame(came, self._monotonic())
        return self._last

    def skip(self, stop: Event) -> DeviceFault | bool:
        came = self._next(stop)
        if isinstance(came, DeviceFault):
            return came
        self.let_go += came is not None
        return came is not None

    def expose(self, step: int) -> bool:
        if self._exposes and _DARKEST <= step <= _LIGHTEST:
            self._step = step
        return self._step == step

    def account(self) -> str:
        return f"a virtual camera, {WIDTH} x {HEIGHT}, {self._fps} frames a second"

    def close(self) -> None:
        self._last = None

    def _next(self, stop: Event) -> State | DeviceFault | None:
        self._pace.wait(stop)
        with self._lock:
            state = self._state
        if not state.plugged:
            return DeviceFault.DISCONNECTED
        return None if state.silent else state

    def frame(self, state: State, now: float) -> Picture:
        """What the sensor sees at this moment."""
        scene = np.zeros_like(self._shop) if state.covered else self._shop.copy()
        if not state.covered:
            held = hold_up(scene, state.showing, now) if state.showing is not None else None
            scene = through(self._lit(scene, state, held), state)
        self._number += 1
        y, x = self._number * 29 % SPARE, self._number * 17 % SPARE
        speckle = self._noise[y : y + HEIGHT, x : x + WIDTH]
        return np.asarray(cv2.addWeighted(scene, 1, speckle, 1, -128), np.uint8)

    def _lit(self, scene: Picture, state: State, held: Held | None) -> Picture:
        """The light as the sensor takes it: what is too much for it spills over its surroundings
        and is cut off; a shorter exposure takes less of everything."""
        glow = state.showing.glow if state.showing is not None else 1.0
        if glow == 1.0 and self._step == 0:
            return scene
        light = scene.astype(np.float32)
        if held is not None:
            light[held.where][held.solid] *= glow
        excess = cv2.resize(np.maximum(light - 255, 0), None, fx=0.125, fy=0.125)
        spilt = cv2.GaussianBlur(excess, (0, 0), _BLOOM_PX / 8)
        light += _BLOOM * cv2.resize(spilt, (WIDTH, HEIGHT))
        return np.asarray(np.clip(light * _STEP**self._step, 0, 255), np.uint8)
