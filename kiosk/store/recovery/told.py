"""What the last recovery did, as the ledger remembers it: for staff, the doctor and commands."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from kiosk.domain.events import StoreRecovered
from kiosk.store import meta
from kiosk.store.values import moment, stamp

KEY = "store.recovered"
PLACE, FOUND = "store.recall", "store.recall.found"
"""Where to go on asking the centre for drops that may be lost here, and how many were found."""
_BEGIN = "the beginning"


class Mended(msgspec.Struct, frozen=True):
    """`at` is `values.stamp`; the rest as kiosk.domain.events.StoreRecovered says it."""

    at: str
    cause: str = ""
    events: int = 0
    damaged: int = 0
    missing: int = 0
    left_out: int = 0
    uncounted: bool = False

    @property
    def when(self) -> datetime:
        return moment(self.at)

    @property
    def lossy(self) -> bool:
        """Whether something may be gone that only this kiosk knew."""
        return bool(self.damaged or self.missing or self.left_out or self.uncounted)


def put(connection: Connection, now: datetime, fact: StoreRecovered) -> None:
    told = Mended(
        stamp(now), fact.cause, fact.events, fact.damaged, fact.missing, fact.left_out,
        fact.uncounted,
    )  # fmt: skip
    meta.write(connection, KEY, msgspec.json.encode(told).decode())
    if told.lossy or fact.rewritten:
        ask_back(connection)


def ask_back(connection: Connection) -> None:
    """The centre is asked for all drops that it has of this kiosk, from the first one on."""
    meta.write(connection, PLACE, _BEGIN)
    meta.write(connection, FOUND, "0")


def place(connection: Connection) -> str | None:
    """Where the centre is to be asked to go on, "" for the beginning; None where there is nothing
    to ask."""
    kept = meta.read(connection, PLACE)
    return None if not kept else "" if kept == _BEGIN else kept


def last(connection: Connection) -> Mended | None:
    """None for a ledger that never was mended."""
    text = meta.read(connection, KEY)
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=Mended)
    except msgspec.MsgspecError:
        return Mended(text)  # as an earlier version kept it: the time alone
