"""Copies of the ledger: made while it is written, proven, and never more than planned."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.domain.events import KioskStarted, StaffNeeded
from kiosk.store import Store, StoreCause, StoreFailed, keys
from kiosk.store import backup as copying
from kiosk.store.backup import Plan
from kiosk.store.recovery.opening import open_mended
from kiosk.store.recovery.places import BACKUPS
from kiosk.store.switching import Wanted, settle

PLAN = Plan(copies=2, most_bytes=1 << 30)
DAY = timedelta(days=1)


def at_once() -> None:
    """Nobody is there."""


def fill(store: Store, count: int = 200) -> None:
    for number in range(count):
        store.record(StaffNeeded("visit", "", "why", {"text": "x" * 4_000, "n": number}), "kiosk")


def names(store: Store) -> list[str]:
    return [one.path.name for one in store.copies()]


def test_a_copy_holds_what_was_recorded_until_then(shelf, store, record) -> None:
    record(store, 5)
    made = store.copy(PLAN, at_once)
    assert made.path == shelf.directory / BACKUPS / "ledger-20250310T120000Z.db"
    assert made.path.stat().st_mode & 0o777 == 0o600
    connection = driver.connect(str(made.path))
    assert connection.execute("SELECT count(*) FROM events").fetchone() == (5,)
    connection.close()
    assert sorted(path.name for path in made.path.parent.iterdir()) == [made.path.name]


def test_the_kiosk_goes_on_writing_in_the_middle_of_a_copy(store, record, monkeypatch) -> None:
    """Steps of one page, and a promise between any two: the copy is the picture of its beginning,
    and no write waits for it."""
    monkeypatch.setattr(copying, "STEP_PAGES", 1)
    fill(store, 20)
    before = store.outbox.position().queued
    made = store.copy(PLAN, lambda: record(store, 1))
    after = store.outbox.position().queued
    assert after > before + 20
    connection = driver.connect(str(made.path))
    assert connection.execute("SELECT count(*) FROM events").fetchone() == (before,)
    connection.close()
    assert store.outbox.verify() is None


def test_a_large_log_makes_no_promise_wait_for_whoever_copies(store, monkeypatch) -> None:
    """A copy holds the log open for as long as it takes, and it is folded back all the same."""
    monkeypatch.setattr("kiosk.store.database.CHECKPOINT_BYTES", 100_000)
    fill(store, 20)
    asked: list[int] = []
    store._database.pragma("busy_timeout=3600000")  # nobody could wait so long

    def write_much() -> None:
        if not asked:
            asked.append(1)
            fill(store, 60)
            store.fold()

    store.copy(PLAN, write_much)
    assert asked
    assert store._database.pragma("busy_timeout") == 3_600_000
    store.fold()
    fill(store, 1)
    assert store._database._unfolded() < 20


def test_whoever_leaves_in_the_middle_leaves_nothing(shelf, store, record) -> None:
    record(store, 5)

    class Gone(Exception):
        pass

    def leave() -> None:
        raise Gone

    with pytest.raises(Gone):
        store.copy(PLAN, leave)
    assert list((shelf.directory / BACKUPS).iterdir()) == []
    record(store, 1)


@pytest.mark.parametrize("when", range(3))
def test_whoever_leaves_while_the_copy_is_looked_at_leaves_nothing(shelf, store, when) -> None:
    fill(store, 100)

    class Gone(Exception):
        pass

    calls = 0

    def leave() -> None:
        nonlocal calls
        calls += 1
        if calls > (4, 12, 60)[when]:
            raise Gone

    with pytest.raises(Gone):
        store.copy(PLAN, leave)
    assert list((shelf.directory / BACKUPS).iterdir()) == []


def test_what_a_crash_left_of_a_copy_is_none_and_goes(shelf, store, record) -> None:
    record(store, 1)
    part = shelf.directory / BACKUPS / "ledger-20250301T000000Z.db.part"
    part.parent.mkdir()
    part.write_bytes(b"half")
    assert store.copies() == ()
    store.copy(PLAN, at_once)
    assert not part.exists()


def test_the_older_go_when_the_new_one_is_there(shelf, store, record) -> None:
    for _ in range(4):
        record(store, 1)
        store.copy(PLAN, at_once)
        shelf.clock.pass_time(DAY)
    assert names(store) == ["ledger-20250313T120000Z.db", "ledger-20250312T120000Z.db"]


def test_they_share_a_budget_and_the_newest_always_stays(shelf, store) -> None:
    fill(store, 50)
    for _ in range(3):
        store.copy(Plan(copies=30, most_bytes=1), at_once)
        shelf.clock.pass_time(DAY)
    assert names(store) == ["ledger-20250312T120000Z.db"]


def test_a_copy_from_a_time_to_come_is_no_newer_than_any(shelf, store, record) -> None:
    record(store, 1)
    home = shelf.directory / BACKUPS
    home.mkdir()
    (home / "ledger-20350101T000000Z.db").write_bytes(b"x")
    for _ in range(2):
        store.copy(PLAN, at_once)
        shelf.clock.pass_time(DAY)
    assert names(store) == ["ledger-20250311T120000Z.db", "ledger-20250310T120000Z.db"]


def test_a_ledger_with_a_changed_fact_is_not_copied_over_good_copies(shelf, store, record) -> None:
    record(store, 5)
    store.copy(Plan(1, 1 << 30), at_once)
    with store._database.transaction() as connection:
        connection.exec_driver_sql("UPDATE events SET data = '{}' WHERE number = 2")
    shelf.clock.pass_time(DAY)
    with pytest.raises(StoreFailed) as refused:
        store.copy(Plan(1, 1 << 30), at_once)
    assert refused.value.cause is StoreCause.CORRUPT
    assert "event 2" in refused.value.detail
    assert names(store) == ["ledger-20250310T120000Z.db"]


def test_where_the_room_is_small_an_older_copy_gives_way(shelf, store, record, monkeypatch) -> None:
    record(store, 1)
    for _ in range(2):
        store.copy(PLAN, at_once)
        shelf.clock.pass_time(DAY)

    def free(path: Path) -> int:
        return (500 << 20) if len(list((shelf.directory / BACKUPS).iterdir())) < 2 else 1 << 20

    monkeypatch.setattr("kiosk.store.policy_writing.free_bytes", free)
    store.copy(PLAN, at_once)
    assert names(store) == ["ledger-20250312T120000Z.db", "ledger-20250311T120000Z.db"]


def test_without_room_no_copy_is_made_and_the_newest_stays(shelf, store, monkeypatch) -> None:
    for _ in range(2):
        store.copy(PLAN, at_once)
        shelf.clock.pass_time(DAY)
    monkeypatch.setattr("kiosk.store.policy_writing.free_bytes", lambda _path: 1 << 20)
    with pytest.raises(StoreFailed) as refused:
        store.copy(PLAN, at_once)
    assert refused.value.cause is StoreCause.FULL
    assert names(store) == ["ledger-20250311T120000Z.db"]


@pytest.fixture
def sealed(shelf, tmp_path) -> Store:
    wanted = Wanted(encrypted=True, key_file=tmp_path / "elsewhere" / "store.key")
    shelf.open().close()
    assert settle(shelf.directory, wanted, shelf.ids) is None
    return shelf.open()


def test_a_copy_of_an_encrypted_ledger_is_encrypted(sealed, record) -> None:
    record(sealed, 7)
    made = sealed.copy(PLAN, at_once)
    assert not keys.is_plain(made.path)
    copying.prove(made.path)


@pytest.mark.parametrize("encrypted", [True, False])
def test_copies_follow_when_the_store_is_encrypted_or_made_plain(
    shelf, tmp_path, record, encrypted
) -> None:
    wanted = Wanted(encrypted=True, key_file=tmp_path / "elsewhere" / "store.key")
    if not encrypted:
        shelf.open().close()
        settle(shelf.directory, wanted, shelf.ids)
    store = shelf.open()
    record(store, 3)
    made = store.copy(PLAN, at_once)
    store.close()
    now = Wanted(encrypted=encrypted, key_file=wanted.key_file)
    assert settle(shelf.directory, now, shelf.ids) is None
    assert keys.is_plain(made.path) is not encrypted
    copying.prove(made.path)


def test_a_ledger_that_cannot_be_read_at_all_comes_back_from_its_newest_copy(
    shelf, store, record
) -> None:
    """Nothing that the centre knew by its number gets another meaning: a new epoch begins."""
    record(store, 9)
    store.copy(PLAN, at_once)
    epoch = store.outbox.position().epoch
    record(store, 2)
    store.close()
    (shelf.directory / "ledger.db").write_bytes(b"\0" * 40_960)
    again = open_mended(shelf.directory, shelf.clock, shelf.ids)
    assert isinstance(again, Store), again
    assert again.outbox.position().epoch != epoch
    assert again.mended is not None
    assert (again.mended.events, again.mended.uncounted) == (9, True)
    again.close()


def test_two_threads_look_at_and_copy_what_others_write(store) -> None:
    fill(store, 10)
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            store.record(KioskStarted("1.0", number, 0), "kiosk")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            assert store.look_over(at_once) == ""
            store.copy(PLAN, at_once)
    finally:
        stop.set()
        writer.join()
    assert store.outbox.verify() is None


def test_a_damaged_copy_does_not_keep_the_store_from_being_encrypted(
    shelf, tmp_path, record
) -> None:
    store = shelf.open()
    fill(store, 20)
    made = store.copy(PLAN, at_once)
    store.close()
    data = bytearray(made.path.read_bytes())
    data[8_192:40_960] = b"\xa5" * 32_768
    made.path.write_bytes(data)
    wanted = Wanted(encrypted=True, key_file=tmp_path / "elsewhere" / "store.key")
    assert settle(shelf.directory, wanted, shelf.ids) is None
    assert not keys.is_plain(shelf.directory / "ledger.db")
    assert not made.path.exists()


def test_a_copy_from_before_an_update_is_no_damaged_one(store, record) -> None:
    record(store, 3)
    made = store.copy(PLAN, at_once)
    connection = driver.connect(str(made.path), isolation_level=None)
    connection.execute("ALTER TABLE events DROP COLUMN offset_ms")
    connection.execute("PRAGMA user_version=3")
    connection.close()
    copying.prove(made.path)
