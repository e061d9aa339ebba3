"""Lines of returns: dropped, and told by the hub as units. That more was dropped than authorised is
found while it is taken in (sync.central.opened), where the refund key is claimed."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from sync.central.cases import Kind as CaseKind
from sync.central.reconcile.model import Kind, Unit
from sync.central.reconcile.parts import UNPACKED, m, total, unpacked
from sync.central.reconcile.rules import Family, Rule
from sync.central.reconcile.scratch import LINES, MOVED, TAKEN
from sync.central.tables import drop_lines
from sync.central.tables.base import Moment

_s = LINES.c


def standings(tenant: str) -> sa.Select[Any]:
    """What was graded was received, whether or not that was told: the larger of both counts. The
    first word about any line of a return is when it was unpacked. Where there was none, nobody
    minds its lines."""
    touched = unpacked()
    told = sa.union_all(_dropped(touched), _told(tenant, touched)).subquery()
    received, graded = total(told.c.received), total(told.c.graded)
    first_at = sa.func.min(told.c.told_at, type_=Moment)
    of_return = sa.func.min(first_at, type_=Moment).over(partition_by=told.c.unit_id)
    return (
        sa.select(
            *(told.c.unit_id, told.c.part_id, sa.func.max(told.c.site).label("site")),
            total(told.c.dropped).label("dropped"),
            total(told.c.expected).label("expected"),
            sa.case((graded > received, graded), else_=received).label("received"),
            of_return.label("unpacked_at"),
            first_at.label("first_at"),
        )
        .where(sa.true())
        .group_by(told.c.unit_id, told.c.part_id)
    )


def _dropped(touched: sa.Subquery) -> sa.Select[Any]:
    line = drop_lines.c
    at_the_hub = sa.case((MOVED.c.received_at.is_not(None), line.brought), else_=0)
    return (
        sa.select(
            TAKEN.c.return_id.label("unit_id"),
            line.line_id.label("part_id"),
            TAKEN.c.site,
            line.brought.label("dropped"),
            at_the_hub.label("expected"),
            _none("received"),
            _none("graded"),
            sa.cast(sa.null(), Moment).label("told_at"),
        )
        .join(touched, touched.c.return_id == TAKEN.c.return_id)
        .join(drop_lines, line.drop_id == TAKEN.c.drop_id)
        .outerjoin(MOVED, MOVED.c.bag_id == TAKEN.c.bag_id)
        .where(line.state == "accepted")
    )


def _told(tenant: str, touched: sa.Subquery) -> sa.Select[Any]:
    return (
        sa.select(
            m.return_id.label("unit_id"),
            m.line_id.label("part_id"),
            sa.literal("").label("site"),
            _none("dropped"),
            _none("expected"),
            sa.case((m.kind == Kind.RECEIVED.value, m.count), else_=0).label("received"),
            sa.case((m.kind == Kind.GRADED.value, m.count), else_=0).label("graded"),
            m.told_at,
        )
        .join(touched, touched.c.return_id == m.return_id)
        .where(m.tenant == tenant, m.return_id != "", UNPACKED)
    )


def _none(name: str) -> sa.Label[int]:
    return sa.literal(0, sa.BigInteger).label(name)


LINE_RULES: Final = (
    Rule(
        "line.not_unpacked",
        CaseKind.MISSING,
        Kind.RECEIVED,
        sa.and_(_s.received < _s.expected, _s.unpacked_at.is_not(None)),
        "unpacked_hours",
        _s.unpacked_at,
    ),
    Rule(
        "line.too_many",
        CaseKind.EXTRA,
        Kind.RECEIVED,
        _s.received > _s.dropped,
        "unknown_hours",
        _s.first_at,
    ),
)
FAMILY: Final = Family(Unit.LINE, LINES, LINE_RULES)
