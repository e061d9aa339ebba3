"""The write-ahead log: folded back into the ledger where nobody waits for it, and never endless."""

from __future__ import annotations

from typing import Any

import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.domain.events import KioskStarted, StaffNeeded
from kiosk.store import Store, StoreCause, database
from kiosk.store.backup import Plan

LARGE = 200_000


@pytest.fixture(autouse=True)
def small_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "CHECKPOINT_BYTES", LARGE)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The connections that were made, to fold a log."""
    made, connect = [], database._connect

    def counted(*given: Any) -> Any:
        made.append("again")
        return connect(*given)

    monkeypatch.setattr(database, "_connect", counted)
    return made


def write(store: Store, count: int) -> None:
    for number in range(count):
        store.record(StaffNeeded("visit", "", "why", {"text": "x" * 5_000, "n": number}), "kiosk")


def log(store: Store) -> int:
    return store._database.path.with_name("ledger.db-wal").stat().st_size


def test_it_is_folded_when_it_is_large_and_written_over_from_then_on(store, asked) -> None:
    sizes = []
    for _ in range(120):
        write(store, 1)
        store.fold()
        sizes.append(log(store))
    assert max(sizes) < 2 * LARGE
    assert sizes[-1] == max(sizes), "it keeps its size: growing a file is what a disk is slow at"
    assert 10 < len(asked) < 40, "now and then, when it is large, not each time"
    assert store._database._unfolded() < LARGE // database.PAGE
    assert store.outbox.position().queued == 120
    assert store.outbox.verify() is None


def test_a_promise_does_not_fold_it_itself(store, asked) -> None:
    write(store, 80)
    assert log(store) > LARGE
    assert asked == []
    store.fold()
    store.fold()
    assert asked == ["again"], "what is folded already is no reason to fold again"


def test_whoever_keeps_the_time_or_hears_the_centre_folds_it(store, asked) -> None:
    write(store, 80)
    store.keep_time()
    assert asked == ["again"]
    write(store, 80)
    batch = store.outbox.next_batch(10, 1 << 20)
    last = batch.events[-1]
    assert store.outbox.acknowledge(batch.epoch, last.sequence, last.chain)
    assert asked == ["again", "again"]


def test_others_write_on_while_it_is_folded(store, monkeypatch) -> None:
    connect = database._connect
    meanwhile = []

    class Slow(driver.Connection):
        def execute(self, sql: str, *given: Any) -> Any:
            if "PASSIVE" in sql:
                store.record(KioskStarted("1", 0, 0), "kiosk")
                meanwhile.append(store.outbox.position().queued)
            return super().execute(sql, *given)

    monkeypatch.setattr(driver, "connect", lambda *a, **k: Slow(*a, **k))
    monkeypatch.setattr(database, "_connect", connect)
    write(store, 80)
    store.fold()
    assert meanwhile == [81]
    assert store._database._unfolded() == 0
    assert store.outbox.verify() is None


def test_without_a_quiet_moment_it_is_folded_all_the_same(shelf, monkeypatch) -> None:
    monkeypatch.setattr(database, "LONGEST_LOG", LARGE)
    store = shelf.open()
    write(store, 200)
    assert log(store) < 2 * LARGE
    assert store.outbox.verify() is None


def test_what_somebody_reads_stays_and_the_next_one_folds_it(store, record) -> None:
    def look() -> None:
        if store._database._unfolded() < 2 * LARGE // database.PAGE:
            write(store, 10)
            store.fold()

    write(store, 20)
    store.copy(Plan(copies=1, most_bytes=1 << 30), look)
    assert store._database._unfolded() > LARGE // database.PAGE
    store.fold()
    record(store, 1)
    assert store._database._unfolded() < LARGE // database.PAGE
    assert store.outbox.verify() is None


def test_in_the_middle_of_a_transaction_nothing_is_folded(store, asked) -> None:
    write(store, 80)
    with store.work() as work:
        work.set("key", "value")
        store.fold()
    assert asked == []
    assert store.failure is None
    assert store.meta.get("key") == "value"


def test_where_it_fails_it_is_told_and_what_was_written_stands(store, monkeypatch) -> None:
    write(store, 80)

    def full(*_: object) -> Any:
        error = driver.OperationalError("database or disk is full")
        error.sqlite_errorcode = 13
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(database, "_connect", full)
        store.fold()
    assert store.failure is not None
    assert store.failure.cause is StoreCause.FULL
    store.fold()
    write(store, 1)
    assert store.failure is None
    assert store.outbox.position().queued == 81
    assert store.outbox.verify() is None


def test_a_ledger_that_was_taken_away_is_not_folded_into_another(store, asked) -> None:
    write(store, 80)
    store._database.path.rename(store._database.path.with_name("elsewhere"))
    store.fold()
    assert asked == []
    assert store.broken is not None


def test_a_ledger_that_goes_in_that_very_moment_is_not_made_anew(store, monkeypatch) -> None:
    path = store._database.path
    connect = database._connect

    def gone(*given: Any) -> Any:
        path.rename(path.with_name("quarantined"))
        return connect(*given)

    write(store, 80)
    monkeypatch.setattr(database, "_connect", gone)
    store.fold()
    assert not path.exists()
    assert store.failure is not None
