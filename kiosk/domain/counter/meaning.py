"""What a scan is at the counter: a closed union, before anything is looked up in the shop.

Secrets come as digests alone. A label that may be two carriers' keeps both readings: whoever must
know looks at what is announced, or asks.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter.shop import Shop
from kiosk.domain.reasons import Reason


@dataclass(frozen=True, slots=True)
class ParcelScanned:
    """A transport label: what it may be, the best first, at least one. A bare SSCC is a reading
    without a carrier."""

    readings: tuple[Tracking, ...]


@dataclass(frozen=True, slots=True)
class PickUpScanned:
    """A pick-up code, by its digest (kiosk.domain.counter.pick_up)."""

    digest: str


@dataclass(frozen=True, slots=True)
class ShelfScanned:
    shelf_id: str


@dataclass(frozen=True, slots=True)
class BagScanned:
    bag_id: str


@dataclass(frozen=True, slots=True)
class ContainerScanned:
    plate: str


@dataclass(frozen=True, slots=True)
class SealScanned:
    seal_id: str


@dataclass(frozen=True, slots=True)
class BadgeScanned:
    """A staff badge, by its digest."""

    digest: str


@dataclass(frozen=True, slots=True)
class DriverScanned:
    """A driver's round: who comes, and what their own books say that they bring and fetch; None
    where these say nothing."""

    carrier: str
    round_id: str
    brings: int | None = None
    fetches: int | None = None


@dataclass(frozen=True, slots=True)
class ReturnScanned:
    """A shopper's return code, of whatever family: the drop-off reads it itself."""


@dataclass(frozen=True, slots=True)
class ItemScanned:
    """The barcode of goods (EAN, UPC): no parcel."""

    gtin: str


@dataclass(frozen=True, slots=True)
class NotKnown:
    """None of these, and why."""

    reason: Reason


Meaning = (
    ParcelScanned
    | PickUpScanned
    | ShelfScanned
    | BagScanned
    | ContainerScanned
    | SealScanned
    | BadgeScanned
    | DriverScanned
    | ReturnScanned
    | ItemScanned
    | NotKnown
)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Two carriers' parcels have this number, as far as anybody here knows: staff must say whose
    it is."""

    readings: tuple[Tracking, ...]


def which(shop: Shop, scanned: ParcelScanned) -> Tracking | Ambiguous:
    """The parcel that a label means: the one that the shop knows, else the only reading."""
    known = [one for one in scanned.readings if one.number in shop.parcels]
    fitting = [one for one in known if shop.parcels[one.number].carrier in ("", one.carrier)]
    for found in (fitting, known, list(scanned.readings)):
        if len({(one.carrier, one.number) for one in found}) == 1:
            return found[0]
        if found:
            return Ambiguous(tuple(found))
    return Ambiguous(scanned.readings)
