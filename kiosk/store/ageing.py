"""What the ledger forgets of old drops, so that it does not grow with the years.

A drop with its lines stays for good: a return that was taken must never be taken again, and limits
look back over years. The text of its receipt, which is most of a drop's row, is for reprints only:
it goes after half a year. What the room is used for next, SQLite finds by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from kiosk.store import anchors, tables
from kiosk.store.values import stamp

RECEIPT_KEPT = timedelta(days=180)
PORTION = 200
"""Receipts a transaction: whoever comes meanwhile waits for one of these at most."""

_drops = tables.drops.c
_HELD = (_drops.receipt != "", _drops.drop_number.is_not(None))


def believed(connection: Connection) -> datetime | None:
    """The latest time that the centre has sworn to: our own clock may be years out, and what it
    let go would not come back. None for a kiosk that never heard the centre."""
    return max(_sworn(connection), default=None)


def _sworn(connection: Connection) -> Iterator[datetime]:
    for kept in anchors.without(connection, ()):
        at = datetime.fromisoformat(kept.sworn.time)
        if at.tzinfo is not None:
            yield at


def forget(connection: Connection, before: datetime) -> int:
    """Empty the receipts of some drops that were promised before; how many.

    The rows are written anew: one that only shrinks where it stands leaves its page half empty for
    good (SQLite joins pages when rows go, not when they shrink). What hangs on them waits.
    """
    where = (_drops.committed_at < stamp(before), *_HELD)
    old = connection.execute(select(tables.drops).where(*where).limit(PORTION)).mappings().all()
    if not old:
        return 0
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # until the commit
    names = [row["drop_id"] for row in old]
    connection.execute(delete(tables.drops).where(_drops.drop_id.in_(names)))
    connection.execute(insert(tables.drops), [{**row, "receipt": ""} for row in old])
    return len(old)


def is_forgotten(connection: Connection, drop_number: str) -> bool:
    """Whether the drop stands, and its receipt does not."""
    where = (_drops.drop_number == drop_number, _drops.receipt == "")
    return connection.execute(select(_drops.drop_id).where(*where)).first() is not None
