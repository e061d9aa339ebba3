"""Walks through the shop: in which order to go, what to take along, how full it is."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.pulling import pull_list
from kiosk.domain.counter.rules import Fill
from kiosk.domain.counter.shelves import Counted, Shelf, as_counted
from kiosk.domain.counter.shop import Shop

WALK = 60
"""Parcels that one walk is planned for: as many as a trolley takes, and few enough to plan anew
after each scan."""

Place = tuple[str, Counted]


@dataclass(frozen=True, slots=True)
class Errand:
    """A parcel and the shelf that it goes to; "" where no shelf takes it."""

    parcel: Parcel
    shelf_id: str


def place_of(shop: Shop, shelf_id: str) -> Place:
    """Where a shelf comes in a walk: by zone, then by name as people count (A2 before A10). The
    desk, where a walk begins, comes first."""
    return (shop.shelves[shelf_id].zone if shelf_id else "", as_counted(shelf_id))


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
    planned = _Planned(shop)
    errands = [Errand(parcel, planned.shelf(parcel)) for parcel in first]
    return tuple(sorted(errands, key=lambda one: _turn(shop, one)))


_Entry = tuple[int, Counted, str]
"""How full a shelf is, in per cent, and which."""


class _Planned:
    """What `suggesting.shelf_for` says of each parcel of a walk, counting those before it as if
    they lay there. Shelves that take the same are kept in a heap by how full they are: sixty
    parcels among four hundred shelves would else be twenty-four thousand looks at a shelf."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._coming: dict[str, int] = {}
        self._together: dict[str, set[str]] = {}
        self._heaps: dict[tuple[frozenset[str], frozenset[str]], list[_Entry]] = {}
        for shelf in shop.shelves:
            if shelf.room and not shelf.returns:
                heap = self._heaps.setdefault((shelf.carriers, shelf.sizes), [])
                heap.append(self._entry(shelf))
        for heap in self._heaps.values():
            heapq.heapify(heap)

    def shelf(self, parcel: Parcel) -> str:
        """ "" where no shelf has room for it."""
        name = self._beside(parcel) or self._emptiest(parcel)
        if name:
            self._coming[name] = self._coming.get(name, 0) + 1
            shelf = self._shop.shelves[name]
            heapq.heappush(self._heaps[shelf.carriers, shelf.sizes], self._entry(shelf))
            if parcel.recipient:
                self._together.setdefault(parcel.recipient, set()).add(name)
        return name

    def _beside(self, parcel: Parcel) -> str:
        """Where its recipient's other parcels lie, or go on this walk."""
        if not parcel.recipient:
            return ""
        others = self._shop.of_recipient(parcel.recipient) - {parcel.number}
        names = {self._shop.parcels[number].shelf_id for number in others}
        names |= self._together.get(parcel.recipient, set())
        shelves = [self._shop.shelves[name] for name in names]
        fitting = [one for one in shelves if self._takes(one, parcel)]
        ranked = [(-one.strictness, *self._entry(one)) for one in fitting]
        return min(ranked)[-1] if ranked else ""

    def _emptiest(self, parcel: Parcel) -> str:
        """The narrowest kind of shelf that takes it, then the emptiest, then the name."""
        ranked = []
        for heap in self._heaps.values():
            while heap and self._stale(heap[0]):
                heapq.heappop(heap)
            if heap:
                shelf = self._shop.shelves[heap[0][-1]]
                if self._takes(shelf, parcel):
                    ranked.append((-shelf.strictness, *heap[0]))
        return min(ranked)[-1] if ranked else ""

    def _entry(self, shelf: Shelf) -> _Entry:
        return self._percent(shelf), as_counted(shelf.shelf_id), shelf.shelf_id

    def _stale(self, entry: _Entry) -> bool:
        """An entry from before something was sent there; what is full is out for good."""
        shelf = self._shop.shelves[entry[-1]]
        return entry[0] != self._percent(shelf) or self._full(shelf)

    def _takes(self, shelf: Shelf, parcel: Parcel) -> bool:
        return not shelf.returns and shelf.takes(parcel) and not self._full(shelf)

    def _full(self, shelf: Shelf) -> bool:
        return self._count(shelf) >= shelf.room

    def _count(self, shelf: Shelf) -> int:
        return len(self._shop.lying(shelf.shelf_id)) + self._coming.get(shelf.shelf_id, 0)

    def _percent(self, shelf: Shelf) -> int:
        return self._count(shelf) * 100 // shelf.room


def _turn(shop: Shop, errand: Errand) -> tuple[bool, Place, str]:
    """What finds no shelf comes last."""
    return (not errand.shelf_id, place_of(shop, errand.shelf_id), errand.parcel.number)


def shop_fill(shop: Shop) -> Fill:
    """How full the shelves for parcels are, with what still lies at the desk."""
    shelves = [shelf for shelf in shop.shelves if shelf.room and not shelf.returns]
    lying = sum(len(shop.lying(shelf.shelf_id)) for shelf in shelves)
    waiting = len(shop.in_state(ParcelState.RECEIVED))
    return Fill(lying + waiting, sum(shelf.room for shelf in shelves))
