"""A site's book goes out: checked, numbered, signed; and its people change at once."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.domain.codes import parse
from kiosk.domain.codes.model import BadgeCode
from kiosk.domain.counter.commands import Role
from kiosk.domain.staff import badges
from kiosk.seal import pins
from kiosk.seal.keys import SigningKey
from sync.central.counter_book import checking, houses, people, peppers, publishing
from sync.central.counter_book.checking import Found
from sync.central.counter_book.publishing import NotPublished, Why
from sync.central.counter_book.roster import members_of
from sync.central.database import Database
from sync.central.tables import counter_books, counter_peppers, office_audit
from sync.wire import counter_book as wire
from sync.wire.counter_book import Opened
from tests.sync.conftest import BUNDLE_KEY, IDS, TENANT, Centre
from tests.sync.counter_book.conftest import BY, HOUSE, SITE


@pytest.fixture
def centre(on_sqlite, clock, without_server):
    database = Database(on_sqlite)
    yield Centre(without_server, database, clock)
    database.close()


def newest(centre) -> Opened:
    row = centre.rows(counter_books)[-1]
    found = wire.open_book(row["envelope"], {BUNDLE_KEY.kid: BUNDLE_KEY.public})
    assert isinstance(found, Opened)
    return found


def test_a_book_has_people_shelves_and_rules_and_a_number_of_its_own(desk, centre) -> None:
    desk.add("Ada", Role.SUPERVISOR)
    first = desk.publish()
    assert (first.number, first.site, len(first.members)) == (1, SITE, 1)
    assert newest(centre).data["house"]["shelves"][0]["shelf_id"] == "A1"
    second = desk.publish(msgspec.structs.replace(HOUSE, language="de"))
    assert second.number == 2
    assert [row["what"] for row in centre.rows(office_audit)].count("counter.published") == 2


def test_whoever_is_added_is_in_the_next_book_with_a_badge_and_a_pin_of_their_own(
    desk, centre
) -> None:
    desk.publish()
    card = desk.add("Grace")
    told = newest(centre)
    assert told.head.number == 2
    (member,) = told.data["members"]
    badge = parse(card.badge, card.badge.encode(), "")
    assert isinstance(badge, BadgeCode)
    with centre.database.reading() as c:
        pepper = peppers.newest_pepper(c, TENANT, SITE)
    assert pepper is not None
    assert member["badge"] == badges.digest(badge, pepper.secret)
    assert pins.matches(member["verifier"], card.pin)
    assert member["must_choose_pin"]
    # Neither is kept, nor told to anybody but whoever holds the card.
    rows = repr(centre.rows(office_audit)) + repr(card)
    assert card.pin not in rows
    assert badge.secret not in rows


def test_whoever_is_revoked_is_out_with_the_next_book_and_their_secrets_are_gone(
    desk, centre
) -> None:
    card = desk.add("Grace")
    desk.publish()
    assert people.revoke(desk.do, card.staff_id) is None
    (member,) = newest(centre).data["members"]
    assert not member["active"]
    assert member["badge"] == member["verifier"] == ""


def test_a_new_start_pin_is_a_new_round_and_a_new_badge_makes_the_old_one_nothing(
    desk, centre
) -> None:
    card = desk.add("Grace")
    desk.publish()
    before = newest(centre).data["members"][0]
    again = people.issue(desk.do, card.staff_id, badge=False, pin=True)
    assert isinstance(again, people.Card)
    after = newest(centre).data["members"][0]
    assert after["pin_round"] == before["pin_round"] + 1
    assert after["badge"] == before["badge"]
    assert not pins.matches(after["verifier"], card.pin)
    people.issue(desk.do, card.staff_id, badge=True, pin=False)
    assert newest(centre).data["members"][0]["badge"] != before["badge"]


def test_without_a_key_here_a_change_waits_and_is_seen_to(desk, centre) -> None:
    desk.publish()
    keyless = people.Changing(centre.database, centre.clock, IDS, BY, None)
    card = people.add(keyless, "Grace", frozenset({Role.ASSOCIATE}), frozenset({SITE}))
    assert isinstance(card, people.Card)
    with centre.database.reading() as c:
        assert publishing.waits(c, TENANT, SITE)
    made = publishing.publish(centre.database, centre.clock, BUNDLE_KEY, BY, SITE, "")
    assert not isinstance(made, NotPublished)
    with centre.database.reading() as c:
        assert not publishing.waits(c, TENANT, SITE)


def test_nothing_goes_out_that_kiosks_would_not_believe_or_could_not_work_with(
    desk, centre
) -> None:
    database, clock = centre.database, centre.clock
    seen = desk.draft(HOUSE)
    strange = SigningKey("stranger", bytes(32))

    def publish(key=BUNDLE_KEY, seen=seen):
        return publishing.publish(database, clock, key, BY, SITE, seen)

    assert publish(key=strange) == NotPublished(Why.KEY)
    assert publish(seen="") == NotPublished(Why.OVERTAKEN)
    empty = desk.draft(msgspec.structs.replace(HOUSE, carriers=()))
    assert publish(seen=empty) == NotPublished(Why.UNFIT)
    assert centre.rows(counter_books) == []


def test_a_check_names_what_is_wrong(desk, centre) -> None:
    shelf = wire.ShelfTold(shelf_id="B1", room=0, carriers=("ups",))
    house = msgspec.structs.replace(
        HOUSE, shelves=(shelf,), opening=wire.OpeningTold(zone="Mars/Olympus")
    )
    desk.add("Grace")
    with centre.database.reading() as c:
        found = checking.problems(house, members_of(c, TENANT, SITE))
    names = {one.found: one.names for one in found}
    assert names[Found.STRANGE_CARRIER] == ("ups",)
    assert names[Found.NO_ROOM] == ("B1",)
    assert "house.opening.zone" in names[Found.UNREAD]
    assert {Found.NEVER_OPEN, Found.NO_WAY_BACK, Found.NO_SUPERVISOR} <= set(names)
    assert found[0].stops


def test_two_who_change_the_draft_do_not_lose_each_others_work(desk, centre) -> None:
    seen = desk.draft(HOUSE)

    def change(language: str) -> object:
        def how(house: wire.HouseTold) -> wire.HouseTold:
            return msgspec.structs.replace(house, language=language)

        return houses.change(centre.database, centre.clock, BY, SITE, "x", how, seen)

    assert isinstance(change("de"), houses.House)
    assert isinstance(change("fr"), houses.Overtaken)


def test_a_changed_secret_stands_beside_the_old_one_until_no_badge_needs_it(desk, centre) -> None:
    card = desk.add("Grace")
    desk.publish()
    now, write = centre.clock.now(), centre.database.write
    centre.clock.advance(days=1)
    later = centre.clock.now()
    assert write(lambda c: peppers.change(c, IDS, later, BY, SITE)) is not None
    assert write(lambda c: peppers.change(c, IDS, later, BY, SITE)) is None
    assert not write(lambda c: peppers.retire(c, now, BY, SITE))
    people.issue(desk.do, card.staff_id, badge=True, pin=False)
    assert len(newest(centre).head.peppers) == 2
    assert write(lambda c: peppers.retire(c, now, BY, SITE))
    with centre.database.reading() as c:
        assert len(peppers.in_use(c, TENANT, SITE)) == 1
    assert len(centre.rows(counter_peppers)) == 2


def test_a_site_has_one_counter(desk, centre) -> None:
    def begin(site: str) -> bool:
        now = centre.clock.now()
        return centre.database.write(lambda c: houses.begin(c, IDS, now, BY, site))

    assert not begin(SITE)
    assert not begin("")
    assert begin("Street 2")
    with centre.database.reading() as c:
        assert houses.sites(c, TENANT) == (SITE, "Street 2")


def test_a_badge_of_one_site_is_unknown_at_another(desk, centre) -> None:
    desk.begin("Street 2")
    card = desk.add("Grace")
    both = frozenset({SITE, "Street 2"})
    assert people.set_rights(desk.do, card.staff_id, frozenset({Role.ASSOCIATE}), both) is None
    with centre.database.reading() as c:
        grace = people.one(c, TENANT, card.staff_id)
    assert grace is not None
    assert grace.badges == (SITE,)
    assert grace.state(int(centre.clock.now().timestamp())) == "no_card"


@pytest.mark.parametrize(
    ("name", "roles", "sites", "why"),
    [
        (" ", {Role.ASSOCIATE}, {SITE}, people.NotDone.NO_NAME),
        ("x" * 61, {Role.ASSOCIATE}, {SITE}, people.NotDone.LONG_NAME),
        ("Grace", set(), {SITE}, people.NotDone.NO_ROLE),
        ("Grace", {Role.HOUSE}, {SITE}, people.NotDone.NO_ROLE),
        ("Grace", {Role.ASSOCIATE}, set(), people.NotDone.NO_SITE),
        ("Grace", {Role.ASSOCIATE}, {"Nowhere"}, people.NotDone.NO_SITE),
    ],
)
def test_nobody_is_added_without_a_name_a_role_and_a_place(desk, name, roles, sites, why) -> None:
    assert people.add(desk.do, name, frozenset(roles), frozenset(sites)) is why
