"""Facts that came after the books of their day were closed: a case for each kiosk or source and
day. The closed book stays as it is; they are in the next one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from sync.central.cases import Evidence
from sync.central.cases import Kind as CaseKind
from sync.central.reconcile.differences import Found, Same, When, replace
from sync.central.reconcile.evidence import MOST
from sync.central.reconcile.model import Unit
from sync.central.reconcile.touched import Window
from sync.central.tables import devices, drops
from sync.central.tables.reconcile import closings, differences, movements


def look(c: sa.Connection, when: When, window: Window, what: str) -> Same:
    """`what` is drops or movements: those of this window, and all that are late with them."""
    found = list(_drops(c, when, window) if what == "drops" else _movements(c, when, window))
    key = sa.tuple_(differences.c.unit_id, differences.c.part_id)
    among = key.in_([(one.unit_id, one.part_id) for one in found])
    return replace(c, when, Unit.BOOK, found, among)


def _late(tenant: str, told_at: Any, received_at: Any) -> sa.ColumnElement[bool]:
    return sa.and_(
        closings.c.tenant == tenant,
        closings.c.starts_at <= told_at,
        told_at < closings.c.ends_at,
        closings.c.until < received_at,
    )


def _drops(c: sa.Connection, when: When, window: Window) -> Iterator[Found]:
    d = drops.c
    late = sa.and_(d.tenant == when.tenant, _late(when.tenant, d.corrected_at, d.received_at))
    new = (
        sa.select(d.device_id, closings.c.day)
        .distinct()
        .where(late, window.of(d.received_at))
        .subquery()
    )
    query = (
        sa.select(
            *(d.device_id.label("who"), closings.c.day, devices.c.site),
            *(d.drop_id.label("fact"),),
        )
        .join(devices, devices.c.device_id == d.device_id)
        .join(new, new.c.device_id == d.device_id)
        .where(late, closings.c.day == new.c.day)
    )
    return _grouped(map(dict, c.execute(query).mappings()), True)


def _movements(c: sa.Connection, when: When, window: Window) -> Iterator[Found]:
    m = movements.c
    late = sa.and_(m.tenant == when.tenant, _late(when.tenant, m.told_at, m.received_at))
    new = (
        sa.select(m.source, closings.c.day)
        .distinct()
        .where(late, window.of(m.received_at))
        .subquery()
    )
    query = (
        sa.select(
            *(m.source.label("who"), closings.c.day, m.site),
            m.source_id.label("fact"),
        )
        .join(new, new.c.source == m.source)
        .where(late, closings.c.day == new.c.day)
    )
    return _grouped(map(dict, c.execute(query).mappings()), False)


def _grouped(rows: Iterable[Mapping[str, Any]], of_devices: bool) -> Iterator[Found]:
    groups: defaultdict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["who"], row["day"]].append(row)
    for (who, day), facts in sorted(groups.items()):
        facts.sort(key=lambda row: str(row["fact"]))
        names = tuple(str(row["fact"]) for row in facts[:MOST])
        more = f"and {len(facts) - MOST} more" if len(facts) > MOST else ""
        proof = Evidence(
            drops=names if of_devices else (),
            numbers={"day": day, "late": len(facts)},
            detail=more if of_devices else "\n".join([*names, more]).strip(),
        )
        site = min(str(row["site"]) for row in facts)
        device = who if of_devices else ""
        yield Found(
            *(CaseKind.LATE_UPLOAD, Unit.BOOK, who, day), site=site, device_id=device, proof=proof
        )
