"""People at the counter: signing in, switching, time-outs, a PIN of one's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.counter.commands import Role
from kiosk.domain.counter.meaning import BadgeScanned, ShelfScanned
from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.staff.facts import Ended, StaffSessionEnded, StaffSignedIn
from kiosk.domain.staff.people import Member, Roster
from kiosk.domain.staff.saying import Because
from kiosk.domain.staff.signing_in import SignInRule
from kiosk.flows.counter.model import Did, Key, LanguageChosen, ServiceChanged, Tone
from kiosk.flows.counter.states.desk import ChoosePin, Home, OutOfService, Pad, SignIn
from kiosk.flows.counter.states.inbound import LookingFor, Receiving
from kiosk.ports import Service, Trouble
from tests.flows.counter.fake_desk import ANNA, BEN, NILS, TEAM, secrets_of

A_JOB = LookingFor(Parcel("00340434161094042557"), ("A1",))
"""A job in hand; the tests of the jobs say what is done in it."""


def at_work(shift, screen=A_JOB):
    """Whoever is signed in is in the middle of something."""
    shift.session = replace(shift.session, screen=screen)
    return shift


def changed(roster: Roster, member: Member) -> Roster:
    others = tuple(one for one in roster.members if one.staff_id != member.staff_id)
    return Roster(roster.number + 1, (*others, member))


# --- signing in -----------------------------------------------------------------------------------


def test_a_badge_and_a_pin(shift):
    assert shift.screen == SignIn()
    shift.badge(ANNA)
    assert shift.screen.pad is Pad.PIN
    shift.type("481620")
    shift.press(Key.SUBMIT)
    assert shift.screen == Home()
    assert shift.did is Did.SIGNED_IN
    assert shift.said.values == {"name": "Anna Berg"}
    assert shift.desk.told == [StaffSignedIn("anna", badge=True, pin=True, roster=7)]


def test_a_badge_is_enough_where_the_site_says_so(shift):
    shift.desk.rule(sign_in=SignInRule(badge_alone=frozenset({Role.ASSOCIATE})))
    shift.badge(ANNA)
    assert shift.screen == Home()


def test_an_id_is_typed_where_a_badge_was_forgotten(shift):
    shift.press(Key.TYPE_ID)
    shift.type("annx")
    shift.press(Key.ERASE)
    shift.type("a")
    shift.press(Key.SUBMIT)
    assert shift.screen.pad is Pad.PIN
    shift.type("481620")
    shift.press(Key.SUBMIT)
    assert shift.screen == Home()


def test_the_first_letter_of_an_id_needs_no_key_before_it(shift):
    assert shift.type("b").screen.staff_id == "b"


def test_a_pin_takes_digits_alone_and_no_more_than_twelve(shift):
    shift.badge(ANNA)
    shift.type("4x8 16²20" + "0" * 20)
    assert shift.screen.pin == "481620000000"


def test_a_wrong_pin_leaves_the_badge_and_takes_the_pin(shift):
    shift.badge(ANNA)
    shift.type("111111")
    shift.press(Key.SUBMIT)
    assert shift.screen.badge == ANNA.badge
    assert shift.screen.pin == ""
    assert (shift.flash.tone, shift.said.because) == (Tone.WRONG, Because.SIGN_IN_NOT_GOOD)


@pytest.mark.parametrize("who", ["anna", "somebody"], ids=["known", "unknown"])
def test_guessing_at_the_pad_ends_in_waits_for_known_and_unknown_alike(shift, who):
    """The real tries: ten cost nothing, then the counter waits, and longer each time."""
    waits = []
    for number in range(14):
        shift.press(Key.TYPE_ID)
        shift.type(who)
        shift.press(Key.SUBMIT)
        shift.type(f"{number:06}")
        shift.press(Key.SUBMIT)
        if shift.screen.wait:
            waits.append(shift.screen.wait)
            shift.wait(shift.screen.wait)
        else:
            shift.press(Key.BACK)
    assert waits == sorted(waits)
    assert waits[0] == 30
    assert len(waits) >= 2
    assert shift.desk.tries <= 14


def test_while_the_counter_waits_nothing_is_typed_or_checked(shift):
    for _ in range(11):
        shift.scan(BadgeScanned("made up"))
        shift.type("123456")
        shift.press(Key.SUBMIT)
    checked, screen = shift.desk.tries, shift.screen
    assert screen.wait
    shift.press(Key.TYPE_ID)
    shift.badge(ANNA)
    shift.type("481620")
    shift.press(Key.SUBMIT)
    assert shift.screen == screen
    assert shift.desk.tries == checked
    shift.wait(1)
    assert shift.screen.wait == screen.wait - 1
    shift.wait(screen.wait)
    shift.sign_in(ANNA)
    assert shift.screen == Home()


def test_a_pin_left_on_the_pad_is_taken_off(shift):
    shift.badge(ANNA)
    shift.type("4816")
    shift.wait(29)
    assert shift.screen.pin == "4816"
    shift.wait(1)
    assert shift.screen == SignIn()


def test_nothing_but_a_badge_is_scanned_before_somebody_is_there(shift):
    shift.scan(ShelfScanned("A1"))
    assert shift.screen == SignIn()
    assert shift.did is Did.BADGE_EXPECTED


def test_a_badge_is_shown_and_never_typed(anna):
    anna.press(Key.TYPE_CODE)
    anna.desk.means("badge-ben", BadgeScanned(BEN.badge))
    anna.type("badge-ben")
    anna.press(Key.SUBMIT)
    assert anna.did is Did.BADGE_NOT_TYPED
    assert anna.session.staff.session.staff_id == "anna"


# --- a PIN of one's own ---------------------------------------------------------------------------


def test_who_is_new_chooses_a_pin_twice_before_anything_else(shift):
    shift.sign_in(NILS)
    assert shift.screen == ChoosePin()
    shift.type("270594")
    shift.press(Key.SUBMIT)
    assert shift.did is Did.PIN_AGAIN
    shift.type("270594")
    shift.press(Key.SUBMIT)
    assert shift.screen == Home()
    assert shift.did is Did.PIN_CHOSEN
    assert [pin.verifier for pin in shift.desk.chosen] == ["pin:270594"]


@pytest.mark.parametrize(
    ("pin", "because"),
    [
        ("123456", Because.PIN_TOO_EASY),
        ("121212", Because.PIN_TOO_EASY),
        ("2705", Because.PIN_LENGTH),
    ],
)
def test_a_weak_pin_is_refused_and_it_is_said_why(shift, pin, because):
    shift.sign_in(NILS)
    shift.type(pin)
    shift.press(Key.SUBMIT)
    assert shift.said.because is because
    assert shift.screen == ChoosePin()


def test_two_pins_that_differ_begin_anew(shift):
    shift.sign_in(NILS)
    shift.type("270594")
    shift.press(Key.SUBMIT)
    shift.type("270595")
    shift.press(Key.SUBMIT)
    assert shift.did is Did.PINS_DIFFER
    assert shift.screen == ChoosePin()


def test_who_must_choose_can_do_nothing_else_but_leave(shift):
    shift.sign_in(NILS)
    screen = shift.screen
    shift.press(Key.HELP, Key.TRAINING, Key.TYPE_CODE, Key.TO_SHELVE)
    shift.scan(ShelfScanned("A1"))
    assert shift.screen == screen
    shift.press(Key.BACK)
    assert shift.screen == SignIn()
    assert shift.session.staff.session is None


# --- switching ------------------------------------------------------------------------------------


def test_another_badge_switches_and_the_job_waits_for_its_owner(anna):
    at_work(anna)
    anna.sign_in(BEN)
    assert anna.screen == Home()
    assert anna.session.staff.session.staff_id == "ben"
    assert StaffSessionEnded("anna", Ended.SWITCHED) in anna.desk.told
    anna.sign_in(ANNA)
    assert anna.screen == A_JOB
    assert anna.did is Did.JOB_AGAIN


def test_both_have_a_job_and_each_finds_their_own(anna):
    at_work(anna)
    anna.sign_in(BEN)
    at_work(anna, Receiving())
    anna.sign_in(ANNA)
    assert anna.screen == A_JOB
    anna.sign_in(BEN)
    assert anna.screen == Receiving()


def test_a_job_waits_ten_minutes(anna):
    at_work(anna)
    anna.sign_in(BEN)
    for _ in range(4):
        anna.wait(150)
        anna.press(Key.HELP, Key.BACK)
    assert dict(anna.session.kept) == {}
    anna.sign_in(ANNA)
    assert anna.screen == Home()


def test_what_a_job_keeps_beside_is_its_owners_too(anna):
    """A delivery that was laid aside for a moment, when somebody else takes over."""
    anna.session = replace(anna.session, kept={"delivery": Receiving()})
    anna.sign_in(BEN)
    assert "delivery" not in anna.session.kept
    anna.sign_in(ANNA)
    assert dict(anna.session.kept) == {"delivery": Receiving()}
    anna.press(Key.SIGN_OUT)
    assert dict(anna.session.kept) == {}


def test_anothers_job_that_lapses_takes_nothing_off_the_screen(anna):
    at_work(anna)
    anna.sign_in(BEN)
    anna.wait(290)
    anna.press(Key.HELP, Key.TYPE_CODE)
    anna.type("half a co")
    anna.wait(290)
    anna.type("d")
    anna.wait(25)
    assert dict(anna.session.kept) == {}
    assert anna.screen.text == "half a cod"


def test_a_badge_alone_ends_nobodys_work(anna):
    """Somebody holds up a badge that they found and do not know the PIN of."""
    at_work(anna)
    anna.badge(BEN)
    assert isinstance(anna.screen, SignIn)
    anna.type("000000")
    anna.press(Key.SUBMIT)
    assert anna.said.because is Because.SIGN_IN_NOT_GOOD
    anna.press(Key.BACK)
    assert anna.screen == A_JOB
    assert anna.session.staff.session.staff_id == "anna"


def test_the_pad_that_nobody_goes_on_with_gives_way_to_the_work(anna):
    at_work(anna)
    anna.badge(BEN)
    anna.wait(30)
    assert anna.screen == A_JOB


def test_ones_own_badge_says_who_is_signed_in_and_changes_nothing(anna):
    at_work(anna)
    anna.badge(ANNA)
    assert anna.screen == A_JOB
    assert anna.did is Did.SIGNED_IN
    anna.badge(BEN)
    anna.badge(ANNA)
    assert anna.screen == A_JOB


def test_signing_out_drops_the_job(anna):
    at_work(anna)
    anna.press(Key.SIGN_OUT)
    assert anna.screen == SignIn()
    assert anna.did is Did.SIGNED_OUT
    assert dict(anna.session.kept) == {}


def test_between_two_people_everything_is_wiped(anna):
    anna.press(Key.HELP)
    anna.happens(LanguageChosen("de"))
    anna.sign_in(BEN)
    assert anna.session.comfort.language == "en"
    assert "Anna" not in repr(anna.session)
    assert anna.session.undo is None
    anna.sign_in(ANNA)
    assert anna.session.comfort.language == "de"


# --- time-outs and the roster ---------------------------------------------------------------------


def test_five_minutes_without_a_touch(anna):
    at_work(anna)
    anna.wait(299)
    assert anna.screen == A_JOB
    anna.wait(1)
    assert anna.screen == SignIn()
    assert StaffSessionEnded("anna", Ended.IDLE) in anna.desk.told
    anna.sign_in(ANNA)
    assert anna.screen == A_JOB


def test_a_touch_keeps_the_session_and_ten_hours_end_it(anna):
    for _ in range(180):
        anna.wait(200)
        anna.press(Key.HELP, Key.BACK)
    assert StaffSessionEnded("anna", Ended.ABSOLUTE) in anna.desk.told
    assert anna.screen == SignIn()


def test_the_touch_that_comes_too_late_does_nothing_on_the_next_screen(anna):
    anna.desk.wait(seconds=300)
    anna.type("b")
    assert anna.screen == SignIn()


def test_a_badge_that_comes_too_late_signs_in(anna):
    anna.desk.wait(seconds=300)
    anna.badge(BEN)
    assert anna.screen.pad is Pad.PIN
    assert anna.screen.back is None


def test_who_was_revoked_finishes_nothing(anna):
    at_work(anna)
    anna.desk.staff(changed(TEAM, replace(ANNA, active=False)))
    anna.press(Key.DONE)
    assert anna.screen == SignIn()
    assert dict(anna.session.kept) == {}
    assert StaffSessionEnded("anna", Ended.REVOKED) in anna.desk.told
    anna.sign_in(ANNA)
    assert anna.said.because is Because.SIGN_IN_NOT_GOOD


# --- out of service -------------------------------------------------------------------------------


def test_where_nothing_can_be_recorded_the_work_waits(anna):
    at_work(anna)
    broken = Service(frozenset({Trouble.STORE_FAILED, Trouble.OFFLINE}))
    anna.happens(ServiceChanged(broken, anna.desk.bar()))
    assert anna.screen == OutOfService(Trouble.STORE_FAILED, A_JOB)
    before = anna.session
    anna.press(Key.HELP)
    assert anna.session == before
    anna.happens(ServiceChanged(Service(), anna.desk.bar()))
    assert anna.screen == A_JOB


def test_out_of_service_outlives_the_session(anna):
    anna.happens(ServiceChanged(Service(frozenset({Trouble.REVOKED})), anna.desk.bar()))
    anna.wait(300)
    assert anna.screen == OutOfService(Trouble.REVOKED)
    anna.happens(ServiceChanged(Service(), anna.desk.bar()))
    assert anna.screen == SignIn()


# --- secrets --------------------------------------------------------------------------------------


def test_no_secret_is_in_what_a_log_would_show(shift):
    shift.badge(NILS)
    shift.type("315204")
    assert "315204" not in secrets_of(shift.session)
    assert NILS.badge not in secrets_of(shift.session)
    shift.press(Key.SUBMIT)
    shift.type("270594")
    shift.press(Key.SUBMIT)
    assert "270594" not in secrets_of(shift.session)


def test_a_pin_that_becomes_due_is_asked_for_over_the_work(anna):
    """A newer book begins another round: what is scanned meanwhile is not done, the job waits."""
    at_work(anna)
    due = replace(ANNA, must_choose_pin=True, pin_round=ANNA.pin_round + 1)
    anna.desk.staff(Roster(TEAM.number + 1, (due, *(one for one in TEAM.members if one != ANNA))))
    anna.scan(ShelfScanned("A1"))
    assert anna.screen == ChoosePin(back=A_JOB)
    assert (anna.flash.tone, anna.said.because) == (Tone.CARE, Because.PIN_TO_CHOOSE)
    for _ in range(2):
        anna.type("904613")
        anna.press(Key.SUBMIT)
    assert anna.screen == A_JOB
    assert anna.session.staff.session.staff_id == ANNA.staff_id
