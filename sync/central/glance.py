"""Today at a glance: what waits for a person, and how the day goes beside the usual one.

Every question goes by tenant over an index: of the drops those of today and of the same weekday
in the four weeks before, counted by the hour; of the cases those that are not settled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from kiosk.domain import events as facts
from kiosk.domain.money import Money
from sync.central import views
from sync.central.cases import UNSETTLED
from sync.central.database import Database
from sync.central.fleet import needs
from sync.central.fleet import reading as fleet
from sync.central.reconcile import books
from sync.central.reconcile.run import OVERLAP, tolerances_of
from sync.central.tables import awaited, cases, closings, drops, events
from sync.central.tables.reconcile import imports

WEEKS: Final = 4
"""So many same weekdays before make the usual day."""
MOST_KIOSKS: Final = 6
LATEST: Final = 8
_BAG_RULE: Final = "bag.not_contained"
_SLOW: Final = timedelta(hours=1)  # the job comes every few minutes
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Unsettled cases of one kind; `alone` of them have nobody yet."""

    kind: str
    count: int
    alone: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Hour:
    """Drops that came in the hour that begins at `hour` o'clock. `usual` is the mean of the same
    weekdays before, None where nothing was dropped on any. `height` and `mark` are both as parts
    of a hundred of the tallest hour; `height` is None for an hour that has not begun."""

    hour: int
    drops: int
    usual: float | None
    height: int | None
    mark: int | None


@dataclass(frozen=True, slots=True)
class House:
    """What concerns the house and no single merchant. `kiosks` are those that need somebody, the
    worst first (sync.central.fleet), `troubled` how many there are. `unclosed` is a day whose
    books are overdue; `files` of partners were looked at and not taken."""

    waiting: tuple[Waiting, ...]
    kiosks: tuple[Row, ...]
    troubled: int
    enrolled: int
    unclosed: date | None
    files: int
    bags_waiting: int
    refused: int
    staff: int

    @property
    def open_cases(self) -> int:
        return sum(one.count for one in self.waiting)


@dataclass(frozen=True, slots=True)
class Glance:
    """`usual` is how many drops there usually are by this time, None where nobody can know."""

    drops: int
    usual: int | None
    refunds: tuple[Money, ...]
    hours: tuple[Hour, ...]
    latest: tuple[Row, ...]
    house: House | None


def today(
    database: Database, tenant: str, now: datetime, zone: ZoneInfo, merchant: str = ""
) -> Glance:
    """Since local midnight, by the time the centre received it; a merchant's part alone where one
    is named."""
    here = now.astimezone(zone)
    since = datetime.combine(here.date(), time(), zone)
    whose = views.whose(tenant, merchant)
    unclosed = None if merchant else _unclosed(database, tenant, now, zone)
    with database.reading() as c:
        counts = _counts(c, whose, here.date(), zone)
        return Glance(
            drops=sum(counts[0]),
            usual=_by_now(_means(counts[1:]), here),
            refunds=_refunds(c, whose, since),
            hours=_hours(counts, here.hour),
            latest=_latest(c, tenant, merchant),
            house=None if merchant else _house(c, tenant, now, since, unclosed),
        )


def _refunds(c: sa.Connection, whose: sa.ColumnElement[bool], since: datetime) -> tuple[Money, ...]:
    query = (
        sa.select(drops.c.currency, sa.func.sum(drops.c.refund))
        .where(whose, drops.c.received_at >= since, drops.c.currency != "", ~drops.c.voided)
        .group_by(drops.c.currency)
        .order_by(drops.c.currency)
    )
    return tuple(Money(int(total), currency) for currency, total in c.execute(query))


def _latest(c: sa.Connection, tenant: str, merchant: str) -> tuple[Row, ...]:
    query = views.drops_of(tenant, merchant).order_by(drops.c.received_at.desc()).limit(LATEST)
    return tuple(dict(row) for row in c.execute(query).mappings())


# --- the day by the hour -----------------------------------------------------------------------


def _counts(
    c: sa.Connection, whose: sa.ColumnElement[bool], day: date, zone: ZoneInfo
) -> list[list[int]]:
    """Drops in each of 24 hours: of this day, and of each same weekday before."""
    every: list[list[int]] = []
    for weeks in range(WEEKS + 1):
        spans = tuple(_spans(day - timedelta(weeks=weeks), zone))
        parts = [
            sa.select(sa.func.count())
            .select_from(drops)
            .where(whose, drops.c.received_at >= begins, drops.c.received_at < ends)
            .scalar_subquery()
            for begins, ends in spans
        ]
        every.append([int(one) for one in c.execute(sa.select(*parts)).one()])
    return every


def _spans(day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The hours by the clock on the wall. One that daylight saving leaves out is empty, one that
    it repeats is two hours long."""
    edges = [datetime.combine(day, time(hour), zone) for hour in range(24)]
    edges.append(datetime.combine(day + timedelta(days=1), time(), zone))
    moments = [edge.timestamp() for edge in edges]
    for begins, ends in pairwise(moments):
        yield (
            datetime.fromtimestamp(begins, zone),
            datetime.fromtimestamp(max(begins, ends), zone),
        )


def _means(before: Sequence[Sequence[int]]) -> list[float] | None:
    """Days on which nothing was dropped at all do not count: the shop was shut, or not there."""
    days = [day for day in before if any(day)]
    return [sum(hour) / len(days) for hour in zip(*days, strict=True)] if days else None


def _by_now(usual: list[float] | None, here: datetime) -> int | None:
    if usual is None:
        return None
    return round(sum(usual[: here.hour]) + usual[here.hour] * here.minute / 60)


def _hours(counts: Sequence[Sequence[int]], current: int) -> tuple[Hour, ...]:
    """From the first hour with any drops to the last, of today or usually; at least eight."""
    drops_today, usual = counts[0], _means(counts[1:])
    means = usual or [0.0] * 24
    tallest = max(1.0, *drops_today, *means)
    busy = [hour for hour in range(24) if drops_today[hour] or means[hour]]
    if not busy:
        return ()
    last = min(23, max(busy[-1], busy[0] + 7))
    return tuple(
        Hour(
            hour=hour,
            drops=drops_today[hour],
            usual=None if usual is None else usual[hour],
            height=None if hour > current else round(100 * drops_today[hour] / tallest),
            mark=None if usual is None else round(100 * means[hour] / tallest),
        )
        for hour in range(min(busy[0], last - 7), last + 1)
    )


# --- what concerns the house -------------------------------------------------------------------


def _house(
    c: sa.Connection, tenant: str, now: datetime, since: datetime, unclosed: date | None
) -> House:
    enrolled, troubled = _fleet(c, tenant, now)
    return House(
        waiting=_waiting(c, tenant),
        kiosks=tuple(troubled[:MOST_KIOSKS]),
        troubled=len(troubled),
        enrolled=enrolled,
        unclosed=unclosed,
        files=_files(c, tenant),
        bags_waiting=_bags(c, tenant),
        refused=_told(c, tenant, facts.DropRefused.type, since),
        staff=_told(c, tenant, facts.StaffNeeded.type, since),
    )


def _unclosed(database: Database, tenant: str, now: datetime, zone: ZoneInfo) -> date | None:
    """The day whose books should have been closed by now (sync.central.reconcile.books closes
    them, in order)."""
    patience = timedelta(hours=tolerances_of(database, tenant).close_hours)
    newest = sa.select(sa.func.max(closings.c.day)).where(closings.c.tenant == tenant)
    first = sa.select(sa.func.min(drops.c.received_at, type_=drops.c.received_at.type))
    with database.reading() as c:
        closed = c.execute(newest).scalar_one()
        if closed is not None:
            due = date.fromisoformat(closed) + timedelta(days=1)
        else:
            came = c.execute(first.where(drops.c.tenant == tenant)).scalar_one()
            if came is None:
                return None
            due = came.astimezone(zone).date()
    _, ends = books.local_day(due, zone)
    return due if ends + patience + OVERLAP + _SLOW < now else None


def _waiting(c: sa.Connection, tenant: str) -> tuple[Waiting, ...]:
    """The kinds whose oldest case is oldest come first."""
    alone = sa.func.sum(sa.case((cases.c.owner == "", 1), else_=0))
    oldest = sa.func.min(cases.c.opened_at, type_=cases.c.opened_at.type)
    query = (
        sa.select(cases.c.kind, sa.func.count(), alone, oldest)
        .where(cases.c.tenant == tenant, cases.c.state.in_(UNSETTLED))
        .group_by(cases.c.kind)
        .order_by(oldest, cases.c.kind)
    )
    return tuple(
        Waiting(kind, int(count), int(nobody), at) for kind, count, nobody, at in c.execute(query)
    )


def _fleet(c: sa.Connection, tenant: str, now: datetime) -> tuple[int, list[Row]]:
    """How many kiosks are in service, and those that need somebody: the worst first."""
    rows = [row for row in fleet.dressed(c, tenant, now) if row["state"] != "revoked"]
    bad = [row for row in rows if row["needs"]]
    return len(rows), sorted(bad, key=lambda row: (needs.rank(row["needs"]), row["site"]))


def _bags(c: sa.Connection, tenant: str) -> int:
    """Bags that were dropped, are in no container yet and need not be: late ones have a case."""
    query = sa.select(sa.func.count()).where(
        awaited.c.tenant == tenant, awaited.c.rule == _BAG_RULE
    )
    return int(c.execute(query).scalar_one())


def _files(c: sa.Connection, tenant: str) -> int:
    query = sa.select(sa.func.count()).where(
        imports.c.tenant == tenant, imports.c.state == "looked_at"
    )
    return int(c.execute(query).scalar_one())


def _told(c: sa.Connection, tenant: str, kind: str, since: datetime) -> int:
    query = sa.select(sa.func.count()).where(
        events.c.tenant == tenant, events.c.type == kind, events.c.received_at >= since
    )
    return int(c.execute(query).scalar_one())
