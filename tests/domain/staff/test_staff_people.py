"""Members, the shop's roster, and PINs chosen at the counter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.counter.commands import Role, Who
from kiosk.domain.staff.people import ChosenPin, Member, Roster, newer
from kiosk.domain.staff.pins import PinRule, weak
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.domain.staff.sessions import as_who
from tests.domain.staff.team import ANNA, BEN, EVE, MONDAY, NEW, TEAM, changed


def because(answer: object) -> Because | None:
    return answer.because if isinstance(answer, Refused) else None


def test_a_newer_roster_is_taken_and_an_older_one_never() -> None:
    came = changed(TEAM, "anna", active=False)
    assert newer(TEAM, came) is came
    assert newer(came, TEAM) == Refused(
        Because.ROSTER_OLD, Then.ASK_CENTRE, {"number": 7, "held": 8}
    )


def test_one_number_is_one_roster() -> None:
    assert newer(TEAM, Roster(7, TEAM.members)) is TEAM
    assert because(newer(TEAM, Roster(7, ()))) is Because.ROSTER_CHANGED


@pytest.mark.parametrize(
    "wrong",
    [
        replace(ANNA, staff_id=""),
        replace(ANNA, roles=frozenset()),
        replace(ANNA, roles=frozenset({Role.ASSOCIATE, Role.HOUSE})),
        replace(ANNA, staff_id="ben"),
        replace(ANNA, badge=BEN.badge),
        replace(ANNA, verifier=BEN.verifier),
    ],
)
def test_a_roster_with_shared_accounts_or_nobody_in_it_is_refused(wrong: Member) -> None:
    answer = newer(TEAM, Roster(8, (BEN, wrong)))
    assert answer == Refused(Because.ROSTER_WRONG, Then.ASK_CENTRE, {"member": wrong.staff_id})


def test_several_people_may_be_without_badge_and_pin() -> None:
    plain = [replace(one, badge="", verifier="") for one in (ANNA, BEN)]
    came = Roster(8, tuple(plain))
    assert newer(TEAM, came) is came
    assert came.of_badge("") is None


def test_a_member_works_from_until() -> None:
    temp = replace(ANNA, not_before=MONDAY, until=MONDAY + 10)
    assert [temp.works_at(MONDAY + s) for s in (-1, 0, 9, 10)] == [False, True, True, False]
    assert not replace(ANNA, active=False).works_at(MONDAY)


def test_a_pin_chosen_here_holds_until_the_centre_asks_for_a_new_one() -> None:
    chosen = [ChosenPin("nils", "pin:own", 1)]
    member = TEAM.with_pins(chosen).member("nils")
    assert member is not None
    assert (member.verifier, member.must_choose_pin) == ("pin:own", False)
    reset = changed(TEAM, "nils", pin_round=2, verifier="pin:new").with_pins(chosen)
    assert reset.member("nils") == replace(NEW, pin_round=2, verifier="pin:new")


def test_secrets_are_not_shown() -> None:
    shown = repr((TEAM, ChosenPin("nils", "pin:own", 1)))
    assert "pin:" not in shown
    assert "badge-" not in shown


def test_the_counter_knows_a_member_by_the_most_that_they_are() -> None:
    both = replace(ANNA, roles=frozenset({Role.ASSOCIATE, Role.SUPERVISOR, Role.ENGINEER}))
    assert as_who(both) == Who("anna", Role.SUPERVISOR)
    assert as_who(EVE) == Who("eve", Role.ENGINEER)


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("481620", None),
        ("48162", Because.PIN_LENGTH),
        ("4816204816203", Because.PIN_LENGTH),
        ("", Because.PIN_LENGTH),
        ("48162a", Because.PIN_NOT_DIGITS),
        ("٤٨١٦٢٠", Because.PIN_NOT_DIGITS),
        ("345678", Because.PIN_TOO_EASY),
        ("210987", Because.PIN_TOO_EASY),
        ("777777", Because.PIN_TOO_EASY),
        ("772727", Because.PIN_TOO_EASY),
        ("493493", Because.PIN_TOO_EASY),
        ("130599", Because.PIN_TOO_EASY),  # this member's own id
    ],
)
def test_a_pin_that_is_easily_guessed_is_not_taken(pin: str, why: Because | None) -> None:
    assert because(weak(pin, PinRule(), staff_id="130599")) is why
