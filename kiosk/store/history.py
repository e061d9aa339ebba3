"""What the ledger remembers of earlier drops: for limits over several returns, and for amounts
that come once a return. kiosk.domain.policy.history merges it with what the bundle brings.

Drops and their lines are never pruned: only events are, once the centre has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from sqlalchemy import Connection, func, select
from sqlalchemy.sql.elements import ColumnElement

from kiosk.domain.events import ShareFact
from kiosk.domain.money import Money
from kiosk.domain.returns import ChargedOnce, PastDrop, PastReturn
from kiosk.store import tables

_decode_once = msgspec.json.Decoder(tuple[ChargedOnce, ...]).decode


def of_customer(connection: Connection, merchant_id: str, customer: str) -> tuple[PastReturn, ...]:
    """See kiosk.store.drops.Drops.history."""
    if not customer:
        return ()
    drops, lines = tables.drops.c, tables.lines.c
    rows = connection.execute(
        select(
            drops.return_id,
            func.max(drops.day).label("day"),
            func.sum(lines.brought).label("units"),
            func.sum(lines.price).label("value"),
            lines.currency,
        )
        .join_from(tables.drops, tables.lines)
        .where(
            drops.customer == customer,
            drops.merchant_id == merchant_id,
            drops.state.in_(tables.GIVEN_STATES),
            lines.state.in_(tables.TAKEN),
        )
        .group_by(drops.return_id, lines.currency)
        .order_by(drops.return_id, lines.currency)
    )
    return tuple(
        PastReturn(
            row.return_id,
            date.fromisoformat(row.day),
            int(row.units),
            Money(int(row.value), row.currency),
        )
        for row in rows
    )


def past_drops(connection: Connection, promised: ColumnElement[bool]) -> tuple[PastDrop, ...]:
    """By drop id. Of lines that were not taken nothing was charged or given."""
    lines = tables.lines.c
    rows = connection.execute(
        select(lines.drop_id, lines.line_id, lines.brought, lines.fees_once, lines.bonuses_once)
        .join_from(tables.lines, tables.drops)
        .where(promised, lines.state.in_(tables.TAKEN))
        .order_by(lines.drop_id, lines.line_id)
    )
    return tuple(
        _past_drop(drop_id, list(group)) for drop_id, group in groupby(rows, lambda row: row[0])
    )


def once(shares: Sequence[ShareFact]) -> str:
    """What a later drop of the return must know of a line's fees or bonuses."""
    if not shares:
        return "[]"
    kept = [ChargedOnce(share.kind, share.minor, share.base) for share in shares if share.once]
    return msgspec.json.encode(kept).decode("utf-8")


def _past_drop(drop_id: str, rows: Sequence[Any]) -> PastDrop:
    return PastDrop(
        drop_id,
        {row.line_id: int(row.brought) for row in rows},
        tuple(part for row in rows for part in _decode_once(row.fees_once)),
        tuple(part for row in rows for part in _decode_once(row.bonuses_once)),
    )


def local_day(moment: datetime, timezone: str) -> date:
    """The calendar day there; in UTC where the zone is unknown to this machine."""
    try:
        return moment.astimezone(ZoneInfo(timezone)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return moment.astimezone(UTC).date()
