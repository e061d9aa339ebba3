"""The bag was used before, is no bag, or is not there."""

from __future__ import annotations

from kiosk.domain.reasons import Why
from kiosk.flows.model import Attract, Bagging, Items, Press, Receipt


def test_a_bag_that_holds_another_drop(kiosk, street) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.hold_bag(0)
    kiosk.sees(Receipt)
    kiosk.hold_nothing()
    kiosk.go_home()
    kiosk.hold_return("fee")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    kiosk.put_away()
    kiosk.hold_bag(0)
    kiosk.hears(Why.BAG_IN_USE)
    kiosk.hold_bag(1)
    kiosk.sees(Receipt)
    kiosk.all_sent()
    assert {row["bag_id"] for row in street.drops} == set(street.sample.bags[:2])
    kiosk.is_whole()


def test_the_return_code_held_up_where_the_bag_is_wanted(kiosk) -> None:
    """The code that led here is still in view: no news, no complaint."""
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    kiosk.hold_return("fee")  # another return's
    kiosk.hears(Why.CODE_NOT_A_BAG)
    assert isinstance(kiosk.session.screen, Bagging)


def test_a_bag_held_up_first_is_no_return(kiosk) -> None:
    kiosk.hold_bag()
    kiosk.hears(Why.CODE_BAG_FIRST)
    assert isinstance(kiosk.session.screen, Attract)


def test_a_bag_scanned_and_given_up_is_free_again(kiosk, street, clock) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    kiosk.press(Press.CANCEL)
    kiosk.sees(Attract)
    assert kiosk.bags_held == []
    kiosk.hold_nothing()
    kiosk.hold_return("fee")
    kiosk.sees(Items)
    kiosk.hold_bag(0)
    assert kiosk.sees(Receipt).drop.bag_id == street.sample.bags[0]
