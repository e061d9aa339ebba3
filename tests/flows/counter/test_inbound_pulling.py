"""The day's list: scan, and it goes onto the shelf for returns."""

from __future__ import annotations

from kiosk.domain.counter.meaning import ItemScanned, ShelfScanned
from kiosk.domain.counter.saying import Because
from kiosk.flows.counter.model import Did, Key, Note, Tone
from kiosk.flows.counter.states.desk import Home
from kiosk.flows.counter.states.inbound import ParcelInHand, Pulling
from tests.flows.counter.conftest import Shift
from tests.flows.counter.inbound_story import S, bring, label, refused, shelf_of, state


def pulling(shift: Shift) -> Pulling:
    assert isinstance(shift.screen, Pulling), shift.screen
    return shift.screen


def test_scan_after_scan_without_a_touch(anna: Shift) -> None:
    bring(anna.desk, "P1", S.REFUSED_OUT)
    bring(anna.desk, "P2", S.EXPIRED, "A2")
    anna.sign_in()
    anna.press(Key.EXPIRED)
    assert [parcel.number for parcel in pulling(anna).parcels] == ["P1", "P2"]
    assert pulling(anna).shelf == "R1"
    anna.scan(label("P2"))
    assert anna.said == Note(Did.STAGED, {"number": "P2", "shelf": "R1"})
    anna.scan(label("P1"))
    assert (pulling(anna).pulled, pulling(anna).parcels) == (2, ())
    assert (state(anna, "P1"), state(anna, "P2")) == (S.RTS_STAGED, S.RTS_STAGED)


def test_onto_the_shelf_that_was_scanned(anna: Shift) -> None:
    anna.desk.shelf("R2", returns=True)
    bring(anna.desk, "P1", S.REFUSED_OUT)
    anna.press(Key.EXPIRED)
    anna.scan(ShelfScanned("R2"))
    anna.scan(label("P1"))
    assert shelf_of(anna, "P1") == "R2"


def test_a_shelf_that_is_full_gives_way_to_the_next(anna: Shift) -> None:
    anna.desk.shelf("R0", room=1, returns=True)
    bring(anna.desk, "P1", S.REFUSED_OUT)
    bring(anna.desk, "P2", S.REFUSED_OUT)
    anna.press(Key.EXPIRED)
    anna.scan(ShelfScanned("R0"))
    anna.scan(label("P1"))
    assert pulling(anna).shelf == "R1", "said before the next scan"
    anna.scan(label("P2"))
    assert (shelf_of(anna, "P1"), shelf_of(anna, "P2")) == ("R0", "R1")
    anna.scan(ShelfScanned("R0"))
    assert refused(anna) is Because.SHELF_FULL


def test_only_a_shelf_for_returns_will_do(anna: Shift) -> None:
    bring(anna.desk, "P1", S.REFUSED_OUT)
    anna.press(Key.EXPIRED)
    anna.scan(ShelfScanned("A1"))
    assert refused(anna) is Because.SHELF_NOT_FOR_THIS
    anna.scan(ShelfScanned("Z9"))
    assert refused(anna) is Because.SHELF_UNKNOWN
    assert pulling(anna).shelf == "R1"


def test_a_parcel_that_is_not_on_the_list_is_stopped(anna: Shift) -> None:
    bring(anna.desk, "P1", S.SHELVED)
    anna.press(Key.EXPIRED)
    anna.scan(label("P1"))
    assert refused(anna) is Because.PARCEL_ON_SHELF
    anna.scan(label("P9"))
    assert refused(anna) is Because.PARCEL_UNKNOWN
    assert (state(anna, "P1"), pulling(anna).pulled) == (S.SHELVED, 0)


def test_one_that_was_pulled_already_is_no_harm(anna: Shift) -> None:
    bring(anna.desk, "P1", S.REFUSED_OUT)
    anna.press(Key.EXPIRED)
    anna.scan(label("P1"))
    told = len(anna.desk.facts)
    anna.scan(label("P1"))
    assert (anna.did, anna.flash.tone) == (Did.STAGED, Tone.CARE)
    assert (len(anna.desk.facts), pulling(anna).pulled) == (told, 1)


def test_one_that_waits_longer_one_touch(anna: Shift) -> None:
    bring(anna.desk, "P1", S.EXPIRED)
    anna.sign_in()
    anna.press(Key.EXPIRED, Key.EXTEND)
    assert pulling(anna).extending
    anna.scan(label("P1"))
    assert (anna.did, state(anna, "P1")) == (Did.EXTENDED, S.SHELVED)
    assert not pulling(anna).extending
    assert pulling(anna).parcels == ()
    anna.press(Key.EXTEND, Key.BACK)
    assert not pulling(anna).extending


def test_what_cannot_wait_longer_is_said_and_the_key_stays(anna: Shift) -> None:
    bring(anna.desk, "P1", S.REFUSED_OUT)
    anna.press(Key.EXPIRED, Key.EXTEND)
    anna.scan(label("P1"))
    assert refused(anna) is Because.PARCEL_DECLINED
    assert pulling(anna).extending


def test_a_missing_one_that_is_pulled_is_found(anna: Shift) -> None:
    bring(anna.desk, "P1", S.EXPIRED)
    anna.sign_in()
    anna.press(Key.EXPIRED)
    anna.choose("P1")
    assert isinstance(anna.screen, ParcelInHand)
    anna.press(Key.MISSING, Key.MISSING)
    assert pulling(anna).parcels == ()
    anna.scan(label("P1"))
    assert (anna.did, state(anna, "P1")) == (Did.STAGED, S.RTS_STAGED)


def test_a_shop_without_a_shelf_for_returns_asks_for_one(anna: Shift) -> None:
    anna.desk.shelf("R1", room=0, returns=True)
    bring(anna.desk, "P1", S.REFUSED_OUT)
    anna.press(Key.EXPIRED)
    assert pulling(anna).shelf == ""
    anna.scan(label("P1"))
    assert (anna.did, anna.flash.tone) == (Did.SHELF_EXPECTED, Tone.WRONG)
    assert state(anna, "P1") is S.REFUSED_OUT


def test_goods_are_no_parcel(anna: Shift) -> None:
    anna.press(Key.EXPIRED)
    anna.scan(ItemScanned("04006381333931"))
    assert anna.flash.tone is Tone.WRONG
    anna.press(Key.DONE)
    assert isinstance(anna.screen, Home)
