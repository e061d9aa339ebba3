"""The pages of counters: a shop is set up, its people get cards, and what is wrong is said."""

from __future__ import annotations

import re

import pytest

from kiosk.domain.counter.commands import Role as StaffRole
from sync.central.counter_book import houses, people
from sync.central.database import Database
from sync.central.people import create_admin
from sync.central.roles import Role
from sync.central.serve import CentralServer
from sync.central.tables import counter_books, counter_members, tenants
from tests.sync.conftest import BUNDLE_KEY, IDS, TENANT, Centre
from tests.sync.counter_book.conftest import SITE, Desk
from tests.sync.people.conftest import PASSWORD
from tests.sync.test_forms_say_what_is_wrong import Form, Reader, says_so

CARRIER = {"carrier": "DHL", "shown": "DHL Paket", "room": "40", "ask": "code", "age": "18"}
RULES = {"least": "6", "most": "12", "idle": "5", "absolute": "10", "aside": "10"}
HOLD = {"days": "7", "counts": "days", "remind": "2, 0", "extend_by": "7", "extensions": "1"}
SHELVES = {"pattern": "A1..A20", "zone": "Hall", "room": "25"}
HOURS = {"zone": "Europe/Berlin", "closes-0": "18:30", "weekend": "6", "holidays": "12-25"}


@pytest.fixture
def centre(on_sqlite, clock):
    """One whose back office can sign."""
    database = Database(on_sqlite)
    server = CentralServer(on_sqlite, clock, IDS, bundle_keys={TENANT: BUNDLE_KEY})
    server.start()
    yield Centre(server, database, clock)
    server.stop()
    database.close()


@pytest.fixture
def office(centre):
    create_admin(centre.database, IDS, TENANT, "ada", PASSWORD, roles=tuple(Role))
    made = Reader(centre)
    made.sign_in()
    yield made
    made.session.close()


def house(centre):
    with centre.database.reading() as c:
        found = houses.load(c, TENANT, SITE)
    assert found is not None
    return found


def test_a_counter_is_set_up_page_by_page_and_published(office, centre):
    office.look("/counters")
    assert "No site has a staffed counter yet." in office.page
    office.send("/counters", site=SITE)
    assert office.at == "/counters/site?site=Street%201"
    assert "this counter cannot be opened" in office.page
    office.send("/counters/shelves", site=SITE, **SHELVES, returns="on")
    office.send("/counters/shelves", site=SITE, pattern="B1, B2", room="5", size="small")
    office.send("/counters/shelves/remove", site=SITE, gone="A11..A20")
    office.send("/counters/carriers", site=SITE, **CARRIER)
    office.send("/counters/hours", site=SITE, **HOURS)
    office.send("/counters/rules", site=SITE, **RULES, **HOLD, drop_value="150,00", currency="EUR")
    told = house(centre).shown
    assert len(told.shelves) == 12
    assert told.shelves[0].returns
    assert told.shelves[-1].sizes == ("small",)
    assert told.carriers[0].proof.ask == ("code",)
    assert [(one.weekday, one.at) for one in told.opening.closes] == [(0, "18:30")]
    assert told.limits[0].minor == 15_000
    assert told.sign_in.pin_alone == ()
    office.look("/counters/publish?site=Street%201")
    assert "Nobody works here yet." in office.page
    office.send("/counters/publish", site=SITE, seen=house(centre).digest, note="opening")
    assert office.at == "/counters/site?site=Street%201"
    assert "Version 1" in office.page
    assert "opening" in office.page
    assert house(centre).draft is None
    assert len(centre.rows(counter_books)) == 1


def test_what_is_wrong_with_a_part_stands_beside_its_field_and_the_rest_is_kept(office, centre):
    Desk(centre).begin()
    office.look("/counters/shelves?site=Street%201")
    office.send("/counters/shelves", site=SITE, pattern="A5..A1", zone="Hall", room="0")
    assert office.status == 422
    assert {"A5..A1", "Hall", "0"} <= says_so(office, "pattern", "room").kept
    office.send("/counters/shelves/remove", site=SITE, gone="Z9")
    assert "Z9" in says_so(office, "gone").kept
    wrong = {**CARRIER, **HOLD, "ask": "document", "room": "many", "remind": "soon"}
    office.send("/counters/carriers", site=SITE, own_hold="on", **wrong)
    assert says_so(office, "room", "document", "remind").kept >= {"DHL Paket", "many", "soon"}
    office.send("/counters/hours", site=SITE, **{**HOURS, "zone": "Mars", "closes-0": "6 pm"})
    assert says_so(office, "closes-0", "zone").kept >= {"Mars", "6 pm"}
    office.send("/counters/hours", site=SITE, **{**HOURS, "holidays": "Xmas"})
    says_so(office, "holidays")
    bad = {**RULES, "least": "4", "drop_value": "much", "currency": "EURO"}
    office.send("/counters/rules", site=SITE, **bad, **HOLD)
    assert says_so(office, "least", "drop_value", "currency").kept >= {"much", "4"}
    assert house(centre).shown.shelves == ()


def test_whoever_is_added_gets_a_card_that_is_shown_once(office, centre):
    desk = Desk(centre)
    desk.begin()
    desk.publish()
    office.look("/counters/people")
    office.send("/counters/people", name=" ")
    assert office.status == 422
    says_so(office, "name", "role", "at")
    office.send("/counters/people", name="Grace", role="associate", at=SITE, until="2026-06-01")
    badge, pin = re.findall(r'<code class="secret[^>]*>([^<]+)</code>', office.raw)
    assert badge.startswith("TU1:")
    assert len(pin) == 8
    assert len(centre.rows(counter_books)) == 2
    (row,) = centre.rows(counter_members)
    assert row["until"] is not None
    for path in ("/counters/people", f"/counters/person?id={row['staff_id']}", "/audit"):
        assert not {badge, pin} & set(re.findall(r"[\w:]+", office.look(path).page)), path


def test_somebody_gets_other_rights_a_new_card_and_is_revoked_and_let_in_again(office, centre):
    desk = Desk(centre)
    desk.begin()
    desk.publish()
    card = desk.add("Grace")
    whose = {"id": card.staff_id}
    office.look(f"/counters/person?id={card.staff_id}")
    office.send("/counters/person/rights", **whose, role="supervisor", at=SITE)
    office.send("/counters/person/name", **whose, name="Grace H.", until="")
    with centre.database.reading() as c:
        there = people.one(c, TENANT, card.staff_id)
    assert there is not None
    assert (there.name, there.roles) == ("Grace H.", (StaffRole.SUPERVISOR,))
    office.look(f"/counters/person?id={card.staff_id}")
    office.send("/counters/person/rights", **whose, at=SITE)
    says_so(office, "role")
    office.send("/counters/person/card", **whose, what="pin")
    assert card.pin not in office.raw
    assert "it is not shown again" in office.page
    office.look(f"/counters/person?id={card.staff_id}")
    office.send("/counters/person/revoke", **whose)
    assert "worthless everywhere" in office.page
    office.send("/counters/person/card", **whose, what="both")
    assert "Let them in again first" in office.page
    office.send("/counters/person/restore", **whose)
    assert "TU1:" in office.page


def test_another_tenants_counters_are_nobodys_business(office, centre):
    desk = Desk(centre)
    desk.begin()
    desk.publish()
    card = desk.add("Grace")
    centre.database.write(
        lambda c: c.execute(
            tenants.insert(), {"tenant": "other", "name": "Other", "audience": "other"}
        )
    )
    create_admin(centre.database, IDS, "other", "eve", PASSWORD, roles=tuple(Role))
    eve = Reader(centre)
    eve.sign_in("eve")
    assert "Street 1" not in eve.look("/counters").page
    pages = ("site", "shelves", "carriers", "hours", "rules", "publish")
    for page in (*(f"{one}?site=Street%201" for one in pages), f"person?id={card.staff_id}"):
        assert eve.look(f"/counters/{page}").status == 404, page
    eve.look("/counters/people")
    eve.send("/counters/person/revoke", id=card.staff_id)
    eve.send("/counters/shelves", site=SITE, **SHELVES)
    assert eve.status == 404
    assert centre.rows(counter_members)[0]["active"]
    assert house(centre).draft is None
    eve.session.close()


def test_a_draft_that_somebody_else_changed_does_not_go_out_unseen(office, centre):
    desk = Desk(centre)
    desk.begin()
    desk.publish()
    office.look("/counters/shelves?site=Street%201")
    office.send("/counters/shelves", site=SITE, **SHELVES)
    seen = house(centre).digest
    office.send("/counters/shelves", site=SITE, **{**SHELVES, "pattern": "C1"})
    office.look("/counters/publish?site=Street%201")
    office.send("/counters/publish", site=SITE, seen=seen)
    assert office.status == 422
    assert "Somebody changed this meanwhile" in office.page
    assert Form(office.raw).title.startswith("Error")
    office.send("/counters/discard", site=SITE, seen=house(centre).digest)
    assert house(centre).draft is None
