"""Returns in the back office: listed, looked up, extended and cancelled; a shop's own alone."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import msgspec
import pytest

from kiosk.domain.returns import Authorisation
from sync.central import policy
from sync.central.roles import Role
from sync.central.tables import authorisations, merchant_events, office_audit, people
from tests.sync.conftest import MERCHANT, TENANT, authorisation
from tests.sync.test_policy_pages import Desk, sits

# What pages show does not differ between databases; the merchants' functions are tried on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(centre) -> Desk:
    """Two shops with a return each."""
    oak = replace(MERCHANT, merchant_id="oak", name="Oak & Ash")
    for shop in (MERCHANT, oak):
        policy.put_merchant(centre.database, TENANT, shop, [])
    given = [authorisation("R-1"), replace(authorisation("R-2"), merchant_id="oak")]
    policy.put_authorisations(centre.database, TENANT, given)
    return sits(centre.url, centre.database, centre.clock, "ada")


def standing(centre, return_id: str = "R-1") -> Authorisation:
    [row] = centre.rows(authorisations, return_id=return_id)
    return msgspec.json.decode(row["body"], type=Authorisation)


def test_the_list_goes_by_shop_and_state(desk):
    page = desk.get("/returns")
    assert "R-1" in page
    assert "Oak & Ash" in page
    assert "R-1" not in desk.get("/returns?merchant=oak")
    assert "There is no such return." in desk.get("/returns?state=expired")
    assert "ORDER-R-2" in desk.get("/returns?number=R-2")
    desk.get("/returns/R-9", 404)


def test_many_are_told_a_page_at_a_time(desk):
    given = [authorisation(f"S-{number:03d}") for number in range(60)]
    policy.put_authorisations(desk.database, TENANT, given)
    page = desk.get("/returns")
    onward = re.search(r'rel="next" href="([^"]+)"', page)[1]
    rest = desk.get(onward)
    assert "S-059" not in page
    assert "S-059" in rest
    assert 'rel="next"' not in rest


def test_one_is_extended_and_its_shop_hears_of_it(centre, desk):
    desk.send("/returns/R-1", "/returns/R-1/extend", until="2026-07-01")
    assert str(standing(centre).expires_at) == "2026-07-01 23:59:59+00:00"
    [event] = centre.rows(merchant_events)
    assert (event["type"], event["merchant_id"]) == ("return.extended", "linden")
    [noted] = [row for row in centre.rows(office_audit) if row["what"].startswith("returns.")]
    assert (noted["person"], noted["what"], noted["subject"]) == ("ada", "returns.extended", "R-1")
    for slip in ("2026-02-31", "", "2020-01-01"):
        told = desk.send("/returns/R-1", "/returns/R-1/extend", until=slip)
        assert told.status_code == 422


def test_one_is_cancelled_with_a_reason_and_stays_so(centre, desk):
    told = desk.send("/returns/R-1", "/returns/R-1/cancel", reason="Ordered twice")
    page = html.unescape(told.text)
    assert "Cancelled" in page
    assert standing(centre).state == "cancelled"
    assert 'action="/returns/R-1/cancel"' not in page
    assert 'action="/returns/R-1/extend"' not in page
    [noted] = [row for row in centre.rows(office_audit) if row["what"] == "returns.cancelled"]
    assert "Ordered twice" in noted["after"]


def test_what_was_dropped_cannot_be_cancelled(centre, desk, kiosk, drop_of):
    csrf = re.search(r'name="csrf" value="(\w+)"', desk.get("/returns/R-1"))[1]
    kiosk.push(kiosk.record(drop_of("R-1")))
    page = desk.get("/returns/R-1")
    assert "/drops/" in page
    assert 'action="/returns/R-1/cancel"' not in page
    told = desk.post("/returns/R-1/cancel", csrf=csrf, reason="no")
    assert told.status_code == 422
    assert "were dropped" in html.unescape(told.text)
    assert standing(centre).state == "authorised"
    listed = re.sub(r"\s+", " ", desk.get("/returns"))
    assert listed.count(">Dropped<") == 1
    assert listed.count(">May be brought<") == 1 + 1  # the other one's, and the choice of states


def test_a_shops_person_sees_its_own_and_changes_nothing(centre, desk):
    oak = sits(centre.url, centre.database, centre.clock, "oak", *tuple(Role))
    bind = people.update().where(people.c.name == "oak").values(merchant_id="oak")
    centre.database.write(lambda c: c.execute(bind))
    page = oak.get("/returns?merchant=linden")
    assert "R-2" in page
    assert "R-1" not in page
    oak.get("/returns/R-1", 404)
    own = oak.get("/returns/R-2")
    assert 'action="/returns/R-2/cancel"' not in own
    csrf = re.search(r'name="csrf" value="(\w+)"', own)[1]
    assert oak.post("/returns/R-2/cancel", csrf=csrf, reason="x").status_code == 403
