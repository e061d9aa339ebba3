"""A V4L2 camera: everything above the two calls that only hardware can answer, which are OpenCV's
capture and the kernel's ioctl."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from threading import enumerate as threads
from time import monotonic

import cv2
import numpy as np
import pytest

from drivers.scanners.camera import Camera, v4l2
from drivers.scanners.camera.device import Device
from drivers.scanners.camera.nodes import Node
from drivers.scanners.camera.setup import Setup, Shape, setup
from drivers.scanners.camera.v4l2 import Controls, Id
from drivers.virtual import held
from kiosk.ports import DeviceFault, DeviceState

pytestmark = pytest.mark.usefixtures("no_thread_left")

STOP = Event()
PICTURE = np.zeros((720, 1280, 3), np.uint8)


class Kernel:
    """The camera's side of the controls, in the bytes of linux/videodev2.h.

    `has` is control to (kind, least, most, step, usual, menu); `holds` their values; `stubborn`
    ones take a value and stay as they are.
    """

    def __init__(self) -> None:
        menu = (3, 0, 3, 1, 3, {1, 3})
        self.has = {
            Id.EXPOSURE_AUTO: menu,
            Id.EXPOSURE_ABSOLUTE: (1, 3, 2047, 1, 250, set()),
            Id.GAIN: (1, 0, 255, 1, 0, set()),
            Id.FOCUS_ABSOLUTE: (1, 0, 250, 5, 0, set()),
            Id.FOCUS_AUTO: (2, 0, 1, 1, 1, set()),
            Id.POWER_LINE_FREQUENCY: (3, 0, 2, 1, 2, {0, 1, 2}),
        }
        self.holds = {control: values[4] for control, values in self.has.items()}
        self.stubborn: set[Id] = set()
        self.closed = 0

    def __call__(self, file: int, request: int, block: bytearray) -> None:
        if request == 0x80685600:  # VIDIOC_QUERYCAP
            block[16:48] = b"Test Camera".ljust(32, b"\0")
            return
        control = int.from_bytes(block[:4], "little")
        if control not in self.has:
            raise OSError(errno.EINVAL, "no such control")
        kind, least, most, step, usual, menu = self.has[Id(control)]
        match request:
            case 0xC0445624:  # VIDIOC_QUERYCTRL
                block[:] = v4l2._QUERY.pack(control, kind, b"", least, most, step, usual, 0)
            case 0xC02C5625:  # VIDIOC_QUERYMENU
                if int.from_bytes(block[4:8], "little") not in menu:
                    raise OSError(errno.EINVAL, "no such item")
            case 0xC008561C:  # VIDIOC_S_CTRL
                value = int.from_bytes(block[4:8], "little", signed=True)
                if not least <= value <= most or (menu and value not in menu):
                    raise OSError(errno.ERANGE, "out of range")
                if control not in self.stubborn:
                    self.holds[Id(control)] = value
            case 0xC008561B:  # VIDIOC_G_CTRL
                block[4:8] = self.holds[Id(control)].to_bytes(4, "little", signed=True)

    def controls(self, path: str) -> Controls:
        return Controls(path, self)


class Capture:
    """An OpenCV capture that answers as told. Each grab takes `takes` seconds of the clock, or
    none while `buffered` frames wait; `stamp` tells when the frame was taken."""

    def __init__(self, time, takes: float = 0.03) -> None:
        self.time, self.takes = time, takes
        self.came, self.opened, self.whole = True, True, True
        self.buffered = 0
        self.stamps: list[float] = []
        self.grabs = self.decoded = 0
        self.size = (1280.0, 720.0)
        self.released = False

    def isOpened(self) -> bool:
        return self.opened

    def set(self, *_: float) -> bool:
        return True

    def get(self, wanted: int) -> float:
        if wanted == cv2.CAP_PROP_POS_MSEC:
            return self.stamps[min(self.grabs, len(self.stamps)) - 1] * 1000 if self.stamps else 0.0
        known = {
            cv2.CAP_PROP_FRAME_WIDTH: self.size[0],
            cv2.CAP_PROP_FRAME_HEIGHT: self.size[1],
            cv2.CAP_PROP_FPS: 30.0,
        }
        return known.get(wanted, 0.0)

    def grab(self) -> bool:
        self.grabs += 1
        if self.buffered:
            self.buffered -= 1
        else:
            self.time.now += self.takes
        return self.came

    def retrieve(self):
        self.decoded += 1
        return self.whole, PICTURE if self.whole else None

    def release(self) -> None:
        self.released = True


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


@pytest.fixture
def capture(time) -> Capture:
    return Capture(time)


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """A character device that goes and comes as the test likes."""
    path = tmp_path / "video0"
    path.symlink_to("/dev/null")
    return path


@pytest.fixture
def make(time, kernel, capture, node):
    def device(**options: object) -> Device:
        opener = lambda path: capture  # noqa: E731 - in place of OpenCV's
        return Device(Node(str(node), node.parent), setup(options), time, opener, kernel.controls)

    return device


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


# --- controls -------------------------------------------------------------------------------------


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


# --- the whole camera over a made-up transport ----------------------------------------------------


class Reel:
    """An OpenCV capture in real time whose frames are a still picture with a new grain each."""

    def __init__(self, picture: np.ndarray, fps: int = 30) -> None:
        self.picture, self.period = picture, 1 / fps
        self.number = 0
        self.waits = Event()
        self.silent = self.stuck = False

    def isOpened(self) -> bool:
        return True

    def set(self, *_: float) -> bool:
        return True

    def get(self, wanted: int) -> float:
        return {cv2.CAP_PROP_FRAME_WIDTH: 1280.0, cv2.CAP_PROP_FRAME_HEIGHT: 720.0}.get(wanted, 0.0)

    def grab(self) -> bool:
        self.waits.wait(0.02 if self.silent else self.period)
        self.number += not self.stuck
        return not self.silent

    def retrieve(self):
        frame = self.picture.copy()
        frame[self.number % 720] ^= 1
        return True, frame

    def release(self) -> None:
        pass


@pytest.fixture
def reel(scene) -> Reel:
    return Reel(scene(held.phone("RK1:REEL")))


@pytest.fixture
def camera(no_thread_left, kernel, node, reel, ear) -> Iterator[Camera]:
    device = Device(
        Node(str(node), node.parent), Setup(gain=40), monotonic, lambda _: reel, kernel.controls
    )
    camera = Camera("camera", device, monotonic, Shape())
    camera.start(ear)
    yield camera
    camera.stop()


def test_codes_are_read_and_the_good_state_tells_what_the_camera_is(camera, ear) -> None:
    assert ear.scan().text == "RK1:REEL"
    ready = ear.fault(DeviceFault.NONE)
    assert ready.detail == "Test Camera at /dev/null, 1280 x 720, 0 frames a second, gain 40"


def test_the_cable_out_and_in_while_looking(camera, ear, node) -> None:
    ear.scan()
    node.unlink()
    ear.fault(DeviceFault.DISCONNECTED)
    ear.fault(DeviceFault.NOT_FOUND)
    heard = len(ear.heard)
    node.symlink_to("/dev/zero")
    assert ear.fault(DeviceFault.NONE, after=heard).state is DeviceState.READY
    assert len(ear.scans) == 1  # the phone was there all the time


def test_a_device_that_opens_and_gives_no_frames(camera, ear, reel) -> None:
    ear.scan()
    reel.silent = True
    assert ear.fault(DeviceFault.NOT_ANSWERING).state is DeviceState.FAULTY
    heard = len(ear.heard)
    reel.silent = False
    ear.fault(DeviceFault.NONE, after=heard)


def test_a_device_that_gives_the_same_frame_for_ever(camera, ear, reel) -> None:
    ear.scan()
    reel.stuck = True
    assert ear.fault(DeviceFault.PICTURE_FROZEN).state is DeviceState.FAULTY
    heard = len(ear.heard)
    reel.stuck = False
    ear.fault(DeviceFault.NONE, after=heard)


def test_the_right_to_open_it_lost_at_the_next_plugging(camera, ear, node, monkeypatch) -> None:
    ear.scan()
    allowed = [False]
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: real(path, mode) and (allowed[0] or path != "/dev/zero")
    )
    node.unlink()
    node.symlink_to("/dev/zero")
    assert ear.fault(DeviceFault.PERMISSION).state is DeviceState.FAULTY
    allowed[0] = True
    heard = len(ear.heard)
    ear.fault(DeviceFault.NONE, after=heard)


def test_a_driver_that_does_not_let_go_does_not_hold_up_the_end(
    kernel, node, reel, ear, caplog, monkeypatch
) -> None:
    monkeypatch.setattr("drivers.scanners.camera._STOP_S", 0.3)
    hangs, hanging = Event(), Event()

    def hang() -> bool:
        hanging.set()
        hangs.wait(30)
        return True

    monkeypatch.setattr(reel, "grab", hang)
    device = Device(
        Node(str(node), node.parent), Setup(), monotonic, lambda _: reel, kernel.controls
    )
    camera = Camera("camera", device, monotonic)
    camera.start(ear)
    assert hanging.wait(20)
    ends = Thread(target=camera.stop)
    ends.start()
    ends.join(20)
    assert not ends.is_alive()
    assert "does not let go" in caplog.text
    heard = len(ear.heard)
    hangs.set()
    while any(thread.name.startswith("camera:") for thread in threads()):
        Event().wait(0.01)
    assert len(ear.heard) == heard
