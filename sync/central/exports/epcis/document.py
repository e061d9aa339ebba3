"""An EPCIS document in JSON-LD, event by event: drops as the centre heard of them, those that
staff took back, then what became of their goods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy as sa

from sync.central.database import Database
from sync.central.exports.asking import Asked, What
from sync.central.exports.columns import text
from sync.central.exports.epcis import events, names
from sync.central.exports.epcis.events import Event
from sync.central.exports.sheets import PAGE, SHEETS, VOIDS, pages, voids
from sync.central.tables import drop_lines, drops, movements

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
CHUNK = 64 << 10
Told = Mapping[str, Any]


def chunks(database: Database, asked: Asked, created: datetime) -> Iterator[bytes]:
    """The file in parts. Blocking."""
    head = {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": created.astimezone(UTC).isoformat(timespec="milliseconds"),
    }
    held = bytearray(msgspec.json.encode(head)[:-1] + b',"epcisBody":{"eventList":[')
    between = b"\n"
    for event in told(database, asked):
        held += between + msgspec.json.encode(event)
        between = b",\n"
        if len(held) >= CHUNK:
            yield bytes(held)
            held.clear()
    held += b"\n]}}\n"
    yield bytes(held)


def told(database: Database, asked: Asked, page: int = PAGE) -> Iterator[Event]:
    """Every event of the period. Those of voids and movements go by when the centre heard of them,
    too: a drop may have been told in an earlier period than its void."""
    known = names.read(database, asked.scope.tenant)
    sheet = SHEETS[What.DROPS]
    both = ((sheet.query(asked), sheet.key, events.of_drop), (voids(asked), VOIDS, events.of_void))
    for query, key, made in both:
        for some in pages(database, query, key, page):
            lines = _lines(database, some)
            for drop in some:
                yield from made(known, asked.zone, _clean(drop), lines.get(drop["drop_id"], ()))
    if asked.site:
        return  # a movement's site is where it happened, which is no kiosk's
    for rows in pages(database, _movements(asked), _KEY, page):
        for row in rows:
            event = events.of_movement(known, asked.zone, _clean(row))
            if event is not None:
                yield event


def _clean(row: Told) -> Told:
    return {
        name: text(value) if isinstance(value, str) else "" if value is None else value
        for name, value in row.items()
    }


def _lines(database: Database, some: Sequence[Told]) -> dict[str, list[Told]]:
    query = (
        sa.select(drop_lines)
        .where(drop_lines.c.drop_id.in_([one["drop_id"] for one in some]))
        .order_by(drop_lines.c.drop_id, drop_lines.c.position)
    )
    with database.reading() as c:
        rows = [_clean(dict(row)) for row in c.execute(query).mappings()]
    return {drop_id: list(group) for drop_id, group in groupby(rows, lambda r: r["drop_id"])}


_KEY = (
    ("received_at", movements.c.received_at),
    ("source", movements.c.source),
    ("source_id", movements.c.source_id),
)


def _movements(asked: Asked) -> sa.Select[Any]:
    """People bound to merchants see what names their returns or bags; a container is shared."""
    tenant, whose = asked.scope.tenant, asked.scope.merchants
    m = movements.c
    same_return = sa.and_(drops.c.tenant == tenant, drops.c.return_id == m.return_id)
    merchant = _one(sa.select(sa.func.min(drops.c.merchant_id)).where(same_return))
    sku = _one(
        sa.select(sa.func.min(drop_lines.c.sku))
        .join(drops, drops.c.drop_id == drop_lines.c.drop_id)
        .where(same_return, drop_lines.c.line_id == m.line_id)
    )
    parts = [m.tenant == tenant, m.received_at >= asked.since, m.received_at < asked.until]
    if whose is not None:
        named = sa.or_(
            sa.and_(m.bag_id != "", drops.c.bag_id == m.bag_id),
            sa.and_(m.return_id != "", drops.c.return_id == m.return_id),
        )
        theirs = sa.and_(drops.c.tenant == tenant, drops.c.merchant_id.in_(sorted(whose)))
        parts.append(sa.exists().where(theirs, named).correlate(movements))
    return sa.select(movements, merchant.label("merchant_id"), sku.label("sku")).where(*parts)


def _one(query: sa.Select[Any]) -> sa.ScalarSelect[Any]:
    return query.correlate(movements).scalar_subquery()
