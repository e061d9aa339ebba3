"""Drops by a part of a name: what somebody remembers, or reads out from the end of a label.

No index holds every part of every name, so a part is looked for among the newest drops alone; a
whole name is found however old it is. Both are bounded, whatever the centre holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from sync.central.database import Database
from sync.central.finding.found import ids_named
from sync.central.finding.names import Names
from sync.central.tables import drops
from sync.central.views import drops_of

REACH: Final = 20_000
"""So many drops are looked through: some weeks of a large tenant, a few hundredths of a second."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Partly:
    """A page of drops, the newest first. `since` is when the oldest drop came that was looked
    through for a part, None where that were all."""

    rows: tuple[Row, ...]
    more: bool
    since: datetime | None


def by_part(
    database: Database,
    tenant: str,
    names: Names,
    *,
    merchant: str = "",
    page: int = 1,
    size: int,
    reach: int = REACH,
) -> Partly:
    """`page` counts from 1. A merchant's person finds that merchant's alone."""
    d = drops.c
    newest = (
        sa.select(d.drop_id, d.drop_number, d.bag_id, d.order_number, d.return_id)
        .where(d.tenant == tenant)
        .order_by(d.received_at.desc())
        .limit(reach)
        .subquery()
    )
    looked = (newest.c.drop_number, newest.c.bag_id, newest.c.order_number, newest.c.return_id)
    parts = sa.or_(*(column.icontains(names.text, autoescape=True) for column in looked))
    last = sa.select(d.received_at).where(d.tenant == tenant).order_by(d.received_at.desc())
    with database.reading() as c:
        whole = ids_named(c, tenant, names).subquery()
        found = sa.union(
            sa.select(whole.c.drop_id), sa.select(newest.c.drop_id).where(parts)
        ).subquery()
        query = drops_of(tenant, merchant).where(d.drop_id.in_(sa.select(found.c.drop_id)))
        query = query.order_by(d.received_at.desc(), d.drop_id)
        asked = query.limit(size + 1).offset(size * (page - 1))
        rows = tuple(dict(row) for row in c.execute(asked).mappings())
        beyond = c.execute(last.offset(reach).limit(1)).scalar_one_or_none()
    return Partly(rows[:size], len(rows) > size, beyond)
