"""A merchant's machine authorises, changes, extends and cancels returns; kiosks hear of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from kiosk.domain.returns import AuthorisationState as State
from sync.central import policy
from sync.central.policy import outgoing
from sync.central.rest import lifecycle
from sync.central.tables import authorisations
from tests.sync.boxes import publish
from tests.sync.conftest import TENANT, authorisation
from tests.sync.rest.conftest import a_return


def problem(answer, status, kind):
    """The problem of an answer, which must be of this kind."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == f"/v1/problems/{kind}"
    assert told["status"] == status
    assert told["detail"]
    return told


def test_a_return_is_authorised_and_goes_out_with_the_next_bundle(shops, linden):
    made = linden.put("/v1/returns/RMA-1", a_return(customer="c-7", tags=None) | {"customer": "c"})
    problem(made, 400, "not-readable")  # `tags` belongs to a line
    made = linden.put("/v1/returns/RMA-1", a_return(customer="c-7"))
    assert made.status_code == 201
    told = made.json()
    assert (told["state"], told["bundle"], told["customer"]) == ("authorised", 0, "c-7")
    [row] = shops.rows(authorisations)
    assert (row["merchant_id"], row["return_id"], row["bundle"]) == ("linden", "RMA-1", 0)
    publish(shops)
    assert linden.get("/v1/returns/RMA-1").json()["bundle"] == 1


def test_it_is_read_like_a_row_of_an_import(linden):
    wrong = a_return(short_code="12345678")
    told = problem(linden.put("/v1/returns/RMA-1", wrong), 422, "unfit")
    assert "short_code" in told["detail"]
    twice = a_return()
    twice["lines"] = twice["lines"] * 2
    assert "line_id" in problem(linden.put("/v1/returns/RMA-1", twice), 422, "unfit")["detail"]
    far = a_return(network="nowhere", network_code="1")
    assert "no form" in problem(linden.put("/v1/returns/RMA-1", far), 422, "unfit")["detail"]
    assert linden.get("/v1/returns/RMA-1").status_code == 404


def test_the_same_again_changes_nothing_and_waits_for_no_bundle(shops, linden):
    linden.put("/v1/returns/RMA-1", a_return())
    publish(shops)
    again = linden.put("/v1/returns/RMA-1", a_return())
    assert (again.status_code, again.json()["bundle"]) == (200, 1)
    with shops.database.reading() as c:
        assert outgoing.waiting(c, "acme") == 0
    other = linden.put("/v1/returns/RMA-1", a_return(order_number="1002"))
    assert (other.status_code, other.json()["bundle"]) == (200, 0)


def test_two_who_write_hear_of_each_other(linden):
    first = linden.put("/v1/returns/RMA-1", a_return(), if_none_match="*")
    assert first.status_code == 201
    problem(linden.put("/v1/returns/RMA-1", a_return(), if_none_match="*"), 412, "changed")
    tag = first.headers["etag"]
    second = linden.put("/v1/returns/RMA-1", a_return(zone="north"), if_match=tag)
    assert second.status_code == 200
    problem(linden.put("/v1/returns/RMA-1", a_return(), if_match=tag), 412, "changed")
    problem(linden.post("/v1/returns/RMA-1/cancel", {}, if_match=tag), 412, "changed")
    assert linden.get("/v1/returns/RMA-1", if_none_match=second.headers["etag"]).status_code == 304
    assert linden.get("/v1/returns/RMA-1", if_none_match=tag).status_code == 200
    problem(linden.put("/v1/returns/RMA-2", a_return(), if_match="*"), 412, "changed")


def test_a_request_that_comes_twice_has_one_effect(linden):
    first = linden.put("/v1/returns/RMA-1", a_return(), idempotency_key="k1")
    linden.post("/v1/returns/RMA-1/cancel", {}).raise_for_status()
    again = linden.put("/v1/returns/RMA-1", a_return(), idempotency_key="k1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    assert linden.get("/v1/returns/RMA-1").json()["state"] == "cancelled"
    other = linden.put("/v1/returns/RMA-2", a_return(), idempotency_key="k1")
    problem(other, 422, "key-reused")


def test_what_was_refused_may_be_mended_under_the_same_key(shops, linden):
    problem(linden.post("/v1/returns/RMA-1/cancel", {}, idempotency_key="k2"), 404, "not-found")
    linden.put("/v1/returns/RMA-1", a_return())
    done = linden.post("/v1/returns/RMA-1/cancel", {}, idempotency_key="k2")
    assert (done.status_code, done.json()["state"]) == (200, "cancelled")
    shops.clock.advance(hours=25)  # by then nobody sends it again
    linden.put("/v1/returns/RMA-3", a_return(), idempotency_key="k2").raise_for_status()


def test_an_expired_return_is_extended_and_stands_again(shops, linden):
    ends = "2026-05-05T18:00:00+02:00"
    linden.put("/v1/returns/RMA-1", a_return(expires_at=ends))
    shops.clock.advance(days=2)
    assert linden.get("/v1/returns/RMA-1").json()["state"] == "expired"
    told = problem(linden.post("/v1/returns/RMA-1/cancel", {}), 409, "not-possible")
    assert (told["state"], told["possible"]) == ("expired", ["authorised"])
    past = {"expires_at": "2026-05-05T19:00:00Z"}
    problem(linden.post("/v1/returns/RMA-1/extend", past), 422, "unfit")
    longer = linden.post("/v1/returns/RMA-1/extend", {"expires_at": "2026-06-01T00:00:00Z"})
    assert (longer.status_code, longer.json()["state"]) == (200, "authorised")


STEPS = ("in_review", "authorised", "rejected", "closed", "cancelled")


def test_only_listed_transitions_are_taken(shops, linden):
    """Every pair of states, and what the answer says is possible is what is possible."""
    kept = [one for one in State if one is not State.EXPIRED]
    for state, to in product(kept, STEPS):
        name = f"R-{state}-{to}"
        policy.put_authorisations(
            shops.database, TENANT, [replace(authorisation(name), state=state)]
        )
        here = f"/v1/returns/{name}"
        possible = linden.get(here).json()["possible"]
        cancels = to == "cancelled"
        answer = linden.post(
            f"{here}/{'cancel' if cancels else 'move'}", {} if cancels else {"to": to}
        )
        if to == state:
            assert answer.status_code == 200
        elif State(to) in lifecycle.NEXT[state]:
            assert (answer.status_code, answer.json()["state"]) == (200, to)
            assert to in possible
        else:
            assert problem(answer, 409, "not-possible")["possible"] == possible
            assert to not in possible
            assert linden.get(here).json()["state"] == state


def test_goods_that_were_dropped_keep_a_return_from_being_cancelled(linden, kiosk, drop_of):
    linden.put("/v1/returns/RMA-1", a_return())
    kiosk.push(kiosk.record(drop_of("RMA-1")))
    told = problem(linden.post("/v1/returns/RMA-1/cancel", {}), 409, "not-possible")
    assert "dropped" in told["detail"]
    less = a_return()
    less["lines"][0]["line_id"] = "L9"
    told = problem(linden.put("/v1/returns/RMA-1", less), 409, "not-possible")
    assert "line L1" in told["detail"]
    assert linden.post("/v1/returns/RMA-1/move", {"to": "closed"}).status_code == 200


def test_pages_go_on_until_there_is_no_next(linden):
    for number in range(7):
        linden.put(f"/v1/returns/RMA-{number}", a_return(order_number=f"{number % 2}"))
    linden.post("/v1/returns/RMA-3/cancel", {})
    found, after, pages = [], "", 0
    while pages == 0 or after:
        page = linden.get(f"/v1/returns?limit=3&after={after}").json()
        found += [one["return_id"] for one in page["returns"]]
        after, pages = page["next"], pages + 1
    assert found == [f"RMA-{number}" for number in range(7)]
    [cancelled] = linden.get("/v1/returns?state=cancelled").json()["returns"]
    assert cancelled["return_id"] == "RMA-3"
    odd = linden.get("/v1/returns?order_number=1").json()["returns"]
    assert [one["return_id"] for one in odd] == ["RMA-1", "RMA-3", "RMA-5"]
    for key in ("a b", "x" * 201, "é"):
        said = linden.post("/v1/returns/RMA-3/cancel", {}, **{"Idempotency-Key": key})
        problem(said, 400, "not-readable")
    problem(linden.get("/v1/returns?limt=3"), 400, "not-readable")
    problem(linden.get("/v1/returns?limit=0"), 400, "not-readable")
    problem(linden.get("/v1/returns?limit=1&limit=2"), 400, "not-readable")
    for nothing in ("null", "NULL"):
        problem(linden.get(f"/v1/returns?state={nothing}"), 400, "not-readable")
