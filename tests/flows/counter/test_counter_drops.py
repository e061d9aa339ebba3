"""What customers bring with a label on it, and bags on their way into containers."""

from __future__ import annotations

import pytest

from kiosk.domain.codes import bag_code
from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.commands import Role, Who
from kiosk.domain.counter.meaning import (
    BagScanned,
    ContainerScanned,
    ItemScanned,
    ParcelScanned,
    PickUpScanned,
)
from kiosk.domain.counter.outbound_facts import BagVoided
from kiosk.domain.counter.parcel_facts import ParcelReceived
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.saying import Because, Refused
from kiosk.domain.staff.facts import Overridden
from kiosk.domain.staff.permits import Amount, Limited, Limits
from kiosk.flows.counter.model import Did, Heard, Key, PaperDone, PrintDropReceipt, Tone
from kiosk.flows.counter.states.desk import Home, Overriding
from kiosk.flows.counter.states.outbound import BagInHand, DropTaken, Paper, WhoseDrop
from tests.domain.counter.desk import CODE
from tests.flows.counter.conftest import Shift
from tests.flows.counter.fake_desk import BEN, FakeDesk

ANNA = Who("anna", Role.ASSOCIATE)
BAG = bag_code(1)
NUMBER = "00340434161094042557"


def label(number: str = NUMBER, *carriers: str) -> ParcelScanned:
    return ParcelScanned(tuple(Tracking(one, "", number) for one in carriers or ("dhl",)))


def opened(desk: FakeDesk, container: str, carrier: str = "", holds: int = 20) -> None:
    desk.done(ask.ProvideContainer(container, f"TC-{container}", carrier, holds), ANNA)
    desk.done(ask.OpenContainer(container), ANNA)


def taken(shift: Shift) -> DropTaken:
    assert isinstance(shift.screen, DropTaken), shift.screen
    return shift.screen


def in_hand(shift: Shift) -> BagInHand:
    assert isinstance(shift.screen, BagInHand), shift.screen
    return shift.screen


def test_a_labelled_parcel_is_taken_by_one_scan_and_the_receipt_prints(anna: Shift) -> None:
    anna.scan(label())
    screen = taken(anna)
    assert (screen.number, screen.carrier, screen.paper) == (NUMBER, "dhl", Paper.WAITING)
    assert (anna.flash.tone, anna.did) == (Tone.RIGHT, Did.DROP_TAKEN)
    assert anna.desk.printed == [PrintDropReceipt(NUMBER, "dhl", screen.drop_number)]
    assert screen.drop_number in screen.qr
    assert anna.desk.shop().bags[NUMBER].state is BagState.COMMITTED


def test_a_carrier_that_nobody_comes_for_is_said(anna: Shift) -> None:
    anna.scan(label(NUMBER, "hermes"))
    assert taken(anna).carrier == "hermes"
    assert (anna.flash.tone, anna.did) == (Tone.CARE, Did.DROP_UNSERVED)


def test_the_screen_goes_by_itself_once_the_paper_is_there(anna: Shift) -> None:
    anna.scan(label())
    anna.wait(60)
    anna.happens(PaperDone(taken(anna).job + 1, Paper.PRINTED))
    assert taken(anna).paper is Paper.WAITING
    anna.happens(PaperDone(taken(anna).job, Paper.PRINTED))
    anna.wait(anna.timing.done)
    assert isinstance(anna.screen, Home)


@pytest.mark.parametrize("paper", [Paper.FAILED, Paper.NONE])
def test_without_paper_it_stays_and_prints_again_on_demand(anna: Shift, paper: Paper) -> None:
    anna.scan(label())
    anna.press(Key.REPRINT)
    assert len(anna.desk.printed) == 1
    anna.happens(PaperDone(taken(anna).job, paper))
    anna.wait(60)
    assert taken(anna).paper is paper
    anna.press(Key.REPRINT)
    assert (taken(anna).paper, len(anna.desk.printed)) == (Paper.WAITING, 2)


def test_the_same_label_again_is_said_and_taken_once(anna: Shift) -> None:
    anna.scan(label())
    anna.scan(label())
    assert (anna.flash.tone, anna.did) == (Tone.CARE, Did.DROP_KNOWN)
    assert in_hand(anna) == BagInHand(NUMBER, "dhl", voidable=True, label=True)
    assert len(anna.desk.printed) == 1


def test_what_came_with_the_driver_is_received_instead_in_one_act(anna: Shift) -> None:
    anna.scan(label())
    anna.press(Key.FROM_DRIVER)
    voided, received = anna.desk.facts[-2:]
    assert isinstance(voided, BagVoided)
    assert voided.reason == "from_driver"
    assert isinstance(received, ParcelReceived)
    assert anna.desk.shop().parcels[NUMBER].state is ParcelState.RECEIVED
    assert not isinstance(anna.screen, DropTaken)


def test_the_driver_s_parcel_is_seen_later_and_not_on_another_day(anna: Shift) -> None:
    anna.scan(label())
    anna.press(Key.DONE)
    anna.desk.wait(days=1)
    anna.sign_in()
    anna.scan(label())
    assert not in_hand(anna).voidable
    anna.press(Key.FROM_DRIVER, Key.VOID)
    assert anna.desk.shop().bags[NUMBER].state is BagState.COMMITTED


def test_whose_it_is_is_asked_where_two_carriers_fit(anna: Shift) -> None:
    anna.scan(label(NUMBER, "dhl", "gls", "dhl"))
    assert isinstance(anna.screen, WhoseDrop)
    assert [one.carrier for one in anna.screen.readings] == ["dhl", "gls"]
    anna.scan(ItemScanned("4006381333931"))
    assert anna.flash.tone is Tone.WRONG
    anna.choose("ups")
    anna.choose("gls")
    assert taken(anna).carrier == "gls"


def test_a_number_without_a_carrier_is_one_of_the_shop_s(anna: Shift) -> None:
    anna.scan(label(NUMBER, ""))
    assert isinstance(anna.screen, WhoseDrop)
    assert [one.carrier for one in anna.screen.readings] == ["dhl", "free", "gls"]
    anna.choose("free")
    assert anna.desk.shop().bags[NUMBER].carrier == "free"


def test_a_customer_who_wants_it_back_gets_it_with_a_reason(anna: Shift) -> None:
    money = Limits({Limited.DROP_VALUE: Amount(5000, "EUR")})
    anna.desk.rule(limits=money)
    anna.scan(label())
    anna.scan(label())
    anna.press(Key.VOID)
    assert isinstance(anna.screen, Overriding)
    anna.choose("customer_changed_mind")
    anna.badge(BEN)
    anna.type("730915")
    anna.press(Key.SUBMIT)
    assert (anna.did, isinstance(anna.screen, Home)) == (Did.DROP_VOIDED, True)
    assert anna.desk.shop().bags[NUMBER].state is BagState.VOIDED
    (override,) = [one for one in anna.desk.told if isinstance(one, Overridden)]
    assert (override.by, override.second) == ("anna", "ben")
    anna.scan(BagScanned(NUMBER))
    assert isinstance(anna.said, Refused)
    assert anna.said.because is Because.BAG_VOIDED


# --- bags --------------------------------------------------------------------------------------


def test_a_bag_goes_into_the_container_of_its_carrier_by_two_scans(anna: Shift) -> None:
    desk = anna.desk
    opened(desk, "K1")
    opened(desk, "K2", "dhl")
    opened(desk, "K3", "gls")
    desk.done(ask.TakeDrop(BAG, "D1", "dhl"), ANNA)
    anna.scan(BagScanned(BAG))
    assert in_hand(anna) == BagInHand(BAG, "dhl", "TC-K2", voidable=True)
    anna.scan(ContainerScanned("TC-K2"))
    assert (anna.flash.tone, anna.did) == (Tone.RIGHT, Did.CONTAINED)
    assert isinstance(anna.screen, Home)
    assert desk.shop().bags[BAG].container_id == "K2"


def test_a_container_that_nobody_opened_is_opened_by_the_bag(anna: Shift) -> None:
    anna.desk.done(ask.ProvideContainer("K1", "TC-K1", "", 9), ANNA)
    anna.desk.done(ask.TakeDrop(BAG, "D1", "dhl"), ANNA)
    anna.scan(BagScanned(BAG))
    anna.scan(ContainerScanned("TC-K1"))
    assert anna.desk.shop().bags_in("K1") == {BAG}


def test_a_nearly_full_container_is_said(anna: Shift) -> None:
    opened(anna.desk, "K1", holds=1)
    anna.scan(BagScanned(BAG))
    assert (anna.flash.tone, anna.did) == (Tone.CARE, Did.BAG_UNTOLD)
    anna.scan(ContainerScanned("TC-K1"))
    assert (anna.flash.tone, anna.did) == (Tone.CARE, Did.NEARLY_FULL)
    anna.scan(BagScanned(bag_code(2)))
    assert in_hand(anna).suggested == ""
    anna.scan(ContainerScanned("TC-K1"))
    assert isinstance(anna.said, Refused)
    assert anna.said.because is Because.CONTAINER_FULL
    assert in_hand(anna).bag_id == bag_code(2)


def test_another_carrier_s_container_is_refused(anna: Shift) -> None:
    opened(anna.desk, "K1", "gls")
    anna.desk.done(ask.TakeDrop(BAG, "D1", "dhl"), ANNA)
    anna.scan(BagScanned(BAG))
    anna.scan(ContainerScanned("TC-K1"))
    assert isinstance(anna.said, Refused)
    assert anna.said.because is Because.OTHER_CARRIER


def test_a_bag_in_a_container_is_put_over_and_not_voided(anna: Shift) -> None:
    desk = anna.desk
    opened(desk, "K1")
    opened(desk, "K2")
    desk.done(ask.TakeDrop(BAG, "D1", "dhl"), ANNA)
    desk.done(ask.ContainBag(BAG, "K1"), ANNA)
    anna.scan(BagScanned(BAG))
    assert in_hand(anna) == BagInHand(BAG, "dhl", "TC-K2", "TC-K1")
    anna.press(Key.VOID, Key.FROM_DRIVER)
    assert in_hand(anna).inside == "TC-K1"
    anna.scan(ContainerScanned("TC-K2"))
    assert desk.shop().bags_in("K2") == {BAG}


def test_the_bag_on_the_screen_follows_what_the_other_counter_does(anna: Shift) -> None:
    desk = anna.desk
    desk.done(ask.TakeDrop(BAG, "D1", "dhl"), ANNA)
    anna.scan(BagScanned(BAG))
    screen = anna.screen
    assert anna.happens(Heard()).screen is screen
    opened(desk, "K1")
    anna.happens(Heard())
    assert in_hand(anna).suggested == "TC-K1"
    desk.done(ask.VoidDrop(BAG, "other"), Who("ben", Role.SUPERVISOR))
    anna.happens(Heard())
    assert isinstance(anna.screen, Home)


def test_a_bag_in_the_hand_does_not_keep_the_next_customer_waiting(anna: Shift) -> None:
    anna.scan(BagScanned(BAG))
    anna.scan(PickUpScanned(CODE))
    assert isinstance(anna.said, Refused)
    assert anna.said.because is Because.CODE_NOT_GOOD
