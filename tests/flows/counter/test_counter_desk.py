"""Home, Help, what is typed instead of scanned, overrides, undo, training, and steps that break."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.counter.commands import Receive, ReportMissing, Role, Shelve, VoidDrop, Who
from kiosk.domain.counter.meaning import ItemScanned, NotKnown, SealScanned, ShelfScanned
from kiosk.domain.counter.outbound_facts import BagCommitted, BagVoided
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.staff.facts import Overridden
from kiosk.domain.staff.people import Roster
from kiosk.domain.staff.saying import Because
from kiosk.flows.counter import turns
from kiosk.flows.counter.faults import after_fault
from kiosk.flows.counter.model import Did, Heard, Key, LanguageChosen, Pressed, Tone, Written
from kiosk.flows.counter.states.desk import (
    Ask,
    Help,
    Home,
    Overriding,
    SignIn,
    Starting,
    ToSettle,
    TypeCode,
)
from kiosk.flows.counter.step import initial
from tests.flows.counter.conftest import TIMING
from tests.flows.counter.fake_desk import ADA, ANNA, BEN, CARA, TEAM

ANNA_HERSELF = Who("anna", Role.ASSOCIATE)
NUMBER = "00340434161094042557"
BAG = Help()
"""The screen that asked for it: one that no job changes when it hears of it."""


@pytest.fixture
def voiding(anna):
    """Anna wants to take a drop of today back. Its value is not known, so that she needs a
    supervisor (permits: VoidDrop)."""
    anna.desk.tell(BagCommitted("BAG-7", "DROP-7", "dhl", anna.desk.clock.date().isoformat()))
    command = VoidDrop("BAG-7", "")
    shown = replace(anna.session, screen=BAG)
    anna.session = turns.ask_reason(shown, command, "BAG-7", anna.desk)
    return anna


# --- home and help --------------------------------------------------------------------------------


def test_what_waits_is_counted_on_home(anna):
    anna.desk.done(Receive(NUMBER, "dhl"), ANNA_HERSELF)
    anna.happens(Heard())
    assert anna.session.tiles.to_shelve == 1


def test_to_hear_nothing_new_changes_nothing(anna):
    before = anna.session
    assert anna.happens(Heard()) is before


def test_help_and_back(anna):
    anna.press(Key.HELP)
    assert anna.screen == Help()
    anna.press(Key.BACK)
    assert anna.screen == Home()


def test_what_only_a_person_can_settle(anna):
    anna.desk.done(Receive(NUMBER, "dhl"), ANNA_HERSELF)
    anna.desk.done(ReportMissing(NUMBER), ANNA_HERSELF)
    anna.press(Key.HELP, Key.TO_SETTLE)
    assert [parcel.number for parcel in anna.screen.missing] == [NUMBER]
    assert anna.press(Key.NEXT_PAGE).screen.page == 0
    anna.press(Key.BACK)
    assert anna.session.tiles.help == 1


def test_a_supervisor_forgives_wrong_pins_by_name(shift):
    for _ in range(3):
        shift.badge(ANNA)
        shift.type("000000")
        shift.press(Key.SUBMIT, Key.BACK)
    assert shift.desk.trying.of("anna").row == 3
    shift.sign_in(BEN)
    shift.press(Key.HELP, Key.UNLOCK)
    assert "ben" not in dict(shift.screen.members)
    shift.choose("nobody")
    shift.choose("anna")
    assert shift.did is Did.UNLOCKED
    assert shift.said.values == {"name": "Anna Berg"}
    assert shift.desk.trying.of("anna").row == 0


def test_an_associate_forgives_nobody(anna):
    anna.press(Key.HELP)
    before = anna.session
    assert not anna.screen.unlocks
    assert anna.press(Key.UNLOCK) is before


def test_how_the_screen_looks(anna):
    anna.press(Key.LARGE_TEXT, Key.HIGH_CONTRAST)
    anna.happens(LanguageChosen("ar"))
    anna.happens(LanguageChosen("xx"))
    comfort = anna.session.comfort
    assert (comfort.language, comfort.large_text, comfort.high_contrast) == ("ar", True, True)


@pytest.mark.parametrize(
    ("meaning", "did"),
    [(SealScanned("S1"), Did.CONTAINER_EXPECTED), (ItemScanned("4006381333931"), Did.NOTHING_HERE)],
)
def test_a_scan_that_fits_nothing_says_so(anna, meaning, did):
    anna.scan(meaning)
    assert (anna.flash.tone, anna.did) == (Tone.WRONG, did)


def test_what_nobody_knows_says_why(anna):
    anna.scan(NotKnown(Reason(Why.CODE_FORGED)))
    assert anna.said == Reason(Why.CODE_FORGED)


def test_the_same_scan_twice_is_seen_twice(anna):
    anna.scan(SealScanned("S1"))
    first = anna.flash.scan
    anna.scan(SealScanned("S1"))
    assert anna.flash.scan == first + 1
    assert anna.desk.cues[-2:] == [Tone.WRONG, Tone.WRONG]


def test_a_flash_fades(anna):
    anna.scan(SealScanned("S1"))
    anna.wait(6)
    assert anna.session.flash is None


def test_a_code_that_no_scanner_reads_is_typed(anna):
    anna.desk.means("SEAL9", SealScanned("S9"))
    anna.press(Key.HELP, Key.TYPE_CODE)
    assert anna.screen == TypeCode(Help())
    anna.happens(Written("SEAL99\n"))
    anna.press(Key.ERASE, Key.SUBMIT)
    assert anna.screen == Help()
    assert anna.did is Did.CONTAINER_EXPECTED


def test_the_gun_reads_it_after_all(anna):
    anna.press(Key.TYPE_CODE)
    anna.type("SEA")
    anna.scan(SealScanned("S9"))
    assert anna.screen == Home()
    assert anna.did is Did.CONTAINER_EXPECTED


# --- overrides ------------------------------------------------------------------------------------


def test_a_reason_a_second_person_and_it_is_done(voiding):
    voiding.choose("taken_by_mistake")
    assert voiding.screen.ask is Ask.BADGE
    voiding.sign_in(BEN)
    assert voiding.screen == BAG
    assert voiding.session.staff.session.staff_id == "anna"
    [voided] = [fact for fact in voiding.desk.facts if isinstance(fact, BagVoided)]
    assert voided.reason == "taken_by_mistake"
    [fact] = [told for told in voiding.desk.told if isinstance(told, Overridden)]
    assert (fact.by, fact.second, fact.about) == ("anna", "ben", "BAG-7")


def test_other_wants_a_note(voiding):
    voiding.choose("other")
    voiding.press(Key.SUBMIT)
    assert voiding.said.because is Because.NOTE_MISSING
    voiding.type("wrong customeR")
    voiding.press(Key.ERASE)
    voiding.type("r")
    voiding.press(Key.SUBMIT)
    voiding.sign_in(BEN)
    [fact] = [told for told in voiding.desk.told if isinstance(told, Overridden)]
    assert (fact.reason, fact.note) == ("other", "wrong customer")


def test_a_reason_that_is_none_is_no_answer(voiding):
    before = voiding.session
    voiding.choose("because I say so")
    assert voiding.session == before


def test_ones_own_badge_is_no_second_person(voiding):
    voiding.choose("goodwill")
    voiding.badge(ANNA)
    assert voiding.said.because is Because.SECOND_IS_THE_SAME
    assert voiding.screen.ask is Ask.BADGE


def test_another_associate_is_no_second_person(voiding):
    voiding.choose("goodwill")
    voiding.sign_in(ADA)
    assert voiding.said.because is Because.SECOND_NOT_ALLOWED
    assert voiding.screen.ask is Ask.BADGE
    assert not [f for f in voiding.desk.facts if isinstance(f, BagVoided)]


def test_a_wrong_pin_of_the_second_person_counts(voiding):
    voiding.choose("goodwill")
    for _ in range(12):
        voiding.badge(BEN)
        voiding.type("000000")
        voiding.press(Key.SUBMIT)
    assert voiding.screen.wait
    assert voiding.screen.ask is Ask.BADGE
    checked = voiding.desk.tries
    voiding.sign_in(CARA)
    assert voiding.desk.tries == checked
    voiding.wait(voiding.screen.wait)
    assert voiding.screen.wait == 0
    voiding.sign_in(CARA)
    assert voiding.screen == BAG


def test_a_second_persons_pin_is_not_left_on_the_pad(voiding):
    voiding.choose("goodwill")
    voiding.badge(BEN)
    voiding.type("7309")
    voiding.wait(30)
    assert voiding.screen.ask is Ask.BADGE
    assert (voiding.screen.badge, voiding.screen.pin) == ("", "")


def test_back_leads_out_step_by_step(voiding):
    voiding.choose("goodwill")
    voiding.badge(BEN)
    voiding.press(Key.BACK)
    assert voiding.screen.ask is Ask.BADGE
    voiding.press(Key.BACK)
    assert voiding.screen.ask is Ask.REASON
    voiding.press(Key.BACK)
    assert voiding.screen == BAG


def test_a_badge_while_a_reason_is_asked_for_means_switching(voiding):
    voiding.sign_in(BEN)
    assert voiding.screen == Home()
    voiding.sign_in(ANNA)
    assert isinstance(voiding.screen, Overriding)


# --- undo -----------------------------------------------------------------------------------------


@pytest.fixture
def shelved(anna):
    """A parcel moved from A1 to A2, a moment ago."""
    anna.desk.done(Receive(NUMBER, "dhl"), ANNA_HERSELF)
    anna.desk.done(Shelve(NUMBER, "A1"), ANNA_HERSELF)
    anna.session, _ = turns.act(anna.session, Shelve(NUMBER, "A2"), NUMBER, anna.desk, TIMING)
    back = Shelve(NUMBER, "A1")
    anna.session = turns.undoable(anna.session, Did.SHELVED, back, anna.desk, TIMING)
    return anna


def test_the_last_act_is_taken_back_within_ten_seconds(shelved):
    shelved.wait(9)
    shelved.press(Key.UNDO)
    assert shelved.desk.shop().parcels[NUMBER].shelf_id == "A1"
    assert shelved.did is Did.UNDONE
    assert shelved.session.undo is None


def test_and_not_later(shelved):
    shelved.wait(10)
    assert shelved.session.undo is None
    shelved.press(Key.UNDO)
    assert shelved.desk.shop().parcels[NUMBER].shelf_id == "A2"


def test_nobody_takes_back_what_another_did(shelved):
    shelved.sign_in(BEN)
    shelved.press(Key.UNDO)
    assert shelved.desk.shop().parcels[NUMBER].shelf_id == "A2"


# --- training -------------------------------------------------------------------------------------


def test_training_is_another_shop_and_leaves_no_trace(anna):
    real = len(anna.desk.facts)
    anna.press(Key.HELP, Key.TRAINING)
    assert anna.session.training
    assert anna.did is Did.TRAINING_BEGAN
    anna.session, acted = turns.act(anna.session, Receive(NUMBER, "dhl"), NUMBER, anna.desk, TIMING)
    assert acted is not None
    anna.press(Key.HELP, Key.TRAINING)
    assert anna.did is Did.TRAINING_ENDED
    assert anna.session.tiles.to_shelve == 0
    assert anna.desk.shop().parcels[NUMBER].state is ParcelState.UNKNOWN
    assert len(anna.desk.facts) == real


def test_training_ends_with_whoever_began_it(anna):
    anna.press(Key.HELP, Key.TRAINING)
    anna.sign_in(BEN)
    assert not anna.session.training
    assert anna.desk.shop().shelves


def test_training_ends_with_the_session(anna):
    anna.press(Key.HELP, Key.TRAINING)
    anna.wait(300)
    assert anna.screen == SignIn()
    anna.sign_in(ANNA)
    assert not anna.session.training


# --- a step that breaks ---------------------------------------------------------------------------


def test_a_step_that_breaks_ends_on_home_with_a_sentence(voiding):
    voiding.session = after_fault(voiding.session, voiding.desk, TIMING)
    assert voiding.screen == Home()
    assert voiding.did is Did.BROKE
    assert voiding.session.staff.session.staff_id == "anna"


def test_a_step_that_breaks_at_the_pad_keeps_nothing_typed(shift):
    shift.badge(ANNA)
    shift.type("4816")
    shift.session = after_fault(shift.session, shift.desk, TIMING)
    assert shift.screen == SignIn()


def test_before_the_core_is_awake_nothing_happens(fake_desk, new_shift):
    shift = new_shift(fake_desk)
    shift.session = initial(TIMING)
    shift.happens(Pressed(Key.HELP))
    assert shift.screen == Starting()
    assert after_fault(shift.session, fake_desk, TIMING) is shift.session


def test_without_a_list_of_people_nobody_gets_in(fake_desk, new_shift):
    fake_desk.staff(Roster())
    shift = new_shift(fake_desk)
    shift.sign_in(ANNA)
    assert isinstance(shift.screen, SignIn)
    fake_desk.staff(TEAM)
    shift.press(Key.BACK)
    shift.sign_in(ANNA)
    assert shift.screen == Home()


def test_keys_of_lists_turn_pages(anna):
    parcels = [f"0034043416109404{n:04}" for n in range(8)]
    for number in parcels:
        anna.desk.done(Receive(number, "dhl"), ANNA_HERSELF)
        anna.desk.done(ReportMissing(number), ANNA_HERSELF)
    anna.press(Key.TO_SETTLE)
    assert isinstance(anna.screen, ToSettle)
    assert anna.press(Key.NEXT_PAGE).screen.page == 1
    assert anna.press(Key.NEXT_PAGE).screen.page == 1
    assert anna.press(Key.LAST_PAGE).screen.page == 0
    anna.choose("no parcel")
    assert isinstance(anna.screen, ToSettle)
    anna.scan(ShelfScanned("A1"))
    assert anna.session.flash is not None
