"""Two counters of one shop without a line: what cannot both be so is a conflict, and both counters
come to the same, whoever hears of what first."""

from __future__ import annotations

import itertools
import random
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.domain.counter.commands import (
    CloseContainer,
    ContainBag,
    ContainParcel,
    DraftManifest,
    Expire,
    HandOut,
    OpenContainer,
    ProvideContainer,
    ReadyManifest,
    Receive,
    RefuseOut,
    ReportDamaged,
    ReportFound,
    ReportMissing,
    Shelve,
    SignManifest,
    Stage,
    TakeDrop,
    VoidDrop,
    VoidManifest,
)
from kiosk.domain.counter.conflicts import AGREES, MOOT, Conflict, ConflictKind, harmless
from kiosk.domain.counter.facts import FACTS, Fact, Kind, Subject
from kiosk.domain.counter.invariants import broken, left_behind
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.outbound_facts import ManifestLine
from kiosk.domain.counter.parcel_facts import (
    ParcelExpired,
    ParcelExtended,
    ParcelNotified,
    ParcelReceived,
    ParcelShelved,
    ProofFact,
)
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.shop import Shop
from kiosk.domain.hlc import advance
from tests.domain.counter.desk import CODE, HOUSE, Desk

S, K = ParcelState, ConflictKind
SIGNED = ("aa" * 32, "bb" * 32)


@pytest.fixture
def other(desk: Desk) -> Desk:
    """The second counter, a minute ahead of the first in what it does."""
    second = Desk("counter-2")
    second.wait(minutes=1)
    return second


def meet(*desks: Desk) -> tuple[Conflict, ...]:
    """Everybody hears everything, and they agree."""
    for desk in desks:
        desk.hear(*desks)
    first, *rest = desks
    assert all(first.shop == desk.shop for desk in rest)
    assert not broken(first.shop)
    return first.shop.conflicts()


def here(desk: Desk, other: Desk, *numbers: str) -> None:
    for number in numbers:
        desk.announce(number, "dhl", code=CODE)
        desk.do(Receive(number, "dhl"))
    meet(desk, other)


def kinds(conflicts: tuple[Conflict, ...]) -> list[tuple[ConflictKind, str]]:
    return [(c.kind, c.subject.name) for c in conflicts]


def test_who_hands_out_first_has_handed_out(desk: Desk, other: Desk) -> None:
    here(desk, other, "P1")
    desk.do(HandOut(("P1",), CODE))
    other.do(HandOut(("P1",), CODE))
    (conflict,) = meet(desk, other)
    assert conflict.kind is K.HANDED_OUT_TWICE
    assert conflict.subject == Subject(Kind.PARCEL, "P1")
    assert conflict.before is not None
    assert (conflict.before.stamp.device, conflict.record.stamp.device) == (
        "counter-1",
        "counter-2",
    )
    assert (conflict.state, conflict.believed) == ("collected", False)
    assert desk.shop.parcels["P1"].state is S.COLLECTED


def test_a_fact_that_was_first_and_came_last_takes_the_first_place(desk: Desk, other: Desk) -> None:
    here(desk, other, "P1")
    other.do(HandOut(("P1",), CODE))
    assert not other.shop.conflicts()
    desk.do(HandOut(("P1",), CODE))
    (conflict,) = meet(other, desk)
    assert conflict.record.stamp.device == "counter-2", "though this one heard of itself first"


def test_a_parcel_seen_after_it_was_handed_out(desk: Desk, other: Desk) -> None:
    here(desk, other, "P1")
    desk.do(HandOut(("P1",), CODE))
    other.do(Shelve("P1", "A1"))
    assert kinds(meet(desk, other)) == [(K.SEEN_AFTER_LEAVING, "P1")]
    assert not desk.shop.lying("A1")


def test_a_parcel_reported_missing_and_handed_out_by_the_other(desk: Desk, other: Desk) -> None:
    here(desk, other, "P1")
    desk.do(ReportMissing("P1"))
    other.do(HandOut(("P1",), CODE))
    (conflict,) = meet(desk, other)
    assert (conflict.kind, conflict.believed) == (K.SEEN_WHILE_MISSING, True)
    assert desk.shop.parcels["P1"].state is S.COLLECTED


def test_a_missing_parcel_that_has_gone_is_not_found(desk: Desk, other: Desk) -> None:
    here(desk, other, "P1")
    other.now = desk.now
    other.do(HandOut(("P1",), CODE))
    desk.wait(minutes=5)
    desk.do(ReportMissing("P1"))
    desk.do(ReportFound("P1"))
    assert kinds(meet(desk, other)) == [(K.OUT_OF_STEP, "P1"), (K.SEEN_AFTER_LEAVING, "P1")]


def test_both_expire_a_parcel_at_closing_time_and_nobody_is_wrong(desk: Desk, other: Desk) -> None:
    here(desk, other, "P1", "P2")
    other.do(HandOut(("P2",), CODE))
    for counter in (desk, other):
        counter.wait(days=30)
        counter.do(Expire(), HOUSE)
    assert meet(desk, other) == ()
    assert (desk.shop.parcels["P1"].state, desk.shop.parcels["P2"].state) == (
        S.EXPIRED,
        S.COLLECTED,
    )
    other.record(ParcelReceived("P1", "dhl", "2025-04-09", "2025-04-16", "anna"))
    (conflict,) = meet(desk, other)
    assert conflict.before is not None
    assert type(conflict.before.fact) is ParcelExpired
    assert conflict.before.stamp.device == "counter-1", "what was said again is not what was said"


def test_a_parcel_both_handed_out_and_sent_back(desk: Desk, other: Desk) -> None:
    here(desk, other, "P1")
    for counter in (desk, other):
        counter.wait(days=30)
        counter.do(Expire(), HOUSE)
    other.do(HandOut(("P1",), CODE))
    desk.wait(minutes=9)
    desk.do(Stage("P1", "R1"))
    desk.do(DraftManifest("M1", "dhl"))
    desk.do(ReadyManifest("M1"))
    desk.do(SignManifest("M1", (), ("P1",), *SIGNED))
    assert kinds(meet(desk, other)) == [
        (K.SEEN_AFTER_LEAVING, "P1"),
        (K.HANDED_OUT_AND_SENT_BACK, "P1"),
    ]


def test_a_promise_to_wait_that_came_too_late_is_a_conflict(desk: Desk, other: Desk) -> None:
    here(desk, other, "P1")
    desk.do(RefuseOut("P1"))
    desk.do(Stage("P1", "R1"))
    other.record(ParcelExtended("P1", "2025-04-01", ""))
    assert kinds(meet(desk, other)) == [(K.OUT_OF_STEP, "P1")]


def test_a_parcel_received_at_both(desk: Desk, other: Desk) -> None:
    desk.do(Receive("P1", "dhl"))
    other.do(Receive("P1", "gls"))
    assert kinds(meet(desk, other)) == [(K.RECEIVED_TWICE, "P1")]
    assert desk.shop.parcels["P1"].carrier == "dhl"


def containers(desk: Desk, other: Desk, *ids: str) -> None:
    for container in ids:
        desk.do(ProvideContainer(container, f"T{container}", "dhl", 9))
        desk.do(OpenContainer(container))
        desk.do(TakeDrop(f"in-{container}", f"D-{container}", "dhl"))
        desk.do(ContainBag(f"in-{container}", container))
    meet(desk, other)


def test_a_bag_put_into_two_containers_lies_where_it_was_scanned_last(
    desk: Desk, other: Desk
) -> None:
    containers(desk, other, "K1", "K2")
    desk.do(TakeDrop("B1", "D1", "dhl"))
    meet(desk, other)
    desk.do(ContainBag("B1", "K1"))
    other.do(ContainBag("B1", "K2"))
    assert kinds(meet(desk, other)) == [(K.IN_TWO_CONTAINERS, "B1")]
    assert desk.shop.bags_in("K2") == {"B1", "in-K2"}
    assert desk.shop.bags_in("K1") == {"in-K1"}


def test_a_parcel_that_goes_back_put_into_two_containers(desk: Desk, other: Desk) -> None:
    containers(desk, other, "K1", "K2")
    here(desk, other, "P1")
    desk.do(RefuseOut("P1"))
    desk.do(Stage("P1", "R1"))
    meet(desk, other)
    desk.do(ContainParcel("P1", "K1"))
    other.do(ContainParcel("P1", "K2"))
    assert kinds(meet(desk, other)) == [(K.IN_TWO_CONTAINERS, "P1")]
    assert desk.shop.parcels_in("K2") == {"P1"}


def test_a_bag_signed_for_in_a_container_that_it_was_taken_from(desk: Desk, other: Desk) -> None:
    containers(desk, other, "K1", "K2")
    desk.do(ContainBag("B1", "K1"))
    meet(desk, other)
    other.do(ContainBag("B1", "K2"))
    desk.wait(minutes=9)
    hand_over(desk, "K1")
    assert kinds(meet(desk, other)) == [(K.SIGNED_FOR_ELSEWHERE, "B1")]
    assert desk.shop.bags_in("K2") == {"B1", "in-K2"}


def returned(desk: Desk, other: Desk, number: str) -> None:
    here(desk, other, number)
    desk.do(RefuseOut(number))
    desk.do(Stage(number, "R1"))
    meet(desk, other)


def test_a_parcel_signed_for_in_a_container_that_it_was_taken_from(desk: Desk, other: Desk) -> None:
    containers(desk, other, "K1")
    returned(desk, other, "P1")
    desk.do(ContainParcel("P1", "K1"))
    meet(desk, other)
    other.do(Stage("P1", "R1"))
    other.do(ReportMissing("P1"))
    desk.wait(minutes=9)
    hand_over(desk, "K1")
    assert kinds(meet(desk, other)) == [(K.SIGNED_FOR_ELSEWHERE, "P1")]
    assert desk.shop.parcels["P1"].state is S.MISSING


def test_a_parcel_handed_over_loose_that_the_other_has_in_a_container(
    desk: Desk, other: Desk
) -> None:
    containers(desk, other, "K1")
    returned(desk, other, "P1")
    other.do(ContainParcel("P1", "K1"))
    desk.wait(minutes=9)
    hand_over(desk, parcels=("P1",))
    (conflict,) = meet(desk, other)
    assert (conflict.kind, conflict.believed) == (K.IN_TWO_CONTAINERS, True)
    assert not desk.shop.parcels_in("K1")


def hand_over(desk: Desk, *ids: str, parcels: tuple[str, ...] = ()) -> None:
    for container in ids:
        desk.do(CloseContainer(container, f"Z-{container}"))
    desk.do(DraftManifest("M1", "dhl", ids, parcels))
    desk.do(ReadyManifest("M1"))
    desk.do(SignManifest("M1", ids, parcels, *SIGNED))


def test_a_bag_scanned_twice_into_one_container_is_no_conflict(desk: Desk, other: Desk) -> None:
    containers(desk, other, "K1")
    for counter in (desk, other):
        counter.do(ContainBag("B1", "K1"))
    assert meet(desk, other) == ()


def test_a_bag_put_into_a_container_that_the_other_had_sealed_and_sent(
    desk: Desk, other: Desk
) -> None:
    containers(desk, other, "K1")
    desk.do(CloseContainer("K1", "TZ1"))
    desk.do(DraftManifest("M1", "dhl"))
    desk.do(ReadyManifest("M1"))
    desk.do(SignManifest("M1", ("K1",), (), *SIGNED))
    other.do(ContainBag("B1", "K1"))
    assert kinds(meet(desk, other)) == [(K.INTO_CLOSED_CONTAINER, "K1")]
    assert left_behind(desk.shop) == (("K1", "B1"),), "in no manifest, and not out of sight"
    desk.do(ReportDamaged("K1"))
    assert left_behind(desk.shop) == (("K1", "B1"),), "what was damaged on its way went as well"


def test_what_is_signed_for_is_what_was_frozen(desk: Desk, other: Desk) -> None:
    """A bag that the other counter had put in before it was sealed, and told of after it was
    frozen, went without a signature; one that it had taken out did not go."""
    containers(desk, other, "K1", "K2")
    other.now = desk.now
    other.do(ContainBag("B1", "K1"))
    other.do(ContainBag("in-K1", "K2"))
    desk.wait(minutes=1)
    desk.do(TakeDrop("B2", "D2", "dhl"))
    desk.do(ContainBag("B2", "K1"))
    desk.do(CloseContainer("K1", "TZ1"))
    desk.do(DraftManifest("M1", "dhl", ("K1",), ()))
    desk.do(ReadyManifest("M1"))
    assert meet(desk, other) == ()
    (signed,) = desk.do(SignManifest("M1", ("K1",), (), *SIGNED))
    assert signed.bags == ("B2",)
    assert left_behind(desk.shop) == (("K1", "B1"),)
    assert desk.shop.bags_in("K2") == {"in-K1", "in-K2"}
    assert meet(desk, other) == ()


def test_a_container_on_two_manifests_goes_with_the_one_that_is_signed(
    desk: Desk, other: Desk
) -> None:
    containers(desk, other, "K1")
    desk.do(CloseContainer("K1", "TZ1"))
    meet(desk, other)
    for counter, manifest in ((desk, "M1"), (other, "M2")):
        counter.do(DraftManifest(manifest, "dhl"))
        counter.do(ReadyManifest(manifest))
    other.do(SignManifest("M2", ("K1",), (), *SIGNED))
    assert kinds(meet(desk, other)) == [
        (K.ON_TWO_MANIFESTS, "K1"),
        (K.ON_TWO_MANIFESTS, "K1"),
    ]
    gone = desk.shop.containers["K1"]
    assert (gone.state.value, gone.manifest_id) == ("handed_over", "M2")


def test_a_manifest_voided_by_both_and_another_one_s_container(desk: Desk, other: Desk) -> None:
    containers(desk, other, "K1")
    desk.do(CloseContainer("K1", "TZ1"))
    desk.do(DraftManifest("M1", "dhl"))
    desk.do(ReadyManifest("M1"))
    meet(desk, other)
    for counter in (desk, other):
        counter.do(VoidManifest("M1", "no room"))
    assert meet(desk, other) == ()
    for counter, manifest in ((desk, "M2"), (other, "M3")):
        counter.do(DraftManifest(manifest, "dhl"))
        counter.do(ReadyManifest(manifest))
    assert kinds(meet(desk, other)) == [(K.ON_TWO_MANIFESTS, "K1")]
    other.do(VoidManifest("M3", "no room"))
    meet(desk, other)
    assert desk.shop.containers["K1"].manifest_id == "M2"


def test_a_manifest_voided_takes_nothing_from_another_one(desk: Desk, other: Desk) -> None:
    containers(desk, other, "K1")
    desk.do(CloseContainer("K1", "TZ1"))
    meet(desk, other)
    for counter, manifest in ((desk, "M1"), (other, "M2")):
        counter.do(DraftManifest(manifest, "dhl"))
        counter.do(ReadyManifest(manifest))
    other.do(VoidManifest("M2", "no room"))
    assert kinds(meet(desk, other)) == [(K.ON_TWO_MANIFESTS, "K1")]
    held = desk.shop.containers["K1"]
    assert (held.state.value, held.manifest_id) == ("manifested", "M1")


def test_a_drop_voided_while_its_bag_was_contained(desk: Desk, other: Desk) -> None:
    containers(desk, other, "K1")
    desk.do(TakeDrop("B1", "D1", "dhl"))
    meet(desk, other)
    desk.do(VoidDrop("B1", "wrong return"))
    other.do(ContainBag("B1", "K1"))
    assert kinds(meet(desk, other)) == [(K.VOIDED_AND_MOVED, "B1")]


def test_one_bag_for_two_drops(desk: Desk, other: Desk) -> None:
    desk.do(TakeDrop("B1", "D1", "dhl"))
    other.do(TakeDrop("B1", "D2", "dhl"))
    assert kinds(meet(desk, other)) == [(K.BAG_USED_TWICE, "B1")]


def test_what_nobody_did_wrong_is_written_down_for_steps_that_are_not_listed() -> None:
    for state, fact in AGREES | MOOT:
        assert harmless(state, fact)
    assert not harmless(S.COLLECTED, ParcelShelved)


# In whatever order

NAMES = st.sampled_from(["1", "2"])
WORDS = {
    "str": NAMES,
    "int": st.integers(0, 3),
    "bool": st.booleans(),
    "tuple[str, ...]": st.lists(NAMES, max_size=2).map(tuple),
    "tuple[ManifestLine, ...]": st.lists(
        st.builds(ManifestLine, NAMES, NAMES, NAMES, st.just(()), st.just(())), max_size=2
    ).map(tuple),
    "ProofFact": st.just(ProofFact()),
}


def of_kind(kind: Any) -> st.SearchStrategy[Any]:
    return st.builds(
        kind, **{name: WORDS[word] for name, word in kind.__annotations__.items() if name != "type"}
    )


FACTS_AT_RANDOM = st.one_of(*(of_kind(kind) for kind in FACTS.values()))
STAMPS = st.builds(
    lambda ms, device: Stamp(advance("", ms), device),
    st.integers(0, 30),
    st.sampled_from(["counter-1", "counter-2"]),
)
RECORDS = st.lists(st.builds(Recorded, STAMPS, FACTS_AT_RANDOM), max_size=25)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records=RECORDS, seed=st.integers(0, 2**32))
def test_any_facts_in_any_order_make_the_same_shop(records: list[Recorded], seed: int) -> None:
    """Nonsense as well, the same stamp twice, everything told again: it never fails, its books
    agree with themselves, and nobody can tell the order of arrival."""
    shop = Shop.of(records)
    shuffled = [*records, *records]
    random.Random(seed).shuffle(shuffled)
    assert Shop.of(shuffled) == shop
    assert not broken(shop)


def test_every_order_of_a_contradiction(desk: Desk, other: Desk) -> None:
    here(desk, other, "P1")
    desk.do(ReportMissing("P1"))
    desk.do(ReportFound("P1"))
    other.do(HandOut(("P1",), CODE))
    records = [*desk.untold, *other.untold]
    shops = [Shop.of(order) for order in itertools.permutations(records)]
    assert all(shop == shops[0] for shop in shops)


def test_shops_that_differ_are_not_equal(desk: Desk, other: Desk) -> None:
    assert desk.shop == other.shop
    desk.do(Receive("P1", "dhl"))
    assert desk.shop != other.shop
    assert desk.shop != "a shop"
    assert set(get_args(Fact)) == set(FACTS.values())


def test_two_facts_under_one_stamp_both_count() -> None:
    """A cloned device: the centre will say so; here nothing is lost and nothing depends on luck."""
    stamp = Stamp(advance("", 1), "counter-1")
    one = Recorded(stamp, ParcelNotified("P1", "arrived"))
    two = Recorded(stamp, ParcelNotified("P1", "reminder:2"))
    shops = [Shop.of(order) for order in ([one, two], [two, one], [two, one, two, one])]
    assert all(shop == shops[0] for shop in shops)
    assert len(shops[0].story(Subject(Kind.PARCEL, "P1"))) == 2
