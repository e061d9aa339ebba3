"""What was wrong with a kiosk, from when to when, as its heartbeats tell it.

A heartbeat says only how things are now. Where it says something else than the one before, the
change is kept here; so is a silence, once the kiosk is back. Kept for a year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from kiosk.ports import Trouble
from sync.central.database import insert_new
from sync.central.tables import device_spans

SILENT: Final = "silent"
QUIET_AFTER: Final = timedelta(minutes=3)
"""Three heartbeats missed."""
KEPT: Final = timedelta(days=365)
_NOT_KEPT: Final = frozenset({Trouble.OFFLINE.value})
"""Whoever beats is not offline; the silence before it says it better."""


def note(
    c: sa.Connection,
    tenant: str,
    device_id: str,
    before: str,
    told: str,
    seen: datetime | None,
    now: datetime,
) -> None:
    """A heartbeat came. `before` and `told` are troubles, joined by a space; `seen` is when the
    heartbeat before it came."""
    if seen is not None and seen < now - QUIET_AFTER:
        row = {"device_id": device_id, "code": SILENT, "began_at": seen, "tenant": tenant}
        insert_new(c, device_spans, {**row, "ended_at": now})
    if _codes(before) == _codes(told):
        return
    mine = device_spans.c.device_id == device_id
    goes_on = sa.and_(mine, device_spans.c.ended_at.is_(None))
    known = set(c.execute(sa.select(device_spans.c.code).where(goes_on)).scalars())
    for code in sorted(_codes(told) - known):
        row = {"device_id": device_id, "code": code, "began_at": now, "tenant": tenant}
        insert_new(c, device_spans, row)
    over = device_spans.c.code.in_(sorted(known - _codes(told)))
    c.execute(device_spans.update().where(goes_on, over).values(ended_at=now))
    c.execute(device_spans.delete().where(mine, device_spans.c.ended_at < now - KEPT))


def _codes(joined: str) -> frozenset[str]:
    return frozenset(joined.split()) - _NOT_KEPT


def latest(c: sa.Connection, device_id: str, most: int) -> tuple[Mapping[str, Any], ...]:
    """What began last first; `ended_at` is None for what goes on."""
    query = (
        sa.select(device_spans)
        .where(device_spans.c.device_id == device_id)
        .order_by(device_spans.c.began_at.desc(), device_spans.c.code)
        .limit(most)
    )
    return tuple(dict(row) for row in c.execute(query).mappings())
