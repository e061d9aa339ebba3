"""Drops that are told after their bags: a counter's line was quicker than the kiosk's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.facts import Kind, Subject
from kiosk.domain.events import DropCommitted
from sync.central.counter import voiding, writing
from sync.central.counter.folding import fold
from sync.central.counter.writing import Site
from sync.central.database import among
from sync.central.received import Received
from sync.central.tables import counter_things


def void(
    c: sa.Connection, tenant: str, dropped: Sequence[tuple[Received, DropCommitted]]
) -> frozenset[str]:
    """Of drops whose rows were just written, those that a counter of theirs has voided before: by
    id. They have claimed nothing yet."""
    t = counter_things.c
    bags = sorted({fact.bag_id for _, fact in dropped if fact.bag_id})
    if not bags:
        return frozenset()
    query = sa.select(t.site, t.name).where(
        t.tenant == tenant,
        t.kind == Kind.BAG.value,
        among(c, t.name, bags),
        t.state == BagState.VOIDED.value,
    )
    by_site: defaultdict[str, list[Subject]] = defaultdict(list)
    for row in c.execute(query):
        by_site[row.site].append(Subject(Kind.BAG, row.name))
    found: frozenset[str] = frozenset()
    for site, subjects in sorted(by_site.items()):
        told, _ = writing.load(c, Site(tenant, site), subjects)
        folded = [fold(subject, told[subject]) for subject in subjects]
        said = dict(one for of in folded if (one := voiding.of_bag(of, told[of.subject])))
        found |= voiding.mark(c, tenant, site, dropped[0][0].received_at, said)
    return found
