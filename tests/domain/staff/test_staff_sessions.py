"""One person at a screen: time-outs, switching, jobs laid aside, the wipe."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.counter import commands as ask
from kiosk.domain.staff.facts import Ended, StaffSessionEnded, StaffSignedIn
from kiosk.domain.staff.permits import Act, Allowed, Answer, DeskAct, Limits
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.domain.staff.sessions import (
    ALL,
    Aside,
    Change,
    Screen,
    Times,
    entered,
    left,
    looked,
    may_act,
    touched,
    trained,
    working,
)
from tests.domain.staff.team import (
    ANNA,
    BEN,
    EVE,
    MONDAY,
    NEW,
    TEAM,
    TIMES,
    at_work,
    changed,
    proven,
)

SHIFT = Times(idle=300, absolute=1000, aside=600)
GONE = changed(TEAM, "anna", active=False)


def anna_at(job: str = "") -> Screen:
    return working(at_work(ANNA), job)


def asks(screen: Screen, act: Act, at: int = MONDAY) -> Answer:
    return may_act(screen, act, TIMES, TEAM, Limits(), at)


def test_a_session_that_is_used_lasts_until_the_shift_is_over() -> None:
    screen, ended = anna_at(), []
    for at in range(MONDAY, MONDAY + 1300, 299):
        change = looked(screen, SHIFT, TEAM, at)
        screen = touched(change.screen, at)
        ended += [(at, fact) for fact in change.facts]
    assert ended == [(MONDAY + 1196, StaffSessionEnded("anna", Ended.ABSOLUTE))]


def test_a_session_that_nobody_touches_ends_and_its_job_waits() -> None:
    screen = touched(anna_at("receive-3"), MONDAY + 10)
    assert looked(screen, SHIFT, TEAM, MONDAY + 309) == Change(screen)
    change = looked(screen, SHIFT, TEAM, MONDAY + 310)
    assert change == Change(
        Screen(None, (Aside("anna", "receive-3", MONDAY + 310),)),
        ALL,
        (),
        (StaffSessionEnded("anna", Ended.IDLE),),
    )


def test_a_touch_does_not_bring_back_what_is_over_nor_go_back_in_time() -> None:
    assert touched(Screen(), MONDAY) == Screen()
    assert working(Screen(), "job") == Screen()
    assert touched(anna_at(), MONDAY - 50) == anna_at()


def test_another_badge_ends_the_session_and_lays_its_job_aside() -> None:
    change = entered(anna_at("shelve-1"), proven(BEN, MONDAY + 5), TIMES, TEAM)
    session = change.screen.session
    assert session is not None
    assert (session.staff_id, session.job) == ("ben", "")
    assert change.screen.aside == (Aside("anna", "shelve-1", MONDAY + 5),)
    assert change.wipe == ALL
    assert change.facts == (
        StaffSessionEnded("anna", Ended.SWITCHED),
        StaffSignedIn("ben", badge=True, pin=True, roster=7),
    )


def test_a_job_goes_on_under_its_owner_alone() -> None:
    screen = at_work(BEN, screen=anna_at("shelve-1"))
    back = entered(screen, proven(ANNA, MONDAY + 60), TIMES, TEAM)
    session = back.screen.session
    assert session is not None
    assert (session.staff_id, session.job, back.screen.aside) == ("anna", "shelve-1", ())


def test_a_job_that_waited_too_long_is_given_up() -> None:
    screen = at_work(BEN, screen=anna_at("shelve-1"))
    assert looked(screen, Times(idle=9999), TEAM, MONDAY + 599).abandoned == ()
    change = looked(screen, Times(idle=9999), TEAM, MONDAY + 600)
    assert (change.abandoned, change.screen.aside) == (("shelve-1",), ())


def test_what_one_did_last_is_given_up_once_at_a_late_sign_in() -> None:
    """A session that had timed out, and a job that had waited too long, when the next one comes."""
    screen = working(at_work(BEN, screen=anna_at("shelve-1")), "bag-2")
    change = entered(screen, proven(EVE, MONDAY + 5000), TIMES, TEAM)
    assert change.abandoned == ("shelve-1",)
    assert change.screen.aside == (Aside("ben", "bag-2", MONDAY + 5000),)
    ended = [fact.ended for fact in change.facts if isinstance(fact, StaffSessionEnded)]
    assert ended == [Ended.IDLE]


def test_signing_in_over_ones_own_session_goes_on_with_it() -> None:
    change = entered(anna_at("shelve-1"), proven(ANNA, MONDAY + 100), TIMES, TEAM)
    session = change.screen.session
    assert session is not None
    assert (session.began, session.job, change.wipe) == (MONDAY + 100, "shelve-1", frozenset())


def test_who_signs_out_leaves_no_job() -> None:
    change = left(anna_at("shelve-1"), Ended.SIGNED_OUT, MONDAY)
    assert (change.screen, change.abandoned, change.wipe) == (Screen(), ("shelve-1",), ALL)
    assert left(Screen(), Ended.SIGNED_OUT, MONDAY) == Change(Screen())


def test_who_is_revoked_finishes_nothing() -> None:
    screen = anna_at("hand-out-4")
    assert may_act(screen, ask.HandOut, TIMES, GONE, Limits(), MONDAY) == Refused(
        Because.SESSION_OVER, Then.SIGN_IN, {"ended": "revoked"}
    )
    change = looked(screen, TIMES, GONE, MONDAY)
    assert (change.screen, change.abandoned) == (Screen(), ("hand-out-4",))
    aside = at_work(BEN, screen=screen)
    assert looked(aside, TIMES, GONE, MONDAY).abandoned == ("hand-out-4",)


@pytest.mark.parametrize("job", ["", "shelve-1"])
@pytest.mark.parametrize("why", list(Ended))
def test_between_two_people_everything_is_wiped(why: Ended, job: str) -> None:
    assert left(anna_at(job), why, MONDAY).wipe == ALL
    assert entered(left(anna_at(job), why, MONDAY).screen, proven(BEN), TIMES, TEAM).wipe == ALL


def test_nobody_signed_in_may_nothing() -> None:
    for act in (ask.Shelve, DeskAct.REPRINT, DeskAct.ENGINEER_PAGES):
        answer = asks(Screen(), act)
        assert isinstance(answer, Refused)
        assert answer.because is Because.SESSION_OVER


def test_who_has_no_pin_of_their_own_chooses_one_first() -> None:
    answer = asks(at_work(NEW), ask.Shelve)
    assert answer == Refused(Because.PIN_TO_CHOOSE, Then.CHOOSE_PIN)


def test_a_role_that_is_taken_away_is_gone_at_the_next_act() -> None:
    assert asks(at_work(BEN), DeskAct.UNLOCK) == Allowed()
    demoted = changed(TEAM, "ben", roles=ANNA.roles)
    answer = may_act(at_work(BEN), DeskAct.UNLOCK, TIMES, demoted, Limits(), MONDAY)
    assert answer == Refused(Because.NOT_ALLOWED, Then.ASK_SUPERVISOR)


def test_training_begins_and_ends_with_empty_hands() -> None:
    begun = trained(anna_at("shelve-1"), True, MONDAY + 9)
    assert begun.screen.session is not None
    assert begun.screen.session.training
    assert (begun.abandoned, begun.wipe, begun.screen.aside) == (("shelve-1",), ALL, ())
    assert trained(begun.screen, True, MONDAY + 9) == Change(begun.screen)
    ended = trained(begun.screen, False, MONDAY + 9)
    assert ended.screen == touched(anna_at(), MONDAY + 9)
    assert trained(Screen(), True, MONDAY) == Change(Screen())


def test_practice_is_never_laid_aside_nor_gone_on_with() -> None:
    practice = working(trained(anna_at(), True, MONDAY).screen, "made-up-1")
    switched = entered(practice, proven(BEN), TIMES, TEAM)
    assert (switched.abandoned, switched.screen.aside) == (("made-up-1",), ())
    again = entered(practice, proven(ANNA), TIMES, TEAM)
    assert again.screen == at_work(ANNA)
    assert again.wipe == ALL


@pytest.mark.parametrize("act", [DeskAct.UNLOCK, DeskAct.SECOND])
def test_what_touches_real_people_cannot_be_practised(act: Act) -> None:
    screen = trained(at_work(BEN), True, MONDAY).screen
    assert asks(screen, act) == Refused(Because.IN_TRAINING, Then.LEAVE_TRAINING)
    session = screen.session
    assert session is not None
    assert asks(replace(screen, session=replace(session, training=False)), act) == Allowed()
