"""A long queue is read without keeping anybody from the ledger."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from kiosk.domain.events import KioskStarted
from kiosk.store import events
from kiosk.store.outbox import SLICE

QUEUED = 300
"""Some days of a kiosk."""


@pytest.fixture
def store(shelf):
    made = shelf.open()

    def task(work):
        for n in range(QUEUED):
            work.record(KioskStarted("1", n, 0), "kiosk")

    made.run(task)
    yield made
    made.close()


@pytest.fixture
def statements(store):
    """Every statement from now on, with its parameters."""
    seen = []

    def note(_connection, _cursor, statement, parameters, *_):
        seen.append((statement, parameters))

    engine = store._database._connection.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


def test_no_statement_reads_more_than_a_slice(store, statements):
    batch = store.outbox.next_batch(200, 1 << 20)
    assert [event.sequence for event in batch.events] == list(range(1, 201))
    reading = [parameters for text, parameters in statements if "JOIN events" in text]
    assert len(reading) == -(-200 // SLICE)
    assert all(parameters[-2] <= SLICE for parameters in reading)


def test_a_small_batch_of_a_long_queue_reads_little(store, statements):
    assert len(store.outbox.next_batch(500, 4_000).events) < SLICE
    assert sum("JOIN events" in text for text, _ in statements) == 1


def test_somebody_who_promises_meanwhile_does_not_wait_for_the_batch(store, monkeypatch):
    """Between two slices, and while what was read is understood, the ledger is free."""
    decode, promised = events.decode, []

    def slowly(data):
        if not promised:
            promised.append("begun")
            other = threading.Thread(target=store.record, args=(KioskStarted("2", 0, 0), "kiosk"))
            other.start()
            other.join(20)
            promised.append("waits" if other.is_alive() else "done")
        return decode(data)

    monkeypatch.setattr(events, "decode", slowly)
    batch = store.outbox.next_batch(200, 1 << 20)
    assert promised == ["begun", "done"]
    assert len(batch.events) == 200
    assert store.outbox.position().queued == QUEUED + 1


def test_everything_is_read_once_and_in_order(store):
    told = []
    while (batch := store.outbox.next_batch(500, 60_000)) is not None:
        told += [event.sequence for event in batch.events]
        last = batch.events[-1]
        assert store.outbox.acknowledge(batch.epoch, last.sequence, last.chain)
    assert told == list(range(1, QUEUED + 1))


def test_a_hole_that_a_damaged_disk_left_is_read_past(store):
    with store._database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM outbox WHERE sequence BETWEEN 20 AND 60")
    told = [event.sequence for event in store.outbox.next_batch(100, 1 << 20).events]
    assert told == [*range(1, 20), *range(61, 142)]
