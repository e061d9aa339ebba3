"""A promise that staff take back on its day: what it was worth, and its rows.

The bag stays held: its plate is on goods that the shopper has again, and another drop in the same
bag would be two stories of one plate. The code of the return may be shown again: a voided drop
counts nowhere.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select

from kiosk.domain.drops import Drop, DropState
from kiosk.store import tables
from kiosk.store.work import Work


def worth(work: Work, drop_id: str) -> tuple[tuple[int, str], ...] | None:
    """What was paid for the goods that a standing drop took, in minor units by currency; None for
    a drop that is not this kiosk's, or does not stand."""
    drops, lines = tables.drops.c, tables.lines.c
    standing = (drops.drop_id == drop_id) & drops.state.in_(tables.GIVEN_STATES)
    if work.connection.execute(select(drops.drop_id).where(standing)).first() is None:
        return None
    rows = work.connection.execute(
        select(func.sum(lines.price), lines.currency)
        .where(lines.drop_id == drop_id, lines.state.in_(tables.TAKEN))
        .group_by(lines.currency)
        .order_by(lines.currency)
    )
    return tuple((int(minor), str(currency)) for minor, currency in rows)


def void(work: Work, drop_id: str, on: date, reason: str, now: datetime) -> bool:
    """Take it back; False for one that is not this kiosk's. `on` is the shop's day of both the
    promise and this, as the counter has made sure. Raises IllegalTransition for one that went."""
    drops = tables.drops.c
    row = work.connection.execute(
        select(drops.return_id, drops.state, drops.bag_id).where(drops.drop_id == drop_id)
    ).first()
    if row is None:
        return False
    held = Drop(drop_id, row.return_id, DropState(row.state), bag_id=row.bag_id, committed_on=on)
    work.drops.move(held.void(on, reason), now)
    return True
