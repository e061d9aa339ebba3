"""What staffed counters told of things that are long over goes, with the rows folded from it.

Carriers give a parcel's number again after a year or so, and a counter that is new at a site hears
what is kept: both want what is over to be gone. The events themselves stay (sync.central.keeping).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.containers import OVER
from kiosk.domain.counter.facts import Kind, touched
from kiosk.domain.counter.manifests import ManifestState
from kiosk.domain.counter.parcels import ParcelState
from sync.central.cases import UNSETTLED
from sync.central.counter import writing
from sync.central.counter.writing import Site
from sync.central.database import among
from sync.central.tables import (
    case_links,
    cases,
    counter_facts,
    counter_things,
    counter_touched,
)

_ENDED: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.PARCEL: (
        ParcelState.COLLECTED,
        ParcelState.RETURNED_TO_SENDER,
        ParcelState.REFUSED_IN,
        ParcelState.ANNOUNCED,  # and never came
        ParcelState.UNKNOWN,
    ),
    Kind.BAG: (BagState.HANDED_OVER, BagState.VOIDED),
    Kind.CONTAINER: tuple(OVER),
    Kind.MANIFEST: (
        ManifestState.SIGNED,
        ManifestState.ACKNOWLEDGED,
        ManifestState.RECONCILED,
        ManifestState.DISPUTED,
        ManifestState.VOIDED,
    ),
}
"""Nothing becomes of these any more. A shelf stays: what was said of it last is all there is."""


def forget(c: sa.Connection, tenant: str, before: datetime, most: int) -> int:
    """Up to so many things that were over before then, and that no unsettled case is about; how
    many went. A fact goes with the last thing that it touches."""
    gone = 0
    for kind in _ENDED:
        rows = _old(c, tenant, kind, before, most - gone)
        for site in dict.fromkeys(row.site for row in rows):
            names = [row.name for row in rows if row.site == site]
            _forget(c, Site(tenant, site), kind, names)
        gone += len(rows)
        if gone >= most:
            break
    return gone


def _old(c: sa.Connection, tenant: str, kind: Kind, before: datetime, most: int) -> Sequence[Any]:
    things, link = counter_things.c, case_links.c
    needed = (
        sa.exists()
        .where(
            link.tenant == tenant,
            link.thing == kind.value,
            link.id == things.name,
            cases.c.case_id == link.case_id,
            cases.c.state.in_(UNSETTLED),
        )
        .correlate(counter_things)
    )
    query = sa.select(things.site, things.name).where(
        things.tenant == tenant,
        things.kind == kind.value,
        things.state.in_(list(_ENDED[kind])),
        things.changed_at < before,
        ~needed,
    )
    return c.execute(query.order_by(things.changed_at).limit(most)).all()


def _forget(c: sa.Connection, site: Site, kind: Kind, names: Sequence[str]) -> None:
    """The site's newest fact stays: by it a kiosk's place is known (sync.central.counter.feed)."""
    standing = writing.hold(c, site)
    places = {row.position for row in writing.rows_of(c, counter_touched, site, kind, names)}
    for part in writing.parts(names):
        for table in (counter_touched, counter_things):
            mine = table.c.tenant == site.tenant, table.c.site == site.name
            these = table.c.kind == kind.value, among(c, table.c.name, part)
            c.execute(table.delete().where(*mine, *these))
    for places_ in writing.parts(sorted(places - {standing.position})):
        mine = counter_facts.c.tenant == site.tenant, counter_facts.c.site == site.name
        over = counter_facts.c.position.in_(_untouched(c, site, places_))
        c.execute(counter_facts.delete().where(*mine, over))


def _untouched(c: sa.Connection, site: Site, places: Sequence[int]) -> list[int]:
    """Those of these facts that touch nothing any more."""
    subjects: dict[Kind, set[str]] = {}
    for row in c.execute(writing.facts_at(site, places)):
        for kind, name in touched(writing.read(row.type, row.body)):
            subjects.setdefault(kind, set()).add(name)
    still = {
        row.position
        for kind, names in subjects.items()
        for row in writing.rows_of(c, counter_touched, site, kind, sorted(names))
    }
    return [place for place in places if place not in still]
