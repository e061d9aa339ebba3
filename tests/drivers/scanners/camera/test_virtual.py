"""The whole camera, threads and all, before a shop that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from time import monotonic

import pytest

from drivers.registry import scanner_factory
from drivers.virtual import held
from drivers.virtual.camera import VirtualCamera
from kiosk.ports import DeviceFault, DeviceState, Symbology

pytestmark = pytest.mark.usefixtures("no_thread_left")


@pytest.fixture
def camera(no_thread_left, ear) -> Iterator[VirtualCamera]:
    camera = VirtualCamera("camera", monotonic, fps=20)
    camera.start(ear)
    ear.fault(DeviceFault.NONE)
    yield camera
    camera.stop()


def test_a_phone_held_up_is_scanned_once(camera, ear, return_text) -> None:
    camera.present(held.phone(return_text, ["Your return", "Order 4711"]))
    scan = ear.scan()
    assert (scan.text, scan.symbology, scan.source) == (return_text, Symbology.QR, "camera")
    camera.present(held.bag("TB0012345675", "TB0012345675"))
    plate = ear.wait(lambda r: r in ear.scans and r != scan)
    assert plate.text == "TB0012345675"
    assert [s.text for s in ear.scans] == [return_text, "TB0012345675"]


def test_a_pulled_cable_is_reported_and_so_is_its_return(camera, ear) -> None:
    camera.unplug()
    lost = ear.fault(DeviceFault.DISCONNECTED)
    assert lost.state is DeviceState.ABSENT
    ear.fault(DeviceFault.NOT_FOUND)
    camera.plug()
    ear.fault(DeviceFault.NONE, after=len(ear.heard))
    camera.present(held.phone("RK1:B"))
    assert ear.scan().text == "RK1:B"


def test_a_hand_over_the_lens(camera, ear) -> None:
    camera.cover()
    assert ear.fault(DeviceFault.PICTURE_BLACK).state is DeviceState.WARNING
    heard = len(ear.heard)
    camera.uncover()
    ear.fault(DeviceFault.NONE, after=heard)


def test_a_driver_that_repeats_its_last_picture(camera, ear) -> None:
    camera.freeze()
    assert ear.fault(DeviceFault.PICTURE_FROZEN).state is DeviceState.FAULTY
    heard = len(ear.heard)
    camera.thaw()
    ear.fault(DeviceFault.NONE, after=heard)


def test_what_was_taken_away_can_be_shown_again(camera, ear) -> None:
    camera.present(held.phone("RK1:C"))
    ear.scan()
    camera.remove()
    camera.present(held.label("RK1:D"))
    ear.wait(lambda r: r in ear.scans and r.text == "RK1:D")


def test_the_preview_is_rgb_and_only_as_large_as_needed(camera) -> None:
    shown: list[tuple[int, int, int]] = []
    came = Event()

    def preview(rgb: bytes, width: int, height: int) -> None:
        shown.append((len(rgb), width, height))
        came.set()

    camera.preview = preview
    assert came.wait(20)
    assert shown[0] == (640 * 360 * 3, 640, 360)


def test_a_frames_own_time_is_on_the_scan(camera, ear) -> None:
    before = monotonic()
    camera.present(held.phone("RK1:E"))
    assert before < ear.scan().seen_at <= monotonic()


def test_stopping_twice_and_starting_again(ear) -> None:
    camera = scanner_factory("virtual-camera")("camera", {}, monotonic)
    camera.stop()
    camera.start(ear)
    camera.start(ear)
    ear.fault(DeviceFault.NONE)
    camera.stop()
    camera.stop()
    heard = len(ear.heard)
    camera.start(ear)
    ear.fault(DeviceFault.NONE, after=heard)
    camera.stop()


def test_nothing_is_said_after_stop(camera, ear) -> None:
    camera.present(held.phone("RK1:F"))
    camera.stop()
    heard = list(ear.heard)
    camera.remove()
    assert ear.heard == heard
