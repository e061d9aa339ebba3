"""Drops that this kiosk promised, lost, and has from the centre again: known, and not sent again.

Told of a page at a time (`told.place` is where to go on); the page and the place are one commit,
so that a kiosk that dies on the way goes on where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from kiosk.domain.events import DropCommitted
from kiosk.store import meta, tables
from kiosk.store.drops import COUNTER
from kiosk.store.recovery import told as places
from kiosk.store.recovery.marks import count_of
from kiosk.store.recovery.rebuild import drop_row, goods_again, put_in
from kiosk.store.recovery.rows import Row
from kiosk.store.values import stamp

Promise = tuple[DropCommitted, datetime]
"""What was promised, and when."""


def take(connection: Connection, promises: Sequence[Promise], after: str) -> int:
    """Write down what is not known, and go on from `after`, "" for nowhere; how many drops were
    found since the recovery."""
    found = int(meta.read(connection, places.FOUND) or 0)
    found += sum(_taken(connection, fact, at) for fact, at in promises)
    count = max((count_of(fact.drop_number) for fact, _ in promises), default=0)
    if count > int(meta.read(connection, COUNTER) or 0):
        meta.write(connection, COUNTER, str(count))
    meta.write(connection, places.FOUND, str(found))
    meta.write(connection, places.PLACE, after)
    return found


def _put(connection: Connection, row: Row) -> bool:
    """An older image of the disk gives numbers that were given before, until it hears of it: then
    one stands on another drop here. The centre has both; here the older one bears a mark, for the
    return must not be taken again."""
    number = row["drop_number"]
    names = (number, f"{number}*", f"{number}*{row['drop_id']}")
    return any(put_in(connection, tables.drops, {**row, "drop_number": name}) for name in names)


def _taken(connection: Connection, fact: DropCommitted, at: datetime) -> bool:
    """Whether the drop was missing here. One that was given up, because its end was lost, stands
    as promised."""
    where = tables.drops.c.drop_id == fact.drop_id
    known = connection.execute(select(tables.drops).where(where)).one_or_none()
    if known is not None and known.receipt is not None:
        return False
    row = drop_row(fact, stamp(at))
    if known is not None:
        connection.execute(update(tables.drops).where(where).values(row))
    elif not _put(connection, row):
        return False
    goods_again(connection, fact, stamp(at))
    return True
