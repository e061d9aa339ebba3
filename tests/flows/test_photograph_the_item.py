"""A shop wants photographs: the shopper takes them, looks at them, and uses them or others."""

from __future__ import annotations

import hashlib

import pytest

from kiosk.domain.reasons import Why
from kiosk.domain.visit import AbandonCause
from kiosk.flows.model import (
    Answered,
    Attract,
    Bagging,
    Items,
    Photographing,
    Press,
    Receipt,
    ScanFor,
    StaffCalled,
)

TAKE, USE, RETAKE = Press.TAKE_PHOTO, Press.USE_PHOTO, Press.RETAKE


@pytest.fixture
def asked(walk):
    """One item of which a photograph is wanted; its question is on the screen."""
    return walk.knows("R2", "photo").scan("R2").press(Press.ALL_HERE)


@pytest.fixture
def asked_for_two(walk):
    return walk.knows("R2", "two photos", "accept").scan("R2").press(Press.ALL_HERE)


def name_of(picture: str) -> str:
    return hashlib.sha256(picture.encode()).hexdigest()


def kept(walk) -> list[str]:
    return [jpeg.decode() for (jpeg,) in walk.do.named("kept")]


def answers(walk) -> list[str]:
    return [item.answers.get("evidence_photo", "") for item in walk.screen.drop.items]


def test_the_live_picture_shows_and_no_code_is_looked_for(asked):
    assert isinstance(asked.screen, Photographing)
    assert (asked.screen.photo, asked.screen.kept, asked.screen.days) == (None, (), 30)
    assert asked.do.named("expect")[-1] == (ScanFor.NOTHING,)


def test_a_press_takes_it_and_nothing_is_kept_before_the_shopper_says_so(asked):
    asked.press(TAKE)
    assert asked.screen.photo is not None
    assert kept(asked) == []


def test_use_it_leads_to_the_bag_and_to_the_receipt(asked):
    asked.press(TAKE, USE)
    assert isinstance(asked.screen, Bagging)
    (picture,) = kept(asked)
    assert answers(asked) == [name_of(picture)]
    assert isinstance(asked.scan("BAG1").screen, Receipt)


def test_take_another_shows_the_live_picture_again_and_keeps_nothing(asked):
    asked.press(TAKE)
    first = asked.screen.photo
    asked.press(RETAKE)
    assert asked.screen.photo is None
    asked.press(TAKE, USE)
    assert kept(asked) != [first.jpeg.decode()]
    assert len(kept(asked)) == 1


def test_two_are_two_different_pictures(asked_for_two):
    asked_for_two.press(TAKE, USE)
    assert isinstance(asked_for_two.screen, Photographing)
    assert (len(asked_for_two.screen.kept), asked_for_two.screen.photo) == (1, None)
    asked_for_two.press(TAKE, USE)
    assert isinstance(asked_for_two.screen, Bagging)
    assert answers(asked_for_two) == [",".join(map(name_of, kept(asked_for_two))), ""]


def test_the_same_picture_twice_is_given_back(asked_for_two):
    asked_for_two.do.still = True
    asked_for_two.press(TAKE, USE, TAKE, USE)
    assert isinstance(asked_for_two.screen, Photographing)
    assert asked_for_two.screen.problem.why is Why.PHOTO_FAILED
    assert len(asked_for_two.screen.kept) == 1
    asked_for_two.wait(8.5)
    assert asked_for_two.screen.problem is None


def test_who_cannot_show_it_gets_what_the_rule_says(asked):
    asked.on(Answered("none"))
    assert isinstance(asked.screen, StaffCalled)
    assert asked.screen.reason.why is Why.EVIDENCE_NEEDED


@pytest.mark.parametrize("answer", ["", "0" * 64, "unused"])
def test_no_touch_can_name_a_photograph(asked, answer):
    before = asked.session
    assert asked.on(Answered(answer)).session is before


def test_use_it_means_nothing_before_there_is_one_and_take_it_nothing_after(asked):
    before = asked.session
    assert asked.press(USE, RETAKE).session is before
    asked.press(TAKE)
    taken = asked.session
    assert asked.press(TAKE).session is taken


def test_a_camera_that_fails_meanwhile_calls_staff(asked):
    asked.do.blind = True
    asked.press(TAKE)
    assert isinstance(asked.screen, StaffCalled)
    assert asked.screen.reason.why is Why.EVIDENCE_NEEDED
    assert kept(asked) == []


def test_a_disk_that_takes_no_photograph_calls_staff(asked):
    asked.press(TAKE)
    asked.do.full = True
    asked.press(USE)
    assert isinstance(asked.screen, StaffCalled)


def test_the_other_items_go_on_where_staff_must_see_one(asked_for_two):
    asked_for_two.do.blind = True
    asked_for_two.press(TAKE)
    assert isinstance(asked_for_two.screen, Items)  # it says what changed before anything is agreed
    asked_for_two.press(Press.ALL_HERE)
    assert isinstance(asked_for_two.screen, Bagging)


def test_back_leads_to_the_items_and_the_question_begins_again(asked_for_two):
    asked_for_two.press(TAKE, USE, Press.BACK)
    assert isinstance(asked_for_two.screen, Items)
    asked_for_two.press(Press.ALL_HERE)
    assert (asked_for_two.screen.kept, asked_for_two.screen.photo) == ((), None)


def test_cancel_wipes_and_gives_the_drop_up(asked):
    asked.press(TAKE, Press.CANCEL)
    assert isinstance(asked.screen, Attract)
    assert asked.do.named("abandon") == [("drop-2", AbandonCause.CANCELLED)]
    assert asked.session.visit_id == ""


@pytest.mark.parametrize("steps", [(), (TAKE,)])
def test_without_a_touch_it_warns_then_wipes(asked, steps):
    asked.press(*steps)
    asked.wait(41)
    assert asked.session.now >= asked.session.deadline.warns
    asked.press(Press.MORE_TIME).wait(41)
    assert isinstance(asked.screen, Photographing)
    asked.wait(20)
    assert isinstance(asked.screen, Attract)
    assert asked.do.named("abandon")[-1][1] is AbandonCause.TIMED_OUT


def test_help_on_the_way_leads_back_to_the_photograph_in_hand(asked):
    asked.press(TAKE)
    photo = asked.screen.photo
    asked.press(Press.CALL_STAFF)
    assert isinstance(asked.screen, StaffCalled)
    asked.press(Press.BACK)
    assert asked.screen.photo is photo


def test_large_text_keeps_it_three_times_as_long(asked):
    asked.press(Press.LARGE_TEXT).wait(150)
    assert isinstance(asked.screen, Photographing)
