"""How a thing takes a fact that was recorded, wherever: by its lifecycle, and never failing."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Protocol, TypeVar, cast

from kiosk.domain.counter import bags, containers, manifests, parcels
from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter import parcel_facts as par
from kiosk.domain.counter.bags import Bag, BagState
from kiosk.domain.counter.conflicts import IN_HAND, Conflict, ConflictKind, harmless, kind_of
from kiosk.domain.counter.containers import Container, ContainerState
from kiosk.domain.counter.facts import (
    BagFact,
    ContainerFact,
    Fact,
    ManifestFact,
    ParcelFact,
    Subject,
)
from kiosk.domain.counter.log import Recorded
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.saying import Because, Refused
from kiosk.domain.counter.shelves import Shelf
from kiosk.domain.counter.things import Taken

# A subject's kind is told by `touched`, so that each cast below holds.


class _Stateful(Protocol):
    @property
    def state(self) -> StrEnum: ...


Thing = TypeVar("Thing", bound=_Stateful)


def parcel(
    held: Parcel, subject: Subject, record: Recorded, before: Recorded | None
) -> Taken[Parcel]:
    """Whoever scans a missing parcel has found it."""
    fact = cast(ParcelFact, record.fact)
    missing = held.state is ParcelState.MISSING and type(fact) in IN_HAND
    seen = parcels.found(held) if missing else held
    if seen.state is ParcelState.RTS_STAGED and _signed_elsewhere(seen.container_id, subject, fact):
        return Taken(held, False, _signed_for(held, subject, record, before))
    after = parcels.step(seen, fact)
    if isinstance(after, Refused):
        return _taken(held, parcels.step(held, fact), subject, record, before)
    if missing:
        kind, because = ConflictKind.SEEN_WHILE_MISSING, Because.PARCEL_MISSING
        return Taken(after, True, _noted(kind, held, subject, record, before, because))
    if _from_another(held.container_id, subject, fact):
        return Taken(after, True, _elsewhere(held, subject, record, before))
    return Taken(after, True)


def bag(held: Bag, subject: Subject, record: Recorded, before: Recorded | None) -> Taken[Bag]:
    fact = cast(BagFact, record.fact)
    if held.state is BagState.CONTAINED and _signed_elsewhere(held.container_id, subject, fact):
        return Taken(held, False, _signed_for(held, subject, record, before))
    after = bags.step(held, fact)
    if isinstance(after, Bag) and _from_another(held.container_id, subject, fact):
        return Taken(after, True, _elsewhere(held, subject, record, before))
    return _taken(held, after, subject, record, before)


def container(
    held: Container, subject: Subject, record: Recorded, before: Recorded | None
) -> Taken[Container]:
    """A container that went with another manifest than the one that listed it went all the same;
    what else becomes of that other manifest is none of its business."""
    fact = cast(ContainerFact, record.fact)
    after = containers.step(held, fact)
    if held.state is ContainerState.MANIFESTED and isinstance(after, Refused):
        if isinstance(fact, out.ManifestVoided | out.ContainersStayed):
            return Taken(held, False)
        if isinstance(fact, out.ManifestSigned):
            gone = replace(held, state=ContainerState.HANDED_OVER, manifest_id=fact.manifest_id)
            kind = ConflictKind.ON_TWO_MANIFESTS
            return Taken(gone, True, _noted(kind, held, subject, record, before, after.because))
    return _taken(held, after, subject, record, before)


def manifest(
    held: Manifest, subject: Subject, record: Recorded, before: Recorded | None
) -> Taken[Manifest]:
    after = manifests.step(held, cast(ManifestFact, record.fact))
    return _taken(held, after, subject, record, before)


def shelf(held: Shelf, subject: Subject, record: Recorded, before: Recorded | None) -> Taken[Shelf]:
    """The last word on a shelf counts."""
    del held, subject, before
    return Taken(Shelf.of(cast(out.ShelfSet, record.fact)), True)


def _from_another(container_id: str, subject: Subject, fact: Fact) -> bool:
    """Whether it was put into a container, or handed over loose, by somebody who did not know that
    it lay in another container."""
    if not container_id:
        return False
    if isinstance(fact, out.BagContained | par.ParcelContained):
        return container_id not in (fact.out_of, fact.container_id)
    return isinstance(fact, out.ManifestSigned) and subject.name in fact.loose


def _signed_elsewhere(container_id: str, subject: Subject, fact: Fact) -> bool:
    """Whether a manifest has it in a container by the books of a counter that did not know where
    it was scanned last. The scan is believed: a list of what is in a container is not one."""
    if not isinstance(fact, out.ManifestSigned) or subject.name in fact.loose:
        return False
    return container_id not in fact.containers


def _taken(
    held: Thing, after: Thing | Refused, subject: Subject, record: Recorded, before: Recorded | None
) -> Taken[Thing]:
    if not isinstance(after, Refused):
        return Taken(after, True)
    fact = type(record.fact)
    if harmless(held.state, fact):
        return Taken(held, False)
    kind = kind_of(held.state, fact)
    found = Conflict(kind, subject, record, held.state, after.because, before)
    return Taken(held, False, found)


def _noted(
    kind: ConflictKind,
    held: _Stateful,
    subject: Subject,
    record: Recorded,
    before: Recorded | None,
    because: Because,
) -> Conflict:
    return Conflict(kind, subject, record, held.state, because, before, believed=True)


def _elsewhere(
    held: _Stateful, subject: Subject, record: Recorded, before: Recorded | None
) -> Conflict:
    kind, because = ConflictKind.IN_TWO_CONTAINERS, Because.BAG_CONTAINED
    return _noted(kind, held, subject, record, before, because)


def _signed_for(
    held: _Stateful, subject: Subject, record: Recorded, before: Recorded | None
) -> Conflict:
    kind, because = ConflictKind.SIGNED_FOR_ELSEWHERE, Because.NOT_ON_MANIFEST
    return Conflict(kind, subject, record, held.state, because, before)
