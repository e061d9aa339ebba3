"""Printers are asked in the background, and only changes are told."""

from __future__ import annotations

import logging
import queue
import threading
from dataclasses import dataclass, field

import pytest

from drivers.supervisor import Pace, Supervisor
from drivers.virtual.printer import VirtualPrinter
from kiosk.ports import (
    DeviceFamily,
    DeviceFault,
    DeviceState,
    DeviceStatus,
    Document,
    Printed,
    PrintOutcome,
)
from tests.drivers.printers.conftest import Make, receipt

QUICK = Pace(well=0.02, mending=0.02, absent=0.02, longest=0.05)
NEVER = Pace(well=3600, mending=3600, absent=3600, longest=3600)


@dataclass
class Scripted:
    """A printer that says what it is told to say; the last word stays."""

    words: list[tuple[DeviceState, DeviceFault]]
    name: str = "till"
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def status(self) -> DeviceStatus:
        state, fault = self.words.pop(0) if len(self.words) > 1 else self.words[0]
        self.asked.release()
        return DeviceStatus(self.name, DeviceFamily.PRINTER, state, fault)

    def print(self, document: Document) -> PrintOutcome:
        return Printed()

    def close(self) -> None:
        pass


READY = (DeviceState.READY, DeviceFault.NONE)
OUT = (DeviceState.FAULTY, DeviceFault.PAPER_OUT)
GONE = (DeviceState.ABSENT, DeviceFault.NOT_FOUND)


def told(printer: Scripted, pace: Pace, asked: int) -> list[tuple[DeviceState, DeviceFault]]:
    found: list[tuple[DeviceState, DeviceFault]] = []
    supervisor = Supervisor([printer], lambda s: found.append((s.state, s.fault)), pace)
    supervisor.start()
    for _ in range(asked):
        assert printer.asked.acquire(timeout=30)
    supervisor.stop()
    return found


def test_only_changes_are_told() -> None:
    words = [READY, READY, OUT, OUT, OUT, READY, READY]
    assert told(Scripted(words), QUICK, 9) == [READY, OUT, READY]


def test_lost_is_logged_once_and_back_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    told(Scripted([READY, GONE, GONE, GONE, GONE, READY, READY]), QUICK, 8)
    assert [(r.levelname, r.args[0] if r.args else "") for r in caplog.records] == [
        ("WARNING", "till"),
        ("INFO", "till"),
    ]


def test_the_longer_it_is_away_the_rarer_it_is_asked() -> None:
    pace = Pace()
    waits = [pace.after(DeviceState.ABSENT, n) for n in range(8)]
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]
    assert pace.after(DeviceState.ABSENT, 100_000) == 60
    assert pace.after(DeviceState.FAULTY, 0) == 2  # somebody stands there with a new roll
    assert pace.after(DeviceState.READY, 0) == 10


def test_it_can_be_asked_now_and_stops_without_waiting() -> None:
    printer = Scripted([READY])
    supervisor = Supervisor([printer], lambda _s: None, NEVER)
    supervisor.start()
    assert printer.asked.acquire(timeout=30)
    supervisor.check_now()
    assert printer.asked.acquire(timeout=30)
    supervisor.stop()
    supervisor.stop()


def test_a_real_driver_under_supervision(machine: VirtualPrinter, make: Make) -> None:
    found: queue.Queue[DeviceFault] = queue.Queue()
    printer = make(machine)
    supervisor = Supervisor([printer], lambda s: found.put(s.fault), QUICK)
    supervisor.start()
    assert found.get(timeout=30) is DeviceFault.NONE
    assert printer.print(receipt()) == Printed()
    machine.tear_paper()
    assert found.get(timeout=30) is DeviceFault.PAPER_OUT
    machine.refill()
    assert found.get(timeout=30) is DeviceFault.NONE
    machine.unplug()
    assert found.get(timeout=30) in (DeviceFault.NOT_FOUND, DeviceFault.DISCONNECTED)
    supervisor.stop()
