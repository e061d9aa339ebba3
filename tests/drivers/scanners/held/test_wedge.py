"""A scanner that types: what is made of its keys, and that nobody else gets them."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.scanners.held.evdev import EVENT, EVIOCGRAB
from drivers.scanners.held.wedge import make, make_over
from kiosk.ports import DeviceFault, DeviceState, Symbology
from tests.drivers.scanners.held.typing_scanner import (
    ENTER,
    FakeKernel,
    tap,
    typed,
)

pytestmark = pytest.mark.usefixtures("no_thread_left")


def until(true) -> None:
    """For what nobody tells."""
    while not true():
        time.sleep(0.01)


@pytest.fixture
def kernel() -> Iterator[FakeKernel]:
    fake = FakeKernel()
    yield fake
    fake.end()


@pytest.fixture
def start(kernel, ear):
    """Starts a wedge over the fake kernel; all are stopped at the end."""
    started = []

    def go(ear=ear, **options):
        wedge = make_over(
            kernel, "wedge", options or {"usb": "05e0:1200"}, time.monotonic, kernel.nodes
        )
        wedge.start(ear)
        started.append(wedge)
        return wedge

    yield go
    for wedge in started:
        wedge.stop()


def test_a_scan_with_its_identifier(kernel, start, ear) -> None:
    plug = kernel.plug(7)
    start()
    ear.fault(DeviceFault.NONE)
    plug.write(typed("]C1010950600013435210AB"))
    scan = ear.scan()
    assert (scan.aim, scan.symbology, scan.text) == (
        "]C1",
        Symbology.CODE_128,
        "010950600013435210AB",
    )
    assert (scan.raw, scan.source) == (b"010950600013435210AB", "wedge")


def test_without_an_identifier_the_family_is_unknown(kernel, start, ear) -> None:
    plug = kernel.plug(7)
    start()
    ear.fault(DeviceFault.NONE)
    plug.write(typed("TB0012345675"))
    scan = ear.scan()
    assert (scan.aim, scan.symbology, scan.text) == ("", Symbology.UNKNOWN, "TB0012345675")


def test_every_device_of_a_composite_scanner_is_taken(kernel, start, ear) -> None:
    """The media keys as well: a code must not turn the kiosk's sound off, or the kiosk."""
    kernel.plug(6, types=False, name="Scanner Consumer Control")
    plug = kernel.plug(7)
    kernel.plug(8, types=False, name="Scanner System Control")
    kernel.plug(9, usb="046d:c31c", body="usb-1.2", name="Office Keyboard")
    start()
    ear.fault(DeviceFault.NONE)
    assert kernel.grabbed == {"event6", "event7", "event8"}
    kernel.plugs[Path("/dev/input/event8")].write(tap(116))
    plug.write(typed("RK1:A"))
    assert ear.scan().text == "RK1:A"


def test_it_is_given_back_when_the_kiosk_stops(kernel, start, ear) -> None:
    kernel.plug(7)
    wedge = start()
    ear.fault(DeviceFault.NONE)
    wedge.stop()
    wedge.stop()
    assert kernel.grabbed == set()


def test_the_lights_are_set_so_that_it_types_plainly(kernel, start, ear) -> None:
    plug = kernel.plug(7)
    start()
    ear.fault(DeviceFault.NONE)
    lights = [event[2:] for event in EVENT.iter_unpack(plug.lights)]
    assert lights == [(0x11, 1, 0), (0x11, 0, 1), (0, 0, 0)]


def test_two_of_a_model_are_one_scanner_and_do_not_mix(kernel, start, ear) -> None:
    left, right = kernel.plug(7, body="usb-1.3"), kernel.plug(8, body="usb-1.4")
    start()
    ear.fault(DeviceFault.NONE)
    for one, other in zip("LEFT", "ABCD", strict=True):
        left.write(typed(one, None))
        right.write(typed(other, None))
    left.write(tap(ENTER))
    right.write(tap(ENTER))
    ear.wait(lambda r: len(ear.scans) == 2)
    assert sorted(scan.text for scan in ear.scans) == ["ABCD", "LEFT"]
    kernel.unplug(left)
    right.write(typed("STILL HERE"))
    ear.wait(lambda r: len(ear.scans) == 3)
    assert ear.faults == [DeviceFault.NONE]


def test_a_second_one_is_taken_when_it_is_plugged_in(kernel, start, ear) -> None:
    kernel.plug(7, body="usb-1.3")
    start()
    ear.fault(DeviceFault.NONE)
    late = kernel.plug(12, body="usb-1.4")
    until(lambda: "event12" in kernel.grabbed)
    late.write(typed("LATE"))
    assert ear.scan().text == "LATE"


@pytest.mark.parametrize("half", ["HALF", ""])
def test_unplugged_in_the_middle_of_a_code_and_plugged_in_again(kernel, start, ear, half) -> None:
    plug = kernel.plug(7)
    start()
    ear.fault(DeviceFault.NONE)
    plug.write(typed(half, None))
    kernel.unplug(plug)
    assert ear.fault(DeviceFault.DISCONNECTED).state is DeviceState.ABSENT
    back = kernel.plug(9)
    ear.fault(DeviceFault.NONE, after=2)
    back.write(typed("WHOLE"))
    assert ear.scan().text == "WHOLE"


def test_held_by_another_program(kernel, start, ear, caplog) -> None:
    plug = kernel.plug(7)
    plug.grabbed_by = "somebody"
    start()
    status = ear.fault(DeviceFault.NOT_ANSWERING)
    assert status.state is DeviceState.FAULTY
    assert "held by another program" in status.detail
    plug.grabbed_by = None
    ear.fault(DeviceFault.NONE)
    assert caplog.text.count("held by another program") == 1


def test_one_of_two_that_cannot_be_had_is_told_and_the_other_serves(
    kernel, start, ear, caplog
) -> None:
    kernel.plug(7, body="usb-1.3").grabbed_by = "somebody"
    plug = kernel.plug(8, body="usb-1.4")
    start()
    ear.fault(DeviceFault.NONE)
    plug.write(typed("OK"))
    assert ear.scan().text == "OK"
    assert caplog.text.count("a scanner is left out") == 1


def test_a_scanner_of_which_one_part_cannot_be_had_is_let_go_whole(kernel, start, ear) -> None:
    kernel.plug(6, types=False).grabbed_by = "somebody"
    kernel.plug(7)
    start()
    ear.fault(DeviceFault.NOT_ANSWERING)
    assert kernel.grabbed == set()


@pytest.mark.parametrize(
    ("refuses", "fault"),
    [
        (errno.EACCES, DeviceFault.PERMISSION),
        (errno.ENODEV, DeviceFault.NOT_FOUND),
        (errno.EIO, DeviceFault.NOT_ANSWERING),
    ],
)
def test_a_device_that_does_not_open(kernel, start, ear, refuses, fault) -> None:
    plug = kernel.plug(7, refuses=refuses)
    start()
    assert "event7" in ear.fault(fault).detail
    plug.refuses = 0
    ear.fault(DeviceFault.NONE)


def test_a_node_that_is_not_ours_yet_when_just_plugged_in_is_no_fault(kernel, start, ear) -> None:
    start()
    ear.fault(DeviceFault.NOT_FOUND)
    plug = kernel.plug(7, refuses=errno.EACCES)
    until(lambda: kernel.opened)
    plug.refuses = 0
    ear.fault(DeviceFault.NONE)
    assert ear.faults == [DeviceFault.NOT_FOUND, DeviceFault.NONE]


def test_an_absent_one_tells_what_types_here(kernel, start, ear) -> None:
    kernel.plug(9, usb="0c2e:0b61", name="Honeywell Imaging")
    start()
    detail = ear.fault(DeviceFault.NOT_FOUND).detail
    assert "no 05e0:1200" in detail
    assert "0c2e:0b61 'Honeywell Imaging'" in detail


def test_the_very_same_code_held_before_it_is_told_once(kernel, start, ear) -> None:
    """A trigger that is held, or a label before a scanner on its stand."""
    plug = kernel.plug(7)
    start()
    ear.fault(DeviceFault.NONE)
    plug.write(typed("RK1:A") * 30 + typed("RK1:B") + typed("RK1:A"))
    ear.wait(lambda r: len(ear.scans) == 3)
    assert [scan.text for scan in ear.scans] == ["RK1:A", "RK1:B", "RK1:A"]


def test_what_an_installation_dresses_its_codes_in_is_taken_off(kernel, start, ear) -> None:
    plug = kernel.plug(7)
    start(usb="05e0:1200", prefix="S1-", tail="#", separator="{GS}")
    ear.fault(DeviceFault.NONE)
    plug.write(typed("S1-]d20100{GS}21A#") + typed("]d2S1-0100{GS}21B#"))
    ear.wait(lambda r: len(ear.scans) == 2)
    assert [scan.raw for scan in ear.scans] == [b"0100\x1d21A", b"0100\x1d21B"]
    assert {scan.aim for scan in ear.scans} == {"]d2"}


def test_a_scanner_of_another_layout(kernel, start, ear) -> None:
    from drivers.scanners.held.layouts import LAYOUTS

    plug = kernel.plug(7)
    start(usb="05e0:1200", layout="fr")
    ear.fault(DeviceFault.NONE)
    plug.write(typed("]Q1RK1:Zq0@~{}", layout=LAYOUTS["fr"]))
    assert ear.scan().text == "RK1:Zq0@~{}"


# --- over a pipe, without the seam ----------------------------------------------------------------


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    path = tmp_path / "event7"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)
    yield path, writer
    os.close(writer)


def test_through_the_same_bytes_as_a_device(pipe, ear) -> None:
    path, writer = pipe
    wedge = make("wedge", {"device": str(path)}, time.monotonic)
    wedge.start(ear)
    ear.fault(DeviceFault.NONE)
    os.write(writer, typed("]Q1RK1:A") + typed("TB0012345675"))
    ear.wait(lambda r: len(ear.scans) == 2)
    wedge.stop()
    assert [(s.text, s.symbology) for s in ear.scans] == [
        ("RK1:A", Symbology.QR),
        ("TB0012345675", Symbology.UNKNOWN),
    ]


def test_a_device_that_cannot_be_taken_from_others_is_not_used(ear) -> None:
    """/dev/null is a character device that knows no grab."""
    wedge = make("wedge", {"device": "/dev/null"}, time.monotonic)
    wedge.start(ear)
    status = ear.fault(DeviceFault.NOT_ANSWERING)
    assert "cannot be taken from others" in status.detail
    wedge.stop()


def test_nothing_but_these_calls_is_ever_made(kernel, start, ear) -> None:
    """The grab comes first: nothing typed may slip past before it."""
    kernel.plug(7)
    start()
    ear.fault(DeviceFault.NONE)
    assert kernel.asked[0] == EVIOCGRAB
