"""A camera as a scanner: one thread keeps the newest frame, the other looks into it.

Frames that come while a look lasts are dropped, so a slow look delays nothing but itself. While
nothing moves most frames are let go before they are even decoded, which is what costs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread, current_thread

import cv2
import numpy as np

from drivers.scanners.camera.device import Device
from drivers.scanners.camera.frames import Frame, Gone, Newest
from drivers.scanners.camera.looking import Looking
from drivers.scanners.camera.nodes import Node
from drivers.scanners.camera.setup import Shape, setup
from drivers.scanners.camera.sources import Source, file_source
from drivers.scanners.camera.still import photo_of
from drivers.scanners.camera.watch import Attention
from drivers.scanners.link import Emit, Patience
from drivers.scanners.pictures import Picture
from kiosk.ports import DeviceFault, Photo, Scanner, ScannerReport, Symbology

log = logging.getLogger(__name__)

MAIN_LINE = frozenset({Symbology.QR, Symbology.CODE_128})
Preview = Callable[[bytes, int, int], None]

_SILENT_S = 2.5
_REOPEN_S = 10.0  # a frozen picture is often cured by opening the device anew
_PREVIEW_S = 0.1
_PREVIEW_WIDTH = 640
# At rest, and where people only pass, frames are let go as long as the next one that is read comes
# in time: turning them into pictures costs more than all the looking then.
_EASY_S = 0.21
_SETTLES = 3  # frames until a new exposure is what a camera shows
_FRESH_S = 1.5  # an older frame does not show what is there now
_STOP_S = 5.0  # a driver that hangs in the kernel must not hang the kiosk


@dataclass(frozen=True, slots=True)
class Figures:
    """What a camera has done since its start. `decoded` of the `frames` that came were turned
    into pictures; `looks` of those were searched; `stale` came too late to count."""

    frames: int
    decoded: int
    looks: int
    stale: int
    step: int
    attention: Attention


class Run:
    """One start of a camera until its stop. Threads that a driver holds on to longer than that
    keep their own, so that they can never speak into the next."""

    def __init__(self, looking: Looking) -> None:
        self.stop = Event()
        self.reopen = Event()
        self.newest = Newest()
        self.looking = looking
        self.threads: tuple[Thread, ...] = ()
        self.frames = self.decoded = self.step = 0
        self.came_at: float | None = None
        self.period_s = 0.0
        self.good: Frame | None = None  # the newest that would do for a photograph

    def came(self, now: float) -> None:
        """Another frame: how far they are apart is learned from it, and a stall soon forgotten."""
        self.frames += 1
        if self.came_at is not None:
            passed = min(now - self.came_at, 1.0)
            self.period_s += (passed - self.period_s) * (0.2 if self.period_s else 1.0)
        self.came_at = now


class Camera:
    """kiosk.ports.Scanner and kiosk.ports.Photographer over any Source.

    `preview`, when set, gets at most ten pictures a second as (RGB bytes, width, height), rows
    from the top, as the camera sees it (not mirrored), on the camera's thread.
    """

    def __init__(
        self,
        name: str,
        source: Source,
        monotonic: Callable[[], float],
        shape: Shape | None = None,
        bracket: bool = True,
    ) -> None:
        self.name = name
        self.preview: Preview | None = None
        self._source = source
        self._monotonic = monotonic
        self._shape = shape or Shape()
        self._bracket = bracket
        self._expected = MAIN_LINE
        self._run: Run | None = None

    def start(self, emit: Emit) -> None:
        """Begin to look; everything is reported from one thread. Starting twice is once."""
        if self._run is not None:
            return

        def tell(report: ScannerReport) -> None:
            if not run.stop.is_set():
                emit(report)

        run = Run(Looking(self.name, self._source.alive, self._monotonic, tell))
        run.threads = (
            Thread(target=self._capture, args=(run,), name=f"{self.name}: frames", daemon=True),
            Thread(target=self._look, args=(run,), name=f"{self.name}: looks", daemon=True),
        )
        self._run = run
        for thread in run.threads:
            thread.start()

    def expect(self, symbologies: frozenset[Symbology]) -> None:
        """Narrow the search to these, from the next frame on."""
        self._expected = symbologies

    def sees(self) -> bool:
        """kiosk.ports.Photographer."""
        return self._good() is not None

    def photograph(self) -> Photo | None:
        """kiosk.ports.Photographer: of the newest frame, a quarter of a second old at rest."""
        frame = self._good()
        if frame is None:
            return None
        try:
            return photo_of(frame.picture)
        except cv2.error:
            log.exception("scanner %s: no photograph of this frame", self.name)
            return None

    def _good(self) -> Frame | None:
        run = self._run
        if run is None or run.looking.blind:
            return None
        frame = run.good
        fresh = frame is not None and self._monotonic() - frame.at <= _FRESH_S
        return frame if fresh else None

    def stop(self) -> None:
        """End both threads: within the two seconds of a silent device, or else without them after
        five. Nothing is reported afterwards."""
        run, self._run = self._run, None
        if run is None:
            return
        run.stop.set()
        run.newest.wake()
        ends = self._monotonic() + _STOP_S
        for thread in run.threads:
            if thread is not current_thread():
                thread.join(max(0.0, ends - self._monotonic()))
                if thread.is_alive():
                    log.error("scanner %s: its driver does not let go", self.name)

    def figures(self) -> Figures | None:
        """What it has done so far; None while it is stopped."""
        run = self._run
        if run is None:
            return None
        looking = run.looking
        return Figures(
            run.frames, run.decoded, looking.looks, looking.stale, run.step, looking.attention
        )

    def _capture(self, run: Run) -> None:
        patience = Patience(run.stop)
        while not run.stop.is_set():
            try:
                fault = self._open_and_pass(run, patience)
            except Exception:
                log.exception("scanner %s: its source broke", self.name)
                fault = DeviceFault.INTERNAL
            if fault is not DeviceFault.NONE:
                run.newest.put(Gone(fault))
            patience.wait()

    def _open_and_pass(self, run: Run, patience: Patience) -> DeviceFault:
        fault = self._source.open()
        if fault is not DeviceFault.NONE:
            return fault
        try:
            run.looking.account = self._source.account()
            return self._pass_frames(run, patience)
        finally:
            self._source.close()

    def _pass_frames(self, run: Run, patience: Patience) -> DeviceFault:
        """Pass frames on until the source fails, or NONE when it is to be opened anew."""
        came_at = self._monotonic()
        settling = run.step = 0
        run.reopen.clear()
        while not (run.stop.is_set() or run.reopen.is_set()):
            if self._exposes(run):
                settling = _SETTLES
            fault = self._let_go(run, came_at)
            if isinstance(fault, DeviceFault):
                return fault
            frame = self._source.read(run.stop)
            now = self._monotonic()
            if isinstance(frame, DeviceFault):
                return frame
            if frame is not None:
                patience.reset()
                came_at = now
                run.came(now)
                run.decoded += 1
                taken_at, picture = now - self._source.age_s, self._shape.of(frame)
                run.newest.put(Frame(picture, taken_at, run.step, settling == 0))
                settling = max(0, settling - 1)
            elif now - came_at > _SILENT_S:
                return DeviceFault.NOT_ANSWERING
        return DeviceFault.NONE

    def _let_go(self, run: Run, came_at: float) -> DeviceFault | None:
        """At rest, and where people only pass, let the frames go that nobody needs."""
        while not run.stop.is_set() and run.looking.attention is not Attention.FULL:
            if self._monotonic() - came_at + 2 * run.period_s > _EASY_S:
                return None
            came = self._source.skip(run.stop)
            if isinstance(came, DeviceFault):
                return came
            if not came:
                return None
            run.came(self._monotonic())
        return None

    def _exposes(self, run: Run) -> bool:
        """Does the exposure change with the frames to come?"""
        wanted = run.looking.step
        if not self._bracket or wanted == run.step or not self._source.expose(wanted):
            return False
        run.step = wanted
        return True

    def _look(self, run: Run) -> None:
        shown_at = reopened_at = float("-inf")
        while not run.stop.is_set():
            item = run.newest.take(timeout_s=0.5)
            now = self._monotonic()
            self._look_at(run.looking, item)
            run.good = _good(run, item)
            if isinstance(item, Frame) and now - shown_at >= _PREVIEW_S:
                shown_at = now
                self._show(item.picture)
            if run.looking.frozen and now - reopened_at >= _REOPEN_S:
                reopened_at = now
                run.reopen.set()

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


def _good(run: Run, item: Frame | Gone | None) -> Frame | None:
    """The frame to photograph from now on: the newest that is exposed as the camera is set. Where
    none came, the last one, until it is too old."""
    match item:
        case Frame(step=0, settled=True):
            return item
        case Gone():
            return None
        case _:
            return run.good


def make(
    name: str, options: Mapping[str, str | int | bool], monotonic: Callable[[], float]
) -> Scanner:
    """The factory of drivers.registry.

    Options: `device` (number or path, default 0), what drivers.scanners.camera.setup.Setup says, or
    `file` (a photograph or a video) with `loop`. Raises ValueError for options that cannot work.
    """
    unknown = set(options) - {
        *("device", "width", "height", "fps", "file", "loop", "bracket"),
        *("exposure", "gain", "focus", "white_balance", "mains_hz"),
        *("rotate", "mirror", "region"),
    }
    if unknown:
        raise ValueError(f"a camera has no option {', '.join(sorted(unknown))}")
    wanted = setup(options)
    source: Source
    if "file" in options:
        source = file_source(Path(str(options["file"])), options.get("loop") is True, monotonic)
    else:
        device = options.get("device", 0)
        path = str(device) if str(device).startswith("/") else f"/dev/video{device}"
        source = Device(Node(path), wanted, monotonic)
    return Camera(name, source, monotonic, wanted.shape, wanted.bracket)
