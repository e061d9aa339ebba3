"""Containers: provided with one touch, filled and sealed without any, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter.commands import Role, Who
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.facts import Kind, Subject
from kiosk.domain.counter.meaning import BagScanned, ContainerScanned, ParcelScanned, SealScanned
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.flows.counter.model import Acted, Approved, Did, Heard, Key, Tone
from kiosk.flows.counter.states.desk import Home, Overriding
from kiosk.flows.counter.states.leaving import ContainerInHand, Containers, NewContainer, Sure
from kiosk.flows.counter.states.outbound import BagInHand

if TYPE_CHECKING:
    from tests.flows.counter.conftest import Shift

PLATE, OTHER, SEAL = "TC0000000042D", "TC0000000059S", "TZ0000000042V"
STAFF, BOSS = Who("anna", Role.ASSOCIATE), Who("ben", Role.SUPERVISOR)
S = ContainerState


def open_one(shift: Shift, plate: str = PLATE, carrier: str = "dhl") -> str:
    """A container that was provided and opened by scanning its plate; its id."""
    shift.scan(ContainerScanned(plate))
    shift.choose(carrier)
    assert isinstance(shift.screen, ContainerInHand)
    return shift.screen.line.container.container_id


def bag(shift: Shift, bag_id: str, carrier: str = "dhl") -> str:
    shift.desk.done(ask.TakeDrop(bag_id, f"D-{bag_id}", carrier), STAFF)
    return bag_id


def staged(shift: Shift, number: str, carrier: str = "dhl") -> str:
    """A parcel that nobody wants, where the driver fetches it."""
    shift.desk.done(ask.Receive(number, carrier), STAFF)
    shift.desk.done(ask.RefuseOut(number), STAFF)
    shift.desk.done(ask.Stage(number, "R1"), STAFF)
    return number


def parcel(number: str, carrier: str = "dhl") -> ParcelScanned:
    return ParcelScanned((Tracking(carrier, "", number),))


def in_hand(shift: Shift) -> ContainerInHand:
    assert isinstance(shift.screen, ContainerInHand), shift.screen
    return shift.screen


def refused(shift: Shift) -> Refused:
    assert isinstance(shift.said, Refused), shift.said
    assert shift.flash.tone is Tone.WRONG
    return shift.said


# --- provided and opened -------------------------------------------------------------------------


def test_an_unknown_plate_is_provided_with_one_touch_and_open(anna: Shift) -> None:
    anna.scan(ContainerScanned(PLATE))
    assert isinstance(anna.screen, NewContainer)
    assert [one.name for one in anna.screen.carriers] == ["DHL", "FREE", "GLS"]
    anna.choose("gls")
    it = in_hand(anna).line
    assert (it.container.state, it.container.carrier) == (S.OPEN, "gls")
    assert (it.fill.room, anna.did) == (5, Did.OPENED)  # as the book says of that carrier


def test_it_may_be_for_anybodys_goods_and_for_no_carrier_that_was_not_offered(anna: Shift) -> None:
    anna.scan(ContainerScanned(PLATE))
    before = anna.session
    assert anna.choose("somebody") is before
    anna.choose("*")
    assert (in_hand(anna).line.container.carrier, in_hand(anna).line.fill.room) == ("", 40)


def test_one_that_stands_ready_is_opened_by_its_scan(anna: Shift) -> None:
    anna.desk.done(ask.ProvideContainer("c9", PLATE, "dhl", 3), STAFF)
    anna.scan(ContainerScanned(PLATE))
    assert in_hand(anna).line.container.state is S.OPEN


# --- filled --------------------------------------------------------------------------------------


def test_bags_and_parcels_go_in_without_a_touch(anna: Shift) -> None:
    open_one(anna)
    anna.scan(BagScanned(bag(anna, "TB1")))
    assert (anna.did, anna.flash.tone) == (Did.CONTAINED, Tone.RIGHT)
    anna.scan(parcel(staged(anna, "P1")))
    anna.scan(parcel(bag(anna, "LABEL-1")))  # a drop that came with its carrier's label
    it = in_hand(anna)
    assert (it.bags, it.parcels, it.line.fill.count) == (("LABEL-1", "TB1"), ("P1",), 3)


def test_from_nine_tenths_on_it_is_said_and_a_full_one_takes_no_more(anna: Shift) -> None:
    open_one(anna)
    for at in range(5):
        anna.scan(BagScanned(bag(anna, f"TB{at}")))
        assert (anna.did is Did.NEARLY_FULL) == (at == 4)
    assert anna.flash.tone is Tone.CARE
    anna.scan(BagScanned(bag(anna, "TB9")))
    assert refused(anna).because is Because.CONTAINER_FULL
    assert in_hand(anna).line.fill.count == 5


@pytest.mark.parametrize(
    ("ready", "because"),
    [
        (lambda s: BagScanned(bag(s, "TB1", "gls")), Because.OTHER_CARRIER),
        (lambda s: parcel(staged(s, "P1", "gls"), "gls"), Because.OTHER_CARRIER),
        (lambda s: parcel(_received(s, "P1")), Because.PARCEL_ALREADY_HERE),
        (lambda s: parcel(_shelved(s, "P1")), Because.PARCEL_ON_SHELF),
        (lambda s: BagScanned(_again(s, "TB1")), Because.ALREADY_IN_IT),
    ],
)
def test_what_does_not_belong_in_it(
    anna: Shift, ready: Callable[[Shift], BagScanned | ParcelScanned], because: Because
) -> None:
    open_one(anna)
    before = in_hand(anna).line.fill.count
    meaning = ready(anna)
    anna.scan(meaning)
    assert refused(anna).because is because
    assert in_hand(anna).line.fill.count == before


def _received(shift: Shift, number: str) -> str:
    shift.desk.done(ask.Receive(number, "dhl"), STAFF)
    return number


def _shelved(shift: Shift, number: str) -> str:
    shift.desk.done(ask.Shelve(_received(shift, number), "A1"), STAFF)
    return number


def _again(shift: Shift, bag_id: str) -> str:
    """Already in it, told by the other counter: the screen has not heard."""
    open_ones = shift.desk.shop().by_plate(PLATE)
    assert open_ones is not None
    shift.desk.done(ask.ContainBag(bag(shift, bag_id), open_ones.container_id), STAFF)
    return bag_id


def test_a_bag_whose_drop_nobody_told_of_is_taken(anna: Shift) -> None:
    open_one(anna)
    anna.scan(BagScanned("TB-UNTOLD"))
    assert in_hand(anna).bags == ("TB-UNTOLD",)


def test_from_one_container_into_another(anna: Shift) -> None:
    first = open_one(anna)
    anna.scan(BagScanned(bag(anna, "TB1")))
    second = open_one(anna, OTHER)
    anna.scan(BagScanned("TB1"))
    shop = anna.desk.shop()
    assert (set(shop.bags_in(first)), set(shop.bags_in(second))) == (set(), {"TB1"})


def test_two_parcels_of_one_number_are_nobodys_guess(anna: Shift) -> None:
    """Who must know is asked; the container takes neither."""
    open_one(anna)
    label = ParcelScanned((Tracking("dhl", "", "P1"), Tracking("gls", "", "P1")))
    anna.scan(label)
    assert anna.desk.shop().filled(_id(anna)) == 0


def _id(shift: Shift) -> str:
    found = shift.desk.shop().by_plate(PLATE)
    assert found is not None
    return found.container_id


def test_what_the_other_counter_put_in_is_seen(anna: Shift) -> None:
    container = open_one(anna)
    anna.desk.done(ask.ContainBag(bag(anna, "TB1"), container), STAFF)
    anna.happens(Heard())
    assert in_hand(anna).bags == ("TB1",)


# --- sealed and opened again ---------------------------------------------------------------------


def sealed(shift: Shift, plate: str = PLATE, seal: str = SEAL, carrier: str = "dhl") -> str:
    container = open_one(shift, plate, carrier)
    shift.scan(BagScanned(bag(shift, f"TB-{plate}", carrier)))
    shift.scan(SealScanned(seal))
    assert shift.did is Did.CLOSED
    return container


def test_a_seal_closes_it(anna: Shift) -> None:
    sealed(anna)
    assert in_hand(anna).line.container.state is S.CLOSED
    assert in_hand(anna).line.container.seal_id == SEAL
    story = anna.desk.shop().story(Subject(Kind.CONTAINER, _id(anna)))
    last = story[-1].fact
    assert isinstance(last, out.ContainerClosed)
    assert (last.bags, last.parcels) == (1, 0)  # what is counted is what is in it


def test_an_empty_one_is_not_closed(anna: Shift) -> None:
    open_one(anna)
    anna.scan(SealScanned(SEAL))
    assert refused(anna) == Refused(Because.CONTAINER_EMPTY, Then.CONTAIN_IT)


def test_a_seal_that_was_used_closes_nothing(anna: Shift) -> None:
    sealed(anna)
    open_one(anna, OTHER)
    anna.scan(BagScanned(bag(anna, "TB2")))
    anna.scan(SealScanned(SEAL))
    assert refused(anna).because is Because.SEAL_USED


def test_the_key_asks_for_the_seal(anna: Shift) -> None:
    open_one(anna)
    anna.press(Key.CLOSE)
    assert (anna.did, anna.flash.tone) == (Did.SEAL_EXPECTED, Tone.CARE)


def test_nothing_goes_into_one_that_is_closed(anna: Shift) -> None:
    sealed(anna)
    anna.scan(BagScanned(bag(anna, "TB2")))
    assert refused(anna).because is Because.CONTAINER_CLOSED
    anna.scan(SealScanned("TZ0000000059W"))
    assert refused(anna).because is Because.CONTAINER_CLOSED


def test_opening_it_again_asks_for_a_reason(anna: Shift) -> None:
    container = sealed(anna)
    anna.press(Key.REOPEN)
    assert isinstance(anna.screen, Overriding)
    assert anna.screen.command == ask.ReopenContainer(container, "")


def test_opened_again_it_is_closed_with_another_seal(anna: Shift) -> None:
    container = sealed(anna)
    command = ask.ReopenContainer(container, "wrong bag")
    facts = anna.desk.done(command, BOSS)
    anna.happens(Approved(command, Acted(facts)))
    assert (anna.did, in_hand(anna).line.container.state) == (Did.REOPENED, S.OPEN)
    anna.scan(SealScanned(SEAL))
    assert refused(anna).because is Because.SEAL_USED
    anna.scan(SealScanned("TZ0000000059W"))
    assert anna.did is Did.CLOSED


@pytest.mark.parametrize("key", [Key.REOPEN, Key.HAND_OVER])
def test_an_open_one_is_not_opened_again_and_goes_with_nobody(anna: Shift, key: Key) -> None:
    open_one(anna)
    assert anna.press(key).screen == anna.session.screen
    assert isinstance(anna.screen, ContainerInHand)


# --- damaged, lost -------------------------------------------------------------------------------


def test_damage_is_told_by_the_second_touch(anna: Shift) -> None:
    container = open_one(anna)
    anna.press(Key.CONTAINER_DAMAGED)
    assert (anna.did, in_hand(anna).sure) == (Did.TOUCH_AGAIN, Sure.DAMAGED)
    anna.press(Key.BACK)
    assert in_hand(anna).sure is None
    anna.press(Key.CONTAINER_DAMAGED, Key.CONTAINER_DAMAGED)
    assert isinstance(anna.screen, Home)
    assert anna.desk.shop().containers[container].state is S.DAMAGED


def test_that_one_is_lost_a_supervisor_says(anna: Shift) -> None:
    open_one(anna)
    anna.press(Key.CONTAINER_DAMAGED, Key.CONTAINER_LOST)
    assert in_hand(anna).sure is Sure.LOST
    anna.press(Key.CONTAINER_LOST)
    assert isinstance(anna.screen, Overriding)


def test_goods_of_a_damaged_one_are_put_into_another(anna: Shift) -> None:
    open_one(anna)
    anna.scan(BagScanned(bag(anna, "TB1")))
    anna.press(Key.CONTAINER_DAMAGED, Key.CONTAINER_DAMAGED)
    second = open_one(anna, OTHER)
    anna.scan(BagScanned("TB1"))
    assert set(anna.desk.shop().bags_in(second)) == {"TB1"}
    open_one(anna)  # and its plate may be used again


def test_one_that_went_meanwhile_is_nothing_to_stay_on(anna: Shift) -> None:
    container = open_one(anna)
    anna.desk.done(ask.ReportLost(container), BOSS)
    anna.happens(Heard())
    assert isinstance(anna.screen, Home)


# --- the list ------------------------------------------------------------------------------------


def test_the_list_has_those_that_are_being_filled_first(anna: Shift) -> None:
    shut = sealed(anna)
    filling = open_one(anna, OTHER, "gls")
    anna.press(Key.BACK, Key.CONTAINERS)
    assert isinstance(anna.screen, Containers)
    assert [line.container.container_id for line in anna.screen.lines] == [filling, shut]
    assert [(one.carrier, one.containers) for one in anna.screen.waiting] == [("dhl", 1)]
    before = anna.session
    assert anna.choose("nothing of the kind") is before
    assert anna.press(Key.NEXT_PAGE) is before
    anna.choose(filling)
    assert in_hand(anna).line.container.container_id == filling


def test_the_list_follows_what_the_other_counter_does(anna: Shift) -> None:
    anna.press(Key.CONTAINERS)
    anna.desk.done(ask.ProvideContainer("c9", PLATE, "dhl", 3), STAFF)
    anna.happens(Heard())
    assert isinstance(anna.screen, Containers)
    assert len(anna.screen.lines) == 1


def test_pages_of_a_long_list(anna: Shift) -> None:
    for at in range(9):
        anna.desk.done(ask.ProvideContainer(f"c{at}", f"TC{at}", "dhl", 3), STAFF)
    anna.press(Key.CONTAINERS, Key.NEXT_PAGE, Key.NEXT_PAGE)
    assert isinstance(anna.screen, Containers)
    assert anna.screen.page == 1
    anna.press(Key.LAST_PAGE, Key.LAST_PAGE)
    assert anna.screen.page == 0


def test_another_job_begins_from_here_like_from_home(anna: Shift) -> None:
    """A container that is scanned takes the screen; the one before keeps what is in it."""
    open_one(anna)
    open_one(anna, OTHER)
    assert in_hand(anna).line.container.plate == OTHER
    anna.scan(ContainerScanned(OTHER))
    assert in_hand(anna).line.container.plate == OTHER
    assert not isinstance(anna.screen, BagInHand)
