"""One thing out of its facts, by the fold that the counters themselves use. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from kiosk.domain.counter import parcel_facts as par
from kiosk.domain.counter.bags import Bag
from kiosk.domain.counter.conflicts import Conflict
from kiosk.domain.counter.containers import Container
from kiosk.domain.counter.facts import Kind, Subject
from kiosk.domain.counter.log import Recorded
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.settled_facts import ConflictSettled
from kiosk.domain.counter.shelves import Shelf
from kiosk.domain.counter.shop import Shop
from kiosk.domain.counter.things import Things

Thing = Parcel | Bag | Container | Manifest | Shelf

GIVEN_AGAIN_MS = 90 * 86_400_000
"""A carrier gives a parcel's number again after a year or so. What is announced or received so
long after it left is another parcel; the counters have forgotten the first one by then."""
_LEFT = (ParcelState.COLLECTED, ParcelState.RETURNED_TO_SENDER, ParcelState.REFUSED_IN)
_BEGINS = (par.ParcelAnnounced, par.ParcelReceived)


@dataclass(frozen=True, slots=True)
class Known:
    """A fact, and when it happened by the centre's reckoning."""

    record: Recorded
    at: datetime


@dataclass(frozen=True, slots=True)
class Folded:
    """A thing after all its facts. `since`: it is in this state. `unsettled` are those of its
    conflicts that no person has settled."""

    subject: Subject
    thing: Thing
    facts: int
    first_at: datetime
    since: datetime
    changed_at: datetime
    conflicts: tuple[Conflict, ...]
    unsettled: tuple[Conflict, ...]

    @property
    def state(self) -> str:
        return _state(self.thing)


def fold(subject: Subject, told: Sequence[Known]) -> Folded:
    """`told` is at least one fact that touches the thing, in whatever order."""
    return _fold(subject, life(subject, told))


def life(subject: Subject, told: Sequence[Known]) -> Sequence[Known]:
    """The facts of the parcel that bears this number now, in order; of other things all."""
    ordered = sorted(told, key=lambda one: (one.record.stamp, repr(one.record.fact)))
    if subject.kind is not Kind.PARCEL:
        return ordered
    begins = 0
    for at, one in enumerate(ordered):
        if not isinstance(one.record.fact, _BEGINS):
            continue
        last = _last_done(ordered[begins:at])
        if last is None or _ms(one) - _ms(last) < GIVEN_AGAIN_MS:
            continue
        if _fold(subject, ordered[begins:at]).state in _LEFT:
            begins = at
    return ordered[begins:]


def _last_done(ordered: Sequence[Known]) -> Known | None:
    """What a person settled about a parcel long afterwards is not its life."""
    done = (one for one in reversed(ordered) if not isinstance(one.record.fact, ConflictSettled))
    return next(done, None)


def _ms(one: Known) -> int:
    return int(one.record.stamp.hlc[:12], 16)


def _fold(subject: Subject, ordered: Sequence[Known]) -> Folded:
    shop = Shop()
    things = things_of(shop, subject.kind)
    since, state = ordered[0].at, ""
    for one in ordered:
        things.add(subject.name, one.record)
        now = _state(things[subject.name])
        if now != state:
            since, state = one.at, now
    times = [one.at for one in ordered]
    return Folded(
        subject=subject,
        thing=things[subject.name],
        facts=len(ordered),
        first_at=min(times),
        since=since,
        changed_at=max(times),
        conflicts=things.contradictions(subject.name),
        unsettled=things.conflicts(),
    )


def things_of(
    shop: Shop, kind: Kind
) -> Things[Parcel] | Things[Bag] | Things[Container] | Things[Manifest] | Things[Shelf]:
    match kind:
        case Kind.PARCEL:
            return shop.parcels
        case Kind.BAG:
            return shop.bags
        case Kind.CONTAINER:
            return shop.containers
        case Kind.MANIFEST:
            return shop.manifests
        case Kind.SHELF:
            return shop.shelves
        case _:
            assert_never(kind)


def _state(thing: Thing) -> str:
    """A shelf has no lifecycle: it is there or it is not."""
    if isinstance(thing, Shelf):
        return "there" if thing.room else "gone"
    return thing.state.value
