"""To recipients, and from customers who bring something."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.domain.counter.parcel_facts import ProofFact
from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.counter.planning import Plan
from kiosk.domain.counter.proving import Proof

if TYPE_CHECKING:
    from kiosk.flows.model import Session as Visit

Point = tuple[int, int]
Stroke = tuple[Point, ...]
"""A stroke of a signature, in thousandths of the field's width and height."""


@dataclass(frozen=True, slots=True)
class HandingOut:
    """A code was good: where to go, what to fetch, and what has been scanned of it. `ask` is the
    proof that is asked for now, None for none left; `shown` what was shown so far."""

    code: str
    plan: Plan
    parcels: tuple[Parcel, ...]
    scanned: tuple[str, ...] = ()
    ask: Proof | None = None
    shown: ProofFact = field(default_factory=ProofFact)
    proxy: bool = False


@dataclass(frozen=True, slots=True)
class SigningFor:
    """The recipient draws their name."""

    job: HandingOut
    strokes: tuple[Stroke, ...] = ()


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Done. `left` are parcels of the same code that stay here."""

    count: int
    left: int = 0


class Paper(StrEnum):
    """What becomes of a print."""

    WAITING = "waiting"
    PRINTED = "printed"
    FAILED = "failed"
    NONE = "none"  # no printer here


@dataclass(frozen=True, slots=True)
class DropTaken:
    """A labelled parcel was taken from a customer; the receipt prints by itself."""

    number: str
    carrier: str
    drop_number: str
    qr: str
    paper: Paper = Paper.WAITING


@dataclass(frozen=True, slots=True)
class BagInHand:
    """A bag of a drop, or a labelled parcel that goes out: the next container is where it goes.
    `voidable`: staff may take the drop back today."""

    bag_id: str
    drop_number: str = ""
    suggested: str = ""
    voidable: bool = False


@dataclass(frozen=True, slots=True)
class Returning:
    """A shopper's return, done at the counter on the shopper's own screens."""

    visit: Visit
