"""What `takeback scan FILE` tells people and machines."""

from __future__ import annotations

import json
from time import monotonic

import cv2
import numpy as np
import pytest

from drivers.scanners.decoders.reads import Read
from drivers.scanners.report import Report, as_dict, as_text, scan_file
from drivers.virtual import held
from kiosk.ports import Symbology

QUAD = ((1.0, 2.0), (3.0, 2.0), (3.0, 4.04), (1.0, 4.0))


def test_a_picture_is_reported_with_every_code(tmp_path, scene) -> None:
    path = tmp_path / "phone.png"
    cv2.imwrite(str(path), scene(held.phone("RK1:A")))
    report = scan_file(path, monotonic)
    assert [read.text for read in report.reads] == ["RK1:A"]
    assert report.ms > 0


def test_a_video_is_read_frame_by_frame(tmp_path, scene) -> None:
    path = tmp_path / "visit.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 15, (1280, 720))
    for thing in ("RK1:A", "RK1:B"):
        for _ in range(5):
            writer.write(scene(held.phone(thing)))
    writer.release()
    report = scan_file(path, monotonic, {Symbology.QR})
    assert [read.text for read in report.reads] == ["RK1:A", "RK1:B"]
    assert (report.film.frames, report.film.first_read) == (10, 1)
    assert "2 found in 10 frames, the first in frame 1" in as_text(report)
    assert as_dict(report)["frames"] == 10


def test_a_video_without_a_code_says_what_its_last_frame_lacks(tmp_path) -> None:
    path = tmp_path / "night.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 15, (640, 360))
    for _ in range(3):
        writer.write(np.full((360, 640, 3), 4, np.uint8))
    writer.release()
    report = scan_file(path, monotonic, {Symbology.QR})
    assert (report.film.frames, report.film.first_read) == (3, None)
    assert "the picture is dark" in report.why.picture
    assert "no code found in 3 frames" in as_text(report)


def test_an_empty_picture_says_so(tmp_path) -> None:
    path = tmp_path / "empty.png"
    cv2.imwrite(str(path), np.full((200, 200), 128, np.uint8))
    report = scan_file(path, monotonic)
    assert report.reads == ()
    assert "no code found" in as_text(report)
    assert "nothing that looks like a code" in as_text(report)
    assert "hardly any detail" in as_text(report)


def soft(picture: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(picture, (0, 0), 5)


def test_what_is_seen_and_not_read_is_told_with_its_place(tmp_path, scene, return_text) -> None:
    path = tmp_path / "spoilt.png"
    cv2.imwrite(str(path), soft(scene(held.label(return_text))))
    report = scan_file(path, monotonic, {Symbology.QR}, thoroughly=True)
    told = as_dict(report)
    assert told["reads"] == []
    (seen,) = told["why_not"]["seen"]
    assert (seen["family"], seen["trouble"]) == ("qr", "blurred")
    left, top, right, bottom = seen["box"]
    assert 0 < left < right < 1280
    assert 0 < top < bottom < 720
    assert {"bare", "half"} <= {one["rung"] for one in told["why_not"]["tried"]}
    assert f"px at {left}, {top}" in as_text(report)
    assert "tried: bare" in as_text(report)


def test_the_rings_of_a_maxicode_are_told(tmp_path) -> None:
    path = tmp_path / "label.png"
    wall = np.full((400, 400), 240, np.uint8)
    for radius, ink in ((60, 20), (50, 240), (40, 20), (30, 240), (19, 20), (8, 240)):
        cv2.circle(wall, (200, 200), radius, ink, -1, cv2.LINE_AA)
    cv2.imwrite(str(path), wall)
    assert "--only maxicode" in as_text(scan_file(path, monotonic))


def test_a_picture_with_a_code_is_not_asked_why_not(tmp_path, scene) -> None:
    path = tmp_path / "phone.png"
    cv2.imwrite(str(path), scene(held.phone("RK1:A")))
    assert "why_not" not in as_dict(scan_file(path, monotonic, thoroughly=True))


def test_what_is_no_picture_is_refused(tmp_path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a picture")
    with pytest.raises(ValueError, match="neither a picture nor a video"):
        scan_file(path, monotonic)


def test_machines_get_every_byte_and_people_no_control_characters() -> None:
    read = Read(Symbology.CODE_128, "]C1", "10AB\x1d\x1b[2J", b"10AB\x1d\x1b[2J", QUAD)
    report = Report("a.png", 12.34, (read,))
    assert json.loads(json.dumps(as_dict(report))) == {
        "file": "a.png",
        "ms": 12.3,
        "reads": [
            {
                "symbology": "code_128",
                "aim": "]C1",
                "text": "10AB\x1d\x1b[2J",
                "bytes": "313041421d1b5b324a",
                "quad": [[1.0, 2.0], [3.0, 2.0], [3.0, 4.0], [1.0, 4.0]],
                "quality": 1.0,
            }
        ],
    }
    assert as_text(report).endswith("code_128 ]C1  10AB<1D><1B>[2J")
