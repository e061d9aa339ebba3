"""Parcels, containers and lists on the pages: found, narrowed, a page at a time; nobody else's."""

from __future__ import annotations

import pytest

from kiosk.domain.counter.facts import Kind
from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.parcel_facts import ParcelReceived, ParcelShelved
from kiosk.domain.counter.parcels import ParcelState
from sync.central import finding
from sync.central.counter import reading, waiting
from sync.central.counter.reading import HERE, ODD, Wanted
from sync.central.finding.found import Sees
from tests.sync.conftest import TENANT
from tests.sync.counter.lived import COLLECTED, FILLED, RECEIVED, SHELVED, SIGNED


@pytest.fixture
def database_url(on_sqlite: str) -> str:
    return on_sqlite


@pytest.fixture
def listed(centre):
    def ask(**wanted):
        found = reading.listed(centre.database, TENANT, Wanted(Kind.PARCEL, **wanted))
        return [row["name"] for row in found.rows], found.after

    return ask


def received(number, carrier="dhl"):
    return ParcelReceived(number, carrier, "2026-05-04", "2026-05-11", "anna")


def test_pages_go_on_where_the_one_before_ended(counters, listed, monkeypatch):
    monkeypatch.setattr(reading, "PAGE", 2)
    counters[0].tells(*(received(f"P{n}") for n in range(5)))
    names, after = listed()
    assert (names, bool(after)) == (["P4", "P3"], True)
    names, after = listed(after=after)
    assert (names, bool(after)) == (["P2", "P1"], True)
    assert listed(after=after) == (["P0"], "")
    assert listed(after="no page of ours")[0] == ["P4", "P3"]


def test_a_list_is_narrowed(counters, listed):
    counters[0].tells(RECEIVED, SHELVED, COLLECTED, received("P2"), received("P3", "gls"))
    assert listed(state=HERE)[0] == ["P3", "P2"]
    assert listed(state="collected")[0] == ["P1"]
    assert listed(carrier="gls")[0] == ["P3"]
    assert listed(name="P2")[0] == ["P2"]
    assert listed(site="Elsewhere")[0] == []
    assert listed(state=ODD)[0] == []


def test_a_story_says_who_where_and_what_does_not_fit(centre, counters):
    one, other = counters
    one.tells(RECEIVED, SHELVED, COLLECTED)
    other.now_ms = 90_000
    other.tells(COLLECTED)
    found = reading.one(centre.database, TENANT, Kind.PARCEL, "P1")
    assert [(step.counter, step.odd) for step in found.story] == [
        *[("K1", False)] * 3,
        ("K2", True),
    ]
    assert [case["kind"] for case in found.cases] == ["counter_conflict"]


def test_a_container_tells_what_went_with_it(centre, counters):
    counters[0].tells(*FILLED, SIGNED)
    found = reading.one(centre.database, TENANT, Kind.CONTAINER, "C1")
    assert [(row["kind"], row["name"], row["state"]) for row in found.inside] == [
        ("bag", "B1", "handed_over")
    ]
    assert "B1" in [step.of for step in found.story]


def test_what_waits_is_counted_with_the_shelves(centre, counters):
    shelves = (ShelfSet("A1", "front", 1), ShelfSet("A2", "front", 20))
    counters[0].tells(*shelves, RECEIVED, ParcelShelved("P1", "A1", "anna"), received("P2"))
    (site,) = waiting.sites(centre.database, TENANT)
    assert (site.here, site.of(ParcelState.RECEIVED), site.of(ParcelState.MISSING)) == (2, 1, 0)
    found = waiting.shelves(centre.database, TENANT, "Street 1")
    assert [(one.shelf_id, one.lying, one.level) for one in found] == [
        ("A1", 1, "bad"),
        ("A2", 0, "good"),
    ]


def test_search_finds_a_parcel_by_its_label(centre, counters):
    counters[0].tells(received("JD0146000012"))
    sees = Sees(shops=True)
    for typed in ("JD0146000012", "jd01 4600 0012"):
        found = finding.find(centre.database, TENANT, finding.read(typed), sees)
        assert [row["name"] for row in found.parcels] == ["JD0146000012"]
    bound = Sees(merchant="linden")
    assert finding.find(centre.database, TENANT, finding.read("JD0146000012"), bound).nothing


def test_another_tenant_sees_nothing_of_it(centre, counters):
    counters[0].tells(RECEIVED)
    assert reading.listed(centre.database, "rival", Wanted(Kind.PARCEL)).rows == ()
    assert reading.one(centre.database, "rival", Kind.PARCEL, "P1") is None
    assert waiting.sites(centre.database, "rival") == ()
    found = finding.find(centre.database, "rival", finding.read("P1"), Sees(shops=True))
    assert found.nothing
