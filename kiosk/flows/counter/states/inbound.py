"""Parcels that come in, lie, and are looked for."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter.commands import RefusalCause
from kiosk.domain.counter.log import Recorded
from kiosk.domain.counter.meaning import DriverScanned
from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.counter.rules import Fill
from kiosk.domain.counter.shelves import Shelf


@dataclass(frozen=True, slots=True)
class Receiving:
    """A delivery: scan after scan. `taken` and `refused` are in the order of the scans; `cause` is
    set while the next scan is a parcel that is not taken. `full`: no shelf takes another one."""

    round: DriverScanned | None = None
    taken: tuple[Parcel, ...] = ()
    refused: tuple[tuple[str, RefusalCause], ...] = ()
    announced: int = 0
    """Parcels of this carrier that were announced and are not here yet."""
    suggested: str = ""
    cause: RefusalCause | None = None
    full: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """Both counts, ours and the driver's, and our half of the hand-shake as a QR."""

    round: DriverScanned | None
    taken: int
    refused: int
    qr: str


@dataclass(frozen=True, slots=True)
class WhoseLabel:
    """Two carriers could have printed this label."""

    readings: tuple[Tracking, ...]


@dataclass(frozen=True, slots=True)
class ParcelInHand:
    """A parcel of the shop's: the next shelf that is scanned is where it lies. `suggested` is ""
    for none; `story` is where it has been, the oldest first; `open_story`: that is on the
    screen."""

    parcel: Parcel
    suggested: str = ""
    story: tuple[Recorded, ...] = ()
    open_story: bool = False


@dataclass(frozen=True, slots=True)
class LookingFor:
    """A parcel that is not where it should be: where to look, "" is the desk."""

    parcel: Parcel
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShelfInHand:
    shelf: Shelf
    fill: Fill
    parcels: tuple[Parcel, ...]
    page: int = 0


@dataclass(frozen=True, slots=True)
class ToShelve:
    """What is received and lies at the desk."""

    parcels: tuple[Parcel, ...]
    page: int = 0


@dataclass(frozen=True, slots=True)
class Pulling:
    """The day's list: what goes back. A parcel that is scanned is pulled onto `shelf`, the last one
    that was scanned or suggested."""

    parcels: tuple[Parcel, ...]
    shelf: str = ""
    pulled: int = 0
    page: int = 0
