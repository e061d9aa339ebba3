"""Where parcels lie: a shelf, its zone, what it takes and how much."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.parcels import Parcel

Counted = tuple[tuple[int, str], ...]


@lru_cache(maxsize=1 << 14)
def as_counted(name: str) -> Counted:
    """Shelves' names in the order in which people count them: A2 before A10. Kept, for a suggestion
    asks it of every shelf."""
    parts = re.findall(r"\d+|\D+", name)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


@dataclass(frozen=True, slots=True)
class Shelf:
    """`room` is for how many parcels; 0 for a shelf that is not there (any more)."""

    shelf_id: str
    zone: str = ""
    room: int = 0
    carriers: frozenset[str] = frozenset()
    sizes: frozenset[str] = frozenset()
    returns: bool = False

    @classmethod
    def of(cls, fact: ShelfSet) -> Shelf:
        carriers, sizes = frozenset(fact.carriers), frozenset(fact.sizes)
        room = max(0, fact.room)
        return cls(fact.shelf_id, fact.zone, room, carriers, sizes, fact.returns)

    def takes(self, parcel: Parcel) -> bool:
        """Whether such a parcel belongs here. A size that nobody knows goes where any does."""
        fits_carrier = not self.carriers or parcel.carrier in self.carriers
        return fits_carrier and (not self.sizes or parcel.size in self.sizes)

    @property
    def strictness(self) -> int:
        """How narrowly it says what it takes: the more, the rather a parcel belongs here."""
        return bool(self.carriers) + bool(self.sizes)
