"""Where to put a parcel or a bag, and where to look for a parcel."""

from __future__ import annotations

from collections.abc import Mapping, Set

from kiosk.domain.counter.bags import Bag
from kiosk.domain.counter.containers import Container, ContainerState
from kiosk.domain.counter.index import By
from kiosk.domain.counter.parcel_facts import ParcelShelved, ParcelStaged
from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.counter.rules import Fill
from kiosk.domain.counter.shelves import Counted, Shelf, as_counted
from kiosk.domain.counter.shop import Shop

NEIGHBOURS = 2
Coming = Mapping[str, tuple[str, ...]]
"""What is on its way to a shelf: the recipients of the parcels, by the shelf's name."""
_NONE: Coming = {}


def shelf_fill(shop: Shop, shelf_id: str, coming: Coming = _NONE) -> Fill:
    count = len(shop.lying(shelf_id)) + len(coming.get(shelf_id, ()))
    return Fill(count, shop.shelves[shelf_id].room)


def shelf_for(
    shop: Shop, parcel: Parcel, returns: bool = False, coming: Coming = _NONE
) -> Shelf | None:
    """The shelf to put a parcel on; None where none that takes it has room.

    Where its recipient's other parcels lie goes first, so that one walk fetches them; then the
    shelf that is the most narrowly for such parcels; then the emptiest; then the name. `returns`
    asks for a shelf of what goes back. Looks at each shelf once, at no other parcel but the
    recipient's. What is `coming` counts as if it lay there.
    """
    beside = _shelves_of(shop, parcel, coming)
    fitting = (
        shelf
        for shelf in shop.shelves
        if shelf.returns is returns
        and shelf.takes(parcel)
        and not shelf_fill(shop, shelf.shelf_id, coming).full
    )
    return min(fitting, key=lambda shelf: _rank(shop, shelf, beside, coming), default=None)


def container_for(shop: Shop, bag: Bag) -> Container | None:
    """The open container to put a bag into; None where none that takes it has room. The one of its
    own carrier goes first, then the fullest, so that few are begun; then the plate."""
    fitting = (
        container
        for container in map(shop.containers.__getitem__, _open_ones(shop))
        if container.carrier in ("", bag.carrier)
        and container.container_id != bag.container_id
        and not Fill(shop.filled(container.container_id), container.holds).full
    )
    return min(fitting, key=lambda one: _container_rank(shop, one, bag), default=None)


def looked_for(shop: Shop, parcel: Parcel) -> tuple[str, ...]:
    """Where a parcel that cannot be found may be: the shelf it was on, then its neighbours in the
    zone by name, then the shelves it lay on before. Names of shelves; "" is the desk."""
    places = [parcel.shelf_id, *_neighbours(shop, parcel.shelf_id), *_lay_on(shop, parcel), ""]
    return tuple(dict.fromkeys(places))


def _rank(
    shop: Shop, shelf: Shelf, beside: frozenset[str], coming: Coming
) -> tuple[bool, int, int, Counted]:
    fill = shelf_fill(shop, shelf.shelf_id, coming)
    return (
        shelf.shelf_id not in beside,
        -shelf.strictness,
        fill.count * 100 // fill.room,
        as_counted(shelf.shelf_id),
    )


def _open_ones(shop: Shop) -> Set[str]:
    return shop.containers.index.of(By.STATE, ContainerState.OPEN)


def _container_rank(shop: Shop, container: Container, bag: Bag) -> tuple[bool, int, str]:
    other = container.carrier != bag.carrier
    return other, -shop.filled(container.container_id), container.plate


def _shelves_of(shop: Shop, parcel: Parcel, coming: Coming) -> frozenset[str]:
    if not parcel.recipient:
        return frozenset()
    others = shop.of_recipient(parcel.recipient) - {parcel.number}
    there = {shop.parcels[number].shelf_id for number in others}
    return frozenset(
        there | {name for name, theirs in coming.items() if parcel.recipient in theirs}
    )


def _neighbours(shop: Shop, shelf_id: str) -> list[str]:
    zone = shop.shelves[shelf_id].zone
    names = (s.shelf_id for s in shop.shelves if s.zone == zone and s.room)
    row = sorted(names, key=as_counted)
    if shelf_id not in row:
        return []
    at = row.index(shelf_id)
    near = [place for far in range(1, NEIGHBOURS + 1) for place in (at - far, at + far)]
    return [row[place] for place in near if 0 <= place < len(row)]


def _lay_on(shop: Shop, parcel: Parcel) -> list[str]:
    facts = (record.fact for record in reversed(shop.parcels.story(parcel.number)))
    return [fact.shelf_id for fact in facts if isinstance(fact, ParcelShelved | ParcelStaged)]
