"""Exposure, focus and the like: what a camera is asked for, takes and does not take."""

from __future__ import annotations

from threading import Event

import pytest

from drivers.scanners.camera.v4l2 import Controls, Id
from kiosk.ports import DeviceFault
from tests.drivers.scanners.camera.made_up import PICTURE

pytestmark = pytest.mark.usefixtures("no_thread_left")
STOP = Event()


def test_without_settings_nothing_is_set(make, kernel) -> None:
    before = dict(kernel.holds)
    device = make()
    device.open()
    assert kernel.holds == before
    assert device.account() == "Test Camera at /dev/null, 1280 x 720, 30 frames a second"


def test_what_the_camera_takes_is_set_and_told(make, kernel) -> None:
    device = make(exposure=120, gain=40, focus=35, mains_hz=50)
    device.open()
    assert kernel.holds == {
        Id.EXPOSURE_AUTO: 1,
        Id.EXPOSURE_ABSOLUTE: 120,
        Id.GAIN: 40,
        Id.FOCUS_AUTO: 0,
        Id.FOCUS_ABSOLUTE: 35,
        Id.POWER_LINE_FREQUENCY: 1,
    }
    for told in ("exposure 120", "gain 40", "focus 35", "mains 50 Hz"):
        assert told in device.account()
    assert "not taken" not in device.account()


def test_automatic_is_what_the_camera_calls_so(make, kernel) -> None:
    kernel.holds[Id.EXPOSURE_AUTO] = 1
    make(exposure="auto", focus="auto").open()
    assert kernel.holds[Id.EXPOSURE_AUTO] == 3
    assert kernel.holds[Id.FOCUS_AUTO] == 1


def test_what_it_does_not_take_is_told(make, kernel, capture, caplog) -> None:
    kernel.stubborn.add(Id.GAIN)
    capture.size = (640.0, 480.0)
    device = make(gain=40, focus=33, exposure=9000, white_balance=4000)
    device.open()
    refused = device.account().split("not taken: ")[1]
    assert "gain 40: it has 0" in refused
    assert "focus 33: it has 35" in refused
    assert "exposure 9000: it has 2047" in refused
    assert "white balance control manual: the camera has none" in refused
    assert "1280 x 720: it has 640 x 480" in refused
    assert "not taken" in caplog.text


def test_a_camera_without_any_controls_is_a_camera(make, kernel) -> None:
    kernel.has = {}
    device = make(exposure=100)
    assert device.open() is DeviceFault.NONE
    assert device.expose(-1) is False
    assert device.expose(0) is True
    assert device.read(STOP) is PICTURE


def test_darker_and_brighter_and_back_to_automatic(make, kernel) -> None:
    device = make()
    device.open()
    assert device.expose(-1)
    assert (kernel.holds[Id.EXPOSURE_AUTO], kernel.holds[Id.EXPOSURE_ABSOLUTE]) == (1, 83)
    assert device.expose(-2)
    assert kernel.holds[Id.EXPOSURE_ABSOLUTE] == 28
    assert device.expose(1)
    assert kernel.holds[Id.EXPOSURE_ABSOLUTE] == 750
    assert device.expose(0)
    assert kernel.holds[Id.EXPOSURE_AUTO] == 3


def test_back_to_the_exposure_of_the_settings(make, kernel) -> None:
    device = make(exposure=120)
    device.open()
    device.expose(-1)
    assert kernel.holds[Id.EXPOSURE_ABSOLUTE] == 40
    device.expose(0)
    assert (kernel.holds[Id.EXPOSURE_AUTO], kernel.holds[Id.EXPOSURE_ABSOLUTE]) == (1, 120)


def test_a_closed_camera_is_left_as_it_was_set(make, kernel) -> None:
    device = make()
    device.open()
    device.expose(-2)
    device.close()
    assert kernel.holds[Id.EXPOSURE_AUTO] == 3


def test_a_file_that_cannot_be_asked_has_no_controls(tmp_path) -> None:
    nothing = Controls(str(tmp_path / "none"))
    assert nothing.range(Id.GAIN) is None
    assert nothing.set(Id.GAIN, 1) is None
    assert nothing.card() == ""
    real = Controls("/dev/null")  # the kernel's own answer to one that is no camera
    assert real.get(Id.GAIN) is None
    real.close()
    real.close()
