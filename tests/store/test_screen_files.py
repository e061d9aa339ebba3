"""Pictures of the screen on the disk: few, and gone once the centre has them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kiosk.store import open_store
from kiosk.store.photos import OPEN
from kiosk.store.screens import NEWEST, ScreenFiles
from kiosk.store.switching import Wanted, settle
from kiosk.world import SystemClock, SystemIds

IDS = SystemIds()
JPEG = b"\xff\xd8\xff\xe0 a picture of the screen"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def files(tmp_path):
    return ScreenFiles(tmp_path, IDS)


def left(tmp_path):
    return [path.name for path in (tmp_path / "screens").rglob("*") if path.is_file()]


@pytest.mark.parametrize("end", ["sent", "set_aside"])
def test_it_is_deleted_once_the_centre_has_it_or_does_not_want_it(files, tmp_path, end):
    name = files.keep(JPEG)
    files.promise([name])
    assert (files.waiting(), files.read(name)) == ((name,), JPEG)
    getattr(files, end)(name, NOW)
    assert left(tmp_path) == []


def test_one_that_the_disk_has_spoilt_is_offered_no_more(files, tmp_path):
    name = files.keep(JPEG)
    files.promise([name])
    (tmp_path / "screens" / "waiting" / name).write_bytes(b"something else")
    assert files.read(name) is None
    assert left(tmp_path) == []


def test_there_is_room_for_as_many_as_are_kept(files):
    for number in range(NEWEST):
        files.promise([files.keep(JPEG + bytes(200_000) + bytes([number]))])
    assert files.room()


def test_it_lies_apart_from_photographs_and_is_encrypted_as_they_are(tmp_path):
    data, key = tmp_path / "data", tmp_path / "key" / "store.key"
    open_store(data, SystemClock(), IDS).close()
    files = ScreenFiles(data, IDS)
    name = files.keep(JPEG)
    path = data / "screens" / OPEN / name
    assert settle(data, Wanted(True, key), IDS) is None
    assert JPEG not in path.read_bytes()
    assert files.read(name) == JPEG
    assert settle(data, Wanted(False, key), IDS) is None
    assert path.read_bytes() == JPEG
