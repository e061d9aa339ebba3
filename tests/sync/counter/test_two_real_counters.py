"""Two counters with ledgers of their own and a real centre between them, over HTTP."""

from __future__ import annotations

import pytest

from kiosk.domain.counter.conflicts import ConflictKind
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.shop import Shop
from kiosk.store.counter import CounterFacts
from sync.central.tables import cases, counter_facts, counter_things
from tests.sync.boxes import QUICK, Box
from tests.sync.counter.lived import COLLECTED, RECEIVED, SHELVED


@pytest.fixture
def database_url(on_sqlite: str) -> str:
    return on_sqlite


class CounterBox(Box):
    """A counter: its shop is what its ledger says."""

    def options(self):
        self.facts = CounterFacts(self.store, self.me.device_id)
        return {**self.changes, "counter": self.facts}

    def does(self, *facts):
        past = self.shop().latest
        self.store.run(lambda work: self.facts.record(work, facts, past))
        self.agent.wake()

    def shop(self):
        return Shop.of(self.facts.load().records)

    def state(self):
        return self.shop().parcels["P1"].state


@pytest.fixture
def boxes(centre, clock, tmp_path):
    made = [CounterBox(centre, clock, tmp_path / name) for name in ("one", "other")]
    for box in made:
        box.settle()
    yield made
    for box in made:
        box.close()


def test_what_one_shelves_the_other_knows_within_seconds(clock, boxes):
    one, other = boxes
    one.does(RECEIVED)
    one.settle()
    clock.advance(seconds=QUICK.beat * 1.3)
    other.settle()  # a heartbeat's answer hinted at it
    assert other.state() is ParcelState.RECEIVED
    one.does(SHELVED)
    one.settle()
    clock.advance(seconds=6.1)  # the centre said that the other one is at work
    other.settle()
    assert other.state() is ParcelState.SHELVED
    assert other.agent.state.heard == 2
    assert other.agent.state.heard_at == clock.monotonic()


def test_a_counter_that_tells_something_hears_with_it(boxes):
    one, other = boxes
    one.does(RECEIVED, SHELVED)
    one.settle()
    other.does(COLLECTED)  # it had not heard, and the parcel is in its hand
    other.settle()
    assert other.state() is ParcelState.COLLECTED


def test_both_hand_out_one_parcel_offline_and_both_come_to_know(centre, clock, boxes):
    one, other = boxes
    one.does(RECEIVED, SHELVED)
    one.settle()
    clock.advance(seconds=QUICK.beat * 1.3)
    other.settle()
    one.does(COLLECTED)  # the line is down at both
    clock.advance(seconds=30)
    other.does(COLLECTED)
    for box in (one, other, one):
        clock.advance(seconds=QUICK.beat * 1.3)
        box.settle()
    for box in boxes:
        (conflict,) = box.shop().conflicts()
        assert conflict.kind is ConflictKind.HANDED_OUT_TWICE
        assert conflict.record.stamp.device == other.me.device_id
    (case,) = centre.rows(cases)
    assert case["kind"] == "counter_conflict"
    assert one.shop() == other.shop()
    assert [row["facts"] for row in centre.rows(counter_things)] == [4]


def test_what_was_heard_outlives_the_power(clock, boxes):
    one, other = boxes
    one.does(RECEIVED)
    one.settle()
    clock.advance(seconds=QUICK.beat * 1.3)
    other.settle()
    place = other.facts.cursor()
    other.close()
    other.open()
    assert other.state() is ParcelState.RECEIVED
    assert other.facts.cursor() == place > 0


def test_a_centre_that_lost_its_latest_is_heard_from_the_beginning(centre, clock, boxes):
    """Its backup was older: the same positions are given to other facts."""
    one, other = boxes
    one.does(RECEIVED)
    one.settle()
    clock.advance(seconds=QUICK.beat * 1.3)
    other.settle()
    lost = counter_facts.update().where(counter_facts.c.position == 1)
    moved = one.facts.load().records[0].stamp.hlc[:12] + "-00ff"
    centre.database.write(lambda c: c.execute(lost.values(hlc=moved)))
    clock.advance(seconds=QUICK.policy * 1.3)
    other.settle()
    assert len(other.facts.load().records) == 2  # the new one, beside what it knew
    place = other.facts.cursor()
    clock.advance(seconds=QUICK.policy * 1.3)
    other.settle()
    assert other.facts.cursor() == place
