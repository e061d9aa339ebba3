"""What hubs and carriers tell of containers and lists: counters hear it, and differences are
cases."""

from __future__ import annotations

import pytest

from kiosk.world import SystemIds
from sync.central.rest import keys
from sync.central.tables import cases
from tests.sync.conftest import TENANT
from tests.sync.counter.lived import FILLED, SIGNED
from tests.sync.rest.conftest import Caller

AT = "2026-05-04T09:00:00Z"


@pytest.fixture
def database_url(on_sqlite: str) -> str:
    return on_sqlite


@pytest.fixture
def called(centre):
    def make(role, subject):
        made = keys.make(
            centre.database, centre.clock, SystemIds(), TENANT, keys.Role(role), subject
        )
        return Caller(centre.url, made[1])

    return make


@pytest.fixture
def hub(called):
    caller = called("hub", "north")

    def tell(id_, **more):
        told = {"id": id_, "at": AT, "container_id": "C1", **more}
        caller.post("/v1/hub/receipts", {"receipts": [told]}).raise_for_status()

    return tell


@pytest.fixture
def carrier(called):
    caller = called("carrier", "dhl")

    def tell(id_, count):
        told = {"id": id_, "at": AT, "manifest_id": "M1", "count": count}
        here = "/v1/carrier/acknowledgements"
        caller.post(here, {"acknowledgements": [told]}).raise_for_status()

    return tell


@pytest.fixture(autouse=True)
def signed(counters):
    counters[0].tells(*FILLED, SIGNED)
    counters[0].hears()


def test_a_container_arrives_and_agrees(counters, things, opened, hub):
    hub("s-1")
    assert things()["C1"]["state"] == "received"
    hub("s-2", count=1)
    assert things()["C1"]["state"] == "reconciled"
    hub("s-2", count=1)
    assert counters[0].hears() == ["container.received.v1", "container.reconciled.v1"]
    assert opened() == []


def test_a_container_with_less_in_it_is_a_case_that_its_counter_can_name(centre, things, hub):
    hub("s-1", count=0)
    assert things()["C1"]["state"] == "disputed"
    (case,) = centre.rows(cases)
    assert (case["kind"], case["key"]) == ("count_differs", "count_differs:container:C1")
    assert case["evidence"]["compared"] == [
        {"what": "count", "first": 1, "second": 0, "line_id": "", "currency": ""}
    ]


def test_a_carriers_count_of_a_list_agrees(counters, things, opened, carrier):
    carrier("a-1", 1)
    assert things()["M1"]["state"] == "reconciled"
    assert counters[1].hears()[-2:] == ["manifest.acknowledged.v1", "manifest.reconciled.v1"]
    assert opened() == []


def test_a_carriers_count_of_a_list_differs(things, opened, carrier):
    carrier("a-1", 3)
    assert things()["M1"]["state"] == "disputed"
    assert opened() == [("count_differs", "open", "M1")]
    carrier("a-2", 1)  # settled by people from here on
    assert things()["M1"]["state"] == "disputed"


def test_what_no_counter_knows_is_not_the_counters_business(centre, counters, hub):
    hub("s-1", container_id="C9", count=7)
    assert counters[0].hears() == []
