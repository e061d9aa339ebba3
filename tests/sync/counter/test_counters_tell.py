"""What the centre makes of what counters tell: the same as the counters, whatever comes when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.parcel_facts import (
    ParcelAnnounced,
    ParcelCollected,
    ParcelFound,
    ParcelMissing,
    ProofFact,
)
from sync.central import counter
from sync.central.cases.evidence import read
from sync.central.tables import cases, events
from tests.sync.conftest import TENANT
from tests.sync.counter.conftest import SITE
from tests.sync.counter.lived import COLLECTED, FILLED, RECEIVED, SHELVED, SIGNED

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def database_url(on_sqlite: str) -> str:
    return on_sqlite


def test_a_parcel_is_where_its_counter_put_it(counters, things):
    counters[0].tells(ShelfSet("A3", "front", 9), RECEIVED, SHELVED)
    parcel = things()["P1"]
    assert (parcel["state"], parcel["shelf"], parcel["until"]) == ("shelved", "A3", "2026-05-11")
    assert parcel["here"]
    assert not parcel["announced"]  # nobody did, which its page says
    assert things()["A3"]["room"] == 9


def test_facts_that_come_late_are_put_in_their_place(counters, things):
    early, late = counters
    told = early.does(RECEIVED, SHELVED)
    late.now_ms = 60_000
    late.tells(COLLECTED)
    assert things()["P1"]["state"] == "unknown"  # and a conflict, until the rest is heard
    early.push(told)
    assert things()["P1"]["state"] == "collected"
    assert not things()["P1"]["disputed"]


def test_a_case_says_who_did_what_where_and_when(centre, counters):
    one, other = counters
    one.tells(RECEIVED, SHELVED, COLLECTED)
    other.now_ms = 30_000
    other.tells(ParcelCollected("P1", "ben", ProofFact()))
    (case,) = centre.rows(cases)
    evidence = read(case["evidence"])
    told = {part.what: (part.first, part.second) for part in evidence.compared}
    assert told["staff"] == ("anna", "ben")
    assert told["counter"] == ("K1", "K2")
    assert evidence.numbers["conflict"] == "handed_out_twice"
    assert evidence.parcels == ("P1",)
    assert len(evidence.events) == 2


def test_a_missing_parcel_is_a_case_until_it_is_found(counters, opened):
    counters[0].tells(RECEIVED, SHELVED, ParcelMissing("P1", "A3", "anna"))
    assert opened() == [("parcel_missing", "open", f"{SITE}/P1")]
    counters[0].tells(ParcelFound("P1", "anna"))
    assert opened() == [("parcel_missing", "settled", f"{SITE}/P1")]
    counters[0].tells(ParcelMissing("P1", "A3", "ben"))
    assert opened() == [("parcel_missing", "reopened", f"{SITE}/P1")]


def test_a_signature_moves_the_list_its_containers_and_their_bags(counters, things, opened):
    counters[0].tells(*FILLED, SIGNED)
    states = {name: things()[name]["state"] for name in ("M1", "C1", "B1")}
    assert states == {"M1": "signed", "C1": "handed_over", "B1": "handed_over"}
    assert opened() == []


def test_a_fact_without_a_place_in_time_is_set_aside_and_hinders_nothing(centre, counters, things):
    kiosk = counters[0].kiosk
    bad, good = kiosk.record(RECEIVED, hlc="now"), counters[0].does(SHELVED)
    answer = kiosk.push(bad, *good)
    assert [notice.kind for notice in answer.notices] == ["quarantined"]
    assert things()["P1"]["facts"] == 1
    assert {row["state"] for row in centre.rows(events)} == {"quarantined", "accepted"}


def test_the_centre_tells_facts_of_its_own_after_all_that_it_knows(centre, counters, things):
    counters[0].now_ms = 2_000_000_000_000  # a counter whose clock is years ahead
    counters[0].tells(RECEIVED)
    (stamp,) = centre.database.write(
        lambda c: counter.tell(c, AT, TENANT, SITE, [ParcelAnnounced("P1", "dhl", "small", "who")])
    )
    assert stamp.device == counter.CENTRE
    assert stamp.hlc > counters[0].hlc
    assert things()["P1"]["announced"]
    assert things()["P1"]["recipient"] == "who"
