"""What passes from the thread that reads a camera to the thread that looks."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Condition

from drivers.scanners.pictures import Picture
from kiosk.ports import DeviceFault


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A picture and when it was taken, in seconds of the camera's clock.

    `step` is the exposure it was taken with (drivers.scanners.camera.sources.Source.expose); not
    `settled` is one on whose way the exposure changed.
    """

    picture: Picture
    at: float
    step: int = 0
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Gone:
    """The source gives no frames, and why."""

    fault: DeviceFault


class Newest:
    """Room for one thing between two threads; what nobody took in time is replaced."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._item: Frame | Gone | None = None
        self._woken = False

    def put(self, item: Frame | Gone) -> None:
        with self._condition:
            self._item = item
            self._condition.notify()

    def wake(self) -> None:
        """Let a waiting `take` return with nothing."""
        with self._condition:
            self._woken = True
            self._condition.notify()

    def take(self, timeout_s: float) -> Frame | Gone | None:
        """The newest thing once it is there; None after the time-out or when woken."""
        with self._condition:
            self._condition.wait_for(lambda: self._item is not None or self._woken, timeout_s)
            item, self._item, self._woken = self._item, None, False
            return item
