"""Photographs on the disk: kept before a promise, kept until the centre has them, and no longer
than that."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.events import DropCommitted, PhotoFact
from kiosk.store import StoreCause, StoreFailed, open_store
from kiosk.store.photos import OPEN, SENT, WAITING, PhotoFiles
from kiosk.store.switching import Wanted, settle
from kiosk.world import SystemClock, SystemIds

IDS = SystemIds()
JPEG = b"\xff\xd8\xff\xe0 a picture of shoes"
OTHER = b"\xff\xd8\xff\xe0 a picture of a lamp"
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ROOM = 300 << 20


def name_of(jpeg: bytes) -> str:
    return hashlib.sha256(jpeg).hexdigest()


@pytest.fixture
def files(tmp_path):
    return PhotoFiles(tmp_path, IDS, ROOM)


def there(tmp_path, place) -> set[str]:
    folder = tmp_path / "photos" / place
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_it_goes_from_the_visit_to_the_queue_and_to_what_was_sent(files, tmp_path):
    name = files.keep(JPEG)
    assert (name, files.read(name), files.open_ones()) == (name_of(JPEG), JPEG, (name,))
    assert files.waiting() == ()
    files.promise([name])
    assert (files.open_ones(), files.waiting(), files.read(name)) == ((), (name,), JPEG)
    files.sent(name, NOW)
    assert (files.waiting(), there(tmp_path, SENT), files.read(name)) == ((), {name}, JPEG)


def test_what_a_visit_does_not_promise_goes_with_it(files, tmp_path):
    kept, given_up = files.keep(JPEG), files.keep(OTHER)
    (tmp_path / "photos" / OPEN / "half.new").write_bytes(b"cut off while it was written")
    files.forget_open(but=[kept])
    assert (there(tmp_path, OPEN), there(tmp_path, WAITING)) == (set(), {kept})
    assert files.read(given_up) is None


def test_only_its_owner_may_read_it(files, tmp_path):
    path = tmp_path / "photos" / OPEN / files.keep(JPEG)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_changed_or_cut_file_is_none(files, tmp_path):
    name = files.keep(JPEG)
    path = tmp_path / "photos" / OPEN / name
    for damaged in (JPEG[:-1], b"", OTHER):
        path.write_bytes(damaged)
        assert files.read(name) is None


def test_the_oldest_waits_in_front(files, tmp_path):
    first, second = files.keep(JPEG), files.keep(OTHER)
    files.promise([first, second])
    os.utime(tmp_path / "photos" / WAITING / first, (1, 1))
    assert files.waiting() == (first, second)
    os.utime(tmp_path / "photos" / WAITING / second, (0, 0))
    assert files.waiting() == (second, first)


def test_it_stays_its_days_after_the_centre_had_it_and_for_ever_before(tmp_path):
    files = PhotoFiles(tmp_path, IDS, ROOM, keep=timedelta(days=7))
    gone, waits = files.keep(JPEG), files.keep(OTHER)
    files.promise([gone, waits])
    files.sent(gone, NOW)
    assert files.prune(NOW + timedelta(days=6, hours=23)) == 0
    assert files.prune(NOW + timedelta(days=7, seconds=1)) == 1
    assert files.prune(NOW + timedelta(days=9000)) == 0
    assert (files.read(gone), files.waiting()) == (None, (waits,))


def test_one_that_the_centre_lost_waits_again(files):
    name = files.keep(JPEG)
    files.promise([name])
    files.sent(name, NOW)
    assert files.unsend([name, name_of(OTHER), "../../etc/passwd"]) == 1
    assert files.waiting() == (name,)


def test_no_room_takes_none_and_room_comes_back(tmp_path):
    files = PhotoFiles(tmp_path, IDS, (1 << 20) + len(JPEG))
    name = files.keep(JPEG)
    assert files.room()
    files.promise([name])
    small = PhotoFiles(tmp_path, IDS, 1 << 20)  # counts what it finds
    assert not small.room()
    with pytest.raises(StoreFailed) as failure:
        small.keep(OTHER)
    assert failure.value.cause is StoreCause.FULL
    small.sent(name, NOW)
    small.prune(NOW + timedelta(days=40))
    assert small.room()


def test_a_disk_that_is_nearly_full_is_left_to_the_ledger(files, monkeypatch):
    monkeypatch.setattr("kiosk.store.photos.free_bytes", lambda path: 63 << 20)
    assert not files.room()


def test_a_disk_that_refuses_is_a_failure_of_the_store(files, tmp_path):
    (tmp_path / "photos").write_bytes(b"a file where a folder should be")
    with pytest.raises(StoreFailed):
        files.keep(JPEG)


def test_in_an_encrypted_store_it_is_unreadable_and_switches_both_ways(tmp_path):
    data, key = tmp_path / "data", tmp_path / "key" / "store.key"
    open_store(data, SystemClock(), IDS).close()
    files = PhotoFiles(data, IDS, ROOM)
    before = files.keep(JPEG)
    assert settle(data, Wanted(True, key), IDS) is None
    after = files.keep(OTHER)
    for name, jpeg in ((before, JPEG), (after, OTHER)):
        kept = (data / "photos" / OPEN / name).read_bytes()
        assert jpeg not in kept
        assert b"picture" not in kept
        assert files.read(name) == jpeg
    (data / "photos" / OPEN / before).rename(data / "photos" / OPEN / ("0" * 64))
    assert files.read("0" * 64) is None  # it opens under its own name only
    (data / "photos" / OPEN / ("0" * 64)).rename(data / "photos" / OPEN / before)
    assert settle(data, Wanted(False, key), IDS) is None
    for name, jpeg in ((before, JPEG), (after, OTHER)):
        assert (data / "photos" / OPEN / name).read_bytes() == jpeg


def committed(*photos: str, answers: str = "") -> DropCommitted:
    facts = tuple(PhotoFact("L1", name, 10) for name in photos)
    shared = {"note": answers}
    return DropCommitted(
        "d1", "K1-1", "v1", "R1", "m1", "B1", 1, False, "signed", "", (), shared, facts
    )


def test_the_ledger_knows_which_were_promised(tmp_path):
    store = open_store(tmp_path, SystemClock(), IDS)
    promised, only_an_answer = name_of(JPEG), name_of(OTHER)
    store.record(committed(promised, answers=only_an_answer), "d1")
    with store.look() as work:
        assert work.promised_photo(promised)
        assert not work.promised_photo(only_an_answer)
        assert not work.promised_photo("f" * 64)
    store.close()
