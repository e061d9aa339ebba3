"""The made-up shop that training is done in: the real shelves, parcels that are none, a code.

Nothing here knows the store. Numbers begin with TRAINING, which no carrier's do; the pick-up code's
digest is made with a pepper of its own, so that it opens nothing outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from kiosk.domain import codes
from kiosk.domain.codes.model import PickUpCode
from kiosk.domain.counter import pick_up
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.outbound_facts import (
    BagCommitted,
    ContainerOpened,
    ContainerProvided,
    ShelfSet,
)
from kiosk.domain.counter.parcel_facts import (
    ParcelAnnounced,
    ParcelExpired,
    ParcelReceived,
    ParcelShelved,
)
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.shelves import Shelf
from kiosk.domain.staff.training import Practice

PEPPER: Final = b"takeback training\0"
_BITS: Final = 0x2B_C0DE_CAFE & ((1 << 40) - 1)
CODE: Final = codes.typed_pick_up_code(_BITS)
"""What a trainee types; `SCANNED` is the same for a scanner."""
SCANNED: Final = codes.pick_up_code(_BITS)
SHELVES: Final = (
    ShelfSet("T1", "training", 20),
    ShelfSet("T2", "training", 20),
    ShelfSet("T-BACK", "training", 20, returns=True),
)
_WHO: Final = "training"


def practice(
    rules: Rules, shelves: Iterable[Shelf], carriers: Iterable[str], at: datetime
) -> Practice:
    """A fresh one. `shelves` are the shop's, so that their labels can be scanned; `at` is aware."""
    return Practice(rules, _world(rules, shelves, sorted(carriers) or [""], at))


def _world(
    rules: Rules, shelves: Iterable[Shelf], carriers: list[str], at: datetime
) -> Iterable[Fact]:
    real = sorted((shelf for shelf in shelves if shelf.room), key=lambda one: one.shelf_id)
    yield from SHELVES
    for shelf in real:
        kinds = tuple(sorted(shelf.carriers)), tuple(sorted(shelf.sizes))
        yield ShelfSet(shelf.shelf_id, shelf.zone, shelf.room, *kinds, shelf.returns)
    today = rules.opening.day(at)
    until = (today + timedelta(days=7)).isoformat()
    typed = codes.parse_pick_up(CODE)
    assert isinstance(typed, PickUpCode)
    digest = pick_up.digest(typed, PEPPER)
    for number, shelf_id in ((1, "T1"), (2, "T2")):  # one recipient's, on two shelves
        name, carrier = f"TRAINING-{number}", carriers[number % len(carriers)]
        yield ParcelAnnounced(name, carrier, "small", "training", digest)
        yield ParcelReceived(name, carrier, today.isoformat(), until, _WHO, "small")
        yield ParcelShelved(name, shelf_id, _WHO)
    yield ParcelAnnounced("TRAINING-3", carriers[0], "medium", "training-3")
    came = (today - timedelta(days=9)).isoformat()
    over = (today - timedelta(days=1)).isoformat()
    yield ParcelReceived("TRAINING-4", carriers[0], came, over, _WHO, "small")
    yield ParcelShelved("TRAINING-4", "T1", _WHO)
    yield ParcelExpired("TRAINING-4", today.isoformat())
    yield ContainerProvided("training-1", "TRAINING-C1", carriers[0], 10)
    yield ContainerOpened("training-1", _WHO)
    yield BagCommitted("TRAINING-B1", "training-drop", carriers[0], today.isoformat())
