"""One hand-over: drafted, frozen, signed by both sides, counted, reconciled or disputed."""

from __future__ import annotations

import pytest

from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.commands import (
    CloseContainer,
    ContainBag,
    ContainParcel,
    CountManifest,
    DraftManifest,
    Expire,
    HandOut,
    OpenContainer,
    ProvideContainer,
    ReadyManifest,
    Receive,
    RecordArrival,
    ReopenContainer,
    ReportDamaged,
    SettleContainer,
    SignManifest,
    Stage,
    TakeDrop,
    VoidManifest,
)
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.invariants import broken, left_behind
from kiosk.domain.counter.manifests import ManifestState
from kiosk.domain.counter.outbound_facts import ManifestDisputed, ManifestLine
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.saying import Because, Refused, Then
from tests.domain.counter.desk import CODE, HOUSE, Desk

C, M = ContainerState, ManifestState
SIGNED = ("aa" * 32, "bb" * 32)


@pytest.fixture
def day(desk: Desk) -> Desk:
    """Two sealed containers of bags, one of them with a parcel that goes back, one loose parcel."""
    for number in ("P1", "P2"):
        desk.announce(number, "dhl", code=CODE)
        desk.do(Receive(number, "dhl"))
    desk.wait(days=40)
    desk.do(Expire(), HOUSE)
    for number in ("P1", "P2"):
        desk.do(Stage(number, "R1"))
    for n, container in enumerate(("K1", "K2")):
        desk.do(ProvideContainer(container, f"T{container}", "dhl", 10))
        desk.do(OpenContainer(container))
        desk.do(TakeDrop(f"B{n}", f"D{n}", "dhl"))
        desk.do(ContainBag(f"B{n}", container))
    desk.do(ContainParcel("P1", "K1"))
    for n, container in enumerate(("K1", "K2")):
        desk.do(CloseContainer(container, f"TZ{n}"))
    return desk


def ready(day: Desk) -> None:
    day.do(DraftManifest("M1", "dhl"))
    day.do(ReadyManifest("M1"))


def sign(*containers: str, parcels: tuple[str, ...] = ("P2",)) -> SignManifest:
    return SignManifest("M1", containers, parcels, *SIGNED)


def state(day: Desk, container: str) -> ContainerState:
    return day.shop.containers[container].state


def test_all_that_waits_is_listed_frozen_and_signed(day: Desk) -> None:
    ready(day)
    manifest = day.shop.manifests["M1"]
    assert manifest.lines == (
        ManifestLine("K1", "TK1", "TZ0", ("B0",), ("P1",)),
        ManifestLine("K2", "TK2", "TZ1", ("B1",), ()),
    )
    assert manifest.parcels == ("P2",)
    (signed,) = day.do(sign("K1", "K2"))
    assert (signed.bags, signed.parcels, signed.loose) == (("B0", "B1"), ("P1",), ("P2",))
    assert {state(day, c) for c in ("K1", "K2")} == {C.HANDED_OVER}
    assert {day.shop.bags[b].state for b in ("B0", "B1")} == {BagState.HANDED_OVER}
    assert {day.shop.parcels[p].state for p in ("P1", "P2")} == {ParcelState.RETURNED_TO_SENDER}
    assert day.shop.manifests["M1"].stayed == ()
    assert not left_behind(day.shop)
    assert not broken(day.shop)


def test_what_does_not_go_is_closed_again_and_goes_another_time(day: Desk) -> None:
    ready(day)
    day.do(sign("K1", parcels=()))
    assert (state(day, "K1"), state(day, "K2")) == (C.HANDED_OVER, C.CLOSED)
    assert day.shop.manifests["M1"].stayed == ("K2",)
    assert day.shop.parcels["P2"].state is ParcelState.RTS_STAGED
    day.do(DraftManifest("M2", "dhl"))
    day.do(ReadyManifest("M2"))
    day.do(SignManifest("M2", ("K2",), ("P2",), *SIGNED))
    assert state(day, "K2") is C.HANDED_OVER


def test_both_sign_and_something_goes(day: Desk) -> None:
    ready(day)
    unsigned = SignManifest("M1", ("K1",), (), "", SIGNED[1])
    assert day.refused(unsigned) == Refused(
        Because.SIGNATURE_MISSING, Then.SIGN_MANIFEST, {"of": "staff"}
    )
    assert day.refused(SignManifest("M1", ("K1",), (), SIGNED[0], "")).values == {"of": "driver"}
    nothing = day.refused(sign(parcels=()))
    assert (nothing.because, nothing.then) == (Because.MANIFEST_EMPTY, Then.VOID_MANIFEST)


def test_only_what_is_listed_goes(day: Desk) -> None:
    ready(day)
    assert day.refused(sign("K1", "K9")).values == {"what": "K9"}
    refused = day.refused(sign("K1", parcels=("P1",)))
    assert (refused.because, refused.values) == (Because.NOT_ON_MANIFEST, {"what": "P1"})


def test_before_it_is_signed_it_may_be_voided_with_a_reason(day: Desk) -> None:
    ready(day)
    assert day.refused(ReopenContainer("K1", "why not")).then is Then.VOID_MANIFEST
    assert day.refused(VoidManifest("M1", "")).because is Because.REASON_MISSING
    day.do(VoidManifest("M1", "the driver had no room"))
    assert {state(day, c) for c in ("K1", "K2")} == {C.CLOSED}
    assert day.refused(sign("K1")).because is Because.MANIFEST_VOIDED
    day.do(DraftManifest("M2", "dhl"))
    day.do(VoidManifest("M2", "not today"))


def test_a_recipient_who_comes_while_the_driver_is_there_stops_the_manifest(day: Desk) -> None:
    ready(day)
    refused = day.refused(HandOut(("P1",), CODE))
    assert (refused.because, refused.then) == (Because.CONTAINER_CLOSED, Then.VOID_MANIFEST)
    day.do(VoidManifest("M1", "its recipient came"))
    day.do(ReopenContainer("K1", "its recipient came"))
    day.do(HandOut(("P1",), CODE))


def test_after_it_is_signed_it_is_not(day: Desk) -> None:
    ready(day)
    day.do(sign("K1", "K2"))
    assert day.refused(VoidManifest("M1", "oh")).because is Because.MANIFEST_SIGNED
    assert day.refused(ReadyManifest("M1")).then is Then.NEW_MANIFEST


def test_a_draft_may_be_listed_anew_and_holds_nothing_back(day: Desk) -> None:
    day.do(DraftManifest("M1", "dhl"))
    day.do(DraftManifest("M1", "dhl", ("K2", "K2"), ()))
    day.do(ReopenContainer("K1", "one more"))
    day.do(ReadyManifest("M1"))
    assert [line.container_id for line in day.shop.manifests["M1"].lines] == ["K2"]
    assert state(day, "K1") is C.OPEN


def test_a_draft_lists_what_waits_for_that_carrier(day: Desk) -> None:
    assert day.refused(DraftManifest("M1", "gls")).because is Because.MANIFEST_EMPTY
    for containers, parcels, then in (
        (("K9",), (), Then.CLOSE_CONTAINER),
        ((), ("P1",), Then.STAGE_IT),  # it lies in a container
    ):
        refused = day.refused(DraftManifest("M1", "dhl", containers, parcels))
        assert (refused.because, refused.then) == (Because.NOT_WAITING, then)
    ready(day)
    assert day.refused(DraftManifest("M2", "dhl", ("K1",), ())).values == {"what": "K1"}


def test_a_container_reopened_since_is_not_frozen(day: Desk) -> None:
    day.do(DraftManifest("M1", "dhl"))
    day.do(ReopenContainer("K1", "one more"))
    refused = day.refused(ReadyManifest("M1"))
    assert (refused.because, refused.then) == (
        Because.CONTAINER_ALREADY_OPEN,
        Then.CLOSE_CONTAINER,
    )


def test_a_loose_parcel_collected_in_the_meantime_is_left_off(day: Desk) -> None:
    day.do(DraftManifest("M1", "dhl", (), ("P2",)))
    day.do(DraftManifest("M2", "dhl"))
    day.do(HandOut(("P2",), CODE))
    empty = day.refused(ReadyManifest("M1"))
    assert (empty.because, empty.then) == (Because.MANIFEST_EMPTY, Then.VOID_MANIFEST)
    day.do(ReadyManifest("M2"))
    assert day.shop.manifests["M2"].parcels == ()


def test_a_loose_parcel_collected_before_the_signature_does_not_go(day: Desk) -> None:
    ready(day)
    day.do(HandOut(("P2",), CODE))
    assert day.refused(sign("K1", "K2")).because is Because.PARCEL_COLLECTED
    day.do(sign("K1", "K2", parcels=()))


def test_a_loose_parcel_that_was_put_into_a_container_does_not_go_loose(day: Desk) -> None:
    ready(day)
    day.do(ProvideContainer("K3", "TK3", "", 5))
    day.do(OpenContainer("K3"))
    day.do(ContainParcel("P2", "K3"))
    refused = day.refused(sign("K1", "K2"))
    assert (refused.because, refused.then) == (Because.NOT_WAITING, Then.STAGE_IT)
    day.do(Stage("P2", "R1"))
    day.do(sign("K1", "K2"))


def test_a_container_damaged_before_the_signature_stays_what_it_is(day: Desk) -> None:
    ready(day)
    day.do(ReportDamaged("K2"))
    assert day.refused(sign("K1", "K2")).because is Because.CONTAINER_DAMAGED
    day.do(sign("K1"))
    assert state(day, "K2") is C.DAMAGED


def test_the_driver_s_count_agrees(day: Desk) -> None:
    ready(day)
    day.do(sign("K1", "K2"))
    day.do(CountManifest("M1", 2, 1), HOUSE)
    manifest = day.shop.manifests["M1"]
    assert (manifest.state, manifest.counted) == (M.RECONCILED, (2, 1))
    assert day.refused(CountManifest("M1", 2, 1)).because is Because.MANIFEST_SETTLED


@pytest.mark.parametrize(("containers", "parcels"), [(1, 1), (2, 0), (3, 0)])
def test_the_driver_s_count_differs(day: Desk, containers: int, parcels: int) -> None:
    ready(day)
    day.do(sign("K1", "K2"))
    _, disputed = day.do(CountManifest("M1", containers, parcels), HOUSE)
    assert disputed == ManifestDisputed("M1", containers - 2, parcels - 1)
    assert day.shop.manifests["M1"].state is M.DISPUTED


def test_nobody_counts_what_was_not_signed(day: Desk) -> None:
    ready(day)
    refused = day.refused(CountManifest("M1", 2, 1))
    assert (refused.because, refused.then) == (Because.MANIFEST_READY, Then.SIGN_MANIFEST)
    assert day.refused(ReadyManifest("M9")).because is Because.MANIFEST_UNKNOWN
    assert day.refused(SignManifest("M9", ("K1",), (), *SIGNED)).then is Then.NEW_MANIFEST


def test_the_other_side_receives_and_settles_each_container(day: Desk) -> None:
    ready(day)
    day.do(sign("K1", "K2"))
    for container in ("K1", "K2"):
        day.do(RecordArrival(container), HOUSE)
    day.do(SettleContainer("K1"), HOUSE)
    day.do(SettleContainer("K2", "CASE-1"), HOUSE)
    assert (state(day, "K1"), state(day, "K2")) == (C.RECONCILED, C.DISPUTED)
    assert day.shop.containers["K2"].case_id == "CASE-1"
