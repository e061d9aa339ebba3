"""Handing out: codes, parcels one by one, the wrong one, what is missing, what is declined."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.commands import Role, Who
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.meaning import ItemScanned, ParcelScanned, PickUpScanned, ShelfScanned
from kiosk.domain.counter.parcel_facts import (
    ParcelAnnounced,
    ParcelCollected,
    ParcelFound,
    ParcelReceived,
)
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.hlc import advance
from kiosk.flows.counter.model import Did, Heard, Key, Tone
from kiosk.flows.counter.outbound import hand_out
from kiosk.flows.counter.states.desk import Home
from kiosk.flows.counter.states.outbound import (
    CodeBarred,
    HandedOut,
    HandingOut,
    Place,
    PlaceKind,
    Stays,
)
from tests.domain.counter.desk import CODE, OTHER_CODE
from tests.flows.counter.conftest import Shift
from tests.flows.counter.fake_desk import ADA, FakeDesk

ANNA, BEN = Who("anna", Role.ASSOCIATE), Who("ben", Role.SUPERVISOR)


def label(number: str, carrier: str = "dhl") -> ParcelScanned:
    return ParcelScanned((Tracking(carrier, "", number),))


def lay(
    desk: FakeDesk, number: str, shelf: str = "A1", code: str = CODE, carrier: str = "dhl"
) -> None:
    """A parcel on its shelf, with its recipient's code."""
    desk.tell(ParcelAnnounced(number, carrier, code=code))
    desk.done(ask.Receive(number, carrier), ANNA)
    if shelf:
        desk.done(ask.Shelve(number, shelf), ANNA)


def job(shift: Shift) -> HandingOut:
    assert isinstance(shift.screen, HandingOut), shift.screen
    return shift.screen


def state(shift: Shift, number: str) -> ParcelState:
    return shift.desk.shop().parcels[number].state


def collected(shift: Shift) -> list[str]:
    return [fact.number for fact in shift.desk.facts if isinstance(fact, ParcelCollected)]


def refused(shift: Shift) -> Refused:
    assert isinstance(shift.said, Refused), shift.said
    return shift.said


def test_a_code_and_its_parcel_is_all_it_takes(anna: Shift) -> None:
    lay(anna.desk, "P1")
    anna.scan(PickUpScanned(CODE))
    assert job(anna).places == (Place(PlaceKind.SHELF, "A1", ("P1",)),)
    assert (anna.flash.tone, anna.did) == (Tone.RIGHT, Did.CODE_GOOD)
    anna.scan(label("P1"))
    assert isinstance(anna.screen, HandedOut)
    assert (anna.screen.count, anna.screen.left) == (1, 0)
    assert (anna.flash.tone, anna.did) == (Tone.RIGHT, Did.HANDED_OUT)
    assert state(anna, "P1") is ParcelState.COLLECTED
    anna.wait(anna.timing.done)
    assert isinstance(anna.screen, Home)


def test_the_next_customer_need_not_wait_for_the_screen(anna: Shift) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "P2", code=OTHER_CODE)
    anna.scan(PickUpScanned(CODE))
    anna.scan(label("P1"))
    anna.scan(PickUpScanned(OTHER_CODE))
    assert job(anna).code == OTHER_CODE


def test_several_parcels_are_a_walk_and_one_act(anna: Shift) -> None:
    for number, shelf in (("P1", "A2"), ("P2", "A1"), ("P3", "A2")):
        lay(anna.desk, number, shelf)
    anna.scan(PickUpScanned(CODE))
    assert [(p.name, p.numbers) for p in job(anna).places] == [
        ("A1", ("P2",)),
        ("A2", ("P1", "P3")),
    ]
    anna.scan(label("P2"))
    assert [p.name for p in job(anna).places] == ["A2"]
    anna.scan(label("P3"))
    assert collected(anna) == []
    anna.scan(label("P1"))
    assert collected(anna) == ["P2", "P3", "P1"]
    assert isinstance(anna.screen, HandedOut)


def test_until_the_last_scan_nothing_is_handed_out(anna: Shift) -> None:
    """A power cut in the middle leaves every parcel on its shelf."""
    lay(anna.desk, "P1")
    lay(anna.desk, "P2")
    anna.scan(PickUpScanned(CODE))
    before = len(anna.desk.facts)
    anna.scan(label("P1"))
    assert len(anna.desk.facts) == before


@pytest.mark.parametrize("scanned", [(), ("P1",)])
def test_the_wrong_parcel_is_stopped_and_its_place_is_named(
    anna: Shift, scanned: tuple[str, ...]
) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "P2")
    lay(anna.desk, "X", "A2", OTHER_CODE)
    anna.scan(PickUpScanned(CODE))
    for number in scanned:
        anna.scan(label(number))
    anna.scan(label("X"))
    assert anna.flash.tone is Tone.WRONG
    values = {"number": "X", "shelf": "A2"}
    assert refused(anna) == Refused(Because.WRONG_PARCEL, Then.PUT_IT_BACK, values)
    stopped = job(anna).stopped
    assert stopped is not None
    assert (stopped.number, job(anna).scanned) == ("X", scanned)
    anna.scan(label("P2"))
    assert state(anna, "X") is ParcelState.SHELVED


def test_somebody_else_s_missing_parcel_is_found_by_the_wrong_scan(anna: Shift) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "X", "A2", OTHER_CODE)
    anna.desk.done(ask.ReportMissing("X"), ANNA)
    anna.scan(PickUpScanned(CODE))
    anna.scan(label("X"))
    assert refused(anna).because is Because.WRONG_PARCEL
    assert anna.desk.facts[-1] == ParcelFound("X", "anna")


@pytest.mark.parametrize(
    ("number", "because"), [("P9", Because.PARCEL_UNKNOWN), ("C", Because.PARCEL_COLLECTED)]
)
def test_a_parcel_that_is_not_in_the_shop_is_stopped_too(
    anna: Shift, number: str, because: Because
) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "C", "A2", OTHER_CODE)
    anna.desk.done(ask.HandOut(("C",), OTHER_CODE), ANNA)
    anna.scan(PickUpScanned(CODE))
    anna.scan(label(number))
    assert (refused(anna).because, refused(anna).values["number"]) == (because, number)


def test_impatience_does_no_harm(anna: Shift) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "P2")
    anna.scan(PickUpScanned(CODE))
    anna.scan(PickUpScanned(CODE))
    assert (anna.flash.tone, anna.did) == (Tone.CARE, Did.PARCEL_EXPECTED)
    anna.scan(label("P1"))
    anna.scan(label("P1"))
    assert (anna.flash.tone, refused(anna).because) == (Tone.CARE, Because.SCANNED_TWICE)
    anna.scan(label("P2"))
    anna.scan(label("P2"))
    assert collected(anna) == ["P1", "P2"]


@pytest.mark.parametrize("meaning", [ShelfScanned("A1"), ItemScanned("4006381333931")])
def test_what_is_no_parcel_is_not_taken_for_one(anna: Shift, meaning: ShelfScanned) -> None:
    lay(anna.desk, "P1")
    anna.scan(PickUpScanned(CODE))
    anna.scan(meaning)
    assert (anna.flash.tone, anna.did) == (Tone.WRONG, Did.PARCEL_EXPECTED)
    assert job(anna).wanted == ("P1",)


def test_another_code_waits_while_parcels_are_in_hand(anna: Shift) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "P2")
    lay(anna.desk, "X", "A2", OTHER_CODE)
    anna.scan(PickUpScanned(CODE))
    anna.scan(PickUpScanned(OTHER_CODE))
    assert job(anna).code == OTHER_CODE
    anna.scan(PickUpScanned(CODE))
    anna.scan(label("P1"))
    anna.scan(PickUpScanned(OTHER_CODE))
    assert (anna.flash.tone, anna.did) == (Tone.CARE, Did.FINISH_FIRST)
    assert job(anna).scanned == ("P1",)


def test_a_code_that_opens_nothing(anna: Shift) -> None:
    anna.scan(PickUpScanned(CODE))
    assert isinstance(anna.screen, Home)
    assert refused(anna) == Refused(Because.CODE_NOT_GOOD, Then.ASK_CODE)


def test_after_too_many_codes_the_wait_is_counted_down(
    anna: Shift, monkeypatch: pytest.MonkeyPatch
) -> None:
    barred = Refused(Because.TOO_MANY_TRIES, Then.WAIT, {"seconds": 90})
    monkeypatch.setattr(anna.desk, "plan", lambda _: barred)
    anna.scan(PickUpScanned(CODE))
    assert isinstance(anna.screen, CodeBarred)
    assert (anna.screen.wait, refused(anna)) == (90, barred)
    anna.wait(30)
    assert isinstance(anna.screen, CodeBarred)
    assert anna.screen.wait == 60
    anna.wait(60)
    assert isinstance(anna.screen, Home)


def test_what_cannot_be_found_is_told_with_one_touch_and_the_rest_goes(anna: Shift) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "P2", "A2")
    anna.scan(PickUpScanned(CODE))
    anna.scan(label("P1"))
    assert job(anna).near[0] == "A1"
    anna.press(Key.MISSING)
    assert isinstance(anna.screen, HandedOut)
    assert (anna.screen.count, anna.screen.left) == (1, 1)
    assert state(anna, "P2") is ParcelState.MISSING


def test_one_of_several_is_chosen_as_missing_and_found_after_all(anna: Shift) -> None:
    for number in ("P1", "P2", "P3"):
        lay(anna.desk, number, "A1" if number < "P3" else "A2")
    anna.scan(PickUpScanned(CODE))
    anna.press(Key.MISSING)
    assert job(anna).wanted == ("P1", "P2", "P3")
    anna.choose("P2")
    assert (anna.did, job(anna).wanted) == (Did.MISSING_TOLD, ("P1", "P3"))
    assert job(anna).plan.missing == ("P2",)
    anna.scan(label("P2"))
    assert job(anna).scanned == ("P2",)
    anna.scan(label("P1"))
    anna.scan(label("P3"))
    assert sorted(collected(anna)) == ["P1", "P2", "P3"]


def test_a_missing_report_is_taken_back_by_the_undo_key(anna: Shift) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "P2")
    anna.scan(PickUpScanned(CODE))
    anna.choose("P1")
    anna.press(Key.UNDO)
    assert state(anna, "P1") is ParcelState.SHELVED
    assert job(anna).wanted == ("P1", "P2")


def test_where_all_is_missing_the_counter_says_where_it_was(anna: Shift) -> None:
    lay(anna.desk, "P1", "A2")
    anna.desk.done(ask.ReportMissing("P1"), ANNA)
    anna.scan(PickUpScanned(CODE))
    assert (job(anna).wanted, job(anna).plan.missing) == ((), ("P1",))
    assert job(anna).near[0] == "A2"
    anna.scan(label("P1"))
    assert collected(anna) == ["P1"]


def test_when_the_only_one_cannot_be_found_nothing_is_handed_out(anna: Shift) -> None:
    lay(anna.desk, "P1")
    anna.scan(PickUpScanned(CODE))
    anna.press(Key.MISSING)
    assert isinstance(anna.screen, HandedOut)
    assert (anna.screen.count, anna.screen.left, anna.did) == (0, 1, Did.MISSING_TOLD)


def test_part_of_it_may_go_now(anna: Shift) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "P2")
    anna.scan(PickUpScanned(CODE))
    anna.press(Key.DONE)
    assert isinstance(anna.screen, Home)
    anna.scan(PickUpScanned(CODE))
    anna.scan(label("P1"))
    anna.press(Key.DONE, Key.DONE)
    assert collected(anna) == ["P1"]
    anna.scan(PickUpScanned(CODE))
    assert job(anna).wanted == ("P2",)


def test_the_recipient_does_not_want_one_of_them(anna: Shift) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "P2")
    anna.scan(PickUpScanned(CODE))
    anna.scan(label("P1"))
    anna.press(Key.REFUSED)
    assert job(anna).declining
    anna.scan(label("P1"))
    assert (anna.did, state(anna, "P1")) == (Did.DECLINED, ParcelState.REFUSED_OUT)
    assert not job(anna).declining
    anna.scan(label("P2"))
    assert collected(anna) == ["P2"]
    assert isinstance(anna.screen, HandedOut)
    assert [(one.parcel.number, one.why) for one in anna.screen.stay] == [("P1", Stays.DECLINED)]


def test_the_only_parcel_is_declined(anna: Shift) -> None:
    lay(anna.desk, "P1")
    anna.scan(PickUpScanned(CODE))
    anna.press(Key.REFUSED, Key.REFUSED)
    assert not job(anna).declining
    anna.press(Key.REFUSED)
    anna.scan(label("P1"))
    assert isinstance(anna.screen, HandedOut)
    assert (anna.screen.count, collected(anna)) == (0, [])


def test_somebody_else_s_parcel_is_not_declined(anna: Shift) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "X", "A2", OTHER_CODE)
    anna.scan(PickUpScanned(CODE))
    anna.press(Key.REFUSED)
    anna.scan(label("X"))
    assert (refused(anna).because, state(anna, "X")) == (Because.WRONG_PARCEL, ParcelState.SHELVED)


def test_an_expired_parcel_that_is_here_is_handed_out_and_cannot_be_declined(anna: Shift) -> None:
    lay(anna.desk, "P1")
    anna.desk.wait(days=30)
    anna.sign_in()
    anna.desk.done(ask.Expire(), Who("", Role.HOUSE))
    anna.scan(PickUpScanned(CODE))
    anna.press(Key.REFUSED)
    anna.scan(label("P1"))
    assert refused(anna).because is Because.PARCEL_EXPIRED
    anna.scan(label("P1"))
    assert collected(anna) == ["P1"]


def test_a_parcel_at_the_other_counter_and_one_at_this_desk(anna: Shift) -> None:
    desk = anna.desk
    lay(desk, "P1", shelf="")
    fact = ParcelReceived("P2", "dhl", "2025-03-10", "2025-03-17", "zoe")
    for part in (ParcelAnnounced("P2", "dhl", code=CODE), fact):
        stamp = Stamp(advance(desk.shop().latest, desk.at() * 1000), "desk-2")
        desk.shop().apply(Recorded(stamp, part))
    anna.scan(PickUpScanned(CODE))
    assert job(anna).places == (
        Place(PlaceKind.DESK, "", ("P1",)),
        Place(PlaceKind.OTHER_DESK, "", ("P2",)),
    )


def test_a_parcel_in_a_closed_container_is_not_handed_out_by_the_books(anna: Shift) -> None:
    desk = anna.desk
    lay(desk, "P1")
    desk.wait(days=30)
    anna.sign_in()
    desk.done(ask.Expire(), Who("", Role.HOUSE))
    for command in (
        ask.Stage("P1", "R1"),
        ask.ProvideContainer("K1", "TC1", "", 9),
        ask.OpenContainer("K1"),
        ask.ContainParcel("P1", "K1"),
    ):
        desk.done(command, ANNA)
    anna.scan(PickUpScanned(CODE))
    assert job(anna).places == (Place(PlaceKind.CONTAINER, "TC1", ("P1",)),)
    desk.done(ask.CloseContainer("K1", "S1"), ANNA)
    anna.happens(Heard())
    assert job(anna).places == (Place(PlaceKind.CLOSED_CONTAINER, "TC1", ("P1",)),)
    anna.scan(label("P1"))
    assert refused(anna).because is Because.CONTAINER_CLOSED
    assert collected(anna) == []


def test_the_other_counter_handed_it_out_meanwhile(anna: Shift) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "P2")
    anna.scan(PickUpScanned(CODE))
    anna.scan(label("P1"))
    screen = anna.screen
    assert anna.happens(Heard()).screen is screen
    anna.desk.done(ask.HandOut(("P1",), CODE), BEN)
    anna.happens(Heard())
    assert (anna.flash.tone, refused(anna).because) == (Tone.WRONG, Because.PARCEL_COLLECTED)
    assert (job(anna).scanned, job(anna).wanted) == ((), ("P2",))


def test_what_was_laid_aside_knows_what_happened_meanwhile(anna: Shift) -> None:
    lay(anna.desk, "P1")
    lay(anna.desk, "P2")
    anna.scan(PickUpScanned(CODE))
    anna.sign_in(ADA)
    anna.desk.done(ask.HandOut(("P1",), CODE), BEN)
    anna.sign_in()
    anna.scan(label("P1"))
    assert refused(anna).because is Because.PARCEL_COLLECTED
    assert job(anna).wanted == ("P2",)


def test_a_label_of_two_carriers_is_the_one_that_is_wanted(anna: Shift) -> None:
    lay(anna.desk, "P1")
    anna.scan(PickUpScanned(CODE))
    anna.scan(ParcelScanned((Tracking("gls", "", "X9"), Tracking("dhl", "", "P1"))))
    assert collected(anna) == ["P1"]


def test_a_parcel_in_the_hand_without_a_code(anna: Shift) -> None:
    """Where the carrier asks for a code it is asked for, and the scan counts; where it asks
    nothing, one touch was enough."""
    lay(anna.desk, "P1")
    anna.session = hand_out(anna.session, "P1", anna.desk, anna.timing)
    assert (job(anna).code, job(anna).scanned) == ("", ("P1",))
    assert job(anna).ask is not None
    anna.scan(PickUpScanned(OTHER_CODE))
    assert refused(anna).because is Because.CODE_NOT_GOOD
    anna.scan(PickUpScanned(CODE))
    assert collected(anna) == ["P1"]
    lay(anna.desk, "P2", "A2", "", "free")
    anna.session = hand_out(anna.session, "P2", anna.desk, anna.timing)
    assert collected(anna) == ["P1", "P2"]


@pytest.mark.parametrize("prepare", [ask.RefuseOut, ask.ReportMissing])
def test_what_may_be_handed_out_without_a_code(
    anna: Shift, prepare: Callable[[str], ask.Command]
) -> None:
    """Not what was declined; what was missing is found by being in the hand."""
    lay(anna.desk, "P1", code="", carrier="free")
    anna.desk.done(prepare("P1"), ANNA)
    anna.session = hand_out(anna.session, "P1", anna.desk, anna.timing)
    declined = prepare is ask.RefuseOut
    assert collected(anna) == ([] if declined else ["P1"])
    if declined:
        assert refused(anna).because is Because.PARCEL_DECLINED
