"""The screens of parcels and shelves, made from the shop as it is now."""

from __future__ import annotations

import heapq
from dataclasses import replace
from datetime import datetime

from kiosk.domain.counter.facts import Kind, Subject
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.shop import Shop
from kiosk.domain.counter.suggesting import Coming, looked_for, shelf_fill, shelf_for
from kiosk.domain.counter.walking import shop_fill, to_pull, to_shelve
from kiosk.domain.hlc import wall_ms
from kiosk.flows.counter.model import Do, Key, Screen, Session
from kiosk.flows.counter.states.inbound import (
    LookingFor,
    ParcelInHand,
    Past,
    Pulling,
    Receiving,
    ShelfInHand,
    ToShelve,
)
from kiosk.flows.counter.turns import turned

MOST = 240
"""Lines of a list: forty pages, and no work for a shelf that is a whole floor. Who looks for a
parcel beyond them scans it."""
GOES_BACK = (ParcelState.EXPIRED, ParcelState.REFUSED_OUT, ParcelState.RTS_STAGED)
"""What belongs on a shelf for returns."""
NOTHING: Coming = {}


def seen_as(parcel: Parcel) -> ParcelState:
    """What a parcel in the hand is: a missing one is what it was before."""
    missing = parcel.state is ParcelState.MISSING
    return parcel.before_missing if missing else parcel.state


def suggested(shop: Shop, parcel: Parcel, coming: Coming = NOTHING) -> str:
    """The shelf to put a parcel on that somebody holds; "" for none, and where it has its own."""
    match seen_as(parcel):
        case ParcelState.RECEIVED | ParcelState.ANNOUNCED | ParcelState.REFUSED_IN:
            shelf = shelf_for(shop, parcel, coming=coming)
        case ParcelState.EXPIRED | ParcelState.REFUSED_OUT:
            shelf = shelf_for(shop, parcel, returns=True)
        case _:
            shelf = None
    return shelf.shelf_id if shelf else ""


def in_hand(do: Do, number: str, back: Screen | None = None, *, held: bool = True) -> ParcelInHand:
    parcel = do.shop().parcels[number]
    told = story(do, Subject(Kind.PARCEL, number))
    return ParcelInHand(parcel, suggested(do.shop(), parcel), told, held=held, back=back)


def story(do: Do, subject: Subject) -> tuple[Past, ...]:
    """What happened to a thing, the latest first, as people tell it."""
    roster, zone, past = do.house().roster, do.rules().opening.zone, []
    for record in reversed(do.shop().story(subject)):
        at = datetime.fromtimestamp(wall_ms(record.stamp.hlc) / 1000, zone)
        by = str(getattr(record.fact, "by", ""))
        member = roster.member(by)
        place = str(getattr(record.fact, "shelf_id", ""))
        past.append(Past(record.fact.type, at, member.name if member else by, place))
    return tuple(past)


def looking(shop: Shop, number: str, back: Screen | None = None) -> LookingFor:
    parcel = shop.parcels[number]
    return LookingFor(parcel, looked_for(shop, parcel), back=back)


def shelf(shop: Shop, shelf_id: str) -> ShelfInHand:
    numbers = heapq.nsmallest(MOST, shop.lying(shelf_id))
    parcels = tuple(shop.parcels[number] for number in numbers)
    return ShelfInHand(shop.shelves[shelf_id], shelf_fill(shop, shelf_id), parcels)


def shelving(shop: Shop) -> ToShelve:
    return ToShelve(to_shelve(shop), len(shop.in_state(ParcelState.RECEIVED)))


def pulling(shop: Shop, before: Pulling | None = None) -> Pulling:
    """The list as it is now, with what was pulled and where to; the shelf is another one where
    that is full or gone."""
    parcels, before = to_pull(shop), before or Pulling((), 0)
    kept = shop.shelves[before.shelf] if before.shelf else None
    name = before.shelf
    if kept is None or not kept.returns or shelf_fill(shop, name).full:
        fresh = shelf_for(shop, parcels[0] if parcels else Parcel(""), returns=True)
        name = fresh.shelf_id if fresh else ""
    return replace(before, parcels=parcels[:MOST], count=len(parcels), shelf=name)


def again(session: Session, screen: Screen, do: Do) -> Screen:
    """A screen as the shop is now, on the page that it is on, as far as that is there."""
    now = _anew(do, screen)
    match screen, now:
        case ((ShelfInHand() | Pulling() | ToShelve()), (ShelfInHand() | Pulling() | ToShelve())):
            page = turned(session, screen.page, Key.BACK, lines(now))
            return replace(now, page=page)
        case _:
            return now


def lines(screen: ShelfInHand | ToShelve | Pulling) -> int:
    """How many lines the list has."""
    return len(screen.errands if isinstance(screen, ToShelve) else screen.parcels)


def _anew(do: Do, screen: Screen) -> Screen:
    shop = do.shop()
    match screen:
        case ParcelInHand(parcel=parcel):
            now = in_hand(do, parcel.number, screen.back, held=screen.held)
            return replace(now, open_story=screen.open_story, page=screen.page)
        case LookingFor(parcel=parcel):
            return replace(looking(shop, parcel.number, screen.back), page=screen.page)
        case ShelfInHand():
            return shelf(shop, screen.shelf.shelf_id)
        case ToShelve():
            return shelving(shop)
        case Pulling():
            return pulling(shop, screen)
        case Receiving():
            return replace(screen, fill=shop_fill(shop), announced=announced(shop, screen.carrier))
        case _:
            return screen


def announced(shop: Shop, carrier: str) -> int:
    """How many parcels of a carrier were announced and are not here; of all, where it is ""."""
    numbers = shop.in_state(ParcelState.ANNOUNCED)
    if not carrier:
        return len(numbers)
    return sum(shop.parcels[number].carrier == carrier for number in numbers)
