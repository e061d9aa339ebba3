"""What a scanner says about itself, and how patiently it tries again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

from kiosk.ports import DeviceFamily, DeviceFault, DeviceState, DeviceStatus, ScannerReport

log = logging.getLogger(__name__)

Emit = Callable[[ScannerReport], None]
_GONE = {DeviceState.ABSENT, DeviceState.FAULTY}


def state_of(fault: DeviceFault) -> DeviceState:
    """How bad a scanner's fault is."""
    match fault:
        case DeviceFault.NONE:
            return DeviceState.READY
        case DeviceFault.NOT_FOUND | DeviceFault.DISCONNECTED:
            return DeviceState.ABSENT
        case DeviceFault.PICTURE_BLACK | DeviceFault.PICTURE_BLURRED | DeviceFault.PICTURE_DAZZLED:
            return DeviceState.WARNING
        case _:
            return DeviceState.FAULTY


class Account:
    """Reports a change of state, and only a change; logs once when lost and once when back.

    Belongs to one thread.
    """

    def __init__(self, device: str, emit: Emit) -> None:
        self._device = device
        self._emit = emit
        self._last: DeviceFault | None = None

    def report(self, fault: DeviceFault, detail: str = "") -> None:
        if fault is self._last:
            return
        before, self._last = self._last, fault
        self._emit(DeviceStatus(self._device, DeviceFamily.SCANNER, state_of(fault), fault, detail))
        if state_of(fault) in _GONE:
            log.warning("scanner %s: %s %s", self._device, fault.value, detail)
        elif before is not None:
            log.info("scanner %s: %s", self._device, fault.value or "ready")


class Patience:
    """Waits between tries: half a second, doubling to five; short again after a success."""

    def __init__(self, stop: Event, first_s: float = 0.5, longest_s: float = 5.0) -> None:
        self._stop = stop
        self._first_s = first_s
        self._longest_s = longest_s
        self._next_s = first_s

    def wait(self) -> None:
        """Return after the pause, or at once when asked to stop."""
        self._stop.wait(self._next_s)
        self._next_s = min(self._next_s * 2, self._longest_s)

    def reset(self) -> None:
        self._next_s = self._first_s
