"""The facts of counters, out of a damaged ledger: those whose rows stand, and our own once more
from their events. What others told is asked for again from the beginning; what is known then is
nothing new.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection

from kiosk.store import meta
from kiosk.store.recovery.rows import Row, Rows

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
    return sum(put(connection, told) for told in sorted((*known, *own), key=lambda one: one.hlc))
