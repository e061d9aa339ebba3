"""People tap twice, change their minds, and walk away. Nothing happens twice, and nothing of one
visit is left for the next person."""

from __future__ import annotations

import pytest

from kiosk.flows.model import (
    Asking,
    Attract,
    Bagging,
    Comfort,
    Done,
    Items,
    LanguageChosen,
    NoCode,
    Press,
    Pressed,
    Receipt,
    StaffCalled,
    TypeOrder,
    TypeShortCode,
)
from kiosk.ports import Scanned, Symbology

IDLE_S = 60.0


def to_no_code(kiosk) -> None:
    kiosk.press(Press.NO_CODE)
    kiosk.sees(NoCode)


def to_typing(kiosk) -> None:
    to_no_code(kiosk)
    kiosk.press(Press.SHORT_CODE)
    kiosk.type("AB")
    kiosk.sees(TypeShortCode)


def to_order(kiosk) -> None:
    to_no_code(kiosk)
    kiosk.press(Press.ORDER_NUMBER)
    kiosk.type("LR-1")
    kiosk.sees(TypeOrder)


def to_items(kiosk, slug: str = "simple") -> None:
    kiosk.hold_return(slug)
    kiosk.sees(Items)


def to_question(kiosk) -> None:
    to_items(kiosk, "condition")
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Asking)


def to_bag(kiosk) -> None:
    to_items(kiosk)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)


def to_help(kiosk) -> None:
    to_items(kiosk)
    kiosk.press(Press.CALL_STAFF)
    kiosk.sees(StaffCalled)


WITHOUT_DROP = [to_no_code, to_typing, to_order]
WITH_DROP = [to_items, to_question, to_bag, to_help]


def nothing_is_left(kiosk) -> None:
    """The first screen as it was in the morning."""
    home = kiosk.until(
        lambda s: isinstance(s.screen, Attract) and not s.visit_id, "the first screen"
    )
    assert home.screen.problem is None
    assert (home.drops, home.taken, home.turned_down, home.deadline) == ((), "", "", None)
    assert home.comfort == Comfort("en")
    assert kiosk.bags_held == []
    kiosk.is_whole()


@pytest.mark.parametrize("walk", WITHOUT_DROP + WITH_DROP)
def test_cancel_on_every_screen(kiosk, street, walk) -> None:
    kiosk.post(LanguageChosen("ar"))
    walk(kiosk)
    kiosk.hold_nothing()
    kiosk.press(Press.CANCEL)
    nothing_is_left(kiosk)
    assert [state for state, _, _ in kiosk.drops] == (["abandoned"] if walk in WITH_DROP else [])
    assert [e["cause"] for e in kiosk.events("drop.abandoned")] == (
        ["cancelled"] if walk in WITH_DROP else []
    )
    kiosk.all_sent()
    assert street.drops == []
    assert len(street.told("drop.abandoned")) == len(kiosk.events("drop.abandoned"))


@pytest.mark.parametrize("walk", WITHOUT_DROP + WITH_DROP)
def test_walking_away_from_every_screen(kiosk, clock, walk) -> None:
    kiosk.post(LanguageChosen("de"))
    kiosk.press(Press.LARGE_TEXT, Press.LARGE_TEXT, Press.HIGH_CONTRAST)
    walk(kiosk)
    kiosk.hold_nothing()
    patience = IDLE_S * (3 if walk is to_help else 1)
    clock.later(patience - 10)
    kiosk.until(lambda s: s.deadline and s.now >= s.deadline.warns, "the countdown")
    assert not isinstance(kiosk.session.screen, Attract)
    clock.later(11)
    nothing_is_left(kiosk)
    assert [e["cause"] for e in kiosk.events("drop.abandoned")] == (
        ["timed_out"] if walk in WITH_DROP else []
    )
    kiosk.put_away()
    kiosk.hold_return("simple")  # whoever comes back begins anew
    kiosk.sees(Items)


def test_walking_away_from_the_receipt_keeps_the_promise(kiosk, street, clock) -> None:
    to_items(kiosk)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.hold_nothing()
    kiosk.until(lambda s: getattr(s.screen, "outcome", None) is not None, "the paper")
    clock.later(46)
    kiosk.sees(Done)
    clock.later(9)
    kiosk.until(lambda s: isinstance(s.screen, Attract) and not s.visit_id, "the first screen")
    kiosk.all_sent()
    assert len(street.drops) == 1
    assert kiosk.events("drop.abandoned") == []


def test_every_key_and_every_code_many_times_over(kiosk, street) -> None:
    """Five taps for one, and a bag that is read again and again: one drop, one receipt."""
    to_items(kiosk)
    kiosk.press(*[Press.ALL_HERE] * 5)
    kiosk.sees(Bagging)
    bag = street.sample.bags[0]
    scan = Scanned(bag, bag.encode(), Symbology.CODE_128, "]C0", "camera", 0.0)
    for _ in range(5):
        kiosk.post(scan)
    kiosk.until(lambda s: getattr(s.screen, "outcome", None) is not None, "the paper")
    kiosk.press(*[Press.FINISH] * 5)
    kiosk.until(lambda s: isinstance(s.screen, Attract) and not s.visit_id, "the first screen")
    kiosk.all_sent()
    assert len(street.drops) == 1
    assert len(kiosk.printer.slips) == 1
    assert [state for state, _ in kiosk.print_jobs] == ["printed"]


@pytest.mark.parametrize("first", ["bag", "cancel"])
def test_cancel_and_the_bag_at_the_same_moment(kiosk, street, first) -> None:
    """Whichever was first, there is one truth: promised with a receipt, or given up and free."""
    bag = street.sample.bags[0]
    scan = Scanned(bag, bag.encode(), Symbology.CODE_128, "]C0", "camera", 0.0)
    to_bag(kiosk)
    both = [scan, Pressed(Press.CANCEL)]
    for event in both if first == "bag" else reversed(both):
        kiosk.post(event)
    if first == "bag":
        kiosk.sees(Receipt)  # where there is nothing left to cancel
        assert kiosk.bags_held == [bag]
    else:
        kiosk.sees(Attract)  # and the bag alone is no return
        assert kiosk.bags_held == []
    kiosk.all_sent()
    assert len(street.drops) == (1 if first == "bag" else 0)
    assert len(street.told("drop.abandoned")) == (0 if first == "bag" else 1)
    kiosk.is_whole()


def test_more_time_as_often_as_it_is_wanted(kiosk, clock) -> None:
    to_items(kiosk)
    for _ in range(12):
        clock.later(45)
        kiosk.until(lambda s: s.deadline and s.now >= s.deadline.warns, "the countdown")
        kiosk.press(Press.MORE_TIME)
        kiosk.until(lambda s: s.deadline and s.now < s.deadline.warns, "more time")
    assert isinstance(kiosk.session.screen, Items)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
