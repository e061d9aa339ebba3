"""Doing what a rule forbids: a reason, and somebody else who signs for just this."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from kiosk.domain import canonical
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.commands import Role
from kiosk.domain.staff.facts import STAFF_FACTS, Overridden
from kiosk.domain.staff.overrides import LONGEST_NOTE, Approval, Wanted, may_override
from kiosk.domain.staff.people import Member, Roster
from kiosk.domain.staff.permits import Amount, DeskAct, Limited, Limits, Needs
from kiosk.domain.staff.saying import Because, Refused
from kiosk.domain.staff.sessions import Screen
from tests.domain.staff.team import (
    ANNA,
    BEN,
    CARA,
    MONDAY,
    NEW,
    TEAM,
    TIMES,
    at_work,
    changed,
    proven,
)

SMALL, LARGE = Amount(40_00, "EUR"), Amount(400_00, "EUR")
LIMITS = Limits({Limited.OVERRIDE_VALUE: Amount(100_00, "EUR")})
WANTED = Wanted(DeskAct.OVERRIDE, "D-17", "goodwill", "third time", LARGE)
NOW = MONDAY + 30


def answer(
    wanted: Wanted = WANTED,
    second: Approval | None = None,
    by: Member = BEN,
    roster: Roster = TEAM,
    at: int = NOW,
) -> Overridden | Needs | Refused:
    return may_override(at_work(by), wanted, TIMES, roster, LIMITS, at, second)


def approval(member: Member = CARA, wanted: Wanted = WANTED, **proof: bool) -> Approval:
    return Approval(proven(member, **proof), wanted.act, wanted.about, wanted.amount)


def refused(got: Overridden | Needs | Refused) -> Because:
    assert isinstance(got, Refused), got
    return got.because


def test_up_to_the_limit_a_supervisor_is_enough() -> None:
    assert answer(replace(WANTED, amount=SMALL)) == Overridden(
        "override", "D-17", "goodwill", "third time", "ben", "", 40_00, "EUR", 100_00
    )


def test_above_it_somebody_else_signs() -> None:
    assert answer() == Needs(Role.SUPERVISOR)
    assert answer(second=approval()) == Overridden(
        "override", "D-17", "goodwill", "third time", "ben", "cara", 400_00, "EUR", 100_00
    )


def test_an_associate_always_has_a_supervisor_beside_them() -> None:
    wanted = replace(WANTED, amount=SMALL)
    assert answer(wanted, by=ANNA) == Needs(Role.SUPERVISOR)
    assert isinstance(answer(wanted, approval(BEN, wanted), by=ANNA), Overridden)


def test_a_command_that_needs_two_is_signed_for_in_the_same_way() -> None:
    wanted = Wanted(ask.ReopenContainer, "C-9", "taken_by_mistake")
    assert answer(wanted, approval(BEN, wanted), by=ANNA) == Overridden(
        "ReopenContainer", "C-9", "taken_by_mistake", "", "anna", "ben", None, "", None
    )


def test_a_drop_of_unknown_value_is_voided_by_two() -> None:
    wanted = Wanted(ask.VoidDrop, "B-1", "customer_changed_mind")
    assert answer(wanted) == Needs(Role.SUPERVISOR)


ROSTER_WITHOUT_CARA = changed(TEAM, "cara", active=False)
OTHER_THING = replace(WANTED, about="D-18")
OTHER_AMOUNT = replace(WANTED, amount=Amount(399_00, "EUR"))


@pytest.mark.parametrize(
    ("second", "because"),
    [
        (approval(BEN), Because.SECOND_IS_THE_SAME),
        (approval(ANNA), Because.SECOND_NOT_ALLOWED),
        (approval(NEW), Because.SECOND_NOT_ALLOWED),
        (approval(replace(CARA, staff_id="gone")), Because.SECOND_NOT_ALLOWED),
        (approval(badge=False), Because.SECOND_WITHOUT_PROOF),
        (approval(pin=False), Because.SECOND_WITHOUT_PROOF),
        (approval(wanted=OTHER_THING), Because.SECOND_FOR_SOMETHING_ELSE),
        (approval(wanted=OTHER_AMOUNT), Because.SECOND_FOR_SOMETHING_ELSE),
    ],
)
def test_a_signature_that_is_not_good_for_this(second: Approval, because: Because) -> None:
    assert refused(answer(second=second)) is because


def test_a_second_person_who_was_revoked_meanwhile() -> None:
    got = answer(second=approval(), roster=ROSTER_WITHOUT_CARA)
    assert refused(got) is Because.SECOND_NOT_ALLOWED


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (60, True), (61, False), (-1, False)])
def test_a_signature_is_good_for_a_minute(seconds: int, good: bool) -> None:
    second = replace(approval(), by=proven(CARA, NOW - seconds))
    got = answer(second=second)
    assert isinstance(got, Overridden) is good
    assert good or refused(got) is Because.SECOND_TOO_LATE


@pytest.mark.parametrize(
    ("wanted", "because"),
    [
        (replace(WANTED, reason=""), Because.REASON_MISSING),
        (replace(WANTED, reason="because"), Because.REASON_MISSING),
        (replace(WANTED, reason="other", note="  "), Because.NOTE_MISSING),
        (replace(WANTED, note="x" * (LONGEST_NOTE + 1)), Because.NOTE_TOO_LONG),
        (replace(WANTED, note="one\ntwo"), Because.NOTE_NOT_PLAIN),
        (replace(WANTED, note="\x1b[2J"), Because.NOTE_NOT_PLAIN),
        (replace(WANTED, amount=Amount(-1, "EUR")), Because.AMOUNT_NOT_GOOD),
        (replace(WANTED, amount=Amount(1, "")), Because.AMOUNT_NOT_GOOD),
    ],
)
def test_without_a_good_reason_nobody_is_asked_to_sign(wanted: Wanted, because: Because) -> None:
    assert refused(answer(wanted)) is because


def test_without_a_session_there_is_no_override() -> None:
    got = may_override(Screen(), WANTED, TIMES, TEAM, LIMITS, NOW, approval())
    assert refused(got) is Because.SESSION_OVER


def test_what_a_member_may_not_at_all_no_second_person_mends() -> None:
    wanted = Wanted(ask.IssueCode, "P-1", "goodwill")
    assert refused(answer(wanted, approval(wanted=wanted))) is Because.NOT_ALLOWED


def test_facts_of_staff_are_words_and_whole_numbers_without_secrets() -> None:
    for name, kind in STAFF_FACTS.items():
        assert name.startswith("takeback.staff.")
        assert name.endswith(".v1")
        types = {one.type for one in fields(kind)}
        assert types <= {"str", "int", "bool", "int | None"}, kind
        assert not {one.name for one in fields(kind)} & {"verifier", "badge_digest", "name"}
    got = answer(replace(WANTED, amount=SMALL))
    canonical.encode({one.name: getattr(got, one.name) for one in fields(Overridden)})
