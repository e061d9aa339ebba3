"""Where the bag's code cannot be read its number is typed: no visit is stuck for a dead camera."""

from __future__ import annotations

import pytest

from kiosk.domain import codes
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.visit import AbandonCause
from kiosk.flows.model import (
    Attract,
    Bagging,
    Items,
    Press,
    Receipt,
    ScanFor,
    StaffCalled,
    TypeBag,
)
from kiosk.ports import HintKind, ScanHint, Trouble

BAG = codes.bag_code(4271)
NUMBER = BAG.removeprefix("TB")


@pytest.fixture
def at_the_bag(walk):
    return walk.scan("R1").press(Press.ALL_HERE, Press.TYPE_BAG)


def test_the_number_on_the_bag_is_as_good_as_its_code(at_the_bag):
    at_the_bag.types(NUMBER).press(Press.SUBMIT)
    assert isinstance(at_the_bag.screen, Receipt)
    assert at_the_bag.screen.drop.bag_id == BAG


def test_ten_digits_and_a_check_character_and_nothing_else(at_the_bag):
    at_the_bag.types("TB00A0-0 0é0")
    assert at_the_bag.screen.text == "000000"
    at_the_bag.types("4271").types("?u").types("x99")
    assert at_the_bag.screen.text == "0000004271X"


@pytest.mark.parametrize(("typed", "meant"), [("o", "0"), ("I", "1"), ("l", "1"), ("k", "K")])
def test_letters_that_look_like_digits_are_taken_for_them(at_the_bag, typed, meant):
    at_the_bag.types(NUMBER[:-1]).types(typed)
    assert at_the_bag.screen.text == NUMBER[:-1] + meant


def test_a_slip_of_the_finger_is_said_and_mended(at_the_bag):
    wrong = "0" if NUMBER[-1] != "0" else "1"
    at_the_bag.types(NUMBER[:-1] + wrong).press(Press.SUBMIT)
    assert at_the_bag.screen.problem == Reason(Why.CODE_WRONG_CHECK)
    at_the_bag.press(Press.ERASE).types(NUMBER[-1]).press(Press.SUBMIT)
    assert isinstance(at_the_bag.screen, Receipt)


def test_too_little_is_told_as_well_and_nothing_is_nothing(at_the_bag):
    before = at_the_bag.session
    assert at_the_bag.press(Press.SUBMIT).session is before
    at_the_bag.types("123").press(Press.SUBMIT)
    assert at_the_bag.screen.problem == Reason(Why.CODE_WRONG_CHECK)


def test_a_bag_that_holds_another_return_is_turned_down(at_the_bag):
    at_the_bag.do.used_bags.add(BAG)
    at_the_bag.types(NUMBER).press(Press.SUBMIT)
    assert at_the_bag.screen == TypeBag(at_the_bag.screen.drop, NUMBER, Reason(Why.BAG_IN_USE))
    at_the_bag.wait(8.25)
    assert at_the_bag.screen.problem is None


def test_a_camera_that_came_back_is_used_at_once(at_the_bag):
    at_the_bag.types("12").scan("BAG1")
    assert isinstance(at_the_bag.screen, Receipt)
    assert at_the_bag.screen.drop.bag_id == "BAG1"


def test_back_leads_to_the_picture_of_the_bag_and_on_to_the_items(at_the_bag):
    at_the_bag.types("12").press(Press.BACK)
    assert isinstance(at_the_bag.screen, Bagging)
    assert isinstance(at_the_bag.press(Press.BACK).screen, Items)


@pytest.mark.parametrize(
    ("leave", "cause"),
    [
        (lambda w: w.press(Press.CANCEL), AbandonCause.CANCELLED),
        (lambda w: w.wait(61), AbandonCause.TIMED_OUT),
    ],
)
def test_given_up_here_the_drop_is_abandoned(at_the_bag, leave, cause):
    leave(at_the_bag.types("12"))
    assert isinstance(at_the_bag.screen, Attract)
    assert [call[-1] for call in at_the_bag.do.named("abandon")] == [cause]


def test_help_comes_and_what_was_typed_is_still_there(at_the_bag):
    at_the_bag.types("12").press(Press.CALL_STAFF)
    assert isinstance(at_the_bag.screen, StaffCalled)
    at_the_bag.press(Press.BACK)
    assert at_the_bag.screen.text == "12"


def test_a_store_that_fails_calls_for_staff_and_keeps_the_bag(at_the_bag):
    at_the_bag.do.broken_store = True
    at_the_bag.types(NUMBER).press(Press.SUBMIT)
    assert at_the_bag.screen.reason == Reason(Why.STORE_FAILED)
    at_the_bag.do.broken_store = False
    at_the_bag.press(Press.BACK, Press.SUBMIT)
    assert isinstance(at_the_bag.screen, Receipt)


def test_the_camera_dies_at_the_bag_and_the_visit_ends_well(walk):
    walk.scan("R1").press(Press.ALL_HERE).service(Trouble.SCANNER_ABSENT)
    assert isinstance(walk.screen, Bagging)
    walk.press(Press.TYPE_BAG).types(NUMBER).press(Press.SUBMIT)
    assert isinstance(walk.screen, Receipt)


def test_the_offer_to_type_stays_while_the_phone_is_put_away(walk):
    """The other hints are gone two seconds after the code has left the view."""
    for screen in (Attract, Bagging):
        assert isinstance(walk.screen, screen)
        walk.on(ScanHint(HintKind.CLOSER, "camera", 0.0)).wait(2.25)
        assert walk.screen.hint is None
        walk.on(ScanHint(HintKind.TYPE_INSTEAD, "camera", 0.0)).wait(9)
        assert walk.screen.hint is HintKind.TYPE_INSTEAD
        walk.wait(1.25)
        assert walk.screen.hint is None
        walk.scan("R1").press(Press.ALL_HERE)


# --- what scanners are told ---------------------------------------------------------------------


def test_the_typing_screen_still_looks_for_the_bag(at_the_bag):
    assert at_the_bag.do.named("expect")[-1] == (ScanFor.BAG,)


def test_a_return_that_stays_with_the_shopper_needs_no_scanner(walk):
    walk.knows("R2", "returnless").scan("R2")
    assert walk.do.named("expect")[-1] == (ScanFor.NOTHING,)
    walk.press(Press.BACK)
    assert walk.do.named("expect")[-1] == (ScanFor.RETURN,)


def test_the_last_item_that_needs_a_bag_tapped_away_turns_the_scanner_off(walk):
    from kiosk.flows.model import LineToggled

    walk.knows("R2", "accept", "returnless").scan("R2")
    walk.on(LineToggled("line-0"))
    assert walk.do.named("expect")[-1] == (ScanFor.NOTHING,)
    walk.on(LineToggled("line-0"))
    assert walk.do.named("expect")[-1] == (ScanFor.BAG,)


def test_a_new_bundle_tells_the_scanners_again(walk):
    """It may name other networks, whose codes are printed in something else."""
    from kiosk.flows.model import ServiceChanged
    from kiosk.ports import Service

    before = len(walk.do.named("expect"))
    walk.on(ServiceChanged(Service(policy_number=8)))
    assert walk.do.named("expect")[before:] == [(ScanFor.RETURN,)]
    walk.on(ServiceChanged(Service(policy_number=8, queued=3)))
    assert len(walk.do.named("expect")) == before + 1


# --- two scanners on one code -------------------------------------------------------------------


def test_one_code_read_by_camera_and_hand_counts_once(walk, a_scan):
    walk.scan("R1").on(a_scan("r1\r"))  # Caps Lock, and a line's end
    assert len(walk.do.named("check")) == 1
    assert walk.screen.problem is None


def test_a_trigger_held_down_is_one_refusal_while_it_shows(walk, a_scan):
    for turn in range(40):
        walk.on(a_scan("no return" if turn % 2 else "NO RETURN\r\n"))
    assert len(walk.do.named("check")) == 1
