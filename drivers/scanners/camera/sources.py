"""Where a camera's frames come from: a device, a photograph, a film. All are read alike."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Protocol

# V4L2 gives up on a silent device after ten seconds unless told otherwise before the first
# capture; `stop` and the report of a loss would wait that long.
SILENCE_S = 2
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", str(SILENCE_S))

import cv2  # noqa: E402 - reads the variable above
import numpy as np  # noqa: E402

from drivers.scanners.pictures import Picture  # noqa: E402
from kiosk.ports import DeviceFault  # noqa: E402

# OpenCV's pool of threads spins between jobs: for pictures this small it costs another tenth of a
# core and wins nothing that is felt.
cv2.setNumThreads(1)

_STILL_LONGEST = 1920  # pixels; a phone's 12 megapixels say no more and cost ten times as much
_STILL_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".pgm", ".ppm", ".tif", ".tiff"}


class Source(Protocol):
    """Frames, one after the other, for one thread. Those who inherit get the plain answers.

    `alive` says that frames come from a sensor, so that equal ones mean a fault; `age_s` how long
    the last frame had waited for its reader. `open` gives the fault that prevents it, or NONE.
    """

    alive: bool = False
    age_s: float = 0.0

    def open(self) -> DeviceFault: ...

    def read(self, stop: Event) -> Picture | DeviceFault | None:
        """Wait for the next frame (rows x columns, or with BGR channels): a frame; None when none
        came in time; a fault when the source is gone."""
        ...

    def skip(self, stop: Event) -> DeviceFault | bool:
        """Wait for the next frame and let it go, at less cost than reading it: whether it came."""
        frame = self.read(stop)
        return frame if isinstance(frame, DeviceFault) else frame is not None

    def expose(self, step: int) -> bool:
        """Take the next frames with less light (a third for each step below 0), with more, or (0)
        as the source is set. False where that cannot be chosen."""
        return step == 0

    def account(self) -> str:
        """What was opened and how it is set, for an engineer."""
        return ""

    def close(self) -> None: ...


class Pace:
    """Frame after frame at a steady rate, without catching up after a delay."""

    def __init__(self, fps: float, monotonic: Callable[[], float]) -> None:
        self._period_s = 1 / fps
        self._monotonic = monotonic
        self._next = monotonic()

    def wait(self, stop: Event) -> None:
        self._next = max(self._next + self._period_s, self._monotonic())
        stop.wait(self._next - self._monotonic())


class Still(Source):
    """A photograph held before the camera for as long as it runs."""

    alive = False

    def __init__(self, path: Path, fps: float, monotonic: Callable[[], float]) -> None:
        self._path = path
        self._pace = Pace(fps, monotonic)
        self._picture: Picture | None = None

    def open(self) -> DeviceFault:
        self._picture = read_picture(self._path, _STILL_LONGEST)
        return DeviceFault.NOT_FOUND if self._picture is None else DeviceFault.NONE

    def read(self, stop: Event) -> Picture | DeviceFault | None:
        self._pace.wait(stop)
        return self._picture

    def close(self) -> None:
        self._picture = None


class Film(Source):
    """A video file at its own frame rate; rests on its last frame unless it loops."""

    alive = False

    def __init__(self, path: Path, loop: bool, monotonic: Callable[[], float]) -> None:
        self._path = path
        self._loop = loop
        self._monotonic = monotonic
        self._pace = Pace(25, monotonic)
        self._capture: cv2.VideoCapture | None = None
        self._last: Picture | None = None

    def open(self) -> DeviceFault:
        capture = cv2.VideoCapture(str(self._path))
        if not capture.isOpened():
            return DeviceFault.NOT_FOUND
        rate = capture.get(cv2.CAP_PROP_FPS)
        self._pace = Pace(rate if 1 <= rate <= 120 else 25, self._monotonic)
        self._capture, self._last = capture, None
        return DeviceFault.NONE

    def read(self, stop: Event) -> Picture | DeviceFault | None:
        self._pace.wait(stop)
        if self._capture is None:
            return DeviceFault.DISCONNECTED
        came, frame = self._capture.read()
        if not came and self._loop and self._last is not None:
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            came, frame = self._capture.read()
        if came:
            self._last = np.asarray(frame, np.uint8)
        return self._last

    def close(self) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None


def read_picture(path: Path, longest: int = 0) -> Picture | None:
    """A picture file as BGR, shrunk to `longest` pixels where given; None if it is no picture."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError:
        return None
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if picture is None:
        return None
    shrink = longest / max(picture.shape[:2]) if longest else 1.0
    if shrink < 1:
        picture = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return np.asarray(picture, np.uint8)


def file_source(path: Path, loop: bool, monotonic: Callable[[], float]) -> Source:
    """The source for `--camera FILE`. Raises ValueError when it can be shown by no means."""
    source: Source
    if path.suffix.lower() in _STILL_SUFFIXES:
        source = Still(path, 15, monotonic)
    else:
        source = Film(path, loop, monotonic)
    fault = source.open() if path.is_file() else DeviceFault.NOT_FOUND
    source.close()
    if fault is not DeviceFault.NONE:
        raise ValueError(f"{path} is neither a picture nor a video that can be shown")
    return source
