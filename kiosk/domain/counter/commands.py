"""What staff, the shop's clock and the centre may ask of the counter."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.counter.parcel_facts import ProofFact


class Role(StrEnum):
    ASSOCIATE = "associate"
    SUPERVISOR = "supervisor"
    ENGINEER = "engineer"
    HOUSE = "house"
    """Nobody: the shop's own clock, or the centre."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks. `staff_id` is "" for the house alone."""

    staff_id: str
    role: Role


@dataclass(frozen=True, slots=True)
class Receive:
    """Take a parcel from the driver, announced or not."""

    number: str
    carrier: str
    size: str = ""


class RefusalCause(StrEnum):
    """Why a parcel is not taken from the driver."""

    DAMAGED = "damaged"
    MISROUTED = "misrouted"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class RefuseIn:
    number: str
    carrier: str
    cause: RefusalCause


@dataclass(frozen=True, slots=True)
class Shelve:
    """Put a parcel on a shelf, or move it there."""

    number: str
    shelf_id: str


@dataclass(frozen=True, slots=True)
class HandOut:
    """Give parcels to whoever stands there. `numbers` are those that were scanned; `code` is the
    digest of the code that was shown, "" for none; `shown` what else was."""

    numbers: tuple[str, ...]
    code: str = ""
    shown: ProofFact = field(default_factory=ProofFact)
    proxy: bool = False


@dataclass(frozen=True, slots=True)
class RefuseOut:
    """The recipient does not want it."""

    number: str


@dataclass(frozen=True, slots=True)
class ReportMissing:
    number: str


@dataclass(frozen=True, slots=True)
class ReportFound:
    number: str


@dataclass(frozen=True, slots=True)
class Expire:
    """Everything whose last day is over."""


@dataclass(frozen=True, slots=True)
class Extend:
    number: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Put an expired or declined parcel where the carrier fetches it."""

    number: str
    shelf_id: str


@dataclass(frozen=True, slots=True)
class RecordNotice:
    number: str
    notice: str


@dataclass(frozen=True, slots=True)
class IssueCode:
    """One new code for these parcels, by its digest."""

    numbers: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class TakeDrop:
    """Take goods that bring their carrier's label."""

    bag_id: str
    drop_id: str
    carrier: str


@dataclass(frozen=True, slots=True)
class VoidDrop:
    bag_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReceiveInstead:
    """What was taken as a customer's drop a moment ago came with the driver: the drop is taken
    back and the parcel received, at once."""

    number: str
    carrier: str
    size: str = ""


@dataclass(frozen=True, slots=True)
class ContainBag:
    bag_id: str
    container_id: str


@dataclass(frozen=True, slots=True)
class ContainParcel:
    number: str
    container_id: str


@dataclass(frozen=True, slots=True)
class ProvideContainer:
    """A tote, cage or pallet is there to be filled. `container_id` is new for each use of it."""

    container_id: str
    plate: str
    carrier: str
    holds: int


@dataclass(frozen=True, slots=True)
class OpenContainer:
    container_id: str


@dataclass(frozen=True, slots=True)
class CloseContainer:
    container_id: str
    seal_id: str


@dataclass(frozen=True, slots=True)
class ReopenContainer:
    container_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportDamaged:
    container_id: str


@dataclass(frozen=True, slots=True)
class ReportLost:
    container_id: str


@dataclass(frozen=True, slots=True)
class RecordArrival:
    """The other side has the container."""

    container_id: str


@dataclass(frozen=True, slots=True)
class SettleContainer:
    """What was in it is right, or is disputed in a case."""

    container_id: str
    case_id: str = ""


@dataclass(frozen=True, slots=True)
class DraftManifest:
    """Begin a list for a carrier, or list anew. None: all that waits for that carrier."""

    manifest_id: str
    carrier: str
    containers: tuple[str, ...] | None = None
    parcels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ReadyManifest:
    manifest_id: str


@dataclass(frozen=True, slots=True)
class SignManifest:
    """Both sides sign for what is named; what else is listed stays. Signatures are SHA-256."""

    manifest_id: str
    containers: tuple[str, ...]
    parcels: tuple[str, ...]
    staff_signature: str
    driver_signature: str


@dataclass(frozen=True, slots=True)
class VoidManifest:
    manifest_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CountManifest:
    """What the driver counted afterwards: containers, loose parcels."""

    manifest_id: str
    containers: int
    parcels: int


ParcelCommand = (
    Receive
    | RefuseIn
    | Shelve
    | HandOut
    | RefuseOut
    | ReportMissing
    | ReportFound
    | Expire
    | Extend
    | Stage
    | RecordNotice
    | IssueCode
)
ContainerCommand = (
    TakeDrop
    | VoidDrop
    | ReceiveInstead
    | ContainBag
    | ContainParcel
    | ProvideContainer
    | OpenContainer
    | CloseContainer
    | ReopenContainer
    | ReportDamaged
    | ReportLost
    | RecordArrival
    | SettleContainer
)
ManifestCommand = DraftManifest | ReadyManifest | SignManifest | VoidManifest | CountManifest
Command = ParcelCommand | ContainerCommand | ManifestCommand
