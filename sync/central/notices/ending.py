"""What becomes of notices that nobody is sending: those of workers that died, and those whose time
is over.

A worker that died before it handed anything over: the notice is sent again. One that died while it
did: it is dropped as unsure, and nobody gets it twice. Whoever may have missed that their parcel
came is reminded the next day instead, which is another notice with the same code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from kiosk.ports import Ids
from sync.central.notices import queue
from sync.central.notices.model import Kind, State, Thing, Wanted, Why
from sync.central.sealing import Unreadable
from sync.central.tables import notices

PORTION: Final = 200
AGAIN: Final = timedelta(hours=20)
"""After which a notice that may have been missed is made up for."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How many were put back, dropped as unsure, and dropped as too late."""

    again: int
    unsure: int
    late: int


def sweep(c: sa.Connection, ids: Ids, tenant: str, now: datetime) -> Ended:
    """One portion of each. Rows that another worker is at are passed over."""
    return Ended(_again(c, tenant, now), _unsure(c, ids, tenant, now), _late(c, tenant, now))


def _found(
    c: sa.Connection, tenant: str, state: State, over: sa.ColumnElement[bool]
) -> list[sa.RowMapping]:
    mine = sa.and_(notices.c.tenant == tenant, notices.c.state == state.value, over)
    query = sa.select(notices).where(mine).limit(PORTION)
    return list(c.execute(query.with_for_update(skip_locked=True)).mappings())


def _again(c: sa.Connection, tenant: str, now: datetime) -> int:
    rows = _found(c, tenant, State.SENDING, notices.c.held_until <= now)
    for row in rows:
        queue.put_back(c, row, due_at=now)
    return len(rows)


def _unsure(c: sa.Connection, ids: Ids, tenant: str, now: datetime) -> int:
    rows = _found(c, tenant, State.HANDING, notices.c.held_until <= now)
    for row in rows:
        unsure(c, ids, now, row)
    return len(rows)


def unsure(c: sa.Connection, ids: Ids, now: datetime, row: sa.RowMapping, answer: str = "") -> None:
    """Drop one that may have been taken, and make up for it where that matters."""
    make_up_for(c, ids, now, row)
    queue.settle(c, row, State.DROPPED, now, why=Why.UNSURE, answer=answer)


def make_up_for(c: sa.Connection, ids: Ids, now: datetime, row: sa.RowMapping) -> None:
    if row["kind"] != Kind.ARRIVED.value:
        return  # reminders come by themselves, and the others hold nothing that anybody needs
    try:
        hidden = queue.hidden_of(c, row)
    except Unreadable:
        return
    queue.put(c, ids, now, row["tenant"], _reminder(row, hidden, now))


def _reminder(row: Any, hidden: Any, now: datetime) -> Wanted:
    due = now + AGAIN
    return Wanted(
        Kind.REMINDER,
        Thing(row["thing"]),
        row["about"],
        f"after {row['occasion']}",
        row["language"],
        hidden,
        due,
        due + timedelta(days=1),
        row["recipient"],
        row["site"],
        row["merchant_id"],
        msgspec.json.decode(row["told"], type=dict[str, str]),
    )


def _late(c: sa.Connection, tenant: str, now: datetime) -> int:
    done = 0
    for state in (State.QUEUED, State.FAILED):
        for row in _found(c, tenant, state, notices.c.not_after <= now):
            why = Why(row["why"]) if state is State.FAILED and row["why"] else Why.TOO_LATE
            done += queue.settle(c, row, State.DROPPED, now, why=why, answer=row["answer"])
    return done
