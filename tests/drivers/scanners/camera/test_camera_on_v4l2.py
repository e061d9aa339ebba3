"""The whole camera over a made-up transport: pulled cables, devices that give nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from threading import Event, Thread
from threading import enumerate as threads
from time import monotonic

import cv2
import numpy as np
import pytest

from drivers.scanners.camera import Camera
from drivers.scanners.camera.device import Device
from drivers.scanners.camera.nodes import Node
from drivers.scanners.camera.setup import Setup, Shape
from drivers.virtual import held
from kiosk.ports import DeviceFault, DeviceState

pytestmark = pytest.mark.usefixtures("no_thread_left")


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
