"""Hubs and carriers tell what they have, once for each fact; it is what reconciliation matches."""

from __future__ import annotations

from sync.central.tables import movements, office_audit
from tests.sync.rest.conftest import a_return
from tests.sync.rest.test_merchants_returns import problem

AT = "2026-05-04T09:00:00Z"


def test_a_hub_receives_grades_and_disposes(shops, called):
    hub = called("hub:north")
    bag = {"id": "s-1", "at": AT, "bag_id": "BAG-1", "count": 2, "site": "north"}
    told = hub.post("/v1/hub/receipts", {"receipts": [bag]})
    assert told.json() == {"new": 1, "known": 0, "clashes": []}
    line = {"at": AT, "return_id": "RMA-1", "line_id": "L1"}
    grade = {**line, "id": "s-2", "count": 2, "grade": "A"}
    hub.post("/v1/hub/grades", {"grades": [grade]}).raise_for_status()
    done = {**line, "id": "s-3", "done": "restocked"}
    hub.post("/v1/hub/disposals", {"disposals": [done]}).raise_for_status()
    rows = sorted(shops.rows(movements), key=lambda row: row["source_id"])
    assert [(row["source"], row["kind"], row["count"], row["detail"]) for row in rows] == [
        ("hub:north", "hub_received", 2, ""),
        ("hub:north", "graded", 2, "A"),
        ("hub:north", "disposed", -1, "restocked"),
    ]


def test_a_carrier_acknowledges_a_manifest_once(shops, called):
    carrier = called("carrier:dpx")
    told = {"acknowledgements": [{"id": "a-1", "at": AT, "manifest_id": "M-1", "count": 3}]}
    here = "/v1/carrier/acknowledgements"
    assert carrier.post(here, told).json() == {"new": 1, "known": 0, "clashes": []}
    assert carrier.post(here, told).json() == {"new": 0, "known": 1, "clashes": []}
    told["acknowledgements"][0]["count"] = 4
    assert carrier.post(here, told).json() == {"new": 0, "known": 0, "clashes": ["a-1"]}
    [row] = shops.rows(movements)
    assert (row["source"], row["kind"], row["count"]) == ("carrier:dpx", "carrier_acknowledged", 3)


def test_all_facts_of_a_request_or_none(shops, called):
    hub = called("hub:north")
    good = {"id": "s-1", "at": AT, "bag_id": "BAG-1"}
    for bad in ({"id": "s-2", "at": AT}, {**good, "id": "s-2", "at": "1800-01-01T00:00:00Z"}, good):
        told = hub.post("/v1/hub/receipts", {"receipts": [good, bad]})
        assert bad["id"] in problem(told, 422, "unfit")["detail"]
    assert shops.rows(movements) == []


def test_a_refund_is_a_movement_too(shops, linden):
    linden.put("/v1/returns/RMA-1", a_return())
    paid = {"amount": {"minor": 7990, "currency": "EUR"}, "done_at": AT}
    linden.put("/v1/returns/RMA-1/refunds/re-1", paid).raise_for_status()
    linden.put("/v1/returns/RMA-1/refunds/re-1", paid).raise_for_status()
    [row] = shops.rows(movements)
    assert (row["kind"], row["source"], row["source_id"]) == (
        "refunded",
        "merchant:linden",
        "RMA-1/re-1",
    )
    assert (row["amount"], row["currency"]) == (7990, "EUR")


def test_what_a_key_changed_is_noted_and_what_it_asked_is_not(shops, linden):
    linden.put("/v1/returns/RMA-1", a_return(customer="somebody"))
    linden.put("/v1/returns/RMA-1", a_return(customer="somebody"))
    linden.get("/v1/returns/RMA-1")
    linden.post("/v1/returns/RMA-9/cancel", {})
    rows = sorted(shops.rows(office_audit), key=lambda row: row["number"])
    told = [(row["what"], row["subject"]) for row in rows]
    prefix = linden.token[4:16]
    assert told == [("keys.made", prefix), ("api.put_return", "RMA-1")]
    assert (rows[1]["person"], rows[1]["source"]) == (f"key:{prefix}", "127.0.0.1")
    assert "somebody" not in repr(rows)
