"""Reports in, one Service out, and only when it changed."""

from __future__ import annotations

import pytest

from kiosk.health import Health, printer_trouble, scanner_trouble
from kiosk.ports import (
    DeviceFamily,
    DeviceFault,
    DeviceState,
    DeviceStatus,
    Service,
    Trouble,
)


def printer(state: DeviceState, fault: DeviceFault = DeviceFault.NONE) -> DeviceStatus:
    return DeviceStatus("receipt", DeviceFamily.PRINTER, state, fault)


def scanner(name: str, state: DeviceState, fault: DeviceFault = DeviceFault.NONE) -> DeviceStatus:
    return DeviceStatus(name, DeviceFamily.SCANNER, state, fault)


@pytest.mark.parametrize("fault", list(DeviceFault))
def test_every_fault_of_a_faulty_printer_that_can_stop_paper_is_told(fault: DeviceFault) -> None:
    camera_only = {fault for fault in DeviceFault if fault.value.startswith("picture_")}
    camera_only.add(DeviceFault.NONE)
    told = printer_trouble(printer(DeviceState.FAULTY, fault))
    assert (told is None) == (fault in camera_only)


def test_one_reading_scanner_is_enough() -> None:
    gone = scanner("camera", DeviceState.ABSENT, DeviceFault.DISCONNECTED)
    assert scanner_trouble([gone]) is Trouble.SCANNER_ABSENT
    assert scanner_trouble([gone, scanner("wedge", DeviceState.READY)]) is None


@pytest.mark.parametrize("state", [DeviceState.WARNING, DeviceState.FAULTY])
def test_a_hand_before_the_lens_is_not_an_absent_camera(state: DeviceState) -> None:
    covered = scanner("camera", state, DeviceFault.PICTURE_BLACK)
    assert scanner_trouble([covered]) is Trouble.SCANNER_COVERED
    assert scanner_trouble([covered, scanner("wedge", DeviceState.READY)]) is None


def test_it_speaks_only_when_the_sum_changes() -> None:
    said: list[Service] = []
    health = Health(said.append, printers=1, scanners=1)
    health.device(printer(DeviceState.READY))
    health.device(printer(DeviceState.READY))
    health.device(printer(DeviceState.FAULTY, DeviceFault.PAPER_OUT))
    health.centre(troubles=frozenset({Trouble.OFFLINE}), queued=3)
    health.device(printer(DeviceState.READY))
    assert [set(s.troubles) for s in said] == [
        set(),
        {Trouble.PAPER_OUT},
        {Trouble.PAPER_OUT, Trouble.OFFLINE},
        {Trouble.OFFLINE},
    ]
    assert said[-1].queued == 3


def test_an_installation_without_a_printer_says_so_from_the_start() -> None:
    said: list[Service] = []
    health = Health(said.append, printers=0, scanners=1)
    health.policy(troubles=frozenset(), number=7)
    assert said == [Service(frozenset({Trouble.PRINTER_ABSENT}), 0, 7)]


def test_a_label_printer_stops_no_receipt() -> None:
    told: list[Service] = []
    health = Health(told.append, 1, 1, frozenset({"labels"}))
    paused = DeviceStatus("labels", DeviceFamily.PRINTER, DeviceState.FAULTY, DeviceFault.PAUSED)
    health.device(paused)
    assert health.troubles() == ()
    assert paused in health.devices(), "the engineer sees it"
