"""Walks: in the order of the shelves, planned so that what is taken along finds room."""

from __future__ import annotations

import random

import pytest

from kiosk.domain.counter.commands import Expire, Receive, Shelve
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.shelves import as_counted
from kiosk.domain.counter.shop import Shop
from kiosk.domain.counter.suggesting import looked_for, shelf_for
from kiosk.domain.counter.walking import WALK, place_of, shop_fill, to_pull, to_shelve
from tests.domain.counter.desk import HOUSE, Desk


def received(desk: Desk, *numbers: str, recipient: str = "") -> None:
    for number in numbers:
        desk.announce(number, "dhl", recipient=recipient)
        desk.do(Receive(number, "dhl"))


def test_shelves_come_as_people_count(desk: Desk) -> None:
    desk.record(*(ShelfSet(name, "front", 9) for name in ("A10", "A3", "AA1", "12")))
    names = sorted(("A10", "A2", "A3", "AA1", "A1", "B1", "12", ""), key=lambda n: _place(desk, n))
    assert names == ["", "B1", "A1", "A2", "A3", "A10", "AA1", "12"], "zone back comes first"


def _place(desk: Desk, name: str) -> object:
    return place_of(desk.shop, name)


def test_a_walk_promises_no_shelf_more_than_it_holds(desk: Desk) -> None:
    """A1 and A2 hold two each; B1 is for large ones."""
    received(desk, "P1", "P2", "P3", "P4", "P5")
    shelves = [errand.shelf_id for errand in to_shelve(desk.shop)]
    assert shelves == ["A1", "A1", "A2", "A2", ""], "in the order of the walk, no room last"


def test_parcels_of_one_recipient_go_together(desk: Desk) -> None:
    received(desk, "P1", "P3", recipient="r-1")
    received(desk, "P2", "P4", recipient="r-2")
    together = {errand.parcel.number: errand.shelf_id for errand in to_shelve(desk.shop)}
    assert together["P1"] == together["P3"] != together["P2"] == together["P4"]


def test_a_walk_takes_the_oldest_first_and_no_more_than_a_trolley(desk: Desk) -> None:
    desk.record(ShelfSet("C1", "front", 500))
    received(desk, *(f"N{n:03}" for n in range(WALK + 5)))
    desk.wait(days=-1)
    received(desk, "Z1")
    walk = [errand.parcel.number for errand in to_shelve(desk.shop)]
    assert len(walk) == WALK
    assert "Z1" in walk


def test_what_goes_back_is_pulled_along_the_shelves(desk: Desk) -> None:
    desk.record(ShelfSet("A10", "front", 9))
    received(desk, "P1", "P2", "P3")
    for number, shelf in (("P1", "A10"), ("P2", "A2"), ("P3", "A2")):
        desk.do(Shelve(number, shelf))
    desk.wait(days=30)

    desk.do(Expire(), HOUSE)
    assert [parcel.number for parcel in to_pull(desk.shop)] == ["P2", "P3", "P1"]


def test_a_shop_is_as_full_as_its_shelves_and_what_waits_for_them(desk: Desk) -> None:
    received(desk, "P1", "P2")
    desk.do(Shelve("P1", "A1"))
    fill = shop_fill(desk.shop)
    assert (fill.count, fill.room) == (2, 7), "shelves for returns take none of it"


@pytest.mark.parametrize("seed", range(8))
def test_a_walk_is_what_one_would_say_of_each_parcel_in_turn(seed: int) -> None:
    """The short way round comes to what `shelf_for` says, parcel by parcel."""
    dice, desk = random.Random(seed), Desk()
    for n in range(12):
        sizes = dice.choice([(), (), ("large",)])
        carriers = dice.choice([(), (), ("dhl",), ("gls",)])
        room = dice.randint(0, 5)
        desk.record(ShelfSet(f"C{n}", "back", room, carriers, sizes, dice.random() < 0.1))
    for n in range(40):
        carrier, size = dice.choice(["dhl", "gls", "ups"]), dice.choice(["", "large", "small"])
        desk.announce(f"P{n}", carrier, size=size, recipient=dice.choice(["", "a", "b", "c"]))
        desk.do(Receive(f"P{n}", carrier, size))
        shelf = shelf_for(desk.shop, desk.shop.parcels[f"P{n}"])
        if n < 12 and shelf is not None:
            desk.do(Shelve(f"P{n}", shelf.shelf_id))
    coming: dict[str, tuple[str, ...]] = {}
    expected = {}
    for number in sorted(desk.shop.in_state(ParcelState.RECEIVED)):
        parcel = desk.shop.parcels[number]
        shelf = shelf_for(desk.shop, parcel, coming=coming)
        expected[number] = shelf.shelf_id if shelf else ""
        if shelf is not None:
            coming[shelf.shelf_id] = (*coming.get(shelf.shelf_id, ()), parcel.recipient)
    walk = {errand.parcel.number: errand.shelf_id for errand in to_shelve(desk.shop)}
    assert walk == expected


def test_shelves_are_counted_as_people_count_them() -> None:
    """A1's neighbours are A2 and A3, and an empty shop fills from A1 on, not A1, A10, A11."""
    shop = Shop()
    for at in range(1, 13):
        shelf = ShelfSet(f"A{at}", "A", 4)
        shop.apply(Recorded(Stamp(f"{at:012x}-0000", "C1"), shelf))
    parcel = Parcel("P", shelf_id="A1")
    assert looked_for(shop, parcel) == ("A1", "A2", "A3", "")
    first = shelf_for(shop, parcel)
    assert first is not None
    assert first.shelf_id == "A1"
    assert sorted(("A10", "A2", "B1", "A1"), key=as_counted) == ["A1", "A2", "A10", "B1"]
