"""Manifests: as many containers acknowledged and received as were handed over under them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from sync.central.cases import Kind as CaseKind
from sync.central.reconcile.model import Kind, Unit
from sync.central.reconcile.parts import Where, counted, first, m, newest
from sync.central.reconcile.rules import Family, Rule
from sync.central.reconcile.scratch import MANIFESTS, TOUCHED

_TOUCHED: Final = TOUCHED[Unit.MANIFEST]
_s = MANIFESTS.c
_WHOLE: Final = sa.and_(m.container_id == "", m.bag_id == "")
_HANDED: Final = m.kind == Kind.HANDED_OVER.value
_STAGES: Final[Mapping[str, Where]] = {
    "handed_over": _HANDED,
    "acknowledged": m.kind == Kind.ACKNOWLEDGED.value,
    "received": m.kind == Kind.RECEIVED.value,
}


def standings(tenant: str) -> sa.Select[Any]:
    told = _told(tenant)

    def count(name: str) -> sa.Label[Any]:
        asked = sa.and_(_WHOLE, _STAGES[name], m.count >= 0)
        last = newest(m.count, tenant, m.manifest_id, _TOUCHED.c.unit_id, asked)
        fewest, most = told.c[f"fewest_{name}"], told.c[f"most_{name}"]
        return sa.case((fewest != most, last), else_=most).label(name)

    return (
        sa.select(
            _TOUCHED.c.unit_id,
            sa.func.coalesce(told.c.site, "").label("site"),
            sa.func.coalesce(told.c.listed, 0).label("listed"),
            *map(count, _STAGES),
            told.c.handed_over_at,
            told.c.first_at,
        )
        .select_from(_TOUCHED)
        .outerjoin(told, told.c.manifest_id == _TOUCHED.c.unit_id)
        .where(sa.true())
    )


def _told(tenant: str) -> sa.Subquery:
    """A container and a bag may have the same name: what is listed is told apart by both."""
    thing = m.container_id + "\n" + sa.case((m.container_id == "", m.bag_id), else_="")
    counts = [
        column.label(f"{which}_{name}")
        for name, stage in _STAGES.items()
        for which, column in zip(("fewest", "most"), counted(sa.and_(_WHOLE, stage)), strict=True)
    ]
    return (
        sa.select(
            m.manifest_id,
            sa.func.max(m.site).label("site"),
            sa.func.count(sa.case((sa.and_(_HANDED, ~_WHOLE), thing)).distinct()).label("listed"),
            first(_HANDED).label("handed_over_at"),
            sa.func.min(m.told_at).label("first_at"),
            *counts,
        )
        .join(_TOUCHED, _TOUCHED.c.unit_id == m.manifest_id)
        .where(m.tenant == tenant, m.manifest_id != "")
        .group_by(m.manifest_id)
        .subquery()
    )


_most = sa.case((_s.listed > 0, _s.listed), else_=_s.handed_over)


def _other(column: sa.Column[int]) -> Where:
    return sa.and_(column.is_not(None), column != _most)


MANIFEST_RULES: Final = (
    Rule(
        "manifest.count",
        CaseKind.COUNT_DIFFERS,
        Kind.ACKNOWLEDGED,
        sa.or_(_other(_s.handed_over), _other(_s.acknowledged), _other(_s.received)),
    ),
    Rule(
        "manifest.unknown",
        CaseKind.UNKNOWN_PARCEL,
        Kind.ACKNOWLEDGED,
        sa.and_(_s.handed_over_at.is_(None), _s.first_at.is_not(None)),
        "unknown_hours",
        _s.first_at,
    ),
)
FAMILY: Final = Family(Unit.MANIFEST, MANIFESTS, MANIFEST_RULES)
