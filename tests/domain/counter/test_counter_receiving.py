"""Parcels come in, are put on a shelf, and can be found there."""

from __future__ import annotations

import pytest

from kiosk.domain.counter.commands import (
    HandOut,
    IssueCode,
    Receive,
    RecordNotice,
    RefusalCause,
    RefuseIn,
    ReportFound,
    ReportMissing,
    Role,
    Shelve,
    Stage,
    Who,
)
from kiosk.domain.counter.facts import Kind, Subject
from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.parcel_facts import ParcelAnnounced
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.suggesting import looked_for, shelf_fill, shelf_for
from tests.domain.counter.desk import CODE, HOUSE, OTHER_CODE, Desk

S = ParcelState


def test_an_announced_parcel_is_received_and_waits_for_its_carrier_s_days(desk: Desk) -> None:
    desk.announce("P1", "dhl", size="small", recipient="r-1", code=CODE)
    desk.do(Receive("P1", "dhl"))
    parcel = desk.shop.parcels["P1"]
    assert (parcel.state, parcel.announced, parcel.size) == (S.RECEIVED, True, "small")
    assert (parcel.received_on, parcel.until) == ("2025-03-10", "2025-03-17")
    assert desk.shop.lying("") == {"P1"}  # at the desk


def test_an_unknown_parcel_is_received_and_flagged(desk: Desk) -> None:
    desk.do(Receive("P1", "gls", "large"))
    assert not desk.shop.parcels["P1"].announced
    desk.announce("P1", "dhl", size="small", recipient="r-1", code=CODE)
    late = desk.shop.parcels["P1"]
    assert (late.state, late.announced, late.recipient) == (S.RECEIVED, True, "r-1")
    assert (late.carrier, late.size) == ("gls", "large"), "what was seen goes before what was said"


def test_a_code_that_came_before_its_announcement_stands(desk: Desk) -> None:
    desk.do(IssueCode(("P1",), OTHER_CODE), HOUSE)
    desk.announce("P1", code=CODE)
    assert desk.shop.parcels["P1"].code == OTHER_CODE


def test_an_announcement_is_corrected_by_a_later_one(desk: Desk) -> None:
    desk.announce("P1", "dhl", size="small")
    desk.announce("P1", "dhl", size="large", recipient="r-1")
    expected = Parcel("P1", S.ANNOUNCED, "dhl", "large", "r-1", announced=True)
    assert desk.shop.parcels["P1"] == expected


@pytest.mark.parametrize("cause", list(RefusalCause))
def test_a_parcel_that_is_not_taken_goes_with_the_driver(desk: Desk, cause: RefusalCause) -> None:
    desk.announce("P1", "dhl")
    desk.do(RefuseIn("P1", "", cause))
    assert desk.shop.parcels["P1"].state is S.REFUSED_IN
    refused = desk.refused(Shelve("P1", "A1"))
    assert (refused.because, refused.then) == (Because.PARCEL_WAS_REFUSED, Then.GIVE_TO_DRIVER)


def test_a_refused_parcel_may_be_brought_again(desk: Desk) -> None:
    desk.do(RefuseIn("P1", "dhl", RefusalCause.FULL))
    desk.do(RefuseIn("P1", "dhl", RefusalCause.FULL))
    desk.wait(days=1)
    desk.do(Receive("P1", "dhl"))
    assert desk.shop.parcels["P1"].received_on == "2025-03-11"


def test_a_dent_that_is_seen_after_the_scan_still_goes_with_the_driver(desk: Desk) -> None:
    desk.do(Receive("P1", "dhl"))
    desk.do(RefuseIn("P1", "", RefusalCause.DAMAGED))
    assert desk.shop.parcels["P1"].state is S.REFUSED_IN
    assert not desk.shop.lying("")


def test_a_counter_that_never_heard_of_it_cannot_give_it_back(desk: Desk) -> None:
    other = Desk("counter-2")
    desk.do(Receive("P1", "dhl"))
    other.wait(seconds=1)
    other.do(RefuseIn("P1", "dhl", RefusalCause.FULL))
    desk.hear(other)
    assert desk.shop.parcels["P1"].state is S.RECEIVED, "it lies here"
    assert [c.subject.name for c in desk.shop.conflicts()] == ["P1"]


def test_a_day_later_no_driver_waits_for_it(desk: Desk) -> None:
    desk.do(Receive("P1", "dhl"))
    desk.wait(days=1)
    refused = desk.refused(RefuseIn("P1", "", RefusalCause.DAMAGED))
    assert (refused.because, refused.then) == (Because.PARCEL_ALREADY_HERE, Then.SHELVE_IT)
    desk.do(Shelve("P1", "A1"))
    assert desk.refused(RefuseIn("P1", "", RefusalCause.FULL)).because is Because.PARCEL_ON_SHELF


def test_a_parcel_is_received_once(desk: Desk) -> None:
    desk.do(Receive("P1", "dhl"))
    assert desk.refused(Receive("P1", "dhl")) == Refused(
        Because.PARCEL_ALREADY_HERE, Then.SHELVE_IT, {"parcel": "P1"}
    )
    desk.do(Shelve("P1", "A1"))
    assert desk.refused(Receive("P1", "dhl")).values == {"parcel": "P1", "shelf": "A1"}


def test_a_parcel_is_shelved_and_moved_and_its_way_is_known(desk: Desk) -> None:
    desk.do(Receive("P1", "dhl"))
    for shelf in ("A1", "A2", "A2"):
        desk.do(Shelve("P1", shelf))
        assert desk.shop.lying(shelf) == {"P1"}
    assert not desk.shop.lying("A1")
    assert not desk.shop.lying("")
    words = [type(r.fact).__name__ for r in desk.shop.story(Subject(Kind.PARCEL, "P1"))]
    assert words == ["ParcelReceived", "ParcelShelved", "ParcelShelved", "ParcelShelved"]


def test_what_nobody_received_is_not_shelved(desk: Desk) -> None:
    refused = desk.refused(Shelve("P1", "A1"))
    assert (refused.because, refused.then) == (Because.PARCEL_UNKNOWN, Then.RECEIVE_IT)


@pytest.mark.parametrize(
    ("shelf", "because", "then"),
    [
        ("Z9", Because.SHELF_UNKNOWN, Then.SCAN_SHELF),
        ("B1", Because.SHELF_NOT_FOR_THIS, Then.OTHER_SHELF),  # for large ones
        ("R1", Because.SHELF_NOT_FOR_THIS, Then.OTHER_SHELF),  # for what goes back
        ("A1", Because.SHELF_FULL, Then.OTHER_SHELF),
    ],
)
def test_a_shelf_that_will_not_do(desk: Desk, shelf: str, because: Because, then: Then) -> None:
    for number in ("P1", "P2", "P3"):
        desk.do(Receive(number, "dhl", "small"))
    desk.do(Shelve("P1", "A1"))
    desk.do(Shelve("P2", "A1"))
    refused = desk.refused(Shelve("P3", shelf))
    assert (refused.because, refused.then, refused.values["shelf"]) == (because, then, shelf)
    assert desk.do(Shelve("P2", "A1")), "one that lies there may be put there again"


def test_a_shelf_without_room_is_given_up(desk: Desk) -> None:
    desk.do(Receive("P1", "dhl"))
    desk.record(ShelfSet("A1", "front", 0))
    assert desk.refused(Shelve("P1", "A1")).because is Because.SHELF_UNKNOWN
    desk.record(ShelfSet("A1", "front", -1))
    assert desk.shop.shelves["A1"].room == 0


def test_the_shelf_suggested_is_where_the_recipient_s_others_lie(desk: Desk) -> None:
    for number in ("P1", "P2"):
        desk.announce(number, recipient="r-1")
        desk.do(Receive(number, "dhl"))
    desk.do(Shelve("P1", "A2"))
    suggested = shelf_for(desk.shop, desk.shop.parcels["P2"])
    assert suggested is not None
    assert suggested.shelf_id == "A2"


def test_otherwise_the_one_most_narrowly_for_it_then_the_emptiest_then_the_first(
    desk: Desk,
) -> None:
    def suggested(number: str) -> str:
        shelf = shelf_for(desk.shop, desk.shop.parcels[number])
        return "" if shelf is None else shelf.shelf_id

    for number, size in (("P1", "large"), ("P2", "small"), ("P3", "small"), ("P4", "")):
        desk.do(Receive(number, "dhl", size))
    assert suggested("P1") == "B1"
    assert suggested("P2") == "A1"
    desk.do(Shelve("P2", "A1"))
    assert suggested("P3") == "A2"
    assert suggested("P4") == "A2", "a size that nobody knows goes where any does"
    desk.record(ShelfSet("C1", "front", 9, carriers=("dhl",)))
    assert suggested("P3") == "C1"


def test_nothing_is_suggested_where_nothing_has_room(desk: Desk) -> None:
    for number in ("P1", "P2", "P3", "P4", "P5"):
        desk.do(Receive(number, "dhl", "small"))
    for number, shelf in (("P1", "A1"), ("P2", "A1"), ("P3", "A2"), ("P4", "A2")):
        desk.do(Shelve(number, shelf))
    assert shelf_for(desk.shop, desk.shop.parcels["P5"]) is None
    assert shelf_fill(desk.shop, "A1").nearly
    back = shelf_for(desk.shop, desk.shop.parcels["P5"], returns=True)
    assert back is not None
    assert back.shelf_id == "R1"


def test_a_parcel_that_cannot_be_found_is_looked_for_near_where_it_was(desk: Desk) -> None:
    for shelf in ("A3", "A4", "A5"):
        desk.record(ShelfSet(shelf, "front", 2))
    desk.do(Receive("P1", "dhl"))
    desk.do(Shelve("P1", "A1"))
    desk.do(Shelve("P1", "A3"))
    assert looked_for(desk.shop, desk.shop.parcels["P1"]) == ("A3", "A2", "A4", "A1", "A5", "")
    facts = desk.do(ReportMissing("P1"))
    assert [fact.shelf_id for fact in facts] == ["A3"]
    assert desk.shop.parcels["P1"].state is S.MISSING
    assert not desk.shop.lying("A3")
    desk.do(ReportFound("P1"))
    assert desk.shop.lying("A3") == {"P1"}


def test_what_was_lost_at_the_desk_is_looked_for_there(desk: Desk) -> None:
    desk.do(Receive("P1", "dhl"))
    assert looked_for(desk.shop, desk.shop.parcels["P1"]) == ("",)


def test_scanning_a_missing_parcel_finds_it(desk: Desk) -> None:
    desk.announce("P1", "dhl", code=CODE)
    desk.do(Receive("P1", "dhl"))
    desk.do(ReportMissing("P1"))
    assert desk.refused(Receive("P1", "dhl")).then is Then.LOOK_FOR_IT
    desk.do(Shelve("P1", "A1"))
    assert desk.shop.parcels["P1"].state is S.SHELVED
    desk.do(ReportMissing("P1"))
    desk.do(HandOut(("P1",), CODE))
    assert desk.shop.parcels["P1"].state is S.COLLECTED
    assert not desk.shop.conflicts()


def test_notices_are_flags_beside_the_state(desk: Desk) -> None:
    desk.do(Receive("P1", "dhl"))
    for notice in ("arrived", "reminder", "arrived"):
        desk.do(RecordNotice("P1", notice), HOUSE)
    parcel = desk.shop.parcels["P1"]
    assert (parcel.state, parcel.notices) == (S.RECEIVED, ("arrived", "reminder"))


def test_nothing_happens_that_needs_a_person_without_one(desk: Desk) -> None:
    everybody = (HOUSE, Who("", Role.ASSOCIATE), Who("", Role.SUPERVISOR), Who("e", Role.ENGINEER))
    for who in everybody:
        refused = desk.refused(Receive("P1", "dhl"), who)
        assert (refused.because, refused.then) == (Because.NOT_ALLOWED, Then.ASK_SUPERVISOR)


def test_a_code_is_for_parcels(desk: Desk) -> None:
    assert desk.refused(IssueCode((), CODE), HOUSE).because is Because.NOTHING_SCANNED
    assert desk.refused(IssueCode(("P1",), ""), HOUSE).because is Because.NOTHING_SCANNED


def test_a_parcel_that_is_still_held_is_not_staged(desk: Desk) -> None:
    desk.do(Receive("P1", "dhl"))
    desk.do(Shelve("P1", "A1"))
    refused = desk.refused(Stage("P1", "R1"))
    assert (refused.because, refused.then) == (Because.PARCEL_ON_SHELF, Then.PUT_IT_BACK)


def test_the_same_fact_twice_is_one(desk: Desk) -> None:
    desk.announce("P1")
    (record,) = desk.untold
    assert isinstance(record.fact, ParcelAnnounced)
    assert not desk.shop.apply(record)
    assert desk.shop.knows([record.fact])
    assert not desk.shop.knows([ParcelAnnounced("P2", "dhl")])
