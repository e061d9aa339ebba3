"""The newest frame wins, most frames are let go at rest, and a code that appears is met in time.
All is counted in frames: seconds would only measure the machine."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from threading import Event, Lock
from threading import enumerate as threads

import numpy as np
import pytest

from drivers.scanners import camera as module
from drivers.scanners.camera import Camera, Run
from drivers.scanners.camera.frames import Frame
from drivers.scanners.camera.looking import Looking
from drivers.scanners.camera.sources import Source
from drivers.scanners.camera.watch import Attention
from drivers.scanners.link import Patience
from drivers.scanners.pictures import Picture
from drivers.virtual import held
from drivers.virtual.shop import Showing, State, fitting
from drivers.virtual.stage import Stage
from kiosk.ports import DeviceFault, Scanned, Symbology

QR = frozenset({Symbology.QR})


class Film(Source):
    """A camera of so many frames a second of a turned clock, that never waits. `reads` and
    `skips` are the numbers of the frames; `after` is called with each that is read."""

    alive = True

    def __init__(self, time, fps: int, after: Callable[[int], None]) -> None:
        self.time, self.fps, self.after = time, fps, after
        self.number = 0
        self.reads: list[int] = []
        self.skips: list[int] = []

    def open(self) -> DeviceFault:
        return DeviceFault.NONE

    def _next(self) -> int:
        self.number += 1
        self.time.now += 1 / self.fps
        return self.number

    def read(self, stop: Event) -> Picture | DeviceFault | None:
        self.reads.append(self._next())
        self.after(self.number)
        return np.zeros((72, 128), np.uint8)

    def skip(self, stop: Event) -> DeviceFault | bool:
        self.skips.append(self._next())
        return True

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("fps", "attention", "read"),
    [
        (30, Attention.FULL, 30),
        (30, Attention.REST, 5),
        (30, Attention.SOME, 5),
        (15, Attention.FULL, 15),
        (15, Attention.REST, 5),
        (10, Attention.REST, 5),
        (5, Attention.REST, 5),
    ],
)
def test_at_rest_most_frames_are_let_go_before_they_are_decoded(
    time, ear, fps, attention, read
) -> None:
    film = Film(time, fps, lambda number: run.stop.set() if number >= 10 * fps else None)
    camera = Camera("camera", film, time)
    run = Run(Looking("camera", True, time, ear))
    run.looking.attention = attention
    camera._pass_frames(run, Patience(run.stop))
    assert len(film.reads) + len(film.skips) == run.frames
    assert len(film.reads) / 10 == pytest.approx(read, abs=0.5)


def test_a_code_that_appears_is_met_with_full_attention_within_a_fifth_of_a_second(
    time, busy, ear
) -> None:
    """At 30 frames a second these are six: at rest every sixth is decoded, and the first that
    shows something new brings all that follow."""
    stage = Stage(time, 30)
    looking = Looking("camera", True, busy, ear)
    phone = fitting(held.phone("RK1:A"), 0.9)
    appears_at, appeared, seen = 200, State(), []

    def look(number: int) -> None:
        nonlocal appeared
        if number >= appears_at and appeared.showing is None:
            appeared = State(Showing(phone, time.now - 1, 0.9, 3.0, False))
        frame = Frame(stage.frame(appeared, time.now), time.now)
        looking.frame(frame, QR)
        seen.append((number, looking.attention))
        if ear.scans:
            run.stop.set()

    film = Film(time, 30, look)
    run = Run(looking)
    Camera("camera", film, time)._pass_frames(run, Patience(run.stop))
    before = [attention for number, attention in seen if number < appears_at]
    assert before[-1] is Attention.REST
    woke = next(n for n, attention in seen if n >= appears_at and attention is Attention.FULL)
    assert woke - appears_at < 6
    assert film.reads[-1] - appears_at < 12  # and it is read soon after


class Slow(Source):
    """Frames that carry their number, as many as are asked for before anybody takes the next."""

    alive = False

    def __init__(self) -> None:
        self.number = 0
        self.enough = Event()

    def open(self) -> DeviceFault:
        return DeviceFault.NONE

    def read(self, stop: Event) -> Picture | DeviceFault | None:
        stop.wait(0.001)
        self.number += 1
        if self.number >= 200:
            self.enough.set()
        return np.full((72, 128), self.number % 251, np.uint8)

    def close(self) -> None:
        pass


def test_a_slow_look_delays_no_frame_and_the_newest_is_the_next(time, ear, monkeypatch) -> None:
    source, looked, lock = Slow(), [], Lock()

    def look(self: Looking, frame: Frame, expected: object) -> None:
        with lock:
            looked.append((int(frame.picture[0, 0]), source.number))
        if len(looked) == 1:
            assert source.enough.wait(20)  # a look that lasts for two hundred frames

    monkeypatch.setattr(module.Looking, "frame", look)
    camera = Camera("camera", source, time)
    camera.start(ear)
    while len(looked) < 3:
        Event().wait(0.005)
    camera.stop()
    (first, _), (second, came), *_ = looked
    assert first < 200
    # The one that is looked at next is the newest there was, but for one that came meanwhile.
    assert (came - second) % 251 <= 2


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_thirty_thousand_frames_leave_nothing_behind(time, busy) -> None:
    """Hours of a shop: phones come and go, the lens is covered, screens change."""
    stage = Stage(time, 15)
    scans = 0

    def hear(report: object) -> None:
        nonlocal scans
        scans += isinstance(report, Scanned)

    looking = Looking("camera", True, busy, hear)
    shows = [
        [stage.frame(state, 5.0 + number / 9) for number in range(6)]
        for state in (
            State(),
            State(Showing(fitting(held.phone("RK1:A"), 0.9), 0.0, 0.9, 3.0, False)),
            State(),
            State(covered=True),
            State(),
            State(Showing(fitting(held.label("RK1:B" * 40), 0.2), 0.0, 0.2, 3.0, False)),
        )
    ]
    before, sizes = set(threads()), []
    tracemalloc.start()
    for number in range(30_000):
        time.now += 1 / 15
        frames = shows[number // 100 % len(shows)]
        expected = frozenset() if number // 500 % 5 == 4 else QR
        looking.frame(Frame(frames[number % len(frames)], time.now), expected)
        if number % 5000 == 4999:
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert scans >= 30
    assert max(sizes[1:]) < sizes[0] + 500_000
    assert set(threads()) == before
