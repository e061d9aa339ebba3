"""Pieces that several standings are put together from."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from sync.central.reconcile.model import Kind
from sync.central.reconcile.scratch import INSIDE
from sync.central.tables.base import Moment
from sync.central.tables.reconcile import movements

m: Final = movements.c
Where = sa.ColumnElement[bool]
ARRIVED: Final = sa.and_(m.kind == Kind.RECEIVED.value, m.line_id == "")
UNPACKED: Final = sa.and_(m.kind.in_((Kind.RECEIVED.value, Kind.GRADED.value)), m.line_id != "")


def first(when: Where) -> sa.ColumnElement[Any]:
    """The earliest moment of the movements for which `when` holds."""
    return sa.func.min(sa.case((when, m.told_at)), type_=Moment)


def total(column: Any, when: Where | None = None) -> sa.ColumnElement[int]:
    """A sum as a whole number: PostgreSQL's sums of whole numbers are of another type."""
    inner = column if when is None else sa.case((when, column), else_=0)
    return sa.cast(sa.func.sum(inner), sa.BigInteger)


def newest_count(tenant: str, name: Any, touched: sa.Table, when: Where) -> sa.Subquery:
    """By unit: the count that was told last, of those who counted."""
    place = sa.func.row_number().over(
        partition_by=name, order_by=(m.told_at.desc(), m.source, m.source_id)
    )
    told = (
        sa.select(name.label("unit_id"), m.count.label("many"), place.label("place"))
        .where(m.tenant == tenant, name != "", name == touched.c.unit_id, when, m.count >= 0)
        .subquery()
    )
    return sa.select(told.c.unit_id, told.c.many).where(told.c.place == 1).subquery()


def opened(tenant: str) -> sa.Subquery:
    """By container: when the hub told the first of its bags."""
    return (
        sa.select(INSIDE.c.container_id, sa.func.min(m.told_at, type_=Moment).label("opened_at"))
        .where(m.tenant == tenant, m.bag_id != "", m.bag_id == INSIDE.c.bag_id, ARRIVED)
        .group_by(INSIDE.c.container_id)
        .subquery()
    )


def unpacked(tenant: str, touched: sa.Table) -> sa.Subquery:
    """By return: when the hub told the first of its lines."""
    return (
        sa.select(m.return_id, sa.func.min(m.told_at, type_=Moment).label("unpacked_at"))
        .where(m.tenant == tenant, m.return_id != "", m.return_id == touched.c.unit_id, UNPACKED)
        .group_by(m.return_id)
        .subquery()
    )
