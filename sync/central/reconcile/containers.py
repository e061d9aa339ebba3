"""Containers: filled, handed over, acknowledged, received, and with as many bags each time.

Where the hub tells single bags its count of the container is not compared: the bags say more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from sync.central.cases import Kind as CaseKind
from sync.central.reconcile.model import Kind, Unit
from sync.central.reconcile.parts import ARRIVED, Where, counted, first, m, newest, opened
from sync.central.reconcile.rules import Family, Rule
from sync.central.reconcile.scratch import CONTAINERS, MOVED, TOUCHED
from sync.central.tables.base import Moment
from sync.central.tables.reconcile import movements

_TOUCHED: Final = TOUCHED[Unit.CONTAINER]
_s = CONTAINERS.c
_HANDED: Final = m.kind == Kind.HANDED_OVER.value
_ACKNOWLEDGED: Final = m.kind == Kind.ACKNOWLEDGED.value
_STAGES: Final[Mapping[str, Where]] = {
    "handed_over": _HANDED,
    "acknowledged": _ACKNOWLEDGED,
    "received": ARRIVED,
}
_whole = movements.alias("whole")  # what is told of a manifest, and so of all that is on it


def standings(tenant: str) -> sa.Select[Any]:
    filled, moved, listed, box = _filled(), _moved(tenant), _with_manifest(tenant), opened()
    source = (
        _TOUCHED.outerjoin(filled, filled.c.container_id == _TOUCHED.c.unit_id)
        .outerjoin(moved, moved.c.container_id == _TOUCHED.c.unit_id)
        .outerjoin(listed, listed.c.container_id == _TOUCHED.c.unit_id)
        .outerjoin(box, box.c.container_id == _TOUCHED.c.unit_id)
    )

    def count(name: str) -> sa.Label[Any]:
        asked = sa.and_(m.bag_id == "", _STAGES[name], m.count >= 0)
        last = newest(m.count, tenant, m.container_id, _TOUCHED.c.unit_id, asked)
        fewest, most = moved.c[f"fewest_{name}"], moved.c[f"most_{name}"]
        return sa.case((fewest != most, last), else_=most).label(name)

    return (
        sa.select(
            _TOUCHED.c.unit_id,
            sa.func.coalesce(moved.c.site, "").label("site"),
            sa.func.coalesce(filled.c.bags, 0).label("bags"),
            filled.c.contained_at,
            moved.c.handed_over_at,
            count("handed_over"),
            sa.func.coalesce(moved.c.acknowledged_at, listed.c.acknowledged_at).label(
                "acknowledged_at"
            ),
            count("acknowledged"),
            sa.func.coalesce(moved.c.received_at, box.c.opened_at, listed.c.received_at).label(
                "received_at"
            ),
            count("received"),
            box.c.opened_at,
            moved.c.first_at,
        )
        .select_from(source)
        .where(sa.true())
    )


def _filled() -> sa.Subquery:
    return (
        sa.select(
            MOVED.c.container_id,
            sa.func.count().label("bags"),
            sa.func.min(MOVED.c.since, type_=Moment).label("contained_at"),
        )
        .where(MOVED.c.container_id.is_not(None))
        .group_by(MOVED.c.container_id)
        .subquery()
    )


def _moved(tenant: str) -> sa.Subquery:
    """What was told of the container itself, in one pass with the sites of its bags."""
    itself = sa.and_(m.bag_id == "", sa.or_(*_STAGES.values()))
    counts = [
        column.label(f"{which}_{name}")
        for name, stage in _STAGES.items()
        for which, column in zip(
            ("fewest", "most"), counted(sa.and_(m.bag_id == "", stage)), strict=True
        )
    ]
    return (
        sa.select(
            m.container_id,
            sa.func.max(m.site).label("site"),
            first(sa.and_(m.bag_id == "", _HANDED)).label("handed_over_at"),
            first(sa.and_(m.bag_id == "", _ACKNOWLEDGED)).label("acknowledged_at"),
            first(sa.and_(m.bag_id == "", ARRIVED)).label("received_at"),
            first(itself).label("first_at"),
            *counts,
        )
        .join(_TOUCHED, _TOUCHED.c.unit_id == m.container_id)
        .where(m.tenant == tenant, m.container_id != "")
        .group_by(m.container_id)
        .subquery()
    )


def _with_manifest(tenant: str) -> sa.Subquery:
    """What was told of the manifests that a container was handed over under."""
    same = sa.and_(
        _whole.c.tenant == tenant,
        _whole.c.manifest_id != "",
        _whole.c.manifest_id == m.manifest_id,
        _whole.c.container_id == "",
        _whole.c.bag_id == "",
    )

    def told(kind: Kind) -> sa.ColumnElement[Any]:
        is_it: Where = _whole.c.kind == kind.value
        return sa.func.min(sa.case((is_it, _whole.c.told_at)), type_=Moment)

    return (
        sa.select(
            m.container_id,
            told(Kind.ACKNOWLEDGED).label("acknowledged_at"),
            told(Kind.RECEIVED).label("received_at"),
        )
        .join(_TOUCHED, _TOUCHED.c.unit_id == m.container_id)
        .join(_whole, same)
        .where(m.tenant == tenant, m.container_id != "", m.manifest_id != "", _HANDED)
        .group_by(m.container_id)
        .subquery()
    )


def _other(column: sa.Column[int]) -> Where:
    return sa.and_(column.is_not(None), column != _s.bags)


_here = _s.bags > 0
_nobody_filled = sa.and_(_s.bags == 0, _s.first_at.is_not(None))
_came = _s.received_at.is_not(None)
CONTAINER_RULES: Final = (
    Rule(
        "container.not_handed_over",
        CaseKind.MISSING,
        Kind.HANDED_OVER,
        sa.and_(_here, _s.handed_over_at.is_(None), _s.acknowledged_at.is_(None), ~_came),
        "handed_over_hours",
        _s.contained_at,
    ),
    Rule(
        "container.not_acknowledged",
        CaseKind.MISSING,
        Kind.ACKNOWLEDGED,
        sa.and_(_s.handed_over_at.is_not(None), _s.acknowledged_at.is_(None), ~_came),
        "acknowledged_hours",
        _s.handed_over_at,
    ),
    Rule(
        "container.not_received",
        CaseKind.MISSING,
        Kind.RECEIVED,
        sa.and_(_s.acknowledged_at.is_not(None), ~_came),
        "received_hours",
        _s.acknowledged_at,
    ),
    Rule(
        "container.nobody_filled",
        CaseKind.EXTRA,
        Kind.HANDED_OVER,
        sa.and_(_nobody_filled, _s.handed_over_at.is_not(None)),
        "unknown_hours",
        _s.first_at,
    ),
    Rule(
        "container.unknown",
        CaseKind.UNKNOWN_PARCEL,
        Kind.RECEIVED,
        sa.and_(_nobody_filled, _s.handed_over_at.is_(None)),
        "unknown_hours",
        _s.first_at,
    ),
    Rule(
        "container.count",
        CaseKind.COUNT_DIFFERS,
        Kind.RECEIVED,
        sa.and_(
            _here,
            sa.or_(
                _other(_s.handed_over),
                _other(_s.acknowledged),
                sa.and_(_s.opened_at.is_(None), _other(_s.received)),
            ),
        ),
    ),
)
FAMILY: Final = Family(Unit.CONTAINER, CONTAINERS, CONTAINER_RULES)
