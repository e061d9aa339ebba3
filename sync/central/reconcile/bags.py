"""Bags: dropped, in a container, with the carrier, at the hub, and with as many units inside."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from sync.central.cases import Kind as CaseKind
from sync.central.reconcile.model import Kind, Unit
from sync.central.reconcile.parts import ARRIVED, first, m, newest_count, opened, total, unpacked
from sync.central.reconcile.rules import Family, Rule
from sync.central.reconcile.scratch import BAGS, INSIDE, TOUCHED
from sync.central.tables import devices, drop_lines, drops
from sync.central.tables.base import Moment

_TOUCHED: Final = TOUCHED[Unit.BAG]
_s = BAGS.c
_nobody_dropped = sa.and_(_s.drops == 0, _s.first_at.is_not(None))
_dropped = sa.and_(_s.drops > 0, _s.units > 0)
_in_a_container = sa.and_(_dropped, _s.container_id.is_not(None))
_by_itself = sa.and_(_dropped, _s.container_id.is_(None))
_not_seen = sa.and_(_s.gone_at.is_(None), _s.received_at.is_(None))


def standings(tenant: str) -> sa.Select[Any]:
    dropped, moved, arrived = _dropped_in(tenant), _moved(tenant), _counted(tenant)
    box = opened(tenant)
    return (
        sa.select(
            _TOUCHED.c.unit_id,
            sa.func.coalesce(dropped.c.site, moved.c.site, "").label("site"),
            sa.func.coalesce(dropped.c.drops, 0).label("drops"),
            sa.func.coalesce(dropped.c.units, 0).label("units"),
            dropped.c.dropped_at,
            INSIDE.c.container_id,
            INSIDE.c.since.label("contained_at"),
            moved.c.gone_at,
            moved.c.received_at,
            arrived.c.many.label("received"),
            dropped.c.unpacked_at,
            box.c.opened_at,
            moved.c.first_at,
        )
        .select_from(_TOUCHED)
        .outerjoin(dropped, dropped.c.bag_id == _TOUCHED.c.unit_id)
        .outerjoin(moved, moved.c.bag_id == _TOUCHED.c.unit_id)
        .outerjoin(arrived, arrived.c.unit_id == _TOUCHED.c.unit_id)
        .outerjoin(INSIDE, INSIDE.c.bag_id == _TOUCHED.c.unit_id)
        .outerjoin(box, box.c.container_id == INSIDE.c.container_id)
        .where(sa.true())
    )


def _dropped_in(tenant: str) -> sa.Subquery:
    lines = unpacked(tenant, TOUCHED[Unit.RETURN])
    taken = sa.case((drop_lines.c.state == "accepted", drop_lines.c.brought), else_=0)
    return (
        sa.select(
            drops.c.bag_id,
            sa.func.min(devices.c.site).label("site"),
            sa.func.count(drops.c.drop_id.distinct()).label("drops"),
            total(taken).label("units"),
            sa.func.min(drops.c.corrected_at, type_=Moment).label("dropped_at"),
            sa.func.min(lines.c.unpacked_at, type_=Moment).label("unpacked_at"),
        )
        .join(_TOUCHED, _TOUCHED.c.unit_id == drops.c.bag_id)
        .join(devices, devices.c.device_id == drops.c.device_id)
        .outerjoin(drop_lines, drop_lines.c.drop_id == drops.c.drop_id)
        .outerjoin(lines, lines.c.return_id == drops.c.return_id)
        .where(drops.c.tenant == tenant)
        .group_by(drops.c.bag_id)
        .subquery()
    )


def _moved(tenant: str) -> sa.Subquery:
    gone = m.kind.in_((Kind.HANDED_OVER.value, Kind.ACKNOWLEDGED.value))
    about = sa.or_(m.kind == Kind.CONTAINED.value, gone, ARRIVED)
    return (
        sa.select(
            m.bag_id,
            sa.func.max(m.site).label("site"),
            first(gone).label("gone_at"),
            first(ARRIVED).label("received_at"),
            sa.func.min(m.told_at, type_=Moment).label("first_at"),
        )
        .join(_TOUCHED, _TOUCHED.c.unit_id == m.bag_id)
        .where(m.tenant == tenant, m.bag_id != "", about)
        .group_by(m.bag_id)
        .subquery()
    )


def _counted(tenant: str) -> sa.Subquery:
    return newest_count(tenant, m.bag_id, _TOUCHED, ARRIVED)


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
