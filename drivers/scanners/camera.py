"""A camera as a scanner: one thread keeps the newest frame, the other looks into it.

Frames that come while a look lasts are dropped, so a slow look delays nothing but itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Thread, current_thread

import cv2
import numpy as np

from drivers.scanners.frames import Frame, Gone, Newest
from drivers.scanners.link import Emit, Patience
from drivers.scanners.looking import Looking
from drivers.scanners.sources import Device, Picture, Source, file_source
from kiosk.ports import DeviceFault, Scanner, Symbology

log = logging.getLogger(__name__)

MAIN_LINE = frozenset({Symbology.QR, Symbology.CODE_128})
Preview = Callable[[bytes, int, int], None]

_SILENT_S = 2.5
_REOPEN_S = 10.0  # a frozen picture is often cured by opening the device anew
_PREVIEW_S = 0.1
_PREVIEW_WIDTH = 640


class Camera:
    """kiosk.ports.Scanner over any Source.

    `preview`, when set, gets at most ten pictures a second as (RGB bytes, width, height), rows
    from the top, as the camera sees it (not mirrored), on the camera's thread.
    """

    def __init__(self, name: str, source: Source, monotonic: Callable[[], float]) -> None:
        self.name = name
        self.preview: Preview | None = None
        self._source = source
        self._monotonic = monotonic
        self._expected = MAIN_LINE
        self._newest = Newest()
        self._stop = Event()
        self._reopen = Event()
        self._threads: tuple[Thread, ...] = ()

    def start(self, emit: Emit) -> None:
        """Begin to look; everything is reported from one thread. Starting twice is once."""
        if self._threads:
            return
        self._stop.clear()
        self._threads = (
            Thread(target=self._capture, name=f"{self.name}: frames", daemon=True),
            Thread(target=self._look, args=(emit,), name=f"{self.name}: looks", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def expect(self, symbologies: frozenset[Symbology]) -> None:
        """Narrow the search to these, from the next frame on."""
        self._expected = symbologies

    def stop(self) -> None:
        """End both threads; takes at most the two seconds of a silent device."""
        self._stop.set()
        self._newest.wake()
        threads, self._threads = self._threads, ()
        for thread in threads:
            if thread is not current_thread():
                thread.join()

    def _capture(self) -> None:
        patience = Patience(self._stop)
        while not self._stop.is_set():
            try:
                fault = self._open_and_pass(patience)
            except Exception:
                log.exception("scanner %s: its source broke", self.name)
                fault = DeviceFault.INTERNAL
            if fault is not DeviceFault.NONE:
                self._newest.put(Gone(fault))
            patience.wait()

    def _open_and_pass(self, patience: Patience) -> DeviceFault:
        fault = self._source.open()
        if fault is not DeviceFault.NONE:
            return fault
        try:
            return self._pass_frames(patience)
        finally:
            self._source.close()

    def _pass_frames(self, patience: Patience) -> DeviceFault:
        """Pass frames on until the source fails, or NONE when it is to be opened anew."""
        came_at = self._monotonic()
        self._reopen.clear()
        while not (self._stop.is_set() or self._reopen.is_set()):
            frame = self._source.read(self._stop)
            now = self._monotonic()
            if isinstance(frame, DeviceFault):
                return frame
            if frame is not None:
                patience.reset()
                came_at = now
                self._newest.put(Frame(frame, now))
            elif now - came_at > _SILENT_S:
                return DeviceFault.NOT_ANSWERING
        return DeviceFault.NONE

    def _look(self, emit: Emit) -> None:
        looking = Looking(self.name, self._source.alive, self._monotonic, emit)
        shown_at = reopened_at = float("-inf")
        while not self._stop.is_set():
            item = self._newest.take(timeout_s=0.5)
            now = self._monotonic()
            self._look_at(looking, item)
            if isinstance(item, Frame) and now - shown_at >= _PREVIEW_S:
                shown_at = now
                self._show(item.picture)
            if looking.frozen and now - reopened_at >= _REOPEN_S:
                reopened_at = now
                self._reopen.set()

    def _look_at(self, looking: Looking, item: Frame | Gone | None) -> None:
        """Whatever goes wrong in a look, a mistake of our own included, the next one follows:
        a scanner that no longer looks would be noticed by nobody but shoppers."""
        try:
            match item:
                case Frame():
                    looking.frame(item, self._expected)
                case Gone():
                    looking.gone(item)
                case None:
                    looking.silence(self._monotonic())
        except Exception as error:
            if looking.broken(error):
                log.exception("scanner %s: a look broke", self.name)

    def _show(self, picture: Picture) -> None:
        try:
            self._preview(picture)
        except Exception:
            log.exception("scanner %s: no preview any more", self.name)
            self.preview = None  # company for the decoding; it must not fill the log

    def _preview(self, picture: Picture) -> None:
        preview = self.preview
        if preview is None:
            return
        height, width = picture.shape[:2]
        size = (_PREVIEW_WIDTH, max(1, height * _PREVIEW_WIDTH // width))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        code = cv2.COLOR_GRAY2RGB if small.ndim == 2 else cv2.COLOR_BGR2RGB
        preview(np.ascontiguousarray(cv2.cvtColor(small, code)).tobytes(), *size)


def make(
    name: str, options: Mapping[str, str | int | bool], monotonic: Callable[[], float]
) -> Scanner:
    """The factory of drivers.registry.

    Options: `device` (number or path, default 0) with `width`, `height`, `fps` (1280 x 720 at 30);
    or `file` (a photograph or a video) with `loop`.
    Raises ValueError for options that cannot work.
    """
    unknown = set(options) - {"device", "width", "height", "fps", "file", "loop"}
    if unknown:
        raise ValueError(f"a camera has no option {', '.join(sorted(unknown))}")
    if "file" in options:
        source = file_source(Path(str(options["file"])), options.get("loop") is True, monotonic)
        return Camera(name, source, monotonic)
    device = options.get("device", 0)
    path = str(device) if str(device).startswith("/") else f"/dev/video{device}"
    size = number(options, "width", 1280), number(options, "height", 720)
    return Camera(name, Device(path, size, number(options, "fps", 30), monotonic), monotonic)


def number(options: Mapping[str, str | int | bool], key: str, default: int) -> int:
    """A camera's whole-number option. Raises ValueError for anything else."""
    value = options.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 8192:
        raise ValueError(f"a camera's {key} is a whole number, not {value!r}")
    return value
