"""A whole visit by itself, in each of the ways that README promises."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.virtual.shop import Showing, State, fitting
from drivers.virtual.stage import Stage

pytestmark = [pytest.mark.timeout(180), pytest.mark.usefixtures("nothing_runs_on")]

VISIT = ["items", "bag", "receipt-printing", "receipt", "done", "already-dropped"]


def test_with_the_centre_up(journey, all_is_there) -> None:
    done = journey()
    all_is_there(done)
    assert done.pictures == ["attract", "foreign-code", *VISIT]
    assert done.steps[0] == "the kiosk is ready"
    assert done.steps[-1] == "the drop on its back-office page"
    assert "already dropped" in done.steps
    assert done.told("drop.committed")[0]["state"] == "accepted"
    assert len(done.told("code.rejected")) == 1  # the second scan; the web address is none of ours
    attract, items = (cv2.imread(str(done.out / f"{n}.png")) for n in ("01-attract", "03-items"))
    assert float(np.mean(cv2.absdiff(attract, items))) > 2

    # The same folder again is the same shop: its return is dropped, and the journey says so.
    again = journey(data=done.data)
    assert again.code == 1
    assert "journey FAILED: the items did not come: return_already_dropped" in again.said
    assert len(again.arrived) == 1


def test_with_the_centre_down_in_arabic_and_landscape(journey, all_is_there) -> None:
    done = journey("--offline", "--language", "ar", "--orientation", "landscape")
    all_is_there(done, "landscape", offline=True)
    away, back = (done.said.index(f"the centre {what}") for what in ("goes away", "comes back"))
    assert away < done.said.index("step: the promise") < back
    (committed,) = done.told("drop.committed")
    assert committed["received_at"] > committed["told_at"]
    assert done.arrived[0]["provisional"]


@pytest.fixture(scope="module")
def drawn_demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[np.ndarray]]:
    """A demo's folder, and three seconds of a phone with its return before a camera."""
    folder = tmp_path_factory.mktemp("drawn")
    data, drawn = folder / "data", folder / "drawn"
    base = [sys.executable, "-m", "kiosk", "demo", "--data", str(data), "--draw", str(drawn)]
    told = subprocess.run(base, capture_output=True, text=True, timeout=60, check=True).stdout
    assert str(drawn / "three.png") in told
    phone = cv2.imread(str(drawn / "three.png"), cv2.IMREAD_UNCHANGED)
    shop = Stage(time.monotonic, 15)
    held = State(Showing(fitting(phone, 0.92), 1.0, 0.92, 6.0, steady=False))
    empty = [shop.frame(State(), n / 15) for n in range(10)]
    shown = [shop.frame(held, 1 + n / 15) for n in range(35)]
    return data, [*empty, *shown]


@pytest.fixture
def photographed(
    drawn_demo: tuple[Path, list[np.ndarray]], tmp_path: Path
) -> tuple[Path, list[np.ndarray]]:
    """The same for one test: the folder is its own, to drop returns in."""
    data, frames = drawn_demo
    return shutil.copytree(data, tmp_path / "data"), frames


def test_from_a_photograph_in_german(journey, all_is_there, photographed, tmp_path) -> None:
    data, frames = photographed
    photo = tmp_path / "photo.jpg"
    assert cv2.imwrite(str(photo), frames[-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
    done = journey("--camera", str(photo), "--language", "de", data=data)
    all_is_there(done)
    assert done.pictures == VISIT


@pytest.mark.long  # a photograph takes the same way; films have tests in drivers/scanners/camera
def test_from_a_video_in_landscape(journey, all_is_there, photographed, tmp_path) -> None:
    data, frames = photographed
    film = tmp_path / "film.avi"
    size = frames[0].shape[1], frames[0].shape[0]
    writer = cv2.VideoWriter(str(film), cv2.VideoWriter.fourcc(*"MJPG"), 15, size)
    for frame in frames:
        writer.write(frame)
    writer.release()
    done = journey("--camera", str(film), "--orientation", "landscape", data=data)
    all_is_there(done, "landscape")
    assert done.pictures == VISIT


@pytest.mark.long
@pytest.mark.parametrize("language", ["es", "fr"])
def test_in_the_other_languages(journey, all_is_there, language) -> None:
    done = journey("--language", language)
    all_is_there(done)


def test_a_file_that_is_no_picture_is_refused_with_a_sentence(journey, tmp_path) -> None:
    junk = tmp_path / "junk.jpg"
    junk.write_bytes(b"this is no picture")
    done = journey("--camera", str(junk))
    assert done.code == 2
    assert "neither a picture nor a video" in done.said + done.complained
    assert "Traceback" not in done.complained


def test_offline_belongs_to_a_journey() -> None:
    base = [sys.executable, "-m", "kiosk", "demo", "--offline"]
    done = subprocess.run(base, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "--journey" in done.stderr
