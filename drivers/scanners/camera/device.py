"""A V4L2 camera as a source of frames."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from threading import Event

import cv2
import numpy as np

from drivers.scanners.camera.nodes import Node
from drivers.scanners.camera.setup import Setup, Taken, apply, automatic_exposure
from drivers.scanners.camera.sources import SILENCE_S, Source
from drivers.scanners.camera.v4l2 import MANUAL, Controls, Id
from drivers.scanners.pictures import Picture
from kiosk.ports import DeviceFault

log = logging.getLogger(__name__)

_BUFFERS = 8  # more than the kernel keeps
_WAITED_S = 0.002  # a frame that takes less to come had been waiting in a buffer
_OLD_S = 0.1
_PLAUSIBLE_S = 10.0
_STEP = 3.0  # of light, from one step of exposure to the next

Open = Callable[[str], cv2.VideoCapture]


def _open_v4l2(path: str) -> cv2.VideoCapture:
    return cv2.VideoCapture(path, cv2.CAP_V4L2)


class Device(Source):
    """Believes the age of frames, not the return value of OpenCV's `grab`, which says yes after
    time-outs and after the cable was pulled. Buffers of the kernel that fill up while this thread
    has no turn are emptied: the newest frame is the one that is read."""

    alive = True

    def __init__(
        self,
        node: Node,
        wanted: Setup,
        monotonic: Callable[[], float],
        opener: Open = _open_v4l2,
        control: Callable[[str], Controls] = Controls,
    ) -> None:
        self._node = node
        self._wanted = wanted
        self._monotonic = monotonic
        self._opener = opener
        self._control = control
        self._capture: cv2.VideoCapture | None = None
        self._controls: Controls | None = None
        self._usual: int | None = None
        self._step = 0
        self._stamps = True
        self._said = ""

    def open(self) -> DeviceFault:
        path = self._node.find()
        if path is None:
            return DeviceFault.NOT_FOUND
        if not os.access(path, os.R_OK | os.W_OK):
            return DeviceFault.PERMISSION
        capture = self._opener(path)
        if not capture.isOpened():
            capture.release()
            return DeviceFault.NOT_ANSWERING
        # Compressed pictures: raw 1280 x 720 fits USB 2 at ten frames a second only.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._wanted.size[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._wanted.size[1])
        capture.set(cv2.CAP_PROP_FPS, self._wanted.fps)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._capture = capture
        self._controls = self._control(path)
        self._step, self._usual, self._stamps = 0, None, True
        self._tell(path, apply(self._controls, self._wanted))
        return DeviceFault.NONE

    def read(self, stop: Event) -> Picture | DeviceFault | None:
        came = self.skip(stop)
        if isinstance(came, DeviceFault):
            return came
        if not came or self._capture is None:
            return None
        decoded, frame = self._capture.retrieve()
        return np.asarray(frame, np.uint8) if decoded and frame is not None else None

    def skip(self, stop: Event) -> DeviceFault | bool:
        if self._capture is None or not self._node.same():
            return DeviceFault.DISCONNECTED
        for _ in range(_BUFFERS):
            started = self._monotonic()
            came = self._capture.grab()
            now = self._monotonic()
            if not came:
                stop.wait(0.05)  # a device that fails at once must not be asked in a tight circle
                return False
            if now - started >= SILENCE_S * 0.9:
                return False
            known = self._age(now)
            self.age_s = known or 0.0
            if now - started >= _WAITED_S if known is None else known <= _OLD_S:
                return True
        # No buffer is left, and still it calls its frames old: then its stamps are wrong.
        self._stamps, self.age_s = False, 0.0
        return True

    def _age(self, now: float) -> float | None:
        """How old the frame is by the kernel's own stamp, which is of the same clock; None where
        the driver stamps by another."""
        if self._capture is None or not self._stamps:
            return None
        age = now - self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        return max(0.0, age) if -0.1 <= age < _PLAUSIBLE_S else None

    def expose(self, step: int) -> bool:
        controls = self._controls
        if controls is None or step == self._step:
            return step == self._step
        modes, times = controls.range(Id.EXPOSURE_AUTO), controls.range(Id.EXPOSURE_ABSOLUTE)
        if modes is None or MANUAL not in modes.menu or times is None:
            return step == 0
        if self._step == 0:
            self._usual = controls.get(Id.EXPOSURE_ABSOLUTE) or times.usual
        usual = self._usual or times.usual
        self._step = step
        if step == 0 and not isinstance(self._wanted.exposure, int):
            return controls.set(Id.EXPOSURE_AUTO, automatic_exposure(controls)) is not None
        controls.set(Id.EXPOSURE_AUTO, MANUAL)
        wanted = times.nearest(max(1, round(usual * _STEP**step)))
        return controls.set(Id.EXPOSURE_ABSOLUTE, wanted) is not None

    def account(self) -> str:
        return self._said

    def close(self) -> None:
        if self._controls is not None:
            if self._step:
                self.expose(0)  # the next program that opens it must not find it in the dark
            self._controls.close()
            self._controls = None
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _tell(self, path: str, taken: Taken) -> None:
        assert self._capture is not None
        assert self._controls is not None
        has = (
            int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
        )
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        refused = list(taken.refused)
        if has != self._wanted.size:
            refused.append(f"{_size(self._wanted.size)}: it has {_size(has)}")
        if rate and round(rate) < self._wanted.fps:
            refused.append(f"{self._wanted.fps} frames a second: it has {rate:.0f}")
        card = self._controls.card()
        parts = [f"{card or 'a camera'} at {path}", _size(has), f"{rate:.0f} frames a second"]
        self._said = ", ".join([*parts, *taken.done])
        if refused:
            self._said += f"; not taken: {', '.join(refused)}"
            log.warning("%s", self._said)
        else:
            log.info("%s", self._said)


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"
