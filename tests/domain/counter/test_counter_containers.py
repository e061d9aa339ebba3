"""Bags and staged parcels go into containers, which are filled, sealed, reopened and given up."""

from __future__ import annotations

import pytest

from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.commands import (
    CloseContainer,
    Command,
    ContainBag,
    ContainParcel,
    Expire,
    OpenContainer,
    ProvideContainer,
    Receive,
    ReceiveInstead,
    RecordArrival,
    ReopenContainer,
    ReportDamaged,
    ReportLost,
    ReportMissing,
    SettleContainer,
    Stage,
    TakeDrop,
    VoidDrop,
)
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.deciding.containing import container_fill
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.outbound_facts import BagCommitted, ContainerClosed
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.saying import Because, Then
from tests.domain.counter.desk import HOUSE, Desk

S = ContainerState


def opened(desk: Desk, container: str = "K1", carrier: str = "", holds: int = 10) -> str:
    desk.do(ProvideContainer(container, f"T{container}", carrier, holds))
    desk.do(OpenContainer(container))
    return container


def bag(desk: Desk, bag_id: str, into: str = "", carrier: str = "dhl") -> None:
    desk.do(TakeDrop(bag_id, f"D-{bag_id}", carrier))
    if into:
        desk.do(ContainBag(bag_id, into))


def staged(desk: Desk, number: str, carrier: str = "dhl") -> None:
    desk.do(Receive(number, carrier))
    desk.wait(days=40)
    desk.do(Expire(), HOUSE)
    desk.do(Stage(number, "R1"))


def why(desk: Desk, command: Command) -> tuple[Because, Then]:
    refused = desk.refused(command)
    return refused.because, refused.then


def test_a_bag_lies_in_its_container_until_that_is_sealed(desk: Desk) -> None:
    opened(desk)
    bag(desk, "B1", "K1")
    bag(desk, "B2", "K1")
    (closed,) = desk.do(CloseContainer("K1", "TZ1"))
    assert closed == ContainerClosed("K1", "TZ1", 2, 0, "anna")
    assert desk.shop.containers["K1"].seal_id == "TZ1"
    bag(desk, "B3")
    assert why(desk, ContainBag("B3", "K1")) == (Because.CONTAINER_CLOSED, Then.REOPEN_CONTAINER)


def test_staff_are_warned_at_nine_tenths_and_stopped_when_it_is_full(desk: Desk) -> None:
    opened(desk, holds=10)
    for n in range(10):
        assert container_fill(desk.shop, "K1").nearly is (n >= 9)
        bag(desk, f"B{n}", "K1")
    bag(desk, "B10")
    refused = desk.refused(ContainBag("B10", "K1"))
    assert (refused.because, refused.then) == (Because.CONTAINER_FULL, Then.CLOSE_CONTAINER)
    assert container_fill(desk.shop, "K1").full


def test_a_bag_whose_drop_is_not_known_here_is_taken_and_known_later(desk: Desk) -> None:
    opened(desk)
    desk.do(ContainBag("B1", "K1"))
    assert desk.shop.bags["B1"].drop_id == ""
    desk.record(BagCommitted("B1", "D-1", "dhl", "2025-03-10"))
    told = desk.shop.bags["B1"]
    assert (told.state, told.drop_id, told.container_id) == (BagState.CONTAINED, "D-1", "K1")
    assert not desk.shop.conflicts()


def test_one_drop_a_bag(desk: Desk) -> None:
    bag(desk, "B1")
    assert why(desk, TakeDrop("B1", "D-2", "dhl")) == (
        Because.BAG_ALREADY_TAKEN,
        Then.OTHER_BAG,
    )


def test_a_container_for_one_carrier(desk: Desk) -> None:
    opened(desk, "K1", carrier="dhl")
    bag(desk, "B1", "K1", carrier="dhl")
    bag(desk, "B2", "K1", carrier="")  # any may take it
    bag(desk, "B3", carrier="gls")
    assert why(desk, ContainBag("B3", "K1")) == (Because.OTHER_CARRIER, Then.OTHER_CONTAINER)


def test_a_reopened_container_needs_a_reason_and_a_new_seal(desk: Desk) -> None:
    opened(desk)
    bag(desk, "B1", "K1")
    desk.do(CloseContainer("K1", "TZ1"))
    assert why(desk, ReopenContainer("K1", "  ")) == (Because.REASON_MISSING, Then.GIVE_REASON)
    desk.do(ReopenContainer("K1", "one more bag"))
    assert desk.shop.containers["K1"].seal_id == ""
    assert why(desk, CloseContainer("K1", "TZ1")) == (Because.SEAL_USED, Then.OTHER_SEAL)
    assert why(desk, CloseContainer("K1", "")) == (Because.SEAL_MISSING, Then.OTHER_SEAL)
    desk.do(CloseContainer("K1", "TZ2"))
    assert desk.shop.containers["K1"].seals == ("TZ1", "TZ2")


def test_a_seal_is_on_one_container_ever(desk: Desk) -> None:
    for container, bag_id in (("K1", "B1"), ("K2", "B2")):
        opened(desk, container)
        bag(desk, bag_id, container)
    desk.do(CloseContainer("K1", "TZ1"))
    refused = desk.refused(CloseContainer("K2", "TZ1"))
    assert (refused.because, refused.values) == (Because.SEAL_USED, {"seal": "TZ1"})


def test_an_empty_container_is_not_sealed(desk: Desk) -> None:
    opened(desk)
    assert why(desk, CloseContainer("K1", "TZ1")) == (Because.CONTAINER_EMPTY, Then.CONTAIN_IT)


def test_a_plate_is_in_one_use_at_a_time(desk: Desk) -> None:
    opened(desk, "K1")
    assert why(desk, ProvideContainer("K2", "TK1", "", 5)) == (
        Because.PLATE_IN_USE,
        Then.OTHER_CONTAINER,
    )
    found = desk.shop.by_plate("TK1")
    assert found is not None
    assert found.container_id == "K1"
    desk.do(ReportLost("K1"))
    assert desk.shop.by_plate("TK1") is None
    desk.do(ProvideContainer("K2", "TK1", "", 5))
    assert why(desk, ProvideContainer("K3", "TK3", "", 0))[0] is Because.CONTAINER_FULL


def test_a_bag_is_put_over_from_an_open_or_a_damaged_container(desk: Desk) -> None:
    opened(desk, "K1")
    opened(desk, "K2")
    bag(desk, "B1", "K1")
    assert why(desk, ContainBag("B1", "K1")) == (Because.ALREADY_IN_IT, Then.NOTHING_TO_DO)
    desk.do(ContainBag("B1", "K2"))
    assert (desk.shop.filled("K1"), desk.shop.filled("K2")) == (0, 1)
    desk.do(CloseContainer("K2", "TZ1"))
    assert why(desk, ContainBag("B1", "K1")) == (
        Because.CONTAINER_CLOSED,
        Then.REOPEN_CONTAINER,
    )
    desk.do(ReportDamaged("K2"))
    desk.do(ContainBag("B1", "K1"))
    assert desk.shop.bags_in("K1") == {"B1"}
    assert not desk.shop.conflicts()


def test_staged_parcels_go_into_containers_and_out_again(desk: Desk) -> None:
    staged(desk, "P1")
    opened(desk)
    desk.do(ContainParcel("P1", "K1"))
    assert desk.shop.parcels_in("K1") == {"P1"}
    assert not desk.shop.lying("R1")
    assert why(desk, ContainParcel("P1", "K1"))[0] is Because.ALREADY_IN_IT
    desk.do(Stage("P1", "R1"))
    assert desk.shop.lying("R1") == {"P1"}
    desk.do(ReportMissing("P1"))
    facts = desk.do(ContainParcel("P1", "K1"))
    assert len(facts) == 2, "found, and contained"
    desk.do(CloseContainer("K1", "TZ1"))
    assert why(desk, Stage("P1", "R1")) == (Because.CONTAINER_CLOSED, Then.REOPEN_CONTAINER)


def test_a_parcel_that_waits_for_its_recipient_is_not_contained(desk: Desk) -> None:
    opened(desk)
    desk.do(Receive("P1", "dhl"))
    assert why(desk, ContainParcel("P1", "K1")) == (Because.PARCEL_ALREADY_HERE, Then.SHELVE_IT)


def test_a_drop_is_voided_on_its_day_with_a_reason(desk: Desk) -> None:
    bag(desk, "B1")
    assert why(desk, VoidDrop("B1", "")) == (Because.REASON_MISSING, Then.GIVE_REASON)
    desk.do(VoidDrop("B1", " wrong return "))
    assert why(desk, VoidDrop("B1", "again")) == (Because.BAG_VOIDED, Then.ASK_SUPERVISOR)
    bag(desk, "B2")
    desk.wait(hours=15)  # past midnight in the shop
    refused = desk.refused(VoidDrop("B2", "wrong return"))
    assert (refused.because, refused.then) == (Because.NOT_TODAY, Then.ASK_CENTRE)
    assert refused.values == {"on": "2025-03-10"}


def test_what_came_with_the_driver_is_no_drop(desk: Desk) -> None:
    desk.do(TakeDrop("P1", "D-1", "dhl"))
    desk.do(ReceiveInstead("P1", "dhl"))
    assert desk.shop.bags["P1"].state is BagState.VOIDED
    assert desk.shop.parcels["P1"].state is ParcelState.RECEIVED
    assert why(desk, ReceiveInstead("P1", "dhl"))[0] is Because.BAG_VOIDED
    desk.do(TakeDrop("P2", "D-2", "dhl"))
    desk.wait(days=1)
    assert why(desk, ReceiveInstead("P2", "dhl"))[0] is Because.NOT_TODAY


def test_a_contained_drop_is_not_voided(desk: Desk) -> None:
    opened(desk)
    bag(desk, "B1", "K1")
    assert why(desk, VoidDrop("B1", "wrong return"))[0] is Because.BAG_CONTAINED


@pytest.mark.parametrize(
    ("command", "because"),
    [
        (OpenContainer("K9"), Because.CONTAINER_UNKNOWN),
        (ReportLost("K9"), Because.CONTAINER_UNKNOWN),
        (RecordArrival("K1"), Because.CONTAINER_ALREADY_OPEN),
        (SettleContainer("K1"), Because.CONTAINER_ALREADY_OPEN),
        (OpenContainer("K1"), Because.CONTAINER_ALREADY_OPEN),
        (ContainBag("B1", "K9"), Because.CONTAINER_UNKNOWN),
        (VoidDrop("B9", "reason"), Because.BAG_UNKNOWN),
    ],
)
def test_what_a_container_cannot_do(desk: Desk, command: Command, because: Because) -> None:
    opened(desk)
    bag(desk, "B1")
    refused = desk.refused(command)
    assert refused.because is because
    assert set(refused.values) & {"container", "bag"}, "the thing is named"


def test_nothing_decided_changes_the_shop(desk: Desk) -> None:
    opened(desk)
    bag(desk, "B1")
    before = desk.shop.bags["B1"], desk.shop.latest
    answer: tuple[Fact, ...] | object = desk.ask(ContainBag("B1", "K1"))
    assert answer
    assert (desk.shop.bags["B1"], desk.shop.latest) == before
