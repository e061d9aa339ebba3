"""Parcels that come in, lie, and are looked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter.commands import RefusalCause
from kiosk.domain.counter.meaning import DriverScanned
from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.counter.rules import Fill
from kiosk.domain.counter.shelves import Shelf
from kiosk.domain.counter.walking import Errand

if TYPE_CHECKING:
    from kiosk.flows.counter.model import Screen


@dataclass(frozen=True, slots=True)
class Receiving:
    """A delivery: scan after scan. `taken` (each with its shelf) and `refused` are in the order of
    the scans; `carrier` is the driver's, or that of the first parcel. `cause` is set while the
    next scan is a parcel that is not taken. `suggested` is the shelf of the last one, "" for none;
    `fill` is the shop's."""

    round: DriverScanned | None = None
    carrier: str = ""
    taken: tuple[Errand, ...] = ()
    refused: tuple[tuple[str, RefusalCause], ...] = ()
    announced: int = 0
    """Parcels of this carrier that were announced and are not here yet."""
    last: str = ""
    """The number that was scanned last."""
    suggested: str = ""
    cause: RefusalCause | None = None
    fill: Fill = field(default_factory=lambda: Fill(0, 0))
    touched: float = 0.0
    """When the last parcel was scanned (monotonic seconds)."""


@dataclass(frozen=True, slots=True)
class Received:
    """Both counts, ours and the driver's, and our half of the hand-shake as a QR. `waits`:
    something waits for this carrier to take along."""

    job: Receiving
    qr: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class WhoseLabel:
    """Two carriers could have printed this label; `back` then gets it as the chosen one's."""

    readings: tuple[Tracking, ...]
    back: Screen


@dataclass(frozen=True, slots=True)
class Past:
    """Something that happened to a parcel: the type of the fact, when (the shop's own time), by
    whom (a name, an id where nobody has it any more, "" for a rule or the centre) and where."""

    type: str
    at: datetime
    by: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ParcelInHand:
    """A parcel of the shop's. `held`: it was scanned, and the next shelf that is scanned is where
    it lies; else it was chosen from a list. `suggested` is the shelf to put it on, "" for none;
    `story` is where it has been, the latest first; `open_story`: that is on the screen. `back` is
    the list that it came from."""

    parcel: Parcel
    suggested: str = ""
    story: tuple[Past, ...] = ()
    open_story: bool = False
    held: bool = True
    page: int = 0
    back: Screen | None = None


@dataclass(frozen=True, slots=True)
class LookingFor:
    """A parcel that is not where it should be: where to look, "" is the desk."""

    parcel: Parcel
    places: tuple[str, ...]
    page: int = 0
    back: Screen | None = None


@dataclass(frozen=True, slots=True)
class ShelfInHand:
    """A shelf: parcels that are scanned go onto it. `parcels` are the first ones by number, as many
    as a list shows."""

    shelf: Shelf
    fill: Fill
    parcels: tuple[Parcel, ...]
    page: int = 0


@dataclass(frozen=True, slots=True)
class ToShelve:
    """What is received and lies at the desk: the next walk, in its order. `count` is all of it."""

    errands: tuple[Errand, ...]
    count: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class Pulling:
    """The day's list: what goes back, in the order of a walk; `count` is all of it. A parcel that
    is scanned is pulled onto `shelf`, the last one that was scanned or suggested. `extending`: the
    next one that is scanned waits longer instead."""

    parcels: tuple[Parcel, ...]
    count: int
    shelf: str = ""
    pulled: int = 0
    extending: bool = False
    page: int = 0
