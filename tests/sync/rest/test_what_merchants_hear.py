"""Drops, refunds and events: what a merchant's machine reads back."""

from __future__ import annotations

import threading

from kiosk.world import SystemIds
from sync.central.rest import feed
from sync.central.tables import drops, merchant_events
from tests.sync.rest.conftest import a_return


def events(caller, after=0, limit=100):
    answer = caller.get(f"/v1/events?after={after}&limit={limit}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_drop_is_heard_of_with_its_lines(linden, kiosk, drop_of):
    linden.put("/v1/returns/RMA-1", a_return())
    fact = drop_of("RMA-1", bag_id="BAG-7")
    kiosk.push(kiosk.record(fact))
    page = events(linden)
    assert [one["type"] for one in page["events"]] == ["return.created", "drop.committed"]
    told = page["events"][1]
    assert (told["subject"], told["position"]) == (fact.drop_id, 2)
    data = told["data"]
    assert (data["bag_id"], data["site"], data["refund"]) == ("BAG-7", "Street 1", 7990)
    assert data["lines"][0]["state"] == "accepted"
    assert linden.get(f"/v1/drops/{fact.drop_id}").json() == data
    assert linden.get("/v1/returns/RMA-1/drops").json() == {"drops": [data]}


def test_a_reader_that_keeps_its_place_misses_nothing_and_hears_nothing_twice(
    linden, kiosk, drop_of
):
    heard, after = [], 0
    for number in range(5):
        kiosk.push(kiosk.record(drop_of(f"R{number}")), kiosk.record(drop_of(f"S{number}")))
        page = events(linden, after, limit=1)
        while True:
            heard += [one["data"]["return_id"] for one in page["events"]]
            after = page["next"]
            if not page["more"]:
                break
            page = events(linden, after, limit=1)
    assert sorted(heard) == sorted(f"{one}{n}" for n in range(5) for one in "RS")
    assert events(linden, after) == {"events": [], "next": after, "more": False}


def test_positions_are_whole_whoever_gives_them(shops, linden, enrolled, drop_of):
    """Several readers give positions at once: each event gets one, none is left out."""
    kiosk = enrolled("K7")
    kiosk.push(*(kiosk.record(drop_of(f"R{number}")) for number in range(40)))
    started = threading.Barrier(4)

    def number():
        started.wait()
        feed.number(shops.database, SystemIds(), "acme")

    threads = [threading.Thread(target=number) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    rows = shops.rows(merchant_events)
    assert sorted(row["position"] for row in rows) == list(range(1, 41))
    assert all(row["fed"] for row in shops.rows(drops))
    assert [one["position"] for one in events(linden)["events"]] == list(range(1, 41))


def test_what_a_merchant_does_is_heard_by_its_other_machines(shops, linden, called):
    other = called()
    linden.put("/v1/returns/RMA-1", a_return(state="requested"))
    linden.post("/v1/returns/RMA-1/move", {"to": "authorised", "reason": "looks fine"})
    linden.post("/v1/returns/RMA-1/extend", {"expires_at": "2026-07-01T00:00:00Z"})
    linden.put("/v1/returns/RMA-1", a_return(zone="x"))
    linden.post("/v1/returns/RMA-1/cancel", {"reason": "wrong order"})
    told = events(other)["events"]
    assert [(one["type"], one["data"]["state"]) for one in told] == [
        ("return.created", "requested"),
        ("return.moved", "authorised"),
        ("return.extended", "authorised"),
        ("return.replaced", "authorised"),
        ("return.moved", "cancelled"),
    ]
    assert told[1]["data"]["reason"] == "looks fine"
    assert {one["data"]["by"] for one in told} == {linden.token[4:16]}


REFUND = {"amount": {"minor": 7990, "currency": "EUR"}, "done_at": "2026-05-04T09:00:00Z"}


def test_a_refund_is_told_once(linden):
    linden.put("/v1/returns/RMA-1", a_return())
    here = "/v1/returns/RMA-1/refunds"
    first = linden.put(f"{here}/re-1", REFUND)
    assert first.status_code == 201
    again = linden.put(f"{here}/re-1", REFUND)
    assert (again.status_code, again.json()) == (200, first.json())
    more = {**REFUND, "amount": {"minor": 1, "currency": "EUR"}}
    other = linden.put(f"{here}/re-1", more)
    assert (other.status_code, other.json()["type"]) == (409, "/v1/problems/taken")
    yen = {**REFUND, "amount": {"minor": 1, "currency": "JPY"}}
    assert linden.put(f"{here}/re-2", yen).status_code == 422
    old = {**REFUND, "done_at": "0001-01-01T00:00:00+14:00"}
    assert linden.put(f"{here}/re-2", old).status_code == 422
    assert linden.get(here).json() == {"refunds": [first.json()]}
    told = [one for one in events(linden)["events"] if one["type"] == "refund.told"]
    assert [one["data"]["amount"]["minor"] for one in told] == [7990]
