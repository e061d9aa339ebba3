"""What waits at the sites: how much, how long, and how full the shelves are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from kiosk.domain.counter.facts import Kind
from kiosk.domain.counter.parcels import HERE, ParcelState
from sync.central.database import Database
from sync.central.tables import counter_sites, counter_things

_T = counter_things.c
_LOOKED_AT = tuple(state.value for state in (*HERE, ParcelState.MISSING, ParcelState.ANNOUNCED))


@dataclass(slots=True)
class Waiting:
    """Parcels of one site by state; `oldest` is since when the first of them is here."""

    site: str
    counts: dict[str, int] = field(default_factory=dict)
    oldest: datetime | None = None

    @property
    def here(self) -> int:
        return sum(self.counts.get(state.value, 0) for state in HERE)

    def of(self, state: ParcelState) -> int:
        return self.counts.get(state.value, 0)


@dataclass(frozen=True, slots=True)
class Shelf:
    shelf_id: str
    zone: str
    lying: int
    room: int

    @property
    def level(self) -> str:
        """As chips say it: full, nearly full, or neither."""
        if self.lying >= self.room:
            return "bad"
        return "care" if self.lying * 10 >= self.room * 9 else "good"


def sites(database: Database, tenant: str) -> tuple[Waiting, ...]:
    """Every site with a counter."""
    known = sa.select(counter_sites.c.site).where(counter_sites.c.tenant == tenant)
    counts = (
        sa.select(_T.site, _T.state, sa.func.count().label("many"), sa.func.min(_T.first_at))
        .where(_T.tenant == tenant, _T.kind == Kind.PARCEL.value, _T.state.in_(_LOOKED_AT))
        .group_by(_T.site, _T.state)
    )
    with database.reading() as c:
        found = {site: Waiting(site) for site in c.execute(known).scalars()}
        for site, state, many, first in c.execute(counts):
            one = found.setdefault(site, Waiting(site))
            one.counts[state] = int(many)
            if state in {here.value for here in HERE}:
                one.oldest = first if one.oldest is None else min(one.oldest, first)
    return tuple(sorted(found.values(), key=lambda one: one.site))


def shelves(database: Database, tenant: str, site: str) -> tuple[Shelf, ...]:
    """The shelves in use, by zone; parcels that lie on none are left out."""
    mine = _T.tenant == tenant, _T.site == site
    known = sa.select(_T.name, _T.shelf, _T.room).where(
        *mine, _T.kind == Kind.SHELF.value, _T.here.is_(True)
    )
    lying = (
        sa.select(_T.shelf, sa.func.count())
        .where(
            *mine,
            _T.kind == Kind.PARCEL.value,
            _T.state.in_([state.value for state in HERE]),
            _T.shelf != "",
            _T.container == "",
        )
        .group_by(_T.shelf)
    )
    with database.reading() as c:
        counts: defaultdict[str, int] = defaultdict(int)
        counts.update({shelf: int(many) for shelf, many in c.execute(lying)})
        rows = c.execute(known).all()
    found = [Shelf(row.name, row.shelf, counts[row.name], int(row.room)) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.zone, one.shelf_id)))
