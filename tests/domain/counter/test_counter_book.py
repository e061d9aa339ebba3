"""A counter book is read part by part, and what cannot be read fails closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kiosk.domain.counter.book import Book, read_book
from kiosk.domain.counter.book_parts import KEEP
from kiosk.domain.counter.commands import Role
from kiosk.domain.counter.holding import Counts, Hold, last_day
from kiosk.domain.counter.proving import SUPERVISED, Proof, rule_for
from kiosk.domain.counter.shop import Shop
from kiosk.domain.staff.permits import Amount, Limited
from kiosk.domain.staff.pins import PinRule
from kiosk.domain.staff.sessions import Times

ISSUED = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
ADA = {"staff_id": "1001", "name": "Ada", "roles": ["associate"], "active": True}
HOUSE: dict[str, Any] = {
    "sign_in": {"badge_alone": ["associate"], "pin_alone": []},
    "pins": {"least": 8, "most": 10},
    "times": {"idle": 120},
    "limits": [{"limited": "drop_value", "minor": 5000, "currency": "EUR"}],
    "hold": {"days": 10},
    "carriers": [
        {
            "carrier": "dhl",
            "name": "DHL",
            "proof": {"ask": ["code"], "proxies": True},
            "hold": {"days": 5, "counts": "working_days", "remind": [1]},
            "room": 40,
        }
    ],
    "opening": {
        "zone": "Europe/Berlin",
        "closes": [{"weekday": 0, "at": "18:00"}],
        "holidays": ["2026-05-11", "12-25"],
    },
    "shelves": [{"shelf_id": "A1", "zone": "A", "room": 12, "sizes": ["small"]}],
    "language": "de",
}


def read(house: Mapping[str, Any] | None = None, members: object = (ADA,)) -> Book:
    return read_book(7, ISSUED, {"members": members, "house": {**HOUSE, **(house or {})}})


def test_a_good_book_says_all_that_a_counter_goes_by() -> None:
    book = read()
    assert book.doubts == ()
    assert book.roster.number == 7
    assert [one.name for one in book.roster.members] == ["Ada"]
    assert book.sign_in.badge_alone == {Role.ASSOCIATE}
    assert book.sign_in.pin_alone == frozenset()
    assert book.pins == PinRule(8, 10)
    assert book.times == Times(idle=120)
    assert book.limits.alone == {Limited.DROP_VALUE: Amount(5000, "EUR")}
    assert book.rules.hold_of("gls") == Hold(days=10)
    assert book.rules.hold_of("dhl") == Hold(5, Counts.WORKING_DAYS, (1,))
    assert rule_for(book.rules.proofs, "dhl").asks == {Proof.CODE}
    assert book.carriers["dhl"].room == 40
    assert [one.shelf_id for one in book.shelves] == ["A1"]
    assert book.language == "de"
    # The next Monday is a holiday, the one after it is not.
    assert last_day(Hold(days=5), date(2026, 5, 4), book.rules.opening) == date(2026, 5, 18)


@pytest.mark.parametrize(
    "member",
    [
        "Ada",
        {**ADA, "staff_id": ""},
        {**ADA, "roles": ["owner"]},
        {**ADA, "roles": ["house"]},
        {**ADA, "active": "yes"},
        {**ADA, "pin_round": -1},
        {**ADA, "must_choose_pin": 0.5},
    ],
)
def test_who_cannot_be_read_cannot_sign_in(member: object) -> None:
    book = read(members=[member])
    assert book.roster.members == ()
    assert book.doubts[0] == "members.0"


def test_whose_end_cannot_be_read_has_ended() -> None:
    member = read(members=[{**ADA, "until": "soon"}]).roster.members[0]
    assert not member.works_at(1)
    late = read(members=[{**ADA, "not_before": "soon"}]).roster.members[0]
    assert not late.works_at(1_800_000_000)


def test_a_role_that_is_not_known_grants_nothing() -> None:
    member = read(members=[{**ADA, "roles": ["associate", "owner"]}]).roster.members[0]
    assert member.roles == {Role.ASSOCIATE}


@pytest.mark.parametrize("told", ["badge", {"badge_alone": "associate", "pin_alone": ["owner"]}])
def test_a_sign_in_rule_that_cannot_be_read_asks_for_both(told: object) -> None:
    book = read({"sign_in": told})
    assert book.sign_in.badge_alone == book.sign_in.pin_alone == frozenset()
    assert book.doubts


def test_a_supervisor_is_never_let_off() -> None:
    book = read({"sign_in": {"badge_alone": ["associate", "supervisor"]}})
    assert book.sign_in.badge_alone == {Role.ASSOCIATE}
    assert book.doubts == ("house.sign_in.badge_alone",)


@pytest.mark.parametrize(
    ("part", "told"),
    [("pins", {"least": 4}), ("times", {"idle": 1}), ("times", {"absolute": 1 << 40})],
)
def test_a_rule_weaker_than_any_is_as_usual(part: str, told: object) -> None:
    book = read({part: told})
    assert book.pins.least >= 6
    assert book.times.idle >= 30
    assert book.times.absolute <= 16 * 3600
    assert book.doubts


@pytest.mark.parametrize(
    "told",
    [
        {"limited": "drop_value", "minor": -1, "currency": "EUR"},
        {"limited": "drop_value", "minor": 5000, "currency": ""},
        {"limited": "drop_value", "minor": "5000", "currency": "EUR"},
        {"limited": "all", "minor": 5000, "currency": "EUR"},
    ],
)
def test_a_limit_that_cannot_be_read_is_not_set(told: object) -> None:
    assert read({"limits": [told]}).limits.alone == {}
    assert read({"limits": [*HOUSE["limits"], *HOUSE["limits"]]}).limits.alone == {}


@pytest.mark.parametrize("proof", [None, "code", {"ask": ["retina"]}, {"ask": ["code"], "new": 1}])
def test_a_proof_that_cannot_be_read_asks_a_supervisor(proof: object) -> None:
    book = read({"carriers": [{"carrier": "dhl", "proof": proof}]})
    assert Proof.SUPERVISOR in rule_for(book.rules.proofs, "dhl").asks
    assert "house.carriers.0.proof" in book.doubts
    assert rule_for(book.rules.proofs, "gls") == SUPERVISED


@pytest.mark.parametrize(
    "hold", ["long", {"days": "7"}, {"days": -1}, {"counts": "moons"}, {"remind": [-1]}]
)
def test_a_hold_period_that_cannot_be_read_keeps_parcels(hold: object) -> None:
    carrier = {"carrier": "dhl", "proof": {"ask": ["code"]}, "hold": hold}
    assert read({"carriers": [carrier]}).rules.hold_of("dhl") == KEEP
    assert read({"hold": hold}).rules.hold_of("gls") == KEEP


@pytest.mark.parametrize(
    "opening",
    [
        None,
        {"zone": "Mars/Olympus"},
        {"zone": "../../etc/passwd"},
        {"zone": "Europe/Berlin", "closes": [{"weekday": 9, "at": "18:00"}]},
        {"zone": "Europe/Berlin", "closes": [{"weekday": 0, "at": "18+01"}]},
    ],
)
def test_hours_that_cannot_be_read_keep_parcels(opening: object) -> None:
    book = read({"opening": opening})
    assert book.doubts
    assert last_day(Hold(), date(2026, 5, 4), book.rules.opening) > date(2026, 6, 30)


def test_a_shelf_that_cannot_be_read_is_not_there() -> None:
    good = {"shelf_id": "A1", "room": 3}
    book = read({"shelves": [good, {"shelf_id": ""}, {"shelf_id": "A2", "carriers": 3}, 4, good]})
    assert [one.shelf_id for one in book.shelves] == ["A1"]
    assert {"house.shelves.1", "house.shelves.2", "house.shelves.3"} <= set(book.doubts)


def test_a_shop_takes_its_shelves_from_the_book_and_loses_those_that_are_gone() -> None:
    shop = Shop()
    for fact in read().shelf_facts():
        shop.apply(fact)
    assert shop.shelves["A1"].room == 12
    later = read_book(8, datetime(2026, 5, 5, tzinfo=UTC), {"house": {}})
    for fact in later.shelf_facts(shelf.shelf_id for shelf in shop.shelves):
        shop.apply(fact)
    assert shop.shelves["A1"].room == 0


def test_nothing_at_all_is_a_book_that_lets_nobody_in() -> None:
    book = read_book(1, ISSUED, {})
    assert book.roster.members == ()
    assert book.shelves == ()
    assert book.rules.proofs == {}
