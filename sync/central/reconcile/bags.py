"""Bags: dropped, in a container, with the carrier, at the hub, and with as many units inside."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from sync.central.cases import Kind as CaseKind
from sync.central.reconcile.model import Kind, Unit
from sync.central.reconcile.parts import opened, total, unpacked
from sync.central.reconcile.rules import Family, Rule
from sync.central.reconcile.scratch import BAGS, MOVED, TAKEN, TOUCHED
from sync.central.tables.base import Moment

_TOUCHED: Final = TOUCHED[Unit.BAG]
_s = BAGS.c
_nobody_dropped = sa.and_(_s.drops == 0, _s.first_at.is_not(None))
_dropped = sa.and_(_s.drops > 0, _s.units > 0)
_in_a_container = sa.and_(_dropped, _s.container_id.is_not(None))
_by_itself = sa.and_(_dropped, _s.container_id.is_(None))
_not_seen = sa.and_(_s.gone_at.is_(None), _s.received_at.is_(None))


def standings(_tenant: str) -> sa.Select[Any]:
    dropped, box = _dropped_in(), opened()
    return (
        sa.select(
            _TOUCHED.c.unit_id,
            sa.func.coalesce(dropped.c.site, MOVED.c.site, "").label("site"),
            sa.func.coalesce(dropped.c.drops, 0).label("drops"),
            sa.func.coalesce(dropped.c.units, 0).label("units"),
            dropped.c.dropped_at,
            MOVED.c.container_id,
            MOVED.c.since.label("contained_at"),
            MOVED.c.gone_at,
            MOVED.c.received_at,
            MOVED.c.received,
            dropped.c.unpacked_at,
            box.c.opened_at,
            MOVED.c.first_at,
        )
        .select_from(_TOUCHED)
        .outerjoin(dropped, dropped.c.bag_id == _TOUCHED.c.unit_id)
        .outerjoin(MOVED, MOVED.c.bag_id == _TOUCHED.c.unit_id)
        .outerjoin(box, box.c.container_id == MOVED.c.container_id)
        .where(sa.true())
    )


def _dropped_in() -> sa.Subquery:
    lines = unpacked()
    return (
        sa.select(
            TAKEN.c.bag_id,
            sa.func.min(TAKEN.c.site).label("site"),
            sa.func.count().label("drops"),
            total(TAKEN.c.units).label("units"),
            sa.func.min(TAKEN.c.dropped_at, type_=Moment).label("dropped_at"),
            sa.func.min(lines.c.unpacked_at, type_=Moment).label("unpacked_at"),
        )
        .outerjoin(lines, lines.c.return_id == TAKEN.c.return_id)
        .group_by(TAKEN.c.bag_id)
        .subquery()
    )


BAG_RULES: Final = (
    Rule("bag.twice", CaseKind.DUPLICATE_DROP, None, _s.drops > 1),
    Rule(
        "bag.not_contained",
        CaseKind.MISSING,
        Kind.CONTAINED,
        sa.and_(_dropped, _s.contained_at.is_(None), _not_seen),
        "contained_hours",
        _s.dropped_at,
    ),
    Rule(
        "bag.not_unpacked",
        CaseKind.MISSING,
        Kind.RECEIVED,
        sa.and_(_in_a_container, _s.opened_at.is_not(None), _s.received_at.is_(None)),
        "unpacked_hours",
        _s.opened_at,
    ),
    Rule(
        "bag.not_received",
        CaseKind.MISSING,
        Kind.RECEIVED,
        sa.and_(_by_itself, _s.gone_at.is_not(None), _s.received_at.is_(None)),
        "received_hours",
        _s.gone_at,
    ),
    Rule(
        "bag.nobody_dropped",
        CaseKind.EXTRA,
        Kind.CONTAINED,
        sa.and_(_nobody_dropped, sa.or_(_s.contained_at.is_not(None), _s.gone_at.is_not(None))),
        "unknown_hours",
        _s.first_at,
    ),
    Rule(
        "bag.unknown",
        CaseKind.UNKNOWN_PARCEL,
        Kind.RECEIVED,
        sa.and_(_nobody_dropped, _s.contained_at.is_(None), _s.gone_at.is_(None)),
        "unknown_hours",
        _s.first_at,
    ),
    Rule(
        "bag.count",
        CaseKind.COUNT_DIFFERS,
        Kind.RECEIVED,
        sa.and_(_s.drops == 1, _s.received != _s.units, _s.unpacked_at.is_(None)),
    ),
)
FAMILY: Final = Family(Unit.BAG, BAGS, BAG_RULES)
