"""The facts of counters, out of a damaged ledger: those whose rows stand, and our own once more
from their events. What others told is asked for again from the beginning; what is known then is
nothing new.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sqlalchemy import Connection, update

from kiosk.domain.drops import DropState
from kiosk.store import meta, tables
from kiosk.store.recovery.rows import Row, Rows

if TYPE_CHECKING:
    from kiosk.store.counter import ToldFact

_VOIDED = "takeback.bag.voided.v1"
CURSOR, DEVICE = "counter.cursor", "counter.device"  # kiosk.store.counter
_FACT = re.compile(r"takeback\.(parcel|bag|container|manifest|shelf)\.")


def facts_again(connection: Connection, rows: Rows, sound: list[Row]) -> int:
    """How many facts are known again; 0 for what never was a counter. To be asked once the marks
    are written."""
    device = meta.read(connection, DEVICE)
    kept = rows.standing("counter_facts")
    if not device and not kept:
        return 0
    from kiosk.store.counter import ToldFact, put

    meta.write(connection, CURSOR, "")
    known = [
        ToldFact(row["hlc"], row["device"], row["type"], row["data"], row["part"]) for row in kept
    ]
    own = [
        ToldFact(row["hlc"], device, row["type"], row["data"])
        for row in sound
        if device and _FACT.match(row["type"])
    ]
    facts = sorted((*known, *own), key=lambda one: one.hlc)
    _void_again(connection, facts)
    return sum(put(connection, told) for told in facts)


def _void_again(connection: Connection, facts: list[ToldFact]) -> None:
    """A promise that staff took back, and whose row was written again from its event, stands no
    more."""
    bags = [bag for told in facts if told.type == _VOIDED and (bag := _bag(told.data))]
    of_bags = (tables.drops.c.bag_id.in_(bags), tables.drops.c.state == DropState.COMMITTED.value)
    connection.execute(update(tables.drops).where(*of_bags).values(state=DropState.VOIDED.value))


def _bag(data: str) -> str:
    try:
        return str(json.loads(data)["bag_id"])
    except (ValueError, TypeError, KeyError):
        return ""
