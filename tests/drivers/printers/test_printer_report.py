"""What an engineer is told of a printer."""

from __future__ import annotations

import time

import pytest

from drivers.printers.report import Check, Finding, Subject, examine, of_print, of_status
from drivers.virtual.printer import VirtualPrinter
from kiosk.ports import DeviceFamily, DeviceFault, DeviceState, DeviceStatus, NotPrinted, Printed
from tests.drivers.printers.conftest import draw, receipt


def subjects(checks: list[Check]) -> dict[Subject, Finding]:
    return {check.subject: check.finding for check in checks}


def look(
    machine: VirtualPrinter, driver: str = "escpos-network", **options: str | int | bool
) -> dict[Subject, Finding]:
    where = {"host": "127.0.0.1", "port": machine.port, **options}
    return subjects(examine("till", driver, 576, 203, where, draw, time.monotonic)[1])


def test_a_good_printer_passes_every_check(machine: VirtualPrinter) -> None:
    checks = look(machine)
    assert set(checks) == set(Subject) - {Subject.PRINT}
    assert set(checks.values()) == {Finding.GOOD}


def test_the_first_bad_thing_ends_the_list(machine: VirtualPrinter) -> None:
    assert look(machine, "escpos-telepathy") == {Subject.DRIVER: Finding.BAD}
    assert look(machine, prot=1)[Subject.OPTIONS] is Finding.BAD
    machine.open_cover()
    assert look(machine)[Subject.COVER] is Finding.BAD
    assert Subject.PAPER not in look(machine)
    machine.unplug()
    assert look(machine)[Subject.REACHABLE] is Finding.BAD


def test_low_paper_and_silence_are_doubtful(machine: VirtualPrinter) -> None:
    machine.paper_low()
    assert look(machine)[Subject.PAPER] is Finding.DOUBTFUL
    machine.go_silent()
    assert look(machine, answer_ms=60)[Subject.ANSWERS] is Finding.DOUBTFUL


@pytest.mark.parametrize(
    "fault", [DeviceFault.CUTTER, DeviceFault.INTERNAL, DeviceFault.OVERHEATED]
)
def test_other_faults_are_the_machines(fault: DeviceFault) -> None:
    status = DeviceStatus("till", DeviceFamily.PRINTER, DeviceState.FAULTY, fault)
    assert of_status(status)[-1] == Check("till", Subject.MACHINE, Finding.BAD, fault)


def test_a_test_print_is_judged_by_what_came_out(machine: VirtualPrinter) -> None:
    where = {"host": "127.0.0.1", "port": machine.port}
    printer, _ = examine("till", "escpos-network", 576, 203, where, draw, time.monotonic)
    assert printer is not None
    assert of_print(printer, receipt()) == (
        Printed(),
        Check("till", Subject.PRINT, Finding.GOOD),
    )
    machine.tear_paper()
    outcome, check = of_print(printer, receipt())
    assert isinstance(outcome, NotPrinted)
    assert (check.finding, check.fault) == (Finding.BAD, DeviceFault.PAPER_OUT)
