"""Cases as the pages show them: a page of them, how many there are of what, and one with its
steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from sync.central.cases.evidence import Evidence, read
from sync.central.cases.kinds import Kind
from sync.central.cases.lifecycle import UNSETTLED, State
from sync.central.database import Database
from sync.central.tables import case_events, cases, devices, drops

PAGE: Final = 50
Row = Mapping[str, Any]
UNDONE, ALL = "todo", "all"
NOBODY: Final = "-"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: "" for any. `state` is a State, UNDONE (not settled) or ALL; `owner` a name, or
    NOBODY. `page` counts from 1."""

    kind: str = ""
    state: str = UNDONE
    owner: str = ""
    site: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """`kinds` are counts of all that fits but for the kind; `sites` and `owners` are those that
    have unsettled cases."""

    rows: tuple[Row, ...]
    more: bool
    kinds: Mapping[str, int]
    sites: tuple[str, ...]
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class One:
    case: Row
    evidence: Evidence
    steps: tuple[Row, ...]
    drops: Mapping[str, Row]  # those of the evidence that are here, by id


def _where(tenant: str, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    parts = [cases.c.tenant == tenant]
    if wanted.state == UNDONE:
        parts.append(cases.c.state.in_(UNSETTLED))
    elif wanted.state in set(State):
        parts.append(cases.c.state == wanted.state)
    if wanted.owner:
        parts.append(cases.c.owner == ("" if wanted.owner == NOBODY else wanted.owner))
    if wanted.site:
        parts.append(cases.c.site == wanted.site)
    return parts


def listed(database: Database, tenant: str, wanted: Wanted) -> Listed:
    """The oldest first: what waits longest is looked at first."""
    where = _where(tenant, wanted)
    of_kind = [cases.c.kind == wanted.kind] if wanted.kind in set(Kind) else []
    query = (
        sa.select(cases, devices.c.kiosk_code)
        .outerjoin(devices, devices.c.device_id == cases.c.device_id)
        .where(*where, *of_kind)
        .order_by(cases.c.opened_at, cases.c.case_id)
        .limit(PAGE + 1)
        .offset(PAGE * (wanted.page - 1))
    )
    kinds = sa.select(cases.c.kind, sa.func.count()).where(*where).group_by(cases.c.kind)
    with database.reading() as c:
        rows = [_read(row) for row in c.execute(query).mappings()]
        return Listed(
            rows=tuple(rows[:PAGE]),
            more=len(rows) > PAGE,
            kinds={kind: int(count) for kind, count in c.execute(kinds)},
            sites=_named(c, tenant, cases.c.site),
            owners=_named(c, tenant, cases.c.owner),
        )


def _read(row: sa.RowMapping) -> Row:
    return {**dict(row), "evidence": read(row["evidence"])}


def _named(c: sa.Connection, tenant: str, column: sa.Column[str]) -> tuple[str, ...]:
    query = (
        sa.select(column)
        .where(cases.c.tenant == tenant, cases.c.state.in_(UNSETTLED), column != "")
        .distinct()
        .order_by(column)
        .limit(500)
    )
    return tuple(c.execute(query).scalars())


def one(database: Database, tenant: str, case_id: str) -> One | None:
    query = (
        sa.select(cases, devices.c.kiosk_code)
        .outerjoin(devices, devices.c.device_id == cases.c.device_id)
        .where(cases.c.tenant == tenant, cases.c.case_id == case_id)
    )
    with database.reading() as c:
        found = c.execute(query).mappings().one_or_none()
        if found is None:
            return None
        case, evidence = dict(found), read(found["evidence"])
        steps = c.execute(
            sa.select(case_events)
            .where(case_events.c.case_id == case_id)
            .order_by(case_events.c.number)
        ).mappings()
        named = c.execute(
            sa.select(drops).where(drops.c.tenant == tenant, drops.c.drop_id.in_(evidence.drops))
        ).mappings()
        return One(
            case,
            evidence,
            tuple(dict(step) for step in steps),
            {row["drop_id"]: dict(row) for row in named},
        )
