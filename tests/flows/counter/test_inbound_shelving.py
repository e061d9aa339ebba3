"""Parcel, shelf: done. Shelf, parcel, parcel: done too."""

from __future__ import annotations

import pytest

from kiosk.domain.counter.commands import Receive, Shelve
from kiosk.domain.counter.meaning import ContainerScanned, ShelfScanned
from kiosk.domain.counter.outbound_facts import ContainerOpened, ContainerProvided
from kiosk.domain.counter.parcel_facts import ParcelAnnounced
from kiosk.domain.counter.saying import Because
from kiosk.flows.counter.model import Did, Heard, Key, Note, Tone
from kiosk.flows.counter.states.desk import Home
from kiosk.flows.counter.states.inbound import (
    LookingFor,
    ParcelInHand,
    ShelfInHand,
    ToShelve,
    WhoseLabel,
)
from tests.flows.counter.conftest import Shift
from tests.flows.counter.fake_desk import BEN
from tests.flows.counter.inbound_story import BY, S, bring, label, refused, shelf_of, state


def hand(shift: Shift) -> ParcelInHand:
    assert isinstance(shift.screen, ParcelInHand), shift.screen
    return shift.screen


def shelf(shift: Shift) -> ShelfInHand:
    assert isinstance(shift.screen, ShelfInHand), shift.screen
    return shift.screen


def walk(shift: Shift) -> ToShelve:
    assert isinstance(shift.screen, ToShelve), shift.screen
    return shift.screen


def test_parcel_shelf_done(anna: Shift) -> None:
    bring(anna.desk, "P1", S.RECEIVED)
    anna.scan(label("P1"))
    assert hand(anna).suggested == "A1"
    anna.scan(ShelfScanned("A2"))
    assert anna.said == Note(Did.SHELVED, {"number": "P1", "shelf": "A2"})
    assert anna.flash.tone is Tone.RIGHT
    assert (state(anna, "P1"), shelf_of(anna, "P1")) == (S.SHELVED, "A2")
    assert isinstance(anna.screen, Home)


def test_a_move_is_taken_back_within_ten_seconds(anna: Shift) -> None:
    bring(anna.desk, "P1", S.SHELVED)
    anna.scan(label("P1"))
    anna.scan(ShelfScanned("A2"))
    anna.press(Key.UNDO)
    assert (anna.did, shelf_of(anna, "P1")) == (Did.UNDONE, "A1")
    anna.scan(label("P1"))
    anna.scan(ShelfScanned("A2"))
    anna.wait(11)
    anna.press(Key.UNDO)
    assert shelf_of(anna, "P1") == "A2"


def test_a_shelf_that_refuses_leaves_the_parcel_in_the_hand_with_another_one(anna: Shift) -> None:
    for number in ("P1", "P2"):
        bring(anna.desk, number, S.SHELVED)  # A1 holds two
    bring(anna.desk, "P3", S.RECEIVED)
    anna.scan(label("P3"))
    for name, because in (
        ("A1", Because.SHELF_FULL),
        ("B1", Because.SHELF_NOT_FOR_THIS),  # for large ones
        ("R1", Because.SHELF_NOT_FOR_THIS),  # for what goes back
        ("Z9", Because.SHELF_UNKNOWN),
    ):
        anna.scan(ShelfScanned(name))
        assert refused(anna) is because
        assert (hand(anna).parcel.number, hand(anna).suggested) == ("P3", "A2")
        assert state(anna, "P3") is S.RECEIVED


def test_the_next_parcel_takes_the_place_of_the_one_in_the_hand(anna: Shift) -> None:
    bring(anna.desk, "P1", S.RECEIVED)
    bring(anna.desk, "P2", S.RECEIVED)
    anna.scan(label("P1"))
    anna.scan(label("P2"))
    anna.scan(ShelfScanned("A1"))
    assert (state(anna, "P1"), state(anna, "P2")) == (S.RECEIVED, S.SHELVED)


def test_shelf_first_then_parcel_after_parcel(anna: Shift) -> None:
    for number in ("P1", "P2", "P3"):
        bring(anna.desk, number, S.RECEIVED)
    anna.scan(ShelfScanned("A1"))
    anna.scan(label("P1"))
    anna.scan(label("P2"))
    assert [parcel.number for parcel in shelf(anna).parcels] == ["P1", "P2"]
    anna.scan(label("P3"))
    assert refused(anna) is Because.SHELF_FULL
    anna.scan(ShelfScanned("A2"))
    anna.scan(label("P3"))
    assert shelf_of(anna, "P3") == "A2"


def test_a_parcel_that_lies_there_is_no_news(anna: Shift) -> None:
    bring(anna.desk, "P1", S.SHELVED)
    told = len(anna.desk.facts)
    anna.scan(ShelfScanned("A1"))
    anna.scan(label("P1"))
    assert (anna.did, len(anna.desk.facts)) == (Did.SHELVED, told)


def test_what_is_not_here_yet_is_received_first(anna: Shift) -> None:
    bring(anna.desk, "P1", S.ANNOUNCED)
    anna.scan(ShelfScanned("A1"))
    anna.scan(label("P1"))
    assert refused(anna) is Because.PARCEL_NOT_HERE_YET
    anna.scan(label("P9"))
    assert refused(anna) is Because.PARCEL_UNKNOWN
    assert shelf(anna).fill.count == 0


def test_an_undo_on_a_shelf_stays_at_the_shelf(anna: Shift) -> None:
    bring(anna.desk, "P1", S.SHELVED)
    anna.scan(ShelfScanned("A2"))
    anna.scan(label("P1"))
    anna.press(Key.UNDO)
    assert (shelf(anna).shelf.shelf_id, shelf(anna).parcels) == ("A2", ())
    assert shelf_of(anna, "P1") == "A1"


def test_what_goes_back_goes_onto_a_shelf_for_returns(anna: Shift) -> None:
    bring(anna.desk, "P1", S.EXPIRED)
    anna.sign_in()
    anna.scan(ShelfScanned("R1"))
    anna.scan(label("P1"))
    assert (anna.did, state(anna, "P1")) == (Did.STAGED, S.RTS_STAGED)
    anna.scan(ShelfScanned("A1"))
    anna.scan(label("P1"))
    assert refused(anna) is Because.PARCEL_GOES_BACK


def test_a_missing_parcel_on_a_shelf_is_found_there(anna: Shift) -> None:
    bring(anna.desk, "P1", S.MISSING)
    anna.scan(ShelfScanned("A2"))
    anna.scan(label("P1"))
    assert (state(anna, "P1"), shelf_of(anna, "P1")) == (S.SHELVED, "A2")


def test_an_unknown_shelf_is_said_so(anna: Shift) -> None:
    anna.scan(ShelfScanned("Z9"))
    assert refused(anna) is Because.SHELF_UNKNOWN
    assert isinstance(anna.screen, Home)


def test_two_carriers_label_on_a_shelf_one_touch(anna: Shift) -> None:
    anna.scan(ShelfScanned("A1"))
    anna.scan(label("P1", "dhl", "gls"))
    assert isinstance(anna.screen, WhoseLabel)
    anna.press(Key.BACK)
    anna.scan(label("P1", "dhl", "gls"))
    anna.choose("gls")
    assert refused(anna) is Because.PARCEL_UNKNOWN
    assert isinstance(anna.screen, ShelfInHand)


# --- the walk ---------------------------------------------------------------------------------


def test_the_walk_is_in_the_order_of_the_shelves_and_shrinks(anna: Shift) -> None:
    for number in ("P1", "P2", "P3"):
        bring(anna.desk, number, S.RECEIVED)
    anna.press(Key.TO_SHELVE)
    way = [(errand.parcel.number, errand.shelf_id) for errand in walk(anna).errands]
    assert way == [("P1", "A1"), ("P3", "A1"), ("P2", "A2")]
    for number, name in way:
        anna.scan(label(number))
        assert hand(anna).held
        anna.scan(ShelfScanned(name))
    assert isinstance(anna.screen, Home), "nothing is left"


def test_a_line_of_the_walk_shows_the_parcel_and_moves_nothing(anna: Shift) -> None:
    """Chosen, not scanned: a shelf that is scanned then is only looked at."""
    bring(anna.desk, "P1", S.RECEIVED)
    anna.press(Key.TO_SHELVE)
    anna.choose("P7")
    assert isinstance(anna.screen, ToShelve), "not on the list"
    anna.choose("P1")
    assert not hand(anna).held
    anna.scan(ShelfScanned("A1"))
    assert isinstance(anna.screen, ShelfInHand)
    assert state(anna, "P1") is S.RECEIVED


def test_pages_turn_and_end(anna: Shift) -> None:
    anna.desk.shelf("C1", room=50)
    for n in range(8):
        bring(anna.desk, f"P{n}", S.RECEIVED)
    anna.press(Key.TO_SHELVE, Key.NEXT_PAGE)
    assert walk(anna).page == 1
    assert anna.press(Key.NEXT_PAGE) == anna.press(Key.NEXT_PAGE)
    assert walk(anna).page == 1
    for errand in walk(anna).errands[:3]:
        anna.scan(label(errand.parcel.number))
        anna.scan(ShelfScanned(errand.shelf_id))
    assert walk(anna).page == 0, "there is no second page any more"
    anna.press(Key.BACK)
    assert isinstance(anna.screen, Home)


def test_what_the_other_counter_shelved_is_off_the_walk(anna: Shift) -> None:
    bring(anna.desk, "P1", S.RECEIVED)
    bring(anna.desk, "P2", S.RECEIVED)
    anna.press(Key.TO_SHELVE)
    anna.desk.done(Shelve("P1", "A1"), BY)
    anna.happens(Heard())
    assert [errand.parcel.number for errand in walk(anna).errands] == ["P2"]


# --- a parcel ----------------------------------------------------------------------------------


def test_a_parcel_tells_where_it_has_been(anna: Shift) -> None:
    bring(anna.desk, "P1", S.SHELVED)
    anna.scan(label("P1"))
    anna.press(Key.STORY)
    assert hand(anna).open_story
    told = [(past.type.split(".")[2], past.by, past.place) for past in hand(anna).story]
    assert told == [
        ("shelved", "Anna Berg", "A1"),
        ("received", "Anna Berg", ""),
        ("announced", "", ""),
    ]
    assert {past.at.strftime("%H:%M %Z") for past in hand(anna).story} == {"10:00 CET"}
    anna.press(Key.STORY, Key.DONE)
    assert isinstance(anna.screen, Home)


def test_what_cannot_be_found_is_looked_for_and_then_missing(anna: Shift) -> None:
    bring(anna.desk, "P1", S.SHELVED)
    anna.scan(ShelfScanned("A1"))
    anna.choose("P1")
    anna.press(Key.MISSING)
    assert isinstance(anna.screen, LookingFor)
    assert anna.screen.places == ("A1", "A2", "")
    assert state(anna, "P1") is S.SHELVED, "not yet: two touches"
    anna.press(Key.MISSING)
    assert (anna.did, state(anna, "P1")) == (Did.MISSING_TOLD, S.MISSING)
    assert shelf(anna).parcels == ()
    anna.press(Key.UNDO)
    assert state(anna, "P1") is S.SHELVED


def test_any_scan_finds_it_again(anna: Shift) -> None:
    bring(anna.desk, "P1", S.MISSING)
    anna.scan(label("P1"))
    assert (anna.did, anna.flash.tone, state(anna, "P1")) == (Did.FOUND, Tone.CARE, S.SHELVED)
    assert hand(anna).parcel.state is S.SHELVED


def test_from_the_list_of_what_is_missing(anna: Shift) -> None:
    bring(anna.desk, "P1", S.MISSING)
    anna.press(Key.TO_SETTLE)
    anna.choose("P1")
    assert isinstance(anna.screen, LookingFor)
    before = anna.screen
    anna.press(Key.MISSING)
    assert anna.screen == before, "it is missing already"
    anna.press(Key.BACK)
    assert isinstance(anna.screen, Home)


def test_the_recipient_does_not_want_it(anna: Shift) -> None:
    bring(anna.desk, "P1", S.SHELVED)
    anna.scan(label("P1"))
    anna.press(Key.REFUSED)
    assert (anna.did, state(anna, "P1"), hand(anna).suggested) == (
        Did.DECLINED,
        S.REFUSED_OUT,
        "R1",
    )
    anna.scan(ShelfScanned("R1"))
    assert state(anna, "P1") is S.RTS_STAGED


def test_extended_once_then_by_a_supervisor(anna: Shift) -> None:
    bring(anna.desk, "P1", S.SHELVED)
    anna.scan(label("P1"))
    anna.press(Key.EXTEND)
    assert anna.said == Note(Did.EXTENDED, {"number": "P1", "until": "2025-03-20"})
    assert hand(anna).parcel.until == "2025-03-20"
    anna.press(Key.EXTEND)
    assert refused(anna) is Because.EXTENDED_ENOUGH
    anna.sign_in(BEN)
    anna.scan(label("P1"))
    anna.press(Key.EXTEND)
    assert anna.did is Did.EXTENDED


def test_a_staged_parcel_goes_into_a_container_of_its_carrier(anna: Shift) -> None:
    bring(anna.desk, "P1", S.RTS_STAGED)
    anna.desk.tell(ContainerProvided("K1", "T-1", "dhl", 9), ContainerOpened("K1", "anna"))
    anna.scan(label("P1"))
    anna.scan(ContainerScanned("T-1"))
    assert anna.said == Note(Did.CONTAINED, {"what": "P1", "container": "T-1"})
    assert anna.desk.shop().parcels_in("K1") == {"P1"}


@pytest.mark.parametrize(
    ("gone", "because"),
    [
        (S.COLLECTED, Because.PARCEL_COLLECTED),
        (S.RETURNED_TO_SENDER, Because.PARCEL_GONE_BACK),
    ],
)
def test_one_that_had_left_is_said_so_and_shown(anna: Shift, gone: S, because: Because) -> None:
    bring(anna.desk, "P1", gone)
    anna.scan(label("P1"))
    assert refused(anna) is because
    assert hand(anna).parcel.state is gone
    anna.scan(ShelfScanned("A1"))
    assert refused(anna) is because


def test_a_whole_floor_is_listed_in_part(anna: Shift) -> None:
    anna.desk.shelf("FLOOR", room=1000)
    desk = anna.desk
    for n in range(300):
        desk.tell(ParcelAnnounced(f"N{n:03}", "dhl"))
        desk.done(Receive(f"N{n:03}", "dhl"), BY)
        desk.done(Shelve(f"N{n:03}", "FLOOR"), BY)
    anna.scan(ShelfScanned("FLOOR"))
    assert (shelf(anna).fill.count, len(shelf(anna).parcels)) == (300, 240)
