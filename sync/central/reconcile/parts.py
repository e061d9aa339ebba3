"""Pieces that several standings are put together from."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from sync.central.reconcile.model import Kind
from sync.central.reconcile.scratch import MOVED, TOLD
from sync.central.tables.base import Moment
from sync.central.tables.reconcile import movements

m: Final = movements.c
Where = sa.ColumnElement[bool]
ARRIVED: Final = sa.and_(m.kind == Kind.RECEIVED.value, m.line_id == "")
UNPACKED: Final = sa.and_(m.kind.in_((Kind.RECEIVED.value, Kind.GRADED.value)), m.line_id != "")


def first(when: Where) -> sa.ColumnElement[Any]:
    """The earliest moment of the movements for which `when` holds."""
    return sa.func.min(sa.case((when, m.told_at)), type_=Moment)


def latest(when: Where) -> sa.ColumnElement[Any]:
    return sa.func.max(sa.case((when, m.told_at)), type_=Moment)


def total(column: Any) -> sa.ColumnElement[int]:
    """A sum as a whole number: PostgreSQL's sums of whole numbers are of another type."""
    return sa.cast(sa.func.sum(column), sa.BigInteger)


def newest(column: Any, tenant: str, name: Any, unit: Any, when: Where) -> sa.ScalarSelect[Any]:
    """What the last movement of a unit says for which `when` holds. A look-up for each unit that
    it is asked for: for the few of which different things were told."""
    return (
        sa.select(column)
        .where(m.tenant == tenant, name != "", name == unit, when)
        .order_by(m.told_at.desc(), m.source, m.source_id)
        .limit(1)
        .scalar_subquery()
    )


def counted(when: Where) -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    """The smallest and the largest count of those movements that counted; nearly always the
    same."""
    count = sa.case((sa.and_(when, m.count >= 0), m.count))
    return sa.func.min(count), sa.func.max(count)


def opened() -> sa.Subquery:
    """By container: when the hub told the first of its bags."""
    return (
        sa.select(
            MOVED.c.container_id,
            sa.func.min(MOVED.c.received_at, type_=Moment).label("opened_at"),
        )
        .where(MOVED.c.container_id.is_not(None), MOVED.c.received_at.is_not(None))
        .group_by(MOVED.c.container_id)
        .subquery()
    )


def unpacked() -> sa.Subquery:
    """By return: when the hub told the first of its lines. Without those of which it told none."""
    return (
        sa.select(
            TOLD.c.return_id, sa.func.min(TOLD.c.unpacked_at, type_=Moment).label("unpacked_at")
        )
        .where(TOLD.c.unpacked_at.is_not(None))
        .group_by(TOLD.c.return_id)
        .subquery()
    )
