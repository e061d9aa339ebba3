"""What a kiosk that lost records may ask back: the drops that were accepted of it, page by page.

Only its own, only what was accepted, and only promises: they are what keeps a return from being
taken twice. The kiosk writes them down as known here; it does not send them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.domain.events import DropCommitted
from sync.central.database import Transactions
from sync.central.devices import Device, Refused
from sync.central.tables import events
from sync.wire.messages import EventRecord, Problem, Recall, Recalled

PAGE = 200
PAGE_BYTES = 700_000
"""Of bodies: an answer stays under the kiosk's limit of 1 MiB, and one body is far below it."""


def page(database: Transactions, device: Device, ask: Recall) -> Recalled | Refused:
    """The promises that came after the place `ask.after`, oldest first."""
    if device.revoked:
        return Refused(403, Problem(kind="revoked"))
    place = _place(ask.after)
    if place is None:
        return Refused(400, Problem(kind="bad_request", detail="no such place"))
    mine = (
        events.c.device_id == device.device_id,
        events.c.type == DropCommitted.type,
        events.c.state == "accepted",
    )
    came, name = place
    later = sa.or_(
        events.c.received_at > came, sa.and_(events.c.received_at == came, events.c.id > name)
    )
    query = (
        sa.select(events.c.id, events.c.received_at, events.c.body)
        .where(*mine, later)
        .order_by(events.c.received_at, events.c.id)
        .limit(PAGE + 1)
    )
    with database.reading() as c:
        rows = c.execute(query).all()
    return _told(rows, ask.after)


def _told(rows: Sequence[Any], after: str) -> Recalled:
    told: list[EventRecord] = []
    size = 0
    for row in rows[:PAGE]:
        size += len(row.body.encode())
        if told and size > PAGE_BYTES:
            break
        told.append(msgspec.json.decode(row.body, type=EventRecord))
        after = f"{row.received_at.astimezone(UTC).isoformat()} {row.id}"
    return Recalled(events=tuple(told), after=after, more=len(told) < len(rows))


def _place(after: str) -> tuple[datetime, str] | None:
    """When and which event came last; before all for ""; None for what names no place."""
    if not after:
        return datetime.fromtimestamp(0, UTC), ""
    at, _, name = after.partition(" ")
    try:
        came = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (came, name) if came.tzinfo is not None and name and "\0" not in name else None
