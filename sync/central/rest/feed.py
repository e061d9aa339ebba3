"""What merchants are told, in an order that never changes behind a reader.

Two transactions at once may commit in another order than they began, so numbers that are given
while writing would let a reader pass over the slower one. Here they are given afterwards, by one
at a time for each tenant: what is written waits without a position, drops wait in `drops` itself,
and `number` brings both into the feed. It is called before each reading and by the sender of
webhooks; nothing waits where nobody reads, but a page on a disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.ports import Ids
from sync.central.database import Database, insert_new, insert_set, locked, upsert
from sync.central.rest.calls import Answer, Call
from sync.central.rest.problems import Problem
from sync.central.rest.shapes import Drop, DropLine, Event, Events, EventsQuery, Voided
from sync.central.tables import devices, drop_lines, drops, merchant_events, merchant_heads

AT_ONCE = 500
DROP = "drop.committed"
VOID = "drop.voided"
TYPES = (
    "return.created",
    "return.replaced",
    "return.extended",
    "return.moved",
    "refund.told",
    DROP,
    VOID,
)


def tell(c: sa.Connection, call: Call, kind: str, subject: str, data: Mapping[str, Any]) -> None:
    """Something that the caller did, for its own feed."""
    row = {
        "id": call.ids.uuid(),
        "tenant": call.key.tenant,
        "merchant_id": call.key.subject,
        "type": kind,
        "subject": subject,
        "at": call.now,
        "data": msgspec.json.encode(data).decode(),
    }
    c.execute(merchant_events.insert(), row)


def page(c: sa.Connection, call: Call) -> Answer | Problem:
    """What came after a position. `number` has run before (`sync.central.rest.serving`)."""
    ask = call.sought(EventsQuery)
    rows = after(c, call.key.tenant, call.key.subject, ask.after, ask.limit + 1)
    shown = tuple(rows[: ask.limit])
    last = shown[-1].position if shown else ask.after
    return Answer(Events(events=shown, next=last, more=len(rows) > ask.limit))


def after(
    c: sa.Connection, tenant: str, merchant_id: str, position: int, limit: int
) -> list[Event]:
    table = merchant_events
    query = (
        sa.select(table)
        .where(
            table.c.tenant == tenant,
            table.c.merchant_id == merchant_id,
            table.c.position > position,
        )
        .order_by(table.c.position)
        .limit(limit)
    )
    return [event_of(row) for row in c.execute(query)]


def event_of(row: sa.Row[Any]) -> Event:
    return Event(
        id=row.id,
        position=row.position,
        type=row.type,
        subject=row.subject,
        at=row.at,
        data=msgspec.Raw(row.data.encode()),
    )


# --- numbering -----------------------------------------------------------------------------------


def number(database: Database, ids: Ids, tenant: str) -> int:
    """Bring what waits into the feed; how many events. Costs a look where nothing waits."""
    done = 0
    while True:
        with database.reading() as c:
            waits = _unfed(c, tenant, 1) or _unnumbered(c, tenant, 1)
        if not waits:
            return done
        done += database.write(lambda c: _number(c, ids, tenant))


def _number(c: sa.Connection, ids: Ids, tenant: str) -> int:
    lock = {"tenant": tenant, "merchant_id": ""}
    insert_new(c, merchant_heads, lock)
    heads = merchant_heads
    mine = sa.and_(heads.c.tenant == tenant, heads.c.merchant_id == "")
    c.execute(locked(sa.select(heads.c.position).where(mine))).one()
    _feed(c, ids, tenant)
    rows = _unnumbered(c, tenant, AT_ONCE)
    names = {str(row.merchant_id) for row in rows}
    known = sa.and_(heads.c.tenant == tenant, heads.c.merchant_id.in_(names))
    last = {row.merchant_id: row.position for row in c.execute(sa.select(heads).where(known))}
    given = []
    for row in rows:
        last[row.merchant_id] = last.get(row.merchant_id, 0) + 1
        given.append({"its_id": row.id, "its_position": last[row.merchant_id]})
    if given:
        table = merchant_events
        c.execute(
            table.update()
            .where(table.c.id == sa.bindparam("its_id"))
            .values(position=sa.bindparam("its_position")),
            given,
        )
        upsert(
            c,
            heads,
            [
                {"tenant": tenant, "merchant_id": name, "position": position}
                for name, position in last.items()
            ],
        )
    return len(given)


def _unnumbered(c: sa.Connection, tenant: str, limit: int) -> list[sa.Row[Any]]:
    table = merchant_events
    query = sa.select(table.c.id, table.c.merchant_id).where(
        table.c.tenant == tenant, table.c.position.is_(None)
    )
    return list(c.execute(query.order_by(table.c.at, table.c.id).limit(limit)))


def _unfed(c: sa.Connection, tenant: str, limit: int) -> list[sa.Row[Any]]:
    query = sa.select(drops.c.drop_id).where(drops.c.tenant == tenant, drops.c.fed.is_(False))
    return list(c.execute(query.order_by(drops.c.received_at, drops.c.drop_id).limit(limit)))


def _feed(c: sa.Connection, ids: Ids, tenant: str) -> None:
    """Drops that came in or were taken back since the last time, as events without a position. One
    that was taken back before anybody was told of it is told as such alone; one that stands after
    all is told as any that came in."""
    waiting = [str(row.drop_id) for row in _unfed(c, tenant, AT_ONCE)]
    if not waiting:
        return
    rows = [
        {
            "id": ids.uuid(),
            "tenant": tenant,
            "merchant_id": merchant_id,
            "type": DROP if drop.voided is None else VOID,
            "subject": drop.drop_id,
            "at": drop.received_at if drop.voided is None else drop.voided.received_at,
            "data": msgspec.json.encode(drop).decode(),
        }
        for merchant_id, drop in drops_of(c, tenant, drops.c.drop_id.in_(waiting))
        if merchant_id
    ]
    insert_set(c, merchant_events, rows)
    c.execute(drops.update().where(drops.c.drop_id.in_(waiting)).values(fed=True))


# --- drops ---------------------------------------------------------------------------------------


def drops_of(
    c: sa.Connection, tenant: str, which: sa.ColumnElement[bool]
) -> list[tuple[str, Drop]]:
    """Drops of a tenant as its merchants see them, each with its merchant, the first first."""
    query = (
        sa.select(drops, devices.c.site)
        .join(devices, devices.c.device_id == drops.c.device_id)
        .where(drops.c.tenant == tenant, which)
        .order_by(drops.c.received_at, drops.c.drop_id)
    )
    rows = c.execute(query).all()
    lines: dict[str, list[DropLine]] = {}
    found = sa.select(drop_lines).where(
        drop_lines.c.tenant == tenant, drop_lines.c.drop_id.in_([row.drop_id for row in rows])
    )
    for line in c.execute(found.order_by(drop_lines.c.drop_id, drop_lines.c.position)):
        lines.setdefault(line.drop_id, []).append(_picked(line, DropLine))
    return [(row.merchant_id, _drop(row, tuple(lines.get(row.drop_id, ())))) for row in rows]


def _drop(row: sa.Row[Any], lines: tuple[DropLine, ...]) -> Drop:
    told = {name: getattr(row, name) for name in Drop.__struct_fields__ if name in row._fields}
    told["voided"] = None
    if row.voided:
        told["voided"] = Voided(
            at=row.voided_at, received_at=row.void_heard_at, reason=row.void_reason
        )
    return Drop(**told, dropped_at=row.corrected_at, lines=lines)


def _picked(row: sa.Row[Any], kind: type[DropLine]) -> DropLine:
    return kind(**{name: getattr(row, name) for name in kind.__struct_fields__})
