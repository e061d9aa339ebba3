"""One return, one drop, one refund; whoever holds up its code again is told so."""

from __future__ import annotations

import pytest

from kiosk.domain.reasons import Why
from kiosk.flows.model import Attract, Items, Press, Receipt, TypeShortCode
from kiosk.ports import Trouble


def drop_off(kiosk, slug: str = "simple", bag: int = 0):
    kiosk.hold_return(slug)
    kiosk.sees(Items)
    kiosk.hold_bag(bag)
    drop = kiosk.sees(Receipt).drop
    kiosk.hold_nothing()
    kiosk.go_home()
    return drop


@pytest.mark.parametrize("slug", ["simple", "three", "donate"])
def test_at_the_same_kiosk(kiosk, street, slug) -> None:
    """Also where an item was refused the first time ("three"), or needs no bag ("donate")."""
    done = drop_off(kiosk, slug)
    kiosk.put_away()
    kiosk.hold_return(slug)
    told = kiosk.hears(Why.RETURN_ALREADY_DROPPED)
    assert told["drop_number"] == done.drop_number
    assert isinstance(kiosk.session.screen, Attract)
    assert kiosk.session.visit_id == ""
    kiosk.all_sent()
    assert len(street.drops) == 1
    (rejected,) = street.told("code.rejected")  # once, however long it is held up
    assert rejected["reason"] == "return_already_dropped"
    assert "RK1:" not in str(rejected)


def test_by_another_name(kiosk, street) -> None:
    """Scanned the first time, typed the second."""
    done = drop_off(kiosk)
    kiosk.press(Press.NO_CODE, Press.SHORT_CODE)
    kiosk.sees(TypeShortCode)
    kiosk.type(street.sample.find("simple").short_code)
    kiosk.press(Press.SUBMIT)
    assert kiosk.hears(Why.RETURN_ALREADY_DROPPED)["drop_number"] == done.drop_number


def test_after_a_restart(kiosk) -> None:
    done = drop_off(kiosk)
    kiosk.restart()
    kiosk.hold_return("simple")
    assert kiosk.hears(Why.RETURN_ALREADY_DROPPED)["drop_number"] == done.drop_number


def test_at_two_kiosks_that_could_not_know(install, street) -> None:
    """Both promises stand; the first that arrives is refunded, the second is a case for a person,
    who finds both bags named."""
    first, second = install("K1").ready(), install("K2").ready()
    street.goes_down()
    for kiosk, bag in ((first, 0), (second, 1)):
        kiosk.knows(Trouble.OFFLINE)
        drop_off(kiosk, "simple", bag)
    second.stop()
    street.comes_back()
    first.all_sent()
    assert len(street.drops) == 1
    assert street.cases == []
    second.ready()
    assert len(street.drops) == 2
    (case,) = street.cases
    assert (case["kind"], case["state"]) == ("duplicate_drop", "open")
    assert case["evidence"]["returns"] == [street.sample.find("simple").return_id]
    assert case["evidence"]["bags"] == list(street.sample.bags[:2])
    disputed = {row["bag_id"]: row["disputed"] for row in street.drops}
    assert disputed == {street.sample.bags[0]: False, street.sample.bags[1]: True}


def test_at_two_kiosks_at_the_same_moment(install, street) -> None:
    """With the centre there as well: no kiosk asks it before it promises."""
    kiosks = install("K1").ready(), install("K2").ready()
    for kiosk in kiosks:
        kiosk.hold_return("simple")
    for kiosk in kiosks:
        kiosk.sees(Items)
    for bag, kiosk in enumerate(kiosks):
        kiosk.hold_bag(bag)
    for kiosk in kiosks:
        kiosk.sees(Receipt)
    for kiosk in kiosks:
        kiosk.all_sent()
    assert len(street.drops) == 2
    assert len(street.cases) == 1
    assert sorted(row["disputed"] for row in street.drops) == [False, True]
