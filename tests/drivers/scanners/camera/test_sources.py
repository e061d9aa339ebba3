"""Photographs, films and devices as cameras."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from time import monotonic

import cv2
import numpy as np
import pytest

from drivers.scanners.camera import Camera, make
from drivers.scanners.camera.frames import Frame, Gone, Newest
from drivers.scanners.camera.sources import Pace, Source, file_source
from drivers.scanners.link import Patience
from drivers.virtual import held
from kiosk.ports import DeviceFault, DeviceState

pytestmark = pytest.mark.usefixtures("no_thread_left")


@pytest.fixture
def photo(tmp_path: Path, scene) -> Path:
    path = tmp_path / "phone.jpg"
    cv2.imwrite(str(path), scene(held.phone("RK1:PHOTO"), width=2560))
    return path


@pytest.fixture
def film(tmp_path: Path, scene) -> Path:
    """An empty place for longer than a code must be away, then a phone for a second."""
    path = tmp_path / "visit.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 20, (1280, 720))
    phone = scene(held.phone("RK1:FILM"))
    for number in range(90):
        writer.write(phone if number >= 70 else np.full((720, 1280, 3), 100, np.uint8))
    writer.release()
    return path


def test_a_photograph_is_scanned_once_for_as_long_as_it_is_shown(photo, ear) -> None:
    camera = make("camera", {"file": str(photo)}, monotonic)
    camera.start(ear)
    assert ear.scan().text == "RK1:PHOTO"
    camera.stop()
    assert len(ear.scans) == 1
    assert ear.faults == [DeviceFault.NONE]


def test_a_film_plays_to_its_end_and_rests_there(film, ear) -> None:
    camera = make("camera", {"file": str(film)}, monotonic)
    camera.start(ear)
    assert ear.scan().text == "RK1:FILM"
    camera.stop()
    assert ear.faults == [DeviceFault.NONE]


def test_a_film_that_loops_shows_its_code_again(film, ear) -> None:
    camera = make("camera", {"file": str(film), "loop": True}, monotonic)
    camera.start(ear)
    first = ear.scan()
    second = ear.wait(lambda r: r in ear.scans and r != first)
    camera.stop()
    assert second.text == "RK1:FILM"


def test_a_large_photograph_is_shown_no_larger_than_a_camera_would(photo) -> None:
    source = file_source(photo, False, monotonic)
    source.open()
    assert source.read(Event()).shape == (1080, 1920, 3)


def test_a_file_that_is_no_picture_is_refused_at_once(tmp_path, capfd) -> None:
    for name, content in (("a.png", b"junk"), ("b.mp4", b"junk"), ("c.jpg", b"")):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(ValueError, match="neither a picture nor a video"):
            make("camera", {"file": str(path)}, monotonic)
    with pytest.raises(ValueError, match="neither a picture nor a video"):
        make("camera", {"file": str(tmp_path / "missing.png")}, monotonic)


@pytest.mark.parametrize(
    "options",
    [
        {"fiel": "a"},
        {"width": 0},
        {"fps": True},
        {"height": "high"},
        {"exposure": "bright"},
        {"exposure": 0},
        {"gain": "auto"},
        {"focus": True},
        {"white_balance": 12},
        {"mains_hz": 55},
        {"rotate": 45},
        {"mirror": 1},
        {"bracket": "yes"},
        {"region": "10,10,95,50"},
        {"region": "0,0,5,5"},
        {"region": "all"},
        {"region": 7},
    ],
)
def test_options_that_cannot_work_are_refused_with_a_sentence(options) -> None:
    with pytest.raises(ValueError, match="camera"):
        make("camera", options, monotonic)


def test_a_camera_that_is_not_there_is_absent_and_stop_does_not_wait(tmp_path, ear) -> None:
    camera = make("camera", {"device": str(tmp_path / "video0")}, monotonic)
    camera.start(ear)
    assert ear.fault(DeviceFault.NOT_FOUND).state is DeviceState.ABSENT
    camera.stop()
    assert ear.faults == [DeviceFault.NOT_FOUND]


class Flaky(Source):
    """A source that gives a frame and breaks, and counts how often it is asked."""

    alive = True

    def __init__(self) -> None:
        self.opened = 0
        self.enough = Event()

    def open(self) -> DeviceFault:
        self.opened += 1
        if self.opened >= 3:
            self.enough.set()
        return DeviceFault.NOT_ANSWERING

    def read(self, stop: Event) -> DeviceFault:
        raise AssertionError("read though it never opened")

    def close(self) -> None:
        pass


def test_a_camera_that_does_not_open_is_tried_again_and_reported_once(ear) -> None:
    source = Flaky()
    camera = Camera("camera", source, monotonic)
    camera.start(ear)
    assert source.enough.wait(20)
    camera.stop()
    assert ear.faults == [DeviceFault.NOT_ANSWERING]


class Waits(Event):
    """Writes down how long it was asked to wait, and does not."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.asked.append(timeout)
        return False


def test_tries_become_rarer_and_quick_again_after_a_success() -> None:
    waits = Waits()
    patience = Patience(waits)
    for _ in range(6):
        patience.wait()
    patience.reset()
    patience.wait()
    assert waits.asked == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 0.5]


def test_frames_come_at_a_steady_pace_and_do_not_catch_up(time) -> None:
    waits = Waits()
    pace = Pace(10, time)
    pace.wait(waits)
    time.now += 5
    pace.wait(waits)
    pace.wait(waits)
    assert waits.asked == pytest.approx([0.1, 0.0, 0.1])


def test_the_newest_frame_replaces_one_that_nobody_took() -> None:
    newest = Newest()
    picture = np.zeros((2, 2), np.uint8)
    newest.put(Frame(picture, 1.0))
    newest.put(Frame(picture, 2.0))
    assert newest.take(0).at == 2.0
    assert newest.take(0) is None
    newest.put(Gone(DeviceFault.DISCONNECTED))
    assert newest.take(0) == Gone(DeviceFault.DISCONNECTED)
