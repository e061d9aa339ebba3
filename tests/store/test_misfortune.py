"""Disks that are full, read-only or gone; clocks that jump; threads that meet."""

from __future__ import annotations

import os
import threading
from datetime import timedelta

import pytest

from kiosk.domain.events import KioskStarted, StaffNeeded
from kiosk.store import StoreCause, StoreFailed
from kiosk.store.errors import failed
from kiosk.store.space import Ballast


def fill(store) -> None:
    """The file may not grow by one page any more, as on a full disk."""
    store._database.pragma(f"max_page_count={store._database.pragma('page_count')}")


def long_event(number: int = 0) -> StaffNeeded:
    return StaffNeeded("visit", "", "why", {"text": "x" * 5_000, "number": number})


def test_a_failed_work_leaves_nothing(store, record):
    def task(work) -> None:
        work.record(KioskStarted("1", 0, 0), "kiosk")
        work.set("key", "value")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.run(task)
    assert store.outbox.position().queued == 0
    assert store.meta.get("key") is None
    record(store, 1)
    assert store.outbox.verify() is None


def test_a_full_disk_is_a_cause_and_leaves_nothing_half_done(store, record):
    record(store, 1)
    fill(store)

    def record_much() -> None:
        for number in range(100):
            store.record(long_event(number), "kiosk")

    with pytest.raises(StoreFailed) as failure:
        record_much()
    assert failure.value.cause is StoreCause.FULL
    assert store.failure is failure.value
    before = store.outbox.position().queued
    assert store.outbox.verify() is None
    store._database.pragma("max_page_count=100000")
    record(store, 1)
    assert store.failure is None
    assert store.outbox.position().queued == before + 1
    assert store.outbox.verify() is None


def test_the_ballast_is_given_up_for_the_work_in_hand(store, monkeypatch):
    """The first "disk full" frees the reserve, and the same work is done after all."""
    assert not store.short_of_space()
    fill(store)
    release = store._database.ballast.release

    def released() -> None:
        release()
        store._database.pragma("max_page_count=100000")

    monkeypatch.setattr(store._database.ballast, "release", released)
    for number in range(20):
        store.record(long_event(number), "kiosk")
    assert store.outbox.position().queued == 20
    assert store.outbox.verify() is None
    assert store.short_of_space()  # and no more goods are taken until somebody made room


def test_the_ballast_is_taken_again_when_there_is_room(shelf, store):
    store._database.ballast.release()
    assert store.short_of_space()
    shelf.clock.pass_time(timedelta(minutes=10))
    store.keep_time()
    assert not store.short_of_space()


@pytest.mark.parametrize("left", [0, 4096, (1 << 20) - 1])
def test_ballast_of_which_a_power_cut_left_the_name_only_is_none(tmp_path, left):
    (tmp_path / "ballast").write_bytes(b"\0" * left)
    ballast = Ballast(tmp_path / "ballast", 1 << 20)
    assert not ballast.held
    assert ballast.take()
    assert ballast.held
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= 1 << 20


def test_ballast_is_real_room_and_not_taken_where_it_would_hurt(tmp_path, monkeypatch):
    ballast = Ballast(tmp_path / "ballast", 1 << 20)
    assert ballast.take()
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= 1 << 20
    ballast.release()
    monkeypatch.setattr("kiosk.store.space.free_bytes", lambda path: 5 << 20)
    assert not ballast.take()
    assert not ballast.held


def test_a_read_only_disk_is_a_cause(store, record):
    store._database.pragma("query_only=ON")
    with pytest.raises(StoreFailed) as failure:
        record(store, 1)
    assert failure.value.cause is StoreCause.READ_ONLY
    store._database.pragma("query_only=OFF")
    record(store, 1)
    assert store.outbox.position().queued == 1


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_a_file_that_is_not_ours_any_more_takes_no_promise(shelf, store, record, how):
    """SQLite itself would commit happily into a file that nobody will ever see again."""
    record(store, 1)
    ledger = shelf.directory / "ledger.db"
    if how == "deleted":
        ledger.unlink()
    else:
        os.replace(_copy(ledger), ledger)
    with pytest.raises(StoreFailed) as failure:
        record(store, 1)
    assert failure.value.cause is StoreCause.LOST
    assert store.failure is not None


def _copy(path):
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    return copy


def test_system_errors_have_their_causes():
    assert failed(OSError(28, "No space left on device")).cause is StoreCause.FULL
    assert failed(OSError(30, "Read-only file system")).cause is StoreCause.READ_ONLY
    assert failed(OSError(5, "Input/output error")).cause is StoreCause.IO
    assert failed(ValueError("no")).cause is StoreCause.INTERNAL


def test_time_never_runs_backwards(shelf, store):
    highest = store.now()
    shelf.clock.wall -= timedelta(days=10)
    assert store.now() == highest
    shelf.clock.wall += timedelta(days=11)
    assert store.now() == highest + timedelta(days=1)


def test_the_highest_time_survives_a_restart_with_the_clock_set_back(shelf, store, record):
    record(store, 1)
    highest = store.now()
    store.close()
    shelf.clock.wall -= timedelta(days=400)
    assert shelf.open().now() == highest


def test_an_idle_kiosk_keeps_the_time_as_well(shelf, store):
    shelf.clock.pass_time(timedelta(hours=50))
    store.keep_time()
    highest = store.now()
    store.close()
    shelf.clock.wall -= timedelta(hours=50)
    assert shelf.open().now() == highest


def test_threads_meet_in_one_writer(store):
    """Core and agent write at once: every event once, one unbroken chain."""

    def write(who: int) -> None:
        for number in range(25):
            store.record(KioskStarted(str(who), number, 0), "kiosk")
            store.meta.set(f"{who}", str(number))
            store.outbox.position()

    threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    batch = store.outbox.next_batch(1_000, 1 << 30)
    told = {(e.data["version"], e.data["abandoned"]) for e in batch.events}
    assert len(batch.events) == len(told) == 100
    assert store.outbox.verify() is None


def test_meta_keeps_what_it_was_given(shelf, store):
    assert store.meta.get("device") is None
    store.meta.set("device", "1")
    store.meta.set("device", "2")
    store.close()
    assert shelf.open().meta.get("device") == "2"
