"""What happened at the counters: told with its event, heard once, loaded in order, let go of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.outbound_facts import ManifestLine, ManifestReadied
from kiosk.domain.counter.parcel_facts import ParcelCollected, ParcelReceived, ParcelShelved
from kiosk.domain.counter.parcel_facts import ProofFact as Shown
from kiosk.store import StoreFailed, events
from kiosk.store.counter import CounterFacts, ToldFact

CAME = ParcelReceived("P1", "dhl", "2025-03-10", "2025-03-17", "anna")
LIES = ParcelShelved("P1", "A1", "anna")
GONE = ParcelCollected("P1", "anna", Shown(code=True, signature="5" * 64))


@pytest.fixture
def facts(store) -> CounterFacts:
    return CounterFacts(store, "counter-1")


def record(facts: CounterFacts, *told: Fact, past: str = "") -> tuple[Recorded, ...]:
    return facts._store.run(lambda work: facts.record(work, told, past))


def heard(stamp: str, fact: Fact, device: str = "counter-2", **changes: Any) -> ToldFact:
    data = events.canonical_form(events.facts(fact)).decode()
    return ToldFact(**{"hlc": stamp, "device": device, "type": fact.type, "data": data} | changes)


def stamp(number: int) -> str:
    return f"{0x195_0000_0000 + number:012x}-0000"


def test_a_fact_is_an_event_with_the_same_stamp(facts, store):
    made = record(facts, CAME, LIES)
    assert [one.fact for one in made] == [CAME, LIES]
    assert made[0].stamp < made[1].stamp
    batch = store.outbox.next_batch(10, 1 << 20)
    assert [(e.type, e.subject, e.hlc) for e in batch.events] == [
        (one.fact.type, "P1", one.stamp.hlc) for one in made
    ]
    assert facts.load().records == made


def test_all_facts_of_a_decision_or_none(facts, store):
    def broken(work):
        facts.record(work, (CAME,), "")
        raise StoreFailed("full")

    with pytest.raises(StoreFailed):
        store.run(broken)
    assert facts.load().records == ()
    assert store.outbox.next_batch(10, 1 << 20) is None


def test_what_nests_comes_back_as_it_was(facts):
    line = ManifestLine("C1", "P1", "S1", ("B1", "B2"), ("P9",))
    ready = ManifestReadied("M1", (line,), (), "anna")
    record(facts, ready, GONE)
    assert [one.fact for one in facts.load().records] == [ready, GONE]


def test_a_stamp_lies_after_all_that_was_known_and_sets_no_clock(facts, shelf, store):
    """The other counter's clock is a year ahead: our facts sort after it, our time stays ours."""
    ahead = f"{int((shelf.clock.now() + timedelta(days=365)).timestamp() * 1000):012x}-0007"
    (made,) = record(facts, CAME, past=ahead)
    assert made.stamp.hlc == f"{ahead[:12]}-0008"
    store.close()
    assert shelf.open().now() == shelf.clock.now()


def test_what_is_heard_is_kept_once_however_often_it_comes(facts):
    told = [heard(stamp(2), LIES), heard(stamp(1), CAME)]
    assert (facts.hear(told, 7), facts.hear(told, 7), facts.cursor()) == (2, 0, 7)
    assert [one.fact for one in facts.load().records] == [CAME, LIES]
    assert facts.load().records[0].stamp == Stamp(stamp(1), "counter-2")


def test_the_place_in_the_feed_never_goes_back(facts):
    facts.hear([], 9)
    facts.hear([], 3)
    assert facts.cursor() == 9


def test_two_facts_under_one_stamp_are_a_cloned_device_and_both_are_kept(facts):
    assert facts.hear([heard(stamp(1), CAME), heard(stamp(1), LIES)], 1) == 2
    assert facts.hear([heard(stamp(1), LIES)], 2) == 0
    assert {type(one.fact) for one in facts.load().records} == {ParcelReceived, ParcelShelved}


WRONG: tuple[dict[str, Any], ...] = (
    {"hlc": ""},
    {"hlc": "0195_0000000-0000"},
    {"hlc": "ffffffffffff-ffff"},
    {"device": ""},
    {"device": "x" * 65},
    {"part": -1},
    {"data": "{}"},
    {"data": "no json"},
)


def test_what_cannot_be_so_is_left_out_and_the_rest_is_heard(facts, caplog):
    for cursor, wrong in enumerate(WRONG, 1):
        told = [heard(stamp(1), CAME, **wrong), heard(stamp(1 + cursor), LIES)]
        assert facts.hear(told, cursor) == 1, wrong
        assert facts.cursor() == cursor
    assert caplog.text.count("1 facts of other counters are none") == len(WRONG)


def test_a_later_programs_facts_wait_for_it(facts, caplog):
    later = heard(stamp(1), CAME, type="takeback.parcel.weighed.v1", data='{"grams":5}')
    assert facts.hear([later, heard(stamp(2), CAME)], 1) == 2
    assert [one.fact for one in facts.load().records] == [CAME]
    assert "cannot be read by this program" in caplog.text


def test_only_what_is_new_is_asked_for(facts):
    record(facts, CAME)
    seen = facts.load().number
    assert facts.after(seen).records == ()
    facts.hear([heard(stamp(1), LIES)], 1)
    news = facts.after(seen)
    assert [one.fact for one in news.records] == [LIES]
    assert facts.after(news.number).number == news.number


def test_what_the_centre_does_not_have_is_not_let_go_of(facts, store, shelf):
    (own,) = record(facts, CAME)
    facts.hear([heard(stamp(1), LIES)], 1)
    other = facts.load().records[0]
    assert facts.unsent() == own.stamp.hlc
    assert facts.forget([own.stamp, other.stamp]) == 1
    batch = store.outbox.next_batch(10, 1 << 20)
    store.outbox.acknowledge(batch.epoch, batch.events[-1].sequence, batch.events[-1].chain)
    assert facts.unsent() == ""
    assert facts.forget([own.stamp]) == 1
    assert facts.load().records == ()


def test_a_signature_that_a_fact_names_is_known(facts):
    record(facts, GONE)
    assert facts.names("5" * 64)
    assert not facts.names("6" * 64)
    assert not facts.names("%")
