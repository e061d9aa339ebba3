"""Returns: as much refunded as was promised, in the same money, and in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from sync.central.cases import Kind as CaseKind
from sync.central.fold import PROMISED
from sync.central.reconcile.model import Kind, Tolerances, Unit
from sync.central.reconcile.parts import m, total
from sync.central.reconcile.rules import Family, Rule
from sync.central.reconcile.scratch import RETURNS, TOUCHED
from sync.central.tables import devices, drop_lines, drops
from sync.central.tables.base import Moment

_TOUCHED: Final = TOUCHED[Unit.RETURN]
_s = RETURNS.c
_BACK: Final = m.kind == Kind.REFUNDED.value


def standings(tenant: str) -> sa.Select[Any]:
    dropped, paid = _promised(tenant), _paid(tenant)
    foreign = _foreign(tenant, dropped)
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
            sa.func.coalesce(foreign.c.many, 0).label("foreign"),
            paid.c.refunded_at,
        )
        .select_from(_TOUCHED)
        .outerjoin(dropped, dropped.c.return_id == _TOUCHED.c.unit_id)
        .outerjoin(paid, paid.c.return_id == _TOUCHED.c.unit_id)
        .outerjoin(foreign, foreign.c.return_id == _TOUCHED.c.unit_id)
        .where(sa.true())
    )


def _promised(tenant: str) -> sa.CTE:
    """A disputed drop promised what an earlier one has: its money may be paid, and need not."""
    held = _held_back(tenant)
    once = sa.case((drops.c.disputed.is_(True), 0), else_=drops.c.refund)
    return (
        sa.select(
            drops.c.return_id,
            sa.func.min(devices.c.site).label("site"),
            sa.func.count().label("drops"),
            total(once).label("promised"),
            total(drops.c.refund + sa.func.coalesce(held.c.withheld, 0)).label("most"),
            sa.func.max(drops.c.currency).label("currency"),
            sa.func.min(drops.c.corrected_at, type_=Moment).label("dropped_at"),
        )
        .join(_TOUCHED, _TOUCHED.c.unit_id == drops.c.return_id)
        .join(devices, devices.c.device_id == drops.c.device_id)
        .outerjoin(held, held.c.drop_id == drops.c.drop_id)
        .where(drops.c.tenant == tenant)
        .group_by(drops.c.return_id)
        .cte("promised")
    )


def _held_back(tenant: str) -> sa.Subquery:
    """What a person at the merchant's may still grant, by drop."""
    line = drop_lines.c
    return (
        sa.select(line.drop_id, total(line.withheld).label("withheld"))
        .join(drops, drops.c.drop_id == line.drop_id)
        .join(_TOUCHED, _TOUCHED.c.unit_id == drops.c.return_id)
        .where(drops.c.tenant == tenant, line.state.in_(sorted(PROMISED)))
        .group_by(line.drop_id)
        .subquery()
    )


def _paid(tenant: str) -> sa.Subquery:
    return (
        sa.select(
            m.return_id,
            sa.func.count().label("refunds"),
            total(m.amount).label("refunded"),
            sa.func.min(m.told_at, type_=Moment).label("refunded_at"),
        )
        .join(_TOUCHED, _TOUCHED.c.unit_id == m.return_id)
        .where(m.tenant == tenant, m.return_id != "", _BACK)
        .group_by(m.return_id)
        .subquery()
    )


def _foreign(tenant: str, dropped: sa.CTE) -> sa.Subquery:
    return (
        sa.select(m.return_id, sa.func.count().label("many"))
        .join(dropped, dropped.c.return_id == m.return_id)
        .where(
            *(m.tenant == tenant, m.return_id != "", _BACK),
            *(dropped.c.currency != "", m.currency != dropped.c.currency),
        )
        .group_by(m.return_id)
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
