"""What happens when nobody touches the screen, and how more time is had."""

from __future__ import annotations

import pytest

from kiosk.domain.visit import AbandonCause
from kiosk.flows.model import (
    Answered,
    Asking,
    Attract,
    Bagging,
    Comfort,
    Cue,
    Done,
    Items,
    LanguageChosen,
    LineToggled,
    NoCode,
    OutOfService,
    Press,
    Receipt,
    ReceiptDone,
    Refused,
    StaffCalled,
    TypeOrder,
    TypeShortCode,
)
from kiosk.ports import DeviceFault, HintKind, NotPrinted, Printed, ScanHint, Trouble

WAYS = {
    NoCode: lambda w: w.press(Press.NO_CODE),
    TypeShortCode: lambda w: w.press(Press.NO_CODE, Press.SHORT_CODE),
    TypeOrder: lambda w: w.press(Press.NO_CODE, Press.ORDER_NUMBER),
    Items: lambda w: w.scan("R1"),
    Asking: lambda w: w.knows("R2", "ask").scan("R2").press(Press.ALL_HERE),
    Bagging: lambda w: w.scan("R1").press(Press.ALL_HERE),
    Refused: lambda w: w.knows("R2", "refuse").scan("R2"),
    StaffCalled: lambda w: w.knows("R2", "staff").scan("R2"),
    Done: lambda w: w.scan("R1").scan("BAG1").press(Press.FINISH),
    Receipt: lambda w: w.scan("R1").scan("BAG1"),
}
SECONDS = {Done: 8, Receipt: 45, StaffCalled: 180}


@pytest.mark.parametrize("kind", [k for k in WAYS if k is not Receipt])
def test_a_screen_left_alone_is_wiped(walk, kind):
    WAYS[kind](walk)
    assert isinstance(walk.screen, kind)
    seconds = SECONDS.get(kind, 60)
    walk.wait(seconds - 0.25)
    assert isinstance(walk.screen, kind)
    walk.wait(0.25)
    assert walk.screen == Attract()
    session = walk.session
    assert (session.visit_id, session.drops, session.comfort) == ("", (), Comfort())
    assert (session.taken, session.turned_down, session.deadline) == ("", "", None)


@pytest.mark.parametrize("kind", [Items, Asking, Bagging])
def test_an_open_drop_left_alone_is_abandoned(walk, kind):
    WAYS[kind](walk).wait(60)
    assert [call[1] for call in walk.do.named("abandon")] == [AbandonCause.TIMED_OUT]


def test_an_open_drop_behind_the_help_screen_is_abandoned_too(walk):
    walk.scan("R1").press(Press.CALL_STAFF).wait(180)
    assert walk.do.named("abandon") == [("drop-2", AbandonCause.TIMED_OUT)]


@pytest.mark.parametrize("kind", list(WAYS))
def test_the_countdown_warns_early_by_sight_and_sound(walk, kind):
    WAYS[kind](walk)
    deadline = walk.session.deadline
    if kind is Done:  # shorter than a warning: it counts down from the start
        assert deadline.warns == walk.do.time
        return
    assert deadline.ends - deadline.warns >= 20
    heard = walk.do.named("cue").count((Cue.ATTENTION,))
    walk.wait(deadline.warns - walk.do.time - 0.25)
    assert walk.do.named("cue").count((Cue.ATTENTION,)) == heard
    walk.wait(5)
    assert walk.do.named("cue").count((Cue.ATTENTION,)) == heard + 1
    assert walk.session.now == walk.do.time


@pytest.mark.parametrize("kind", list(WAYS))
def test_more_time_can_be_had_ten_times(walk, kind):
    WAYS[kind](walk)
    for _ in range(10):
        walk.wait(SECONDS.get(kind, 60) - 1).press(Press.MORE_TIME)
    walk.wait(SECONDS.get(kind, 60) - 1)
    assert isinstance(walk.screen, kind)


@pytest.mark.parametrize("kind", list(WAYS))
def test_large_text_gives_three_times_as_long(walk, kind):
    WAYS[kind](walk.press(Press.LARGE_TEXT))
    walk.wait(3 * SECONDS.get(kind, 60) - 0.25)
    assert isinstance(walk.screen, kind)
    walk.wait(0.25)
    assert not isinstance(walk.screen, kind)


def test_every_touch_that_does_something_renews_the_time(walk):
    walk.knows("R2", "accept", "ask").scan("R2").wait(50).on(LineToggled("line-0")).wait(50)
    assert isinstance(walk.screen, Items)
    walk.press(Press.ALL_HERE).wait(50).on(Answered("unused")).wait(50)
    assert isinstance(walk.screen, Bagging)
    walk.on(LanguageChosen("de")).wait(50).press(Press.HIGH_CONTRAST).wait(50)
    assert isinstance(walk.screen, Bagging)


def test_typing_renews_the_time(walk):
    walk.press(Press.NO_CODE, Press.SHORT_CODE)
    for char in "ABCD":
        walk.wait(50).types(char)
    assert walk.screen == TypeShortCode("ABCD")


def test_a_poster_in_view_does_not_keep_a_visit_alive(walk):
    walk.scan("R1").press(Press.ALL_HERE)
    for _ in range(30):
        walk.on(ScanHint(HintKind.CLOSER, "camera", 0.0)).scan("POSTER").wait(10)
    assert walk.screen == Attract()
    assert walk.do.named("abandon") == [("drop-2", AbandonCause.TIMED_OUT)]


def test_an_idle_kiosk_does_not_change_at_all(walk):
    before = walk.session
    walk.wait(600)
    assert walk.session is before


def test_comfort_left_behind_is_wiped_after_a_countdown(walk):
    walk.on(LanguageChosen("ar")).press(Press.HIGH_CONTRAST, Press.LOW_REACH)
    assert walk.session.comfort == Comfort("ar", high_contrast=True, low_reach=True)
    walk.wait(59.75)
    assert walk.session.comfort.language == "ar"
    walk.wait(0.25)
    assert walk.session.comfort == Comfort()


def test_comfort_put_back_leaves_nothing_to_wipe(walk):
    walk.press(Press.LARGE_TEXT, Press.LARGE_TEXT)
    assert walk.session.deadline is None


def test_a_language_that_is_not_offered_is_not_taken(walk):
    before = walk.session
    assert walk.on(LanguageChosen("tlh")).session is before


def test_out_of_service_wipes_what_the_last_shopper_left(walk):
    walk.on(LanguageChosen("ar")).service(Trouble.REVOKED).wait(60)
    assert walk.screen == OutOfService(Trouble.REVOKED)
    assert walk.session.comfort == Comfort()


@pytest.mark.parametrize("kind", [Attract, TypeShortCode, TypeOrder, Items, Bagging])
def test_a_problem_fades(walk, kind):
    WAYS.get(kind, lambda w: w)(walk).scan("junk")
    assert isinstance(walk.screen, kind)
    assert walk.screen.problem is not None
    walk.wait(7.75)
    assert walk.screen.problem is not None
    walk.wait(0.25)
    assert walk.screen.problem is None


def test_a_hint_is_dropped_after_two_seconds_without_another(walk):
    hint = ScanHint(HintKind.CLOSER, "camera", 0.0)
    for way in (lambda w: w, WAYS[Bagging]):
        way(walk).on(hint).wait(1.75).on(hint).wait(1.75)
        assert walk.screen.hint is HintKind.CLOSER
        walk.wait(0.25)
        assert walk.screen.hint is None


def test_hints_are_for_screens_that_wait_for_a_code(walk):
    WAYS[Receipt](walk)
    before = walk.session
    assert walk.on(ScanHint(HintKind.CLOSER, "camera", 0.0)).session is before


def test_the_receipt_stays_long_enough_to_be_read_once_the_paper_is_out(walk):
    WAYS[Receipt](walk).wait(20).on(ReceiptDone("drop-2", Printed())).wait(44.75)
    assert isinstance(walk.screen, Receipt)
    assert walk.wait(0.25).screen == Done()


def test_a_failed_printer_leaves_time_for_a_photograph(walk):
    WAYS[Receipt](walk).wait(20).on(ReceiptDone("drop-2", NotPrinted(DeviceFault.PAPER_OUT)))
    walk.wait(44.75)
    assert isinstance(walk.screen, Receipt)
    assert walk.wait(0.25).screen == Done()


def test_a_printer_that_never_answers_does_not_hold_the_screen(walk):
    assert WAYS[Receipt](walk).wait(45).screen == Done()
    before = walk.session
    assert walk.on(ReceiptDone("drop-2", Printed())).session is before
