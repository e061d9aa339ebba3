"""A driver unloads: scan after scan, and nothing to touch."""

from __future__ import annotations

import pytest

from kiosk.domain.counter.commands import (
    HandOut,
    Receive,
    RefusalCause,
    RefuseOut,
    ReportMissing,
    Shelve,
    Stage,
)
from kiosk.domain.counter.meaning import (
    BagScanned,
    ContainerScanned,
    DriverScanned,
    ItemScanned,
    Meaning,
    PickUpScanned,
    SealScanned,
    ShelfScanned,
)
from kiosk.domain.counter.parcel_facts import ParcelAnnounced
from kiosk.domain.counter.saying import Because
from kiosk.flows.counter.model import Did, Heard, Key, Note, Tone
from kiosk.flows.counter.states.desk import Home
from kiosk.flows.counter.states.inbound import ParcelInHand, Received, Receiving, WhoseLabel
from kiosk.flows.counter.states.leaving import HandOver
from kiosk.flows.counter.states.outbound import HandingOut
from tests.domain.counter.desk import CODE
from tests.flows.counter.conftest import Shift
from tests.flows.counter.inbound_story import BY, S, bring, label, refused, state

ROUND = DriverScanned("dhl", "R-77", brings=3, fetches=0)


def announce(shift: Shift, *numbers: str, carrier: str = "dhl", **more: str) -> None:
    for number in numbers:
        shift.desk.tell(ParcelAnnounced(number, carrier, **more))


def receiving(shift: Shift) -> Receiving:
    assert isinstance(shift.screen, Receiving), shift.screen
    return shift.screen


def numbers(screen: Receiving) -> list[str]:
    return [errand.parcel.number for errand in screen.taken]


def test_an_announced_parcel_begins_a_delivery_by_itself(anna: Shift) -> None:
    announce(anna, "P1", "P2", "P3")
    for number in ("P1", "P2"):
        anna.scan(label(number))
    screen = receiving(anna)
    assert (numbers(screen), screen.announced, screen.suggested) == (["P1", "P2"], 1, "A2")
    assert anna.flash.said == Note(Did.RECEIVED, {"number": "P2", "shelf": "A2"})
    assert [state(anna, number) for number in ("P1", "P2", "P3")] == [S.RECEIVED] * 2 + [
        S.ANNOUNCED
    ]


def test_thirty_parcels_are_not_all_sent_to_one_shelf(anna: Shift) -> None:
    """A1 and A2 hold two each, B1 is for large ones."""
    announce(anna, *(f"P{n}" for n in range(5)))
    for n in range(5):
        anna.scan(label(f"P{n}"))
    shelves = [errand.shelf_id for errand in receiving(anna).taken]
    assert sorted(shelves) == ["", "A1", "A1", "A2", "A2"]
    assert anna.flash.tone is Tone.CARE, "no shelf has room for the last one"


def test_what_nobody_announced_is_taken_and_flagged(anna: Shift) -> None:
    anna.press(Key.RECEIVE)
    anna.scan(label("P9"))
    assert (anna.did, anna.flash.tone) == (Did.RECEIVED_UNKNOWN, Tone.CARE)
    assert state(anna, "P9") is S.RECEIVED


def test_a_label_that_is_read_twice_was_scanned_once(anna: Shift) -> None:
    announce(anna, "P1")
    first = anna.scan(label("P1"))
    anna.desk.wait(seconds=1)
    second = anna.scan(label("P1"))
    assert (second.flash, second.screen) == (first.flash, first.screen)
    assert anna.desk.cues[-1] is Tone.RIGHT


def test_one_that_was_given_back_is_not_taken_by_an_echo(anna: Shift) -> None:
    announce(anna, "P1")
    anna.press(Key.RECEIVE, Key.DAMAGED)
    anna.scan(label("P1"))
    anna.desk.wait(seconds=1)
    anna.scan(label("P1"))
    assert (anna.did, state(anna, "P1")) == (Did.NOT_TAKEN, S.REFUSED_IN)


def test_a_second_scan_is_harmless(anna: Shift) -> None:
    announce(anna, "P1")
    anna.scan(label("P1"))
    anna.desk.wait(seconds=3)
    anna.scan(label("P1"))
    assert (anna.did, anna.flash.tone) == (Did.ALREADY_TAKEN, Tone.CARE)
    assert numbers(receiving(anna)) == ["P1"]


@pytest.mark.parametrize(
    ("key", "cause"),
    [(Key.DAMAGED, RefusalCause.DAMAGED), (Key.MISROUTED, RefusalCause.MISROUTED)],
)
def test_a_cause_is_about_the_next_scan_alone(anna: Shift, key: Key, cause: RefusalCause) -> None:
    announce(anna, "P1", "P2")
    anna.press(Key.RECEIVE, key)
    anna.scan(label("P1"))
    assert receiving(anna).refused == (("P1", cause),)
    assert anna.flash.said == Note(Did.NOT_TAKEN, {"number": "P1", "cause": cause.value})
    anna.scan(label("P2"))
    assert (state(anna, "P1"), state(anna, "P2")) == (S.REFUSED_IN, S.RECEIVED)


def test_a_dent_that_is_seen_after_the_scan_one_tap_one_scan(anna: Shift) -> None:
    announce(anna, "P1", "P2")
    anna.scan(label("P1"))
    anna.scan(label("P2"))
    anna.press(Key.DAMAGED)
    anna.scan(label("P1"))
    screen = receiving(anna)
    assert (numbers(screen), screen.refused) == (["P2"], (("P1", RefusalCause.DAMAGED),))
    assert state(anna, "P1") is S.REFUSED_IN
    anna.desk.wait(seconds=3)
    anna.scan(label("P1"))
    assert receiving(anna).refused == (), "taken after all: counted once"
    assert sorted(numbers(receiving(anna))) == ["P1", "P2"]


def test_a_cause_is_taken_back_by_its_key_or_by_back(anna: Shift) -> None:
    anna.press(Key.RECEIVE, Key.DAMAGED, Key.MISROUTED)
    assert receiving(anna).cause is RefusalCause.MISROUTED
    assert receiving_after(anna, Key.MISROUTED).cause is None
    assert receiving_after(anna, Key.DAMAGED, Key.BACK).cause is None


def receiving_after(shift: Shift, *keys: Key) -> Receiving:
    shift.press(*keys)
    return receiving(shift)


def test_a_full_shop_refuses_until_its_key_is_touched_again(anna: Shift) -> None:
    announce(anna, "P1", "P2", "P3")
    anna.press(Key.RECEIVE, Key.FULL)
    anna.scan(label("P1"))
    anna.scan(label("P2"))
    anna.press(Key.FULL)
    anna.scan(label("P3"))
    assert [state(anna, n) for n in ("P1", "P2", "P3")] == [S.REFUSED_IN, S.REFUSED_IN, S.RECEIVED]


@pytest.mark.parametrize(
    "meaning",
    [
        ItemScanned("04006381333931"),
        ShelfScanned("A1"),
        BagScanned("B-1"),
        ContainerScanned("T-1"),
        SealScanned("S-1"),
    ],
)
def test_anything_but_a_parcel_is_not_what_was_expected(anna: Shift, meaning: Meaning) -> None:
    anna.press(Key.RECEIVE)
    before = anna.screen
    anna.scan(meaning)
    assert (anna.did, anna.flash.tone) == (Did.PARCEL_EXPECTED, Tone.WRONG)
    assert anna.screen == before


def test_a_text_that_is_nothing_is_not_a_parcel_either(anna: Shift) -> None:
    anna.press(Key.RECEIVE)
    anna.scan_text("https://example.org")
    assert anna.did is Did.PARCEL_EXPECTED


def test_a_parcel_that_is_known_to_be_elsewhere_is_stopped(anna: Shift) -> None:
    desk = anna.desk
    announce(anna, "P1", "P2", code=CODE)
    for number in ("P1", "P2"):
        desk.done(Receive(number, "dhl"), BY)
        desk.done(Shelve(number, "A1"), BY)
    desk.done(HandOut(("P2",), CODE), BY)
    anna.press(Key.RECEIVE)
    anna.scan(label("P1"))
    assert refused(anna) is Because.PARCEL_ON_SHELF
    anna.scan(label("P2"))
    assert refused(anna) is Because.PARCEL_COLLECTED
    assert numbers(receiving(anna)) == []


def test_a_missing_parcel_turns_up_in_a_delivery(anna: Shift) -> None:
    announce(anna, "P1")
    anna.desk.done(Receive("P1", "dhl"), BY)
    anna.desk.done(ReportMissing("P1"), BY)
    anna.press(Key.RECEIVE)
    anna.scan(label("P1"))
    assert (anna.did, state(anna, "P1")) == (Did.FOUND, S.RECEIVED)


def test_two_carriers_label_one_touch(anna: Shift) -> None:
    anna.press(Key.RECEIVE)
    anna.scan(label("P1", "dhl", "gls"))
    assert isinstance(anna.screen, WhoseLabel)
    anna.choose("ups")
    assert isinstance(anna.screen, WhoseLabel), "not one of them"
    anna.choose("gls")
    assert receiving(anna).carrier == "gls"
    assert anna.desk.shop().parcels["P1"].carrier == "gls"


def test_within_a_delivery_the_next_such_label_is_the_same_carriers(anna: Shift) -> None:
    anna.press(Key.RECEIVE)
    anna.scan(label("P1", "gls"))
    anna.scan(label("P2", "dhl", "gls"))
    assert numbers(receiving(anna)) == ["P1", "P2"]
    assert anna.desk.shop().parcels["P2"].carrier == "gls"


def test_a_label_without_a_carrier_is_the_announced_ones(anna: Shift) -> None:
    announce(anna, "P1", carrier="gls")
    anna.scan(label("P1", ""))
    assert anna.desk.shop().parcels["P1"].carrier == "gls"


def test_a_nearly_full_shop_is_said_before_the_driver_unloads(anna: Shift) -> None:
    """Room for seven."""
    announce(anna, *(f"P{n}" for n in range(7)))
    for n in range(7):
        anna.desk.done(Receive(f"P{n}", "dhl"), BY)
    anna.scan(ROUND)
    assert anna.flash.said == Note(Did.NEARLY_FULL, {"where": "", "count": 7, "room": 7})
    assert anna.flash.tone is Tone.CARE
    assert receiving(anna).fill.full


def test_both_counts_stand_at_the_end_and_nobody_touched_anything(anna: Shift) -> None:
    """The driver's code begins it, and ends it."""
    announce(anna, "P1", "P2")
    anna.scan(ROUND)
    assert receiving(anna).announced == 2
    anna.scan(ROUND)
    assert isinstance(anna.screen, Receiving), "read twice: nothing was brought yet"
    anna.scan(label("P1"))
    anna.press(Key.DAMAGED)
    anna.scan(label("P2"))
    anna.scan(ROUND)
    assert isinstance(anna.screen, Received)
    job = anna.screen.job
    assert (len(job.taken), len(job.refused), job.round) == (1, 1, ROUND)
    assert anna.screen.qr == "RECEIVED R-77 1 1"
    anna.press(Key.DONE)
    assert isinstance(anna.screen, Home)


def test_one_more_from_the_van_after_the_counts(anna: Shift) -> None:
    announce(anna, "P1", "P2")
    anna.scan(ROUND)
    anna.scan(label("P1"))
    anna.press(Key.DONE)
    anna.scan(label("P2"))
    assert numbers(receiving(anna)) == ["P1", "P2"]
    anna.press(Key.DONE)
    anna.scan(label("P1"))
    assert isinstance(anna.screen, ParcelInHand), "a parcel that was taken goes to its shelf now"


def test_a_customer_at_the_counter_later_is_no_delivery(anna: Shift) -> None:
    announce(anna, "P1")
    anna.scan(ROUND)
    anna.scan(label("P1"))
    anna.press(Key.DONE)
    anna.wait(180)
    anna.scan(label("P7"))
    assert not isinstance(anna.screen, Receiving)
    assert state(anna, "P7") is S.UNKNOWN


@pytest.mark.parametrize("round", [ROUND, None], ids=["with a code", "without"])
def test_what_waits_for_the_carrier_comes_next(anna: Shift, round: DriverScanned | None) -> None:
    announce(anna, "P1", "P2")
    anna.desk.done(Receive("P1", "dhl"), BY)
    anna.desk.done(RefuseOut("P1"), BY)
    anna.desk.done(Stage("P1", "R1"), BY)
    if round is not None:
        anna.scan(round)
    anna.scan(label("P2"))
    anna.press(Key.DONE)
    assert isinstance(anna.screen, Received)
    assert anna.screen.waits
    anna.press(Key.DONE)
    assert isinstance(anna.screen, HandOver)


def test_a_driver_who_brings_nothing_goes_on_to_what_is_fetched(anna: Shift) -> None:
    anna.scan(DriverScanned("dhl", "R-78", brings=0))
    assert not isinstance(anna.screen, Receiving)


def test_a_recipient_in_between_does_not_end_a_delivery(anna: Shift) -> None:
    announce(anna, "P1", "P2")
    bring(anna.desk, "P5", S.SHELVED)
    anna.scan(ROUND)
    anna.scan(label("P1"))
    anna.scan(PickUpScanned(CODE))
    assert isinstance(anna.screen, HandingOut)
    anna.press(Key.BACK)
    anna.scan(label("P2"))
    assert (numbers(receiving(anna)), receiving(anna).round) == (["P1", "P2"], ROUND)


def test_a_delivery_that_was_left_an_hour_ago_is_over(anna: Shift) -> None:
    announce(anna, "P1", "P2")
    anna.scan(ROUND)
    anna.scan(label("P1"))
    anna.press(Key.BACK)
    for _ in range(4):
        anna.wait(240)
        anna.press(Key.HELP, Key.BACK)
    anna.scan(label("P2"))
    assert (numbers(receiving(anna)), receiving(anna).round) == (["P2"], None)


def test_another_drivers_parcel_is_flagged_and_counted(anna: Shift) -> None:
    announce(anna, "P1", carrier="gls")
    anna.scan(ROUND)
    anna.scan(label("P1", "gls"))
    assert (anna.did, anna.flash.tone) == (Did.RECEIVED, Tone.CARE)


def test_what_the_other_counter_tells_changes_the_count(anna: Shift) -> None:
    anna.scan(ROUND)
    announce(anna, "P1")
    anna.happens(Heard())
    before = anna.session
    assert receiving(anna).announced == 1
    assert anna.happens(Heard()) is before, "nothing new, nothing drawn"


def test_nothing_scanned_nothing_to_say(anna: Shift) -> None:
    anna.press(Key.RECEIVE, Key.DONE)
    assert isinstance(anna.screen, Home)
