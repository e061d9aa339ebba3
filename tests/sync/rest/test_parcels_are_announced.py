"""Carriers announce parcels; counters hear of them, and nobody hears whom they are for."""

from __future__ import annotations

import pytest

from sync.central.tables import counter_facts, counter_things, notice_contacts
from tests.sync.counter.conftest import Counter
from tests.sync.rest.test_merchants_returns import problem

HERE = "/v1/carrier/parcels"
ADDRESS = "anna@example.com"


@pytest.fixture
def database_url(on_sqlite: str) -> str:
    return on_sqlite


@pytest.fixture
def counter(kiosk):
    return Counter(kiosk)


def told(number="JD01 4600 0012", **more):
    return {"number": number, "site": "Street 1", **more}


def test_a_parcel_is_announced_to_its_counter(shops, called, counter):
    answer = called("carrier:dhl").post(HERE, {"parcels": [told(size="small")]})
    assert answer.json() == {"new": 1, "known": 0}
    (row,) = shops.rows(counter_things)
    assert (row["name"], row["state"], row["carrier"]) == ("JD0146000012", "announced", "dhl")
    (fact,) = counter.asks().facts
    assert fact.device == "centre"
    assert fact.data["size"] == "small"


def test_a_list_may_come_again_and_is_corrected_by_another(shops, called, counter):
    dhl = called("carrier:dhl")
    listed = {"parcels": [told(), told("P2")]}
    dhl.post(HERE, listed).raise_for_status()
    assert dhl.post(HERE, listed).json() == {"new": 0, "known": 2}
    listed["parcels"][1]["recipient"] = "customer 7"
    assert dhl.post(HERE, listed).json() == {"new": 1, "known": 1}
    assert len(shops.rows(counter_facts)) == 3


def test_whom_it_is_for_stays_at_the_centre(shops, called, counter):
    contact = {"email": ADDRESS, "name": "Anna Kern", "language": "de"}
    parcels = [told(contact=contact), told("P2", contact={"email": ADDRESS.upper()})]
    called("carrier:dhl").post(HERE, {"parcels": parcels}).raise_for_status()
    one, other = counter.asks().facts
    assert one.data["recipient"] == other.data["recipient"] != ""  # one person, one code
    heard = counter.kiosk.send("GET", f"/v1/devices/{counter.kiosk.device_id}/counter/facts/0")
    assert "anna" not in heard.text.lower()
    kept = {row["about"]: row for row in shops.rows(notice_contacts)}
    assert kept["JD0146000012"]["language"] == "de"
    assert kept["P2"]["recipient"] == one.data["recipient"]


def test_two_carriers_names_for_their_customers_are_not_mixed_up(shops, called, counter):
    for carrier, number in (("dhl", "P1"), ("gls", "P2")):
        body = {"parcels": [told(number, recipient="7")]}
        called(f"carrier:{carrier}").post(HERE, body).raise_for_status()
    one, other = counter.asks().facts
    assert one.data["recipient"] != other.data["recipient"]
    assert [fact.data["carrier"] for fact in (one, other)] == ["dhl", "gls"]


def test_all_of_a_list_or_none(shops, called, counter):
    dhl = called("carrier:dhl")
    for bad, status in (
        (told("jd014600 0012"), 422),
        (told("P2", site="Nowhere"), 422),
        (told("P2", contact={"email": "no address"}), 422),
        (told(""), 400),
        (told("P2", size="huge"), 400),
    ):
        answer = dhl.post(HERE, {"parcels": [told(), bad]})
        problem(answer, status, "unfit" if status == 422 else "not-readable")
    assert shops.rows(counter_facts) == shops.rows(notice_contacts) == []


def test_another_tenants_carrier_finds_no_such_site(shops, called, counter):
    answer = called("carrier:dhl", "bravo").post(HERE, {"parcels": [told()]})
    problem(answer, 422, "unfit")
    assert shops.rows(counter_facts) == []
