"""Asks the printers how they are, so that a screen knows of missing paper before a visit begins.

Scanners report by themselves; a receipt printer only speaks when asked. Each printer has a
thread of its own, so that a dead one delays nobody; the printer's own lock keeps a question out
of a running job.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread

from kiosk.ports import DeviceState, DeviceStatus, Printer

log = logging.getLogger(__name__)

Report = Callable[[DeviceStatus], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two questions. `mending` while somebody may be standing there with a new
    roll; `absent` doubles from that up to `longest` while nothing is there at all."""

    well: float = 10.0
    mending: float = 2.0
    absent: float = 2.0
    longest: float = 60.0

    def after(self, state: DeviceState, failures: int) -> float:
        match state:
            case DeviceState.READY:
                return self.well
            case DeviceState.WARNING | DeviceState.FAULTY:
                return self.mending
            case DeviceState.UNKNOWN | DeviceState.ABSENT:
                # From the tenth doubling on it is the longest anyway.
                return min(self.absent * 2.0 ** min(failures, 10), self.longest)


class Supervisor:
    """`report` is called on a printer's thread, first with its first status, then on change."""

    def __init__(
        self, printers: Sequence[Printer], report: Report, pace: Pace | None = None
    ) -> None:
        self._watches = [_Watch(printer, report, pace or Pace()) for printer in printers]

    def start(self) -> None:
        for watch in self._watches:
            watch.start()

    def check_now(self) -> None:
        """After a print, or when an engineer asks: do not wait for the next turn."""
        for watch in self._watches:
            watch.wake.set()

    def stop(self) -> None:
        """May be called twice; joins the threads (a running question ends first)."""
        for watch in self._watches:
            watch.ended.set()
            watch.wake.set()
        for watch in self._watches:
            watch.join()


class _Watch:
    """One printer under supervision."""

    def __init__(self, printer: Printer, report: Report, pace: Pace) -> None:
        self.wake = Event()
        self.ended = Event()
        self._printer = printer
        self._report = report
        self._pace = pace
        self._known: DeviceStatus | None = None
        self._failures = 0
        self._thread: Thread | None = None

    def start(self) -> None:
        self._thread = Thread(target=self._run, name=f"watch-{self._printer.name}", daemon=True)
        self._thread.start()

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self.ended.is_set():
            status = self._printer.status()
            there = status.state not in (DeviceState.ABSENT, DeviceState.UNKNOWN)
            wait = self._pace.after(status.state, self._failures)
            self._failures = 0 if there else self._failures + 1
            self._tell(status)
            self.wake.wait(wait)
            self.wake.clear()  # before the look at `ended`, which is set before `wake` is

    def _tell(self, status: DeviceStatus) -> None:
        """Once lost, once back: a printer that stays away fills no log."""
        known, self._known = self._known, status
        if known is not None and (known.state, known.fault) == (status.state, status.fault):
            return
        good = (DeviceState.READY, DeviceState.WARNING)
        if status.state not in good:
            log.warning("%s: %s %s %s", status.device, status.state, status.fault, status.detail)
        elif known is not None and known.state not in good:
            log.info("%s: back (%s)", status.device, status.state)
        self._report(status)
