"""A shop's state: the fold of all facts of its counters, in whatever order they arrive.

It changes in place and only by `apply` (see index.py for why). Everything that it gives out is a
frozen value or a view; two shops that know the same facts are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import assert_never

from kiosk.domain.counter import taking
from kiosk.domain.counter.bags import Bag, BagState
from kiosk.domain.counter.conflicts import Conflict
from kiosk.domain.counter.containers import OVER, Container
from kiosk.domain.counter.facts import Fact, Kind, Subject, touched
from kiosk.domain.counter.index import By, Key
from kiosk.domain.counter.log import Recorded
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.parcels import COLLECTABLE, Parcel, ParcelState
from kiosk.domain.counter.shelves import Shelf
from kiosk.domain.counter.things import Things

S = ParcelState


class Shop:
    def __init__(self) -> None:
        self.parcels = Things(Kind.PARCEL, Parcel, taking.parcel, _parcel_keys)
        self.bags = Things(Kind.BAG, Bag, taking.bag, _bag_keys)
        self.containers = Things(Kind.CONTAINER, Container, taking.container, _container_keys)
        self.manifests = Things(Kind.MANIFEST, Manifest, taking.manifest, _manifest_keys)
        self.shelves = Things(Kind.SHELF, Shelf, taking.shelf, lambda _: ())
        self.latest = ""
        """The highest hybrid logical time of any fact taken; "" for none."""

    @classmethod
    def of(cls, records: Iterable[Recorded]) -> Shop:
        """The shop that knows these facts."""
        shop = cls()
        for record in records:
            shop.apply(record)
        return shop

    def apply(self, record: Recorded) -> bool:
        """Takes one fact in; False for one that is known. Never fails: what cannot be so becomes
        a conflict."""
        new = [self._things(s.kind).add(s.name, record) for s in touched(record.fact)]
        self.latest = max(self.latest, record.stamp.hlc)
        return any(new)

    def _things(
        self, kind: Kind
    ) -> Things[Parcel] | Things[Bag] | Things[Container] | Things[Manifest] | Things[Shelf]:
        match kind:
            case Kind.PARCEL:
                return self.parcels
            case Kind.BAG:
                return self.bags
            case Kind.CONTAINER:
                return self.containers
            case Kind.MANIFEST:
                return self.manifests
            case Kind.SHELF:
                return self.shelves
            case _:
                assert_never(kind)

    def story(self, subject: Subject) -> tuple[Recorded, ...]:
        """Every fact about a thing, in order: where a parcel has been, and by whom."""
        return self._things(subject.kind).story(subject.name)

    def conflicts(self) -> tuple[Conflict, ...]:
        """What does not go together and nobody settled yet, of all things, in order."""
        found = [c for kind in Kind for c in self._things(kind).conflicts()]
        return tuple(sorted(found, key=lambda c: (c.record.stamp, c.subject)))

    def in_state(self, state: ParcelState) -> Set[str]:
        """The parcels in a state, as a view."""
        return self.parcels.index.of(By.STATE, state)

    def lying(self, shelf_id: str) -> Set[str]:
        """The parcels on a shelf, as a view; "" is the desk."""
        return self.parcels.index.of(By.SHELF, shelf_id)

    def parcels_in(self, container_id: str) -> Set[str]:
        """The parcels in a container that have not gone, as a view."""
        return self.parcels.index.of(By.CONTAINER, container_id)

    def bags_in(self, container_id: str) -> Set[str]:
        """The bags in a container that have not gone, as a view."""
        return self.bags.index.of(By.CONTAINER, container_id)

    def filled(self, container_id: str) -> int:
        """How many bags and parcels lie in a container."""
        return len(self.bags_in(container_id)) + len(self.parcels_in(container_id))

    def of_code(self, digest: str) -> tuple[Parcel, ...]:
        """What waits for a pick-up code, by number; () for a code that is good for nothing more."""
        numbers = self.parcels.index.of(By.CODE, digest) if digest else ()
        return tuple(self.parcels[number] for number in sorted(numbers))

    def of_recipient(self, recipient: str) -> Set[str]:
        """The parcels of one recipient that are here, as a view."""
        return self.parcels.index.of(By.RECIPIENT, recipient)

    def by_plate(self, plate: str) -> Container | None:
        """The container that now has a plate; None where its last use is over."""
        ids = self.containers.index.of(By.PLATE, plate)
        return self.containers[min(ids)] if ids else None

    def knows(self, facts: Iterable[Fact]) -> bool:
        """Whether everything that these facts touch is known here."""
        subjects = (s for fact in facts for s in touched(fact))
        return all(s.name in self._things(s.kind) for s in subjects)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shop) and self._all() == other._all()

    def _all(self) -> tuple[object, ...]:
        held = tuple(self._things(kind).held() for kind in Kind)
        return (*held, self.conflicts(), self.latest)


def _parcel_keys(parcel: Parcel) -> tuple[Key, ...]:
    keys: list[Key] = [(By.STATE, parcel.state)]
    if parcel.is_here and parcel.container_id:
        keys.append((By.CONTAINER, parcel.container_id))
    elif parcel.is_here:
        keys.append((By.SHELF, parcel.shelf_id))
    if parcel.is_here and parcel.recipient:
        keys.append((By.RECIPIENT, parcel.recipient))
    if parcel.code and (parcel.state in COLLECTABLE or parcel.state is S.MISSING):
        keys.append((By.CODE, parcel.code))
    if parcel.state in (S.RECEIVED, S.SHELVED):
        keys.append((By.UNTIL, parcel.until))
    return tuple(keys)


def _bag_keys(bag: Bag) -> tuple[Key, ...]:
    inside = bag.state is BagState.CONTAINED
    place: tuple[Key, ...] = ((By.CONTAINER, bag.container_id),) if inside else ()
    return ((By.STATE, bag.state), *place)


def _container_keys(container: Container) -> tuple[Key, ...]:
    keys: list[Key] = [(By.STATE, container.state)]
    keys += [(By.SEAL, seal) for seal in container.seals]
    if container.plate and container.state not in OVER:
        keys.append((By.PLATE, container.plate))
    return tuple(keys)


def _manifest_keys(manifest: Manifest) -> tuple[Key, ...]:
    return ((By.STATE, manifest.state),)
