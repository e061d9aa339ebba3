"""Facts tried against the lifecycles before they are facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never, cast

from kiosk.domain.counter import bags, containers, manifests, parcels
from kiosk.domain.counter.bags import Bag
from kiosk.domain.counter.containers import Container
from kiosk.domain.counter.facts import (
    BagFact,
    ContainerFact,
    Fact,
    Kind,
    ManifestFact,
    ParcelFact,
    Subject,
    touched,
)
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.counter.saying import Refused
from kiosk.domain.counter.shop import Shop

_Stepped = Parcel | Bag | Container | Manifest


def would(shop: Shop, facts: Iterable[Fact]) -> Refused | None:
    """What a lifecycle says against these facts, in this order; None where they are all listed.
    The refusal names the thing, and the shelf of a parcel that lies on one."""
    stepped: dict[Subject, _Stepped] = {}
    for fact in facts:
        for subject in touched(fact):
            if subject.kind is Kind.SHELF:
                continue
            after = _after(shop, stepped, subject, fact)
            if isinstance(after, Refused):
                return _named(shop, subject, after)
            stepped[subject] = after
    return None


def _after(
    shop: Shop, stepped: dict[Subject, _Stepped], subject: Subject, fact: Fact
) -> _Stepped | Refused:
    """`touched` tells which facts are for which kind: the casts hold."""
    name, held = subject.name, stepped.get(subject)
    match subject.kind:
        case Kind.PARCEL:
            parcel = held if isinstance(held, Parcel) else shop.parcels[name]
            return parcels.step(parcel, cast(ParcelFact, fact))
        case Kind.BAG:
            bag = held if isinstance(held, Bag) else shop.bags[name]
            return bags.step(bag, cast(BagFact, fact))
        case Kind.CONTAINER:
            container = held if isinstance(held, Container) else shop.containers[name]
            return containers.step(container, cast(ContainerFact, fact))
        case Kind.MANIFEST | Kind.SHELF:
            manifest = held if isinstance(held, Manifest) else shop.manifests[name]
            return manifests.step(manifest, cast(ManifestFact, fact))
        case _:
            assert_never(subject.kind)


def _named(shop: Shop, subject: Subject, refused: Refused) -> Refused:
    values: dict[str, str | int] = {**refused.values, subject.kind.value: subject.name}
    if subject.kind is Kind.PARCEL and shop.parcels[subject.name].shelf_id:
        values["shelf"] = shop.parcels[subject.name].shelf_id
    return replace(refused, values=values)
