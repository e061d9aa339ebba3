"""Walks through the shop: in which order to go, what to take along, how full it is."""

from __future__ import annotations

import heapq
import re
from dataclasses import dataclass

from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.pulling import pull_list
from kiosk.domain.counter.rules import Fill
from kiosk.domain.counter.shop import Shop
from kiosk.domain.counter.suggesting import shelf_for

WALK = 60
"""Parcels that one walk is planned for: as many as a trolley takes, and few enough to plan anew
after each scan."""

Place = tuple[str, tuple[tuple[int, str], ...]]


@dataclass(frozen=True, slots=True)
class Errand:
    """A parcel and the shelf that it goes to; "" where no shelf takes it."""

    parcel: Parcel
    shelf_id: str


def place_of(shop: Shop, shelf_id: str) -> Place:
    """Where a shelf comes in a walk: by zone, then by name as people count (A2 before A10). The
    desk, where a walk begins, comes first."""
    parts = re.findall(r"\d+|\D+", shelf_id)
    name = tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)
    return (shop.shelves[shelf_id].zone if shelf_id else "", name)


def to_pull(shop: Shop) -> tuple[Parcel, ...]:
    """The day's list (`pulling.pull_list`) in the order of a walk."""
    found = pull_list(shop)
    return tuple(sorted(found, key=lambda one: (place_of(shop, one.shelf_id), one.number)))


def to_shelve(shop: Shop, most: int = WALK) -> tuple[Errand, ...]:
    """What lies at the desk, the longest first, with a shelf for each: planned together, so that a
    shelf is not promised more than it holds, and parcels of one recipient come together."""
    numbers = shop.in_state(ParcelState.RECEIVED)
    parcels = (shop.parcels[number] for number in numbers)
    first = heapq.nsmallest(most, parcels, key=lambda one: (one.received_on, one.number))
    coming: dict[str, tuple[str, ...]] = {}
    errands = [_errand(shop, parcel, coming) for parcel in first]
    return tuple(sorted(errands, key=lambda one: _turn(shop, one)))


def _errand(shop: Shop, parcel: Parcel, coming: dict[str, tuple[str, ...]]) -> Errand:
    shelf = shelf_for(shop, parcel, coming=coming)
    if shelf is None:
        return Errand(parcel, "")
    coming[shelf.shelf_id] = (*coming.get(shelf.shelf_id, ()), parcel.recipient)
    return Errand(parcel, shelf.shelf_id)


def _turn(shop: Shop, errand: Errand) -> tuple[bool, Place, str]:
    """What finds no shelf comes last."""
    return (not errand.shelf_id, place_of(shop, errand.shelf_id), errand.parcel.number)


def shop_fill(shop: Shop) -> Fill:
    """How full the shelves for parcels are, with what still lies at the desk."""
    shelves = [shelf for shelf in shop.shelves if shelf.room and not shelf.returns]
    lying = sum(len(shop.lying(shelf.shelf_id)) for shelf in shelves)
    waiting = len(shop.in_state(ParcelState.RECEIVED))
    return Fill(lying + waiting, sum(shelf.room for shelf in shelves))
