"""What counters do with the bags of drops, as movements: so that the books know where they are.

A bag in a container is contained, a container that both sides signed for is handed over; the
matching of sync.central.reconcile goes on from there with what carriers and hubs tell. Goods that
came with a carrier's own label are no drop of ours, and parcels are no bags: neither is booked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from kiosk.domain.counter.bags import Bag
from kiosk.domain.counter.facts import Kind, Subject
from kiosk.domain.counter.outbound_facts import BagContained, ManifestSigned
from sync.central.counter import writing
from sync.central.counter.folding import fold
from sync.central.counter.writing import Site, Told
from sync.central.database import among
from sync.central.reconcile.model import Kind as Movement_
from sync.central.reconcile.model import Movement
from sync.central.reconcile.record import record_many
from sync.central.tables import drops


def book(c: sa.Connection, site: Site, now: datetime, told: Sequence[Told]) -> None:
    """Facts that were just folded. Told twice they are booked once."""
    bags = [name for one in told for name in _bags(one)]
    if not bags:
        return
    ours = _ours(c, site, list(dict.fromkeys(bags)))
    rows = [row for one in told for row in _movements(site, one, ours)]
    record_many(c, site.tenant, rows, now)


def _bags(one: Told) -> tuple[str, ...]:
    match one.fact:
        case BagContained(bag_id=bag_id):
            return (bag_id,)
        case ManifestSigned(bags=bags):
            return bags
        case _:
            return ()


def _ours(c: sa.Connection, site: Site, names: list[str]) -> Mapping[str, str]:
    """The containers of the bags that are drops of ours, or may be: a bag whose drop is not told
    yet is one until it is. By bag."""
    known, _ = writing.load(c, site, [Subject(Kind.BAG, name) for name in names])
    bags = {
        subject.name: thing
        for subject, facts in known.items()
        if facts and isinstance(thing := fold(subject, facts).thing, Bag)
    }
    wanted = [bag.drop_id for bag in bags.values() if bag.drop_id]
    mine = drops.c.tenant == site.tenant
    found: set[str] = set()
    for part in writing.parts(wanted):
        query = sa.select(drops.c.drop_id).where(mine, among(c, drops.c.drop_id, part))
        found |= set(c.execute(query).scalars())
    return {
        name: bag.container_id
        for name, bag in bags.items()
        if not bag.drop_id or bag.drop_id in found
    }


def _movements(site: Site, one: Told, ours: Mapping[str, str]) -> Iterator[Movement]:
    source, name = f"counter:{one.stamp.device}", one.event_id or one.stamp.hlc
    match one.fact:
        case BagContained(bag_id=bag, container_id=container) if bag in ours:
            yield Movement(
                source,
                name,
                Movement_.CONTAINED,
                one.at,
                site=site.name,
                bag_id=bag,
                container_id=container,
            )
        case ManifestSigned(manifest_id=manifest, bags=bags, containers=containers):
            inside = Counter(ours[bag] for bag in bags if bag in ours)
            for container in containers:
                if inside[container]:
                    yield Movement(
                        source,
                        f"{name}/{container}"[:200],
                        Movement_.HANDED_OVER,
                        one.at,
                        site=site.name,
                        container_id=container,
                        manifest_id=manifest,
                        count=inside[container],
                    )
        case _:
            return
