"""A photograph of goods out of a camera's frame: small enough, square, and nothing in it but the
picture."""

from __future__ import annotations

import threading
import time

import cv2
import numpy as np
import pytest

from drivers.scanners.camera.still import LONGEST, MOST_BYTES, photo_of
from drivers.virtual.camera import VirtualCamera


def picture_in(jpeg: bytes):
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def scene(height: int, width: int):
    """Left blue, middle green, right red."""
    frame = np.zeros((height, width, 3), np.uint8)
    third = width // 3
    frame[:, :third, 0] = frame[:, third : 2 * third, 1] = frame[:, 2 * third :, 2] = 200
    return frame


def segments(jpeg: bytes) -> list[int]:
    """The markers of a JPEG up to its picture (ISO/IEC 10918-1, annex B)."""
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4])
    return found


@pytest.mark.parametrize(("height", "width"), [(720, 1280), (1280, 720), (480, 480)])
def test_it_is_the_middle_of_the_frame_as_a_square(height, width) -> None:
    photo = photo_of(scene(height, width))
    side = min(height, width)
    assert (photo.width, photo.height) == (side, side)
    picture = picture_in(photo.jpeg)
    assert picture.shape[:2] == (side, side)
    middle = picture[side // 2, side // 2].tolist()
    assert middle[1] > 150 > max(middle[0], middle[2])


def test_a_large_one_is_shrunk() -> None:
    assert photo_of(scene(2160, 3840)).width == LONGEST


def test_noise_that_no_quality_makes_small_is_shrunk_until_it_fits() -> None:
    noise = np.random.default_rng(7).integers(0, 256, (2000, 2000, 3), np.uint8)
    photo = photo_of(noise)
    assert len(photo.jpeg) <= MOST_BYTES
    assert picture_in(photo.jpeg).shape[:2] == (photo.height, photo.width)
    assert photo.width < LONGEST


def test_it_holds_no_exif_and_no_comment() -> None:
    app = [one for one in segments(photo_of(scene(720, 1280)).jpeg) if 0xE1 <= one <= 0xEF]
    assert app == []
    assert 0xFE not in segments(photo_of(scene(720, 1280)).jpeg)


def test_a_grey_camera_gives_a_grey_photograph() -> None:
    photo = photo_of(scene(720, 1280)[:, :, 1])
    assert picture_in(photo.jpeg).shape[:2] == (720, 720)


def test_the_preview_is_the_same_picture_small() -> None:
    photo = photo_of(scene(1200, 1600))
    preview = picture_in(photo.preview)
    assert preview.shape[:2] == (640, 640)
    assert abs(int(preview[320, 320, 1]) - 200) < 10


def until(true) -> None:
    """For what no thread tells."""
    ends = time.monotonic() + 20
    while not true():
        assert time.monotonic() < ends
        threading.Event().wait(0.02)


@pytest.fixture
def camera():
    made = VirtualCamera("camera", time.monotonic, 15)
    yield made
    made.stop()


def test_a_camera_photographs_what_it_sees_and_nothing_while_it_sees_nothing(camera) -> None:
    assert (camera.sees(), camera.photograph()) == (False, None)  # not started
    camera.start(lambda report: None)
    until(camera.sees)
    assert camera.photograph().width == 720
    camera.cover()
    until(lambda: camera.photograph() is None)
    camera.uncover()
    until(camera.sees)
    camera.freeze()
    until(lambda: not camera.sees())
    camera.thaw()
    until(camera.sees)
    camera.unplug()
    until(lambda: not camera.sees())
    camera.plug()
    until(camera.sees)
    camera.stop()
    assert not camera.sees()
