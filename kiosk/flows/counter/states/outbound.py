"""To recipients, and from customers who bring something."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter.parcel_facts import ProofFact
from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.counter.planning import Plan
from kiosk.domain.counter.proving import Proof

if TYPE_CHECKING:
    from kiosk.flows.model import Session as Visit

Point = tuple[int, int]
Stroke = tuple[Point, ...]
"""A stroke of a signature, in thousandths of the field's width and height."""


class Stays(StrEnum):
    """Why a parcel of a code stays here although its recipient came."""

    NO_PROOF = "no_proof"  # what its carrier asks was not shown
    DECLINED = "declined"  # the recipient does not want it


@dataclass(frozen=True, slots=True)
class Staying:
    """`fetched`: it is in the hand and goes back to where it lay."""

    parcel: Parcel
    why: Stays
    fetched: bool = False


class PlaceKind(StrEnum):
    SHELF = "shelf"
    DESK = "desk"  # this counter's, not shelved yet
    OTHER_DESK = "other_desk"  # another counter's of the shop
    CONTAINER = "container"
    CLOSED_CONTAINER = "closed_container"  # it must be opened first


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go, and what is still to be fetched there. `name` is a shelf's or a container's
    plate, "" for a desk."""

    kind: PlaceKind
    name: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandingOut:
    """A code was good: where to go, what to fetch, and what has been scanned of it.

    `code` is its digest, "" where a carrier asks for none. `parcels` are those that may still go,
    `plan` is of just these, `stay` are the others; `places` is the walk that is left, `near` where
    else the next one may lie. `asks` is what is still to be shown, the first one now, and `shown`
    what was; `born_by` the latest birthday of age (ISO), "" where that is not asked. `stopped` is
    somebody else's parcel in the hand; `declining`: the next scan is what the recipient does not
    want; `part`: no more than what is scanned goes now.
    """

    code: str
    plan: Plan
    parcels: tuple[Parcel, ...]
    scanned: tuple[str, ...] = ()
    stay: tuple[Staying, ...] = ()
    places: tuple[Place, ...] = ()
    near: tuple[str, ...] = ()
    asks: tuple[Proof, ...] = ()
    shown: ProofFact = field(default_factory=ProofFact)
    born_by: str = ""
    proxy: bool = False
    stopped: Parcel | None = None
    declining: bool = False
    part: bool = False

    @property
    def ask(self) -> Proof | None:
        return self.asks[0] if self.asks else None

    @property
    def wanted(self) -> tuple[str, ...]:
        """What is still to be fetched, in the order of the walk."""
        return tuple(number for place in self.places for number in place.numbers)


@dataclass(frozen=True, slots=True)
class Approving:
    """A supervisor approves what is handed out: badge, then PIN. As `desk.Overriding` has them."""

    job: HandingOut
    badge: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)
    wait: int = 0
    until: float = 0.0
    typed_at: float = 0.0


@dataclass(frozen=True, slots=True)
class SigningFor:
    """The recipient draws their name."""

    job: HandingOut
    strokes: tuple[Stroke, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Done: so many were handed out. `stay` are parcels of the same code that stay here; `left` is
    how many still wait for it. `until`: when the screen goes home by itself (monotonic seconds)."""

    count: int
    left: int = 0
    stay: tuple[Staying, ...] = ()
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class CodeBarred:
    """Too many codes opened nothing: so many seconds until another one is tried. `until` is the
    same in monotonic seconds."""

    wait: int
    until: float


class Paper(StrEnum):
    """What becomes of a print."""

    WAITING = "waiting"
    PRINTED = "printed"
    UNCONFIRMED = "unconfirmed"  # sent; the printer says nothing of it
    FAILED = "failed"
    NONE = "none"  # no printer here


@dataclass(frozen=True, slots=True)
class WhoseDrop:
    """A customer's parcel whose label does not say whose it is: one of these carriers'."""

    readings: tuple[Tracking, ...]


@dataclass(frozen=True, slots=True)
class DropTaken:
    """A labelled parcel was taken from a customer; the receipt prints by itself, as print `job`.
    `until` as `HandedOut` has it, 0 while the paper is awaited."""

    number: str
    carrier: str
    drop_number: str
    qr: str = field(repr=False)
    paper: Paper = Paper.WAITING
    job: int = 0
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class BagInHand:
    """A bag of a drop, or a labelled parcel that goes out: the next container is where it goes.
    `suggested` is the plate of a container; `inside` that of the one in which it lies. `voidable`:
    staff may take the drop back today; `label`: its id is a carrier's label."""

    bag_id: str
    carrier: str = ""
    suggested: str = ""
    inside: str = ""
    voidable: bool = False
    label: bool = False


@dataclass(frozen=True, slots=True)
class Returning:
    """A shopper's return, done at the counter on the shopper's own screens."""

    visit: Visit
