"""What can happen to bags, containers, manifests and shelves. The form is parcel_facts'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class BagCommitted:
    """A drop's goods were taken, at the kiosk or at the counter. `bag_id` is the licence plate, or
    the label's number where goods came with a carrier's label. `on` is the shop's day of it."""

    type: ClassVar[str] = "takeback.bag.committed.v1"
    bag_id: str
    drop_id: str
    carrier: str  # "" where any may take it
    on: str


@dataclass(frozen=True, slots=True)
class BagContained:
    """Put into a container. `out_of` is the container it was taken from, "" for none."""

    type: ClassVar[str] = "takeback.bag.contained.v1"
    bag_id: str
    container_id: str
    by: str
    out_of: str = ""


@dataclass(frozen=True, slots=True)
class BagVoided:
    """Staff took the drop back on its day."""

    type: ClassVar[str] = "takeback.bag.voided.v1"
    bag_id: str
    reason: str
    on: str
    by: str


@dataclass(frozen=True, slots=True)
class ContainerProvided:
    """One use of a tote, cage or pallet. The plate comes back with the tote, the id never."""

    type: ClassVar[str] = "takeback.container.provided.v1"
    container_id: str
    plate: str
    carrier: str  # "" where any may take it
    holds: int  # bags and parcels


@dataclass(frozen=True, slots=True)
class ContainerOpened:
    type: ClassVar[str] = "takeback.container.opened.v1"
    container_id: str
    by: str


@dataclass(frozen=True, slots=True)
class ContainerClosed:
    """Sealed, with so many bags and parcels in it as far as this counter knew."""

    type: ClassVar[str] = "takeback.container.closed.v1"
    container_id: str
    seal_id: str
    bags: int
    parcels: int
    by: str


@dataclass(frozen=True, slots=True)
class ContainerReopened:
    """Its seal was broken; it is closed with another one."""

    type: ClassVar[str] = "takeback.container.reopened.v1"
    container_id: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class ContainersStayed:
    """The manifest was signed without them: they wait for another."""

    type: ClassVar[str] = "takeback.container.stayed.v1"
    manifest_id: str
    containers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContainerDamaged:
    """It can be used no more; what is in it is put into another one."""

    type: ClassVar[str] = "takeback.container.damaged.v1"
    container_id: str
    by: str


@dataclass(frozen=True, slots=True)
class ContainerLost:
    type: ClassVar[str] = "takeback.container.lost.v1"
    container_id: str
    by: str


@dataclass(frozen=True, slots=True)
class ContainerArrived:
    """The other side has it (the hub's scan, by way of the centre)."""

    type: ClassVar[str] = "takeback.container.received.v1"
    container_id: str


@dataclass(frozen=True, slots=True)
class ContainerReconciled:
    """What was in it is what should be."""

    type: ClassVar[str] = "takeback.container.reconciled.v1"
    container_id: str


@dataclass(frozen=True, slots=True)
class ContainerDisputed:
    """What was in it is not what should be; `case_id` is where that is settled."""

    type: ClassVar[str] = "takeback.container.disputed.v1"
    container_id: str
    case_id: str


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """A container as the manifest lists it, with what is in it."""

    container_id: str
    plate: str
    seal_id: str
    bags: tuple[str, ...]
    parcels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ManifestDrafted:
    """A list for a carrier, begun or listed anew. `parcels` go loose, in no container."""

    type: ClassVar[str] = "takeback.manifest.drafted.v1"
    manifest_id: str
    carrier: str
    containers: tuple[str, ...]
    parcels: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class ManifestReadied:
    """The list is frozen: this is what both sides sign."""

    type: ClassVar[str] = "takeback.manifest.readied.v1"
    manifest_id: str
    lines: tuple[ManifestLine, ...]
    parcels: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class ManifestSigned:
    """Both sides signed, and what is named here has changed hands. `bags` and `parcels` are what
    was in the containers by this counter's books, `loose` the parcels that went by themselves.
    Signatures are SHA-256 (hex) of what is kept apart."""

    type: ClassVar[str] = "takeback.manifest.signed.v1"
    manifest_id: str
    containers: tuple[str, ...]
    bags: tuple[str, ...]
    parcels: tuple[str, ...]
    loose: tuple[str, ...]
    staff_signature: str
    driver_signature: str
    by: str


@dataclass(frozen=True, slots=True)
class ManifestVoided:
    """Given up before it was signed; its containers are what they were."""

    type: ClassVar[str] = "takeback.manifest.voided.v1"
    manifest_id: str
    containers: tuple[str, ...]
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class ManifestAcknowledged:
    """What the driver counted afterwards."""

    type: ClassVar[str] = "takeback.manifest.acknowledged.v1"
    manifest_id: str
    containers: int
    parcels: int  # the loose ones


@dataclass(frozen=True, slots=True)
class ManifestReconciled:
    type: ClassVar[str] = "takeback.manifest.reconciled.v1"
    manifest_id: str


@dataclass(frozen=True, slots=True)
class ManifestDisputed:
    """The counts differ: theirs less ours."""

    type: ClassVar[str] = "takeback.manifest.disputed.v1"
    manifest_id: str
    containers: int
    parcels: int


@dataclass(frozen=True, slots=True)
class ShelfSet:
    """A shelf as the shop has it now. `carriers` and `sizes` are what it takes, () for any; a
    shelf without room is one that is given up. `returns`: it is for what goes back."""

    type: ClassVar[str] = "takeback.shelf.set.v1"
    shelf_id: str
    zone: str
    room: int  # parcels
    carriers: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    returns: bool = False
