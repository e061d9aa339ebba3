"""Parcels, containers and hand-over lists as the pages show them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from kiosk.domain.counter.facts import Kind, Subject
from sync.central.cases import UNSETTLED
from sync.central.cases import Kind as CaseKind
from sync.central.counter import writing
from sync.central.counter.folding import Folded, Known, Thing, fold, life
from sync.central.counter.telling import CENTRE
from sync.central.counter.writing import Site
from sync.central.database import Database, Moment, among
from sync.central.tables import case_links, cases, counter_sites, counter_things, devices

PAGE: Final = 50
HERE: Final = "here"
ODD: Final = "odd"
"""States of the filter that are none of a thing's own: in the shop, and in need of a person."""
MOST_INSIDE: Final = 500
_CASES: Final = tuple(
    kind.value
    for kind in (CaseKind.COUNTER_CONFLICT, CaseKind.PARCEL_MISSING, CaseKind.LEFT_BEHIND)
)
Row = Mapping[str, Any]
_T = counter_things.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which things: "" for any. `name` is a whole number, id or plate; `after` is where the page
    before ended."""

    kind: Kind
    name: str = ""
    state: str = ""
    site: str = ""
    carrier: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """`after` leads to the next page, "" where there is none; `sites` are those with counters.
    `unsettled` is how many cases counters have made that somebody must settle, by their kind."""

    rows: tuple[Row, ...]
    after: str
    sites: tuple[str, ...]
    unsettled: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a story: what was told, who did it and where."""

    type: str
    at: datetime
    by: str
    counter: str  # "" for the centre
    fact: Any
    of: str = ""  # the goods that it was about, of a container or a list
    odd: bool = False  # it does not go with what was told before


@dataclass(frozen=True, slots=True)
class One:
    row: Row
    thing: Thing
    story: tuple[Told, ...]
    cases: tuple[Row, ...]
    inside: tuple[Row, ...]
    elsewhere: tuple[str, ...]  # sites that know the same number


def listed(database: Database, tenant: str, wanted: Wanted) -> Listed:
    """What changed last comes first."""
    query = (
        sa.select(counter_things)
        .where(*_where(tenant, wanted))
        .order_by(_T.changed_at.desc(), _T.site.desc(), _T.name.desc())
        .limit(PAGE + 1)
    )
    with database.reading() as c:
        rows = [dict(row) for row in c.execute(query).mappings()]
        sites = _sites(c, tenant)
        unsettled = _unsettled(c, tenant)
    after = _mark(rows[PAGE - 1]) if len(rows) > PAGE else ""
    return Listed(tuple(rows[:PAGE]), after, sites, unsettled)


def _unsettled(c: sa.Connection, tenant: str) -> dict[str, int]:
    query = (
        sa.select(cases.c.kind, sa.func.count())
        .where(cases.c.tenant == tenant, cases.c.state.in_(UNSETTLED), cases.c.kind.in_(_CASES))
        .group_by(cases.c.kind)
        .order_by(cases.c.kind)
    )
    return {kind: int(count) for kind, count in c.execute(query)}


def _where(tenant: str, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    parts = [_T.tenant == tenant, _T.kind == wanted.kind.value]
    if wanted.name:
        of_name = _T.name == wanted.name
        plated = wanted.kind is Kind.CONTAINER
        parts.append(sa.or_(of_name, _T.plate == wanted.name) if plated else of_name)
    if wanted.state == HERE:
        parts.append(_T.here.is_(True))
    elif wanted.state == ODD:
        parts.append(sa.or_(_T.disputed.is_(True), _T.left_behind.is_(True)))
    elif wanted.state:
        parts.append(_T.state == wanted.state)
    parts += [_T[name] == value for name in ("site", "carrier") if (value := getattr(wanted, name))]
    if (place := _read(wanted.after)) is not None:
        changed, site, name = place
        told = sa.tuple_(sa.literal(changed, Moment), sa.literal(site), sa.literal(name))
        parts.append(sa.tuple_(_T.changed_at, _T.site, _T.name) < told)
    return parts


def _mark(row: Row) -> str:
    """Where a page ends, for an address."""
    told = "\n".join((row["changed_at"].isoformat(), row["site"], row["name"]))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _read(mark: str) -> tuple[datetime, str, str] | None:
    """None for the beginning, and for what no page of ours ended with."""
    try:
        told = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode()
        changed, site, name = told.split("\n")
        at = datetime.fromisoformat(changed)
    except (ValueError, binascii.Error):
        return None
    return None if at.tzinfo is None or "\0" in told else (at, site, name)


def _sites(c: sa.Connection, tenant: str) -> tuple[str, ...]:
    query = sa.select(counter_sites.c.site).where(counter_sites.c.tenant == tenant)
    return tuple(c.execute(query.order_by(counter_sites.c.site)).scalars())


def one(database: Database, tenant: str, kind: Kind, name: str, site: str = "") -> One | None:
    """One thing with its story; without a site at the one that knew of it last."""
    mine = _T.tenant == tenant, _T.kind == kind.value, _T.name == name
    query = sa.select(counter_things).where(*mine).order_by(_T.changed_at.desc()).limit(20)
    with database.reading() as c:
        rows = [dict(row) for row in c.execute(query).mappings()]
        found = next((row for row in rows if site in ("", row["site"])), None)
        if found is None:
            return None
        subject, of = Subject(kind, name), Site(tenant, found["site"])
        told = life(subject, writing.load(c, of, [subject])[0][subject])
        folded = fold(subject, told)
        return One(
            row=found,
            thing=folded.thing,
            story=_story(c, folded, told),
            cases=_cases(c, tenant, kind, found),
            inside=_inside(c, tenant, found) if kind is Kind.CONTAINER else (),
            elsewhere=tuple(row["site"] for row in rows if row is not found),
        )


def _story(c: sa.Connection, folded: Folded, told: Sequence[Known]) -> tuple[Told, ...]:
    odd = {conflict.record.stamp for conflict in folded.conflicts}
    names = sorted({one.record.stamp.device for one in told} - {CENTRE})
    query = sa.select(devices.c.device_id, devices.c.kiosk_code)
    rows = c.execute(query.where(among(c, devices.c.device_id, names)))
    codes = {row.device_id: row.kiosk_code for row in rows}
    return tuple(
        Told(
            type=one.record.fact.type,
            at=one.at,
            by=getattr(one.record.fact, "by", ""),
            counter=codes.get(one.record.stamp.device, ""),
            fact=one.record.fact,
            of=_of(folded.subject, one.record.fact),
            odd=one.record.stamp in odd,
        )
        for one in told
    )


def _of(subject: Subject, fact: Any) -> str:
    if subject.kind is not Kind.CONTAINER:
        return ""
    return getattr(fact, "bag_id", "") or getattr(fact, "number", "")


def _cases(c: sa.Connection, tenant: str, kind: Kind, row: Row) -> tuple[Row, ...]:
    """Those about it that somebody must settle yet."""
    query = (
        sa.select(cases.c.case_id, cases.c.kind, cases.c.opened_at, cases.c.state)
        .join(case_links, case_links.c.case_id == cases.c.case_id)
        .where(
            case_links.c.tenant == tenant,
            case_links.c.thing == kind.value,
            case_links.c.id == row["name"],
            cases.c.site == row["site"],
            cases.c.state.in_(UNSETTLED),
        )
        .order_by(cases.c.opened_at)
        .limit(PAGE)
    )
    return tuple(dict(one) for one in c.execute(query).mappings())


def _inside(c: sa.Connection, tenant: str, row: Row) -> tuple[Row, ...]:
    """What lies in it, or lay in it when it left."""
    query = (
        sa.select(counter_things)
        .where(_T.tenant == tenant, _T.site == row["site"], _T.container == row["name"])
        .order_by(_T.kind, _T.name)
        .limit(MOST_INSIDE)
    )
    return tuple(dict(one) for one in c.execute(query).mappings())
