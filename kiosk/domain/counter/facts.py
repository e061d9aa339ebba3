"""Every fact of the counter, and the things that each of them touches."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, assert_never, get_args

from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter import parcel_facts as par
from kiosk.domain.counter.settled_facts import ConflictSettled

_OneParcel = (
    par.ParcelAnnounced
    | par.ParcelReceived
    | par.ParcelRefusedIn
    | par.ParcelShelved
    | par.ParcelNotified
    | par.ParcelCollected
    | par.ParcelRefusedOut
    | par.ParcelExpired
    | par.ParcelExtended
    | par.ParcelMissing
    | par.ParcelFound
    | par.ParcelStaged
)
_OneContainer = (
    out.ContainerProvided
    | out.ContainerOpened
    | out.ContainerClosed
    | out.ContainerReopened
    | out.ContainerDamaged
    | out.ContainerLost
    | out.ContainerArrived
    | out.ContainerReconciled
    | out.ContainerDisputed
)
_OneManifest = (
    out.ManifestDrafted | out.ManifestAcknowledged | out.ManifestReconciled | out.ManifestDisputed
)

ParcelFact = _OneParcel | par.PickUpCodeIssued | par.ParcelContained | out.ManifestSigned
BagFact = out.BagCommitted | out.BagContained | out.BagVoided | out.ManifestSigned
ContainerFact = (
    _OneContainer
    | out.BagContained
    | par.ParcelContained
    | out.ContainersStayed
    | out.ManifestReadied
    | out.ManifestSigned
    | out.ManifestVoided
)
ManifestFact = _OneManifest | out.ManifestReadied | out.ManifestSigned | out.ManifestVoided
Fact = ParcelFact | BagFact | ContainerFact | ManifestFact | out.ShelfSet | ConflictSettled

FACTS: dict[str, type] = {kind.type: kind for kind in get_args(Fact)}


class Kind(StrEnum):
    """The kinds of things that facts are about."""

    PARCEL = "parcel"
    BAG = "bag"
    CONTAINER = "container"
    MANIFEST = "manifest"
    SHELF = "shelf"


_KINDS = {kind.value: kind for kind in Kind}


class Subject(NamedTuple):
    """One thing: what it is and its number, plate or id."""

    kind: Kind
    name: str


def touched(fact: Fact) -> tuple[Subject, ...]:
    """Everything that the fact changes; nothing twice. What went together is told by one fact, so
    that no half of it can be known."""
    if isinstance(fact, _OneParcel):
        return (Subject(Kind.PARCEL, fact.number),)
    if isinstance(fact, _OneContainer):
        return (Subject(Kind.CONTAINER, fact.container_id),)
    if isinstance(fact, _OneManifest):
        return (Subject(Kind.MANIFEST, fact.manifest_id),)
    match fact:
        case out.BagCommitted() | out.BagVoided():
            return (Subject(Kind.BAG, fact.bag_id),)
        case out.ShelfSet():
            return (Subject(Kind.SHELF, fact.shelf_id),)
        case ConflictSettled():  # a kind that only a later program knows touches nothing here
            kind = _KINDS.get(fact.kind)
            return () if kind is None else (Subject(kind, fact.name),)
        case par.PickUpCodeIssued():
            return _each(Kind.PARCEL, fact.numbers)
        case par.ParcelContained():
            return (Subject(Kind.PARCEL, fact.number), _container(fact.container_id))
        case out.BagContained():
            return (Subject(Kind.BAG, fact.bag_id), _container(fact.container_id))
        case out.ContainersStayed():
            return _each(Kind.CONTAINER, fact.containers)
        case out.ManifestReadied():
            lines = tuple(line.container_id for line in fact.lines)
            return (_manifest(fact.manifest_id), *_each(Kind.CONTAINER, lines))
        case out.ManifestVoided():
            return (_manifest(fact.manifest_id), *_each(Kind.CONTAINER, fact.containers))
        case out.ManifestSigned():
            return (
                _manifest(fact.manifest_id),
                *_each(Kind.CONTAINER, fact.containers),
                *_each(Kind.BAG, fact.bags),
                *_each(Kind.PARCEL, (*fact.parcels, *fact.loose)),
            )
        case _:
            assert_never(fact)


def _each(kind: Kind, names: tuple[str, ...]) -> tuple[Subject, ...]:
    return tuple(Subject(kind, name) for name in dict.fromkeys(names))


def _container(container_id: str) -> Subject:
    return Subject(Kind.CONTAINER, container_id)


def _manifest(manifest_id: str) -> Subject:
    return Subject(Kind.MANIFEST, manifest_id)
