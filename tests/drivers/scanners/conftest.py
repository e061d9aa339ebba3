"""What the scanner tests share: an ear for reports, a clock to turn, pictures of codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Condition
from threading import enumerate as threads

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.ports import DeviceFault, DeviceStatus, Scanned, ScannerReport

Picture = NDArray[np.uint8]
RETURN = "RK1:" + "6BFOXN*TS0BI$ZD-PHQ7I9AD66V5B22CH9M9ESI9XBHXK-%69LQOGI.*V76GCV4*XUA2P-" * 3


class Ear:
    """Hears what a scanner emits, from whatever thread, and waits for what is to come."""

    def __init__(self) -> None:
        self.heard: list[ScannerReport] = []
        self._more = Condition()

    def __call__(self, report: ScannerReport) -> None:
        with self._more:
            self.heard.append(report)
            self._more.notify_all()

    def wait(self, fits: Callable[[ScannerReport], bool], after: int = 0) -> ScannerReport:
        """The first fitting report from number `after` on; fails when none comes for long."""

        def found() -> list[ScannerReport]:
            return [r for r in self.heard[after:] if fits(r)]

        with self._more:
            assert self._more.wait_for(found, timeout=20), f"only heard {self.heard[after:]}"
            return found()[0]

    def scan(self, after: int = 0) -> Scanned:
        report = self.wait(lambda r: isinstance(r, Scanned), after)
        assert isinstance(report, Scanned)
        return report

    def fault(self, fault: DeviceFault, after: int = 0) -> DeviceStatus:
        report = self.wait(lambda r: isinstance(r, DeviceStatus) and r.fault is fault, after)
        assert isinstance(report, DeviceStatus)
        return report

    @property
    def scans(self) -> list[Scanned]:
        return [r for r in self.heard if isinstance(r, Scanned)]

    @property
    def faults(self) -> list[DeviceFault]:
        return [r.fault for r in self.heard if isinstance(r, DeviceStatus)]


class Time:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Busy:
    """The same clock as a machine sees it that works meanwhile: each look at it costs 30 ms, so
    that budgets end as they do in a shop. The next frame finds it right again."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self._frame, self._spent = time.now, 0.0

    def __call__(self) -> float:
        if self._time.now != self._frame:
            self._frame, self._spent = self._time.now, 0.0
        self._spent += 0.03
        return self._frame + self._spent


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def busy(time: Time) -> Busy:
    return Busy(time)


@pytest.fixture
def no_thread_left() -> Iterator[None]:
    """The scanner under test must take its threads with it."""
    before = set(threads())
    yield
    assert set(threads()) <= before


@pytest.fixture
def return_text() -> str:
    """As long as a signed return code, and of the same alphabet."""
    return RETURN


@pytest.fixture(name="scene")
def scene_maker() -> Callable[..., Picture]:
    return scene


@pytest.fixture(name="grain")
def grain_maker() -> Callable[..., Picture]:
    return grain


def scene(held: Picture, size: float = 0.9, tilt: float = 0.0, width: int = 1280) -> Picture:
    """A BGR camera picture, 16:9, with the thing on a plain grey background."""
    height = width * 9 // 16
    scale = size * height / held.shape[0]
    middle = held.shape[1] / 2, held.shape[0] / 2
    turn = cv2.getRotationMatrix2D(middle, tilt, scale)
    turn[:, 2] += width / 2 - middle[0], height / 2 - middle[1]
    moved = cv2.warpAffine(held, turn, (width, height), flags=cv2.INTER_AREA)
    picture = np.full((height, width, 3), 128, np.uint8)
    solid = moved[:, :, 3] > 127
    picture[solid] = moved[:, :, :3][solid]
    return picture


def grain(shape: tuple[int, ...], level: float, spread: float, seed: int = 1) -> Picture:
    """A noisy picture of one brightness."""
    dice = np.random.default_rng(seed)
    return np.clip(dice.normal(level, spread, shape), 0, 255).astype(np.uint8)
