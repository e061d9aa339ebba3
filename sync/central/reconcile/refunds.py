"""Returns: as much refunded as was promised, in the same money, and in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from sync.central.cases import Kind as CaseKind
from sync.central.reconcile.model import Kind, Tolerances, Unit
from sync.central.reconcile.parts import total
from sync.central.reconcile.rules import Family, Rule
from sync.central.reconcile.scratch import RETURNS, TAKEN, TOLD, TOUCHED
from sync.central.tables.base import Moment

_TOUCHED: Final = TOUCHED[Unit.RETURN]
_s = RETURNS.c


def standings(_tenant: str) -> sa.Select[Any]:
    dropped = _promised()
    paid = _paid(dropped)
    return (
        sa.select(
            _TOUCHED.c.unit_id,
            sa.func.coalesce(dropped.c.site, "").label("site"),
            sa.func.coalesce(dropped.c.drops, 0).label("drops"),
            sa.func.coalesce(dropped.c.promised, 0).label("promised"),
            sa.func.coalesce(dropped.c.most, 0).label("most"),
            sa.func.coalesce(dropped.c.currency, "").label("currency"),
            dropped.c.dropped_at,
            sa.func.coalesce(paid.c.refunds, 0).label("refunds"),
            sa.func.coalesce(paid.c.refunded, 0).label("refunded"),
            sa.func.coalesce(paid.c.foreign, 0).label("foreign"),
            paid.c.refunded_at,
        )
        .select_from(_TOUCHED)
        .outerjoin(dropped, dropped.c.return_id == _TOUCHED.c.unit_id)
        .outerjoin(paid, paid.c.return_id == _TOUCHED.c.unit_id)
        .where(sa.true())
    )


def _promised() -> sa.CTE:
    """A disputed drop promised what an earlier one has: its money may be paid, and need not. What
    was held back a person at the merchant's may still grant."""
    once = sa.case((TAKEN.c.disputed.is_(True), 0), else_=TAKEN.c.refund)
    return (
        sa.select(
            TAKEN.c.return_id,
            sa.func.min(TAKEN.c.site).label("site"),
            sa.func.count().label("drops"),
            total(once).label("promised"),
            total(TAKEN.c.refund + TAKEN.c.withheld).label("most"),
            sa.func.max(TAKEN.c.currency).label("currency"),
            sa.func.min(TAKEN.c.dropped_at, type_=Moment).label("dropped_at"),
        )
        .where(TAKEN.c.return_id != "")
        .group_by(TAKEN.c.return_id)
        .cte("promised")
    )


def _paid(promised: sa.CTE) -> sa.Subquery:
    """Also how many refunds are in another currency than the promise."""
    foreign = sa.and_(promised.c.currency != "", TOLD.c.currency != promised.c.currency)
    return (
        sa.select(
            TOLD.c.return_id,
            total(TOLD.c.refunds).label("refunds"),
            total(TOLD.c.refunded).label("refunded"),
            total(sa.case((foreign, TOLD.c.refunds), else_=0)).label("foreign"),
            sa.func.min(TOLD.c.refunded_at, type_=Moment).label("refunded_at"),
        )
        .outerjoin(promised, promised.c.return_id == TOLD.c.return_id)
        .group_by(TOLD.c.return_id)
        .subquery()
    )


def rules(tolerances: Tolerances) -> Sequence[Rule]:
    known = sa.and_(_s.drops > 0, _s.refunds > 0)
    most, least = _s.most + tolerances.amount, _s.promised - tolerances.amount
    return (
        Rule(
            "return.not_refunded",
            CaseKind.MISSING,
            Kind.REFUNDED,
            sa.and_(_s.drops > 0, _s.promised > tolerances.amount, _s.refunds == 0),
            "refunded_hours",
            _s.dropped_at,
        ),
        Rule(
            "return.too_little",
            CaseKind.VALUE_DIFFERS,
            Kind.REFUNDED,
            sa.and_(known, _s.foreign == 0, _s.refunded < least),
            "refunded_hours",
            _s.dropped_at,
        ),
        Rule(
            "return.too_much",
            CaseKind.VALUE_DIFFERS,
            Kind.REFUNDED,
            sa.and_(known, sa.or_(_s.foreign > 0, _s.refunded > most)),
        ),
        Rule(
            "return.nobody_dropped",
            CaseKind.EXTRA,
            Kind.REFUNDED,
            sa.and_(_s.drops == 0, _s.refunds > 0),
            "unknown_hours",
            _s.refunded_at,
        ),
    )


def family(tolerances: Tolerances) -> Family:
    return Family(Unit.RETURN, RETURNS, rules(tolerances))
