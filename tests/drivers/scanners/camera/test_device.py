"""A V4L2 camera: everything above the two calls that only hardware can answer, which are OpenCV's
capture and the kernel's ioctl."""

from __future__ import annotations

import os
from threading import Event

import numpy as np
import pytest

from drivers.scanners.camera.nodes import Node
from drivers.scanners.camera.setup import setup
from kiosk.ports import DeviceFault
from tests.drivers.scanners.camera.made_up import PICTURE

pytestmark = pytest.mark.usefixtures("no_thread_left")
STOP = Event()


# --- frames ---------------------------------------------------------------------------------------


def test_a_frame_is_decoded_when_it_is_read_and_not_when_it_is_skipped(make, capture) -> None:
    device = make()
    assert device.open() is DeviceFault.NONE
    assert device.skip(STOP) is True
    assert capture.decoded == 0
    assert device.read(STOP) is PICTURE
    assert (capture.grabs, capture.decoded) == (2, 1)


def test_frames_that_waited_in_the_kernel_are_let_go(make, capture) -> None:
    """The thread had no turn for a while: four old frames come at once, the fifth takes time."""
    device = make()
    device.open()
    capture.buffered = 4
    assert device.read(STOP) is PICTURE
    assert (capture.grabs, capture.decoded) == (5, 1)


def test_the_kernels_own_stamp_tells_how_old_a_frame_is(make, capture, time) -> None:
    device = make()
    device.open()
    capture.stamps = [time.now - 0.7, time.now - 0.4, time.now]
    capture.takes = 0.01
    assert device.read(STOP) is PICTURE
    assert capture.grabs == 3
    assert device.age_s == pytest.approx(0.03)


def test_a_stamp_of_another_clock_is_not_believed(make, capture) -> None:
    device = make()
    device.open()
    capture.stamps = [1.8e9]
    assert device.read(STOP) is PICTURE
    assert device.age_s == 0.0


def test_a_camera_whose_frames_are_all_old_is_read_all_the_same(make, capture, time) -> None:
    """Its stamps may be of the moment when the exposure began, or wrong; frames come."""
    device = make()
    device.open()
    capture.stamps = [time.now - 3.0]
    assert device.read(STOP) is PICTURE
    assert capture.grabs == 8
    assert device.age_s == 0.0  # or none of its frames would ever be looked at
    assert device.read(STOP) is PICTURE
    assert capture.grabs == 9


def test_a_yes_that_took_as_long_as_the_time_out_is_no_frame(make, capture) -> None:
    device = make()
    device.open()
    capture.takes = 2.0
    assert device.read(STOP) is None
    assert capture.decoded == 0


def test_a_no_is_no_frame_and_neither_is_a_broken_picture(make, capture) -> None:
    device = make()
    device.open()
    capture.whole = False
    assert device.read(STOP) is None
    capture.came = False
    assert device.read(STOP) is None


# --- the device file ------------------------------------------------------------------------------


def test_a_yes_after_the_device_file_vanished_is_a_pulled_cable(make, node) -> None:
    device = make()
    device.open()
    node.unlink()
    assert device.read(STOP) is DeviceFault.DISCONNECTED
    device.close()
    assert device.open() is DeviceFault.NOT_FOUND


def test_a_file_of_the_same_name_and_another_camera_is_a_pulled_cable_too(make, node) -> None:
    device = make()
    device.open()
    node.unlink()
    node.symlink_to("/dev/zero")
    assert device.read(STOP) is DeviceFault.DISCONNECTED


def test_a_camera_that_comes_back_under_another_number_is_found(tmp_path) -> None:
    """/dev/video0 by the settings; /dev/video2 after the cable was out."""
    first, second, names = tmp_path / "video0", tmp_path / "video2", tmp_path / "by-id"
    names.mkdir()
    first.symlink_to("/dev/null")
    (names / "usb-Camera-index0").symlink_to(first)
    node = Node(str(first), names)
    assert node.find() == "/dev/null"
    first.unlink()
    assert not node.same()
    assert node.find() is None
    second.symlink_to("/dev/zero")
    (names / "usb-Camera-index0").unlink()
    (names / "usb-Camera-index0").symlink_to(second)
    assert node.find() == "/dev/zero"
    assert node.same()


def test_a_camera_that_replaces_another_is_taken_by_its_number(tmp_path) -> None:
    first, names = tmp_path / "video0", tmp_path / "by-id"
    names.mkdir()
    first.symlink_to("/dev/null")
    (names / "usb-Old-index0").symlink_to(first)
    node = Node(str(first), names)
    node.find()
    (names / "usb-Old-index0").unlink()
    first.unlink()
    first.symlink_to("/dev/zero")
    (names / "usb-New-index0").symlink_to(first)
    assert node.find() == "/dev/zero"


def test_what_is_no_device_is_no_camera(tmp_path) -> None:
    (tmp_path / "video0").write_text("junk")
    assert Node(str(tmp_path / "video0"), tmp_path / "none").find() is None


def test_a_device_that_may_not_be_opened(make, monkeypatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert make().open() is DeviceFault.PERMISSION


def test_a_device_that_is_busy_does_not_answer(make, capture) -> None:
    capture.opened = False
    assert make().open() is DeviceFault.NOT_ANSWERING
    assert capture.released


# --- how it is built in ---------------------------------------------------------------------------


def numbered() -> np.ndarray:
    return np.arange(100 * 200, dtype=np.uint32).astype(np.uint8).reshape(100, 200)


@pytest.mark.parametrize(
    ("options", "size", "corner"),
    [
        ({}, (100, 200), (0, 0)),
        ({"rotate": 90}, (200, 100), (99, 0)),
        ({"rotate": 180}, (100, 200), (99, 199)),
        ({"rotate": 270}, (200, 100), (0, 199)),
        ({"mirror": True}, (100, 200), (0, 199)),
        ({"region": "10,20,50,40"}, (40, 100), (20, 20)),
        ({"region": "10,20,50,40", "rotate": 90}, (100, 40), (59, 20)),
    ],
)
def test_a_camera_on_its_side_or_behind_a_mirror(options, size, corner) -> None:
    picture = numbered()
    shown = setup(options).shape.of(picture)
    assert shown.shape == size
    assert shown[0, 0] == picture[corner]
