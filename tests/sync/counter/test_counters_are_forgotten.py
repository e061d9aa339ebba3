"""What is long over goes; what is here stays, and so does what somebody must settle."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.parcel_facts import ParcelCollected, ParcelReceived, ProofFact
from sync.central.counter import forgetting
from sync.central.tables import counter_facts, counter_touched, events
from tests.sync.conftest import TENANT
from tests.sync.counter.lived import COLLECTED, FILLED, RECEIVED, SHELVED, SIGNED

STAYS = ParcelReceived("P2", "dhl", "2026-05-04", "2026-05-11", "anna")


@pytest.fixture
def database_url(on_sqlite: str) -> str:
    return on_sqlite


@pytest.fixture
def forgets(centre, clock):
    def run(days=91, most=500):
        clock.advance(days=days)
        before = clock.now() - timedelta(days=90)
        return centre.database.write(lambda c: forgetting.forget(c, TENANT, before, most))

    return run


def test_what_left_is_forgotten_with_its_facts(centre, counters, things, forgets):
    counters[0].tells(ShelfSet("A3", "front", 9), RECEIVED, SHELVED, COLLECTED, STAYS)
    assert forgets(89) == 0
    assert forgets(2) == 1
    assert set(things()) == {"A3", "P2"}
    assert [row["type"].split(".")[-2] for row in centre.rows(counter_facts)] == ["set", "received"]
    assert {row["name"] for row in centre.rows(counter_touched)} == {"A3", "P2"}
    assert len(centre.rows(events)) == 5  # the record itself stays


def test_a_fact_goes_with_the_last_thing_that_it_touches(centre, counters, things, forgets):
    counters[0].tells(*FILLED, SIGNED, STAYS)
    assert [forgets(91, most=1), forgets(0, most=1)] == [1, 1]  # the bag, the container
    assert set(things()) == {"M1", "P2"}
    assert "takeback.manifest.signed.v1" in {row["type"] for row in centre.rows(counter_facts)}
    assert forgets(0) == 1
    assert len(centre.rows(counter_facts)) == 1


def test_what_somebody_must_settle_stays(counters, things, forgets):
    one, other = counters
    one.tells(RECEIVED, SHELVED, COLLECTED, STAYS)
    other.now_ms = 90_000
    other.tells(ParcelCollected("P1", "ben", ProofFact()))
    assert forgets() == 0
    assert "P1" in things()


def test_a_counter_that_heard_it_all_goes_on_from_its_place(counters, forgets):
    one, other = counters
    one.tells(RECEIVED, SHELVED, COLLECTED)
    assert len(other.hears()) == 3
    assert forgets() == 1
    assert not other.asks(other.place).anew
    one.tells(STAYS)
    assert other.hears() == ["parcel.received.v1"]
