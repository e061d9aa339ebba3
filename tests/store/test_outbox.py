"""The queue for the centre: order, hashes, acknowledgement, retention."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlcipher3.dbapi2 as driver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain import chain
from kiosk.domain.events import DropCommitted, KioskStarted, LineFact, StaffNeeded
from kiosk.store.outbox import ENVELOPE_BYTES, RETENTION
from kiosk.store.values import ChainFault


def links(batch) -> list[str]:
    """The hashes as anybody computes them from what travels."""
    found, previous = [], batch.prev_chain
    for event in batch.events:
        body = chain.body(
            event.type,
            event.time,
            event.subject,
            event.hlc,
            event.monotonic_ms,
            event.policyversion,
            event.data,
        )
        previous = chain.link(previous, batch.epoch, event.sequence, event.id, body)
        found.append(previous)
    return found


def everything(store):
    return store.outbox.next_batch(10_000, 1 << 30)


def acknowledge(store, count: int) -> bool:
    events = everything(store).events
    last = events[count - 1]
    return store.outbox.acknowledge(last.epoch, last.sequence, last.chain)


def test_an_empty_queue_has_no_batch(store):
    assert store.outbox.next_batch(500, 1 << 20) is None
    position = store.outbox.position()
    assert (position.cursor, position.chain_head, position.queued) == (0, chain.GENESIS, 0)
    assert position.oldest is None


def test_events_come_in_order_and_chained_from_genesis(store, record):
    record(store, 5)
    batch = everything(store)
    assert batch.prev_chain == chain.GENESIS
    assert [event.sequence for event in batch.events] == [1, 2, 3, 4, 5]
    assert [event.data["abandoned"] for event in batch.events] == [0, 1, 2, 3, 4]
    assert [event.chain for event in batch.events] == links(batch)
    assert store.outbox.verify() is None


def test_a_fact_comes_back_as_it_was_told(shelf, store):
    line = LineFact(
        line_id="L",
        sku="S",
        outcome="accept",
        reason="fee_applies",
        reason_values={"fee": 1, "currency": "EUR"},
        brought=2,
        price=10,
        refund=9,
        fee=1,
        withheld=0,
        currency="EUR",
        disposal="none",
        provisional=True,
        rule_ids=("a", "b"),
        answers={"condition": "unworn"},
        state="accepted",
    )
    fact = DropCommitted(
        drop_id="D",
        drop_number="N",
        visit_id="V",
        return_id="Rüti 靴",
        merchant_id="M",
        bag_id="B",
        policy_number=7,
        offline=False,
        identified_by="signed",
        code_id="C",
        lines=(line,),
    )
    store.record(fact, "D")
    event = everything(store).events[0]
    assert event.type == DropCommitted.type
    assert event.time == shelf.clock.now()
    assert event.subject == "D"
    assert event.monotonic_ms == 100_000
    assert event.data["return_id"] == "Rüti 靴"
    assert event.data["lines"][0]["rule_ids"] == ["a", "b"]
    assert event.data["lines"][0]["reason_values"] == {"fee": 1, "currency": "EUR"}


def test_a_batch_is_limited_by_events_and_by_bytes(store, record):
    record(store, 10)
    assert len(store.outbox.next_batch(3, 1 << 20).events) == 3
    assert len(store.outbox.next_batch(500, 4 * ENVELOPE_BYTES).events) == 3
    assert len(store.outbox.next_batch(500, 1).events) == 1  # one always goes, or nothing would


def test_an_acknowledgement_moves_the_cursor_on_a_matching_chain_only(store, record):
    record(store, 4)
    batch = everything(store)
    second, third = batch.events[1], batch.events[2]
    assert not store.outbox.acknowledge(batch.epoch, 2, third.chain)
    assert not store.outbox.acknowledge("another", 2, second.chain)
    assert not store.outbox.acknowledge(batch.epoch, 99, second.chain)
    assert store.outbox.position().cursor == 0
    assert store.outbox.acknowledge(batch.epoch, 2, second.chain)
    position = store.outbox.position()
    assert (position.cursor, position.chain_head, position.queued) == (2, second.chain, 2)
    rest = everything(store)
    assert rest.prev_chain == second.chain
    assert [event.sequence for event in rest.events] == [3, 4]


def test_a_late_acknowledgement_never_moves_the_cursor_back(store, record):
    record(store, 3)
    first = everything(store).events[0]
    assert acknowledge(store, 3)
    assert store.outbox.acknowledge(first.epoch, 1, first.chain)
    assert store.outbox.position().cursor == 3


def test_a_centre_that_forgot_is_told_again(store, record):
    record(store, 4)
    told = everything(store)
    assert acknowledge(store, 4)
    assert store.outbox.rewind(1)
    again = everything(store)
    assert again.events == told.events[1:]
    assert again.prev_chain == told.events[0].chain
    assert not store.outbox.rewind(3)  # a centre ahead of us is no reason to skip
    assert not store.outbox.rewind(-1)


def test_a_new_epoch_tells_everything_again_under_the_same_ids(store, record):
    record(store, 3)
    old = everything(store)
    assert acknowledge(store, 2)
    store.outbox.new_epoch()
    new = everything(store)
    assert new.epoch != old.epoch
    assert new.prev_chain == chain.GENESIS
    assert [event.id for event in new.events] == [event.id for event in old.events]
    assert [event.sequence for event in new.events] == [1, 2, 3]
    assert [event.chain for event in new.events] == links(new)
    record(store, 1)
    assert store.outbox.position().queued == 4
    assert store.outbox.verify() is None
    assert not store.outbox.acknowledge(old.epoch, 1, old.events[0].chain)


def test_what_the_centre_has_is_forgotten_after_the_retention_time(shelf, store, record):
    record(store, 3)
    assert acknowledge(store, 2)
    shelf.clock.pass_time(RETENTION)
    assert store.outbox.prune(shelf.clock.now()) == 0
    shelf.clock.pass_time(timedelta(seconds=1))
    assert store.outbox.prune(shelf.clock.now()) == 2
    batch = everything(store)
    assert [event.sequence for event in batch.events] == [3]
    assert store.outbox.verify() is None
    assert not store.outbox.rewind(1)
    assert store.outbox.rewind(2)
    store.outbox.new_epoch()
    assert len(everything(store).events) == 1
    assert store.outbox.verify() is None


def test_nothing_unacknowledged_is_ever_forgotten(shelf, store, record):
    record(store, 3)
    assert acknowledge(store, 3)
    shelf.clock.pass_time(timedelta(days=400))
    assert store.outbox.rewind(1)
    assert store.outbox.prune(shelf.clock.now()) == 1
    store.outbox.new_epoch()
    assert store.outbox.prune(shelf.clock.now() + timedelta(days=400)) == 0
    assert [event.data["abandoned"] for event in everything(store).events] == [1, 2]


def test_the_schedule_survives_a_restart(shelf, store):
    assert store.outbox.schedule().failures == 0
    later = shelf.clock.now() + timedelta(seconds=90)
    store.outbox.reschedule(later, 4)
    store.close()
    again = shelf.open().outbox
    assert (again.schedule().next_attempt, again.schedule().failures) == (later, 4)
    again.reschedule(None, 0)
    assert again.schedule().next_attempt is None


def test_the_chain_goes_on_after_a_restart(shelf, store, record):
    record(store, 2)
    store.close()
    again = shelf.open()
    record(again, 2)
    batch = everything(again)
    assert [event.chain for event in batch.events] == links(batch)
    assert len({event.id for event in batch.events}) == 4


def test_the_logical_clock_never_runs_back(shelf, store, record):
    record(store, 1)
    shelf.clock.wall -= timedelta(days=3650)
    record(store, 2)
    store.close()
    again = shelf.open()
    record(again, 1)
    stamps = [event.hlc for event in everything(again).events]
    assert stamps == sorted(set(stamps))
    times = [event.time for event in everything(again).events]
    assert times[1] < times[0]  # the wall clock is told as it stood


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE events SET data = replace(data, '\"abandoned\":1', '\"abandoned\":9')",
        "UPDATE events SET time = replace(time, '2025', '2024') WHERE number = 2",
        "UPDATE outbox SET chain = replace(chain, substr(chain, 1, 1), 'z') WHERE sequence = 2",
        "DELETE FROM outbox WHERE sequence = 2",
        "DELETE FROM outbox WHERE sequence = 4",
    ],
)
def test_a_change_behind_our_back_is_found(shelf, store, record, damage):
    record(store, 4)
    epoch = store.outbox.position().epoch
    store.close()
    raw = driver.connect(str(shelf.directory / "ledger.db"))
    raw.execute(damage)
    raw.commit()
    raw.close()
    found = shelf.open().outbox.verify()
    assert found in (ChainFault(epoch, 2), ChainFault(epoch, 4))


def test_every_text_survives_the_chain(store):
    store.record(StaffNeeded("", "", "why", {"text": "\u202e\U0001f45f'\"\\\x00"}), "s")
    assert store.outbox.verify() is None
    assert everything(store).events[0].data["reason_values"]["text"].endswith("\x00")


steps = st.lists(
    st.one_of(
        st.tuples(st.just("record"), st.integers(1, 4)),
        st.tuples(st.just("acknowledge"), st.integers(1, 6)),
        st.tuples(st.just("rewind"), st.integers(0, 8)),
        st.tuples(st.just("prune"), st.integers(0, 40)),
        st.tuples(st.just("epoch"), st.just(0)),
        st.tuples(st.just("restart"), st.just(0)),
    ),
    max_size=14,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=steps)
def test_whatever_happens_the_chain_holds_and_nothing_is_lost(tmp_path_factory, shelf, steps):
    """Every event is in the queue until it was acknowledged, in the order it happened."""
    shelf.directory = tmp_path_factory.mktemp("data")
    store = shelf.open()
    told: list[int] = []
    safe: set[int] = set()
    for what, number in steps:
        if what == "record":
            for _ in range(number):
                store.record(KioskStarted("1", len(told), 0), "kiosk")
                told.append(len(told))
        elif what == "acknowledge" and (batch := store.outbox.next_batch(number, 1 << 20)):
            last = batch.events[-1]
            assert store.outbox.acknowledge(batch.epoch, last.sequence, last.chain)
            safe |= {event.data["abandoned"] for event in batch.events}
        elif what == "rewind":
            store.outbox.rewind(number)
        elif what == "prune":
            shelf.clock.pass_time(timedelta(days=number))
            store.outbox.prune(shelf.clock.now())
        elif what == "epoch":
            store.outbox.new_epoch()
        elif what == "restart":
            store.close()
            store = shelf.open()
        assert store.outbox.verify() is None
        batch = everything(store)
        queued = [event.data["abandoned"] for event in batch.events] if batch else []
        assert queued == sorted(queued)
        assert set(told) - safe <= set(queued)
        assert store.outbox.position().queued == len(queued)
        if batch:
            assert [event.chain for event in batch.events] == links(batch)
    store.close()
