"""The books as somebody reads them: days, one day by site, and one site's book proved again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from sync.central.cases import State
from sync.central.cases.reading import Row
from sync.central.database import Database
from sync.central.reconcile import books
from sync.central.reconcile.books import Day
from sync.central.reconcile.model import Kind
from sync.central.reconcile.run import OVERLAP
from sync.central.tables import cases
from sync.central.tables.reconcile import books as kept
from sync.central.tables.reconcile import closings

PAGE: Final = 31
STAGES: Final = ("dropped", "voided", *(one.value for one in Kind))
"""In the order in which goods pass them."""
_MOST_CASES: Final = 20
_OPEN: Final = 14
"""So many days that are not closed are shown one by one."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What passed one stage: facts, units where they were counted, how many facts came late, and
    amounts in minor units by currency."""

    facts: int = 0
    units: int = 0
    late: int = 0
    amounts: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """One site's; `digest` and `previous` are "" while its day is open."""

    site: str
    stages: Mapping[str, Stage]
    digest: str = ""
    previous: str = ""
    facts: str = ""

    @property
    def late(self) -> int:
        return sum(one.late for one in self.stages.values())

    def at(self, stage: str) -> Stage:
        """What passed a stage; nothing where nobody told of it."""
        return self.stages.get(stage, Stage())

    @property
    def owed(self) -> dict[str, int]:
        """Refunded minus promised, by currency; some of it for goods of other days."""
        promised = self.at("dropped").amounts or {}
        refunded = self.at(Kind.REFUNDED.value).amounts or {}
        return {
            currency: refunded.get(currency, 0) - promised.get(currency, 0)
            for currency in sorted({*promised, *refunded})
        }


@dataclass(frozen=True, slots=True)
class DayBook:
    """A day with the books of its sites; `closed_at` is None while it is open. `may_close` is
    whether somebody may close it by hand now."""

    name: str
    starts_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    sites: tuple[Book, ...]
    may_close: bool = False

    @property
    def whole(self) -> Book:
        """All sites together."""
        sums: dict[str, _Sum] = {}
        for book in self.sites:
            for name, stage in book.stages.items():
                if name not in sums:
                    sums[name] = _Sum()
                sums[name].add(stage)
        return Book("", {name: one.stage for name, one in sums.items()})


@dataclass(slots=True)
class _Sum:
    """A page of days adds thousands of stages."""

    facts: int = 0
    units: int = 0
    late: int = 0
    amounts: dict[str, int] = field(default_factory=dict)

    def add(self, stage: Stage) -> None:
        self.facts += stage.facts
        self.units += stage.units
        self.late += stage.late
        for currency, minor in (stage.amounts or {}).items():
            self.amounts[currency] = self.amounts.get(currency, 0) + minor

    @property
    def stage(self) -> Stage:
        return Stage(self.facts, self.units, self.late, dict(sorted(self.amounts.items())))


@dataclass(frozen=True, slots=True)
class Days:
    """Open days and a page of closed ones, the newest first."""

    open: tuple[DayBook, ...]
    closed: tuple[DayBook, ...]
    more: bool


def days(database: Database, tenant: str, now: datetime, zone: ZoneInfo, page: int) -> Days:
    """`page` counts from 1; open days stand on the first."""
    with database.reading() as c:
        mine = sa.select(closings).where(closings.c.tenant == tenant)
        newest = mine.order_by(closings.c.starts_at.desc())
        rows = c.execute(newest.limit(PAGE + 1).offset(PAGE * (page - 1))).all()
        named = [row.day for row in rows[:PAGE]]
        sites = _kept(c, tenant, named)
        closed = tuple(_closed(row, sites.get(row.day, ())) for row in rows[:PAGE])
        open_ = tuple(_open(c, tenant, now, zone)) if page == 1 else ()
        return Days(open_, closed, len(rows) > PAGE)


def day(
    database: Database, tenant: str, name: str, now: datetime, zone: ZoneInfo
) -> DayBook | None:
    """None for a day that is neither closed nor begun."""
    with database.reading() as c:
        mine = sa.and_(closings.c.tenant == tenant, closings.c.day == name)
        row = c.execute(sa.select(closings).where(mine)).one_or_none()
        if row is not None:
            return _closed(row, _kept(c, tenant, [name]).get(name, ()))
        return next((one for one in _open(c, tenant, now, zone) if one.name == name), None)


def _closed(row: Any, sites: Sequence[Book]) -> DayBook:
    return DayBook(row.day, row.starts_at, row.ends_at, row.closed_at, tuple(sites))


def _kept(c: sa.Connection, tenant: str, names: Sequence[str]) -> dict[str, list[Book]]:
    mine = sa.and_(kept.c.tenant == tenant, kept.c.day.in_(names))
    made: defaultdict[str, list[Book]] = defaultdict(list)
    stages = sa.cast(kept.c.stages, sa.Text).label("stages")  # read here: a page has thousands
    others = (kept.c.day, kept.c.site, kept.c.digest, kept.c.previous, kept.c.facts)
    query = sa.select(stages, *others).where(mine).order_by(kept.c.day, kept.c.site)
    for told, name, site, digest, previous, facts in c.execute(query):
        made[name].append(Book(site, _STAGES.decode(told), digest, previous, facts))
    return dict(made)


_STAGES: Final = msgspec.json.Decoder(dict[str, Stage])


def _open(c: sa.Connection, tenant: str, now: datetime, zone: ZoneInfo) -> Iterable[DayBook]:
    """What has come so far for the days that are not closed, the newest first."""
    following, made = books.next_day(c, tenant, now, zone), list[DayBook]()
    while following is not None and following.starts_at <= now and len(made) < _OPEN:
        made.append(_so_far(c, tenant, following, now, first=not made))
        starts = following.ends_at
        _, ends = books.local_day((starts + timedelta(hours=12)).astimezone(zone).date(), zone)
        name = (starts + timedelta(hours=12)).astimezone(zone).date().isoformat()
        following = Day(name, starts, ends, now, now)
    return reversed(made)


def _so_far(c: sa.Connection, tenant: str, one: Day, now: datetime, *, first: bool) -> DayBook:
    """All that is known now; what is late for closed days counts on the first open one."""
    until = Day(one.name, one.starts_at, one.ends_at, one.before if first else now, now)
    told = books.stages_of(c, tenant, until)
    sites = tuple(
        Book(site, msgspec.convert(told[site], dict[str, Stage])) for site in sorted(told)
    )
    may_close = first and one.ends_at <= now - OVERLAP
    return DayBook(one.name, one.starts_at, one.ends_at, None, sites, may_close)


def proved(database: Database, tenant: str, name: str) -> dict[str, str] | None:
    """By site: why its book of a closed day is not what its facts say, "" where it is. None for a
    day that is not closed."""
    with database.reading() as c:
        mine = sa.and_(closings.c.tenant == tenant, closings.c.day == name)
        row = c.execute(sa.select(closings).where(mine)).one_or_none()
        if row is None:
            return None
        before = c.execute(
            sa.select(closings.c.until)
            .where(closings.c.tenant == tenant, closings.c.starts_at < row.starts_at)
            .order_by(closings.c.starts_at.desc())
            .limit(1)
        ).scalar_one_or_none()
        one = Day(name, row.starts_at, row.ends_at, before or books.FOREVER, row.until)
        stages, facts = books.stages_of(c, tenant, one), books.facts_of(c, tenant, one)
        here = sa.select(kept).where(kept.c.tenant == tenant, kept.c.day == name)
        rows = {found["site"]: dict(found) for found in c.execute(here).mappings()}
        return {
            site: books.wrong_with(
                rows.get(site),
                stages.get(site, {}),
                facts.get(site, ""),
                _before(c, tenant, name, site),
            )
            for site in sorted(rows.keys() | facts.keys())
        }


def _before(c: sa.Connection, tenant: str, name: str, site: str) -> str | None:
    earlier = sa.and_(kept.c.tenant == tenant, kept.c.site == site, kept.c.day < name)
    query = sa.select(kept.c.digest).where(earlier).order_by(kept.c.day.desc()).limit(1)
    return c.execute(query).scalar_one_or_none()


def opened_in(
    database: Database, tenant: str, starts_at: datetime, ends_at: datetime
) -> tuple[Row, ...]:
    """The first cases that were opened in this time."""
    of = (cases.c.case_id, cases.c.kind, cases.c.state, cases.c.site, cases.c.opened_at)
    query = sa.select(*of).where(
        cases.c.tenant == tenant,
        cases.c.state.in_(sorted(State)),  # so that the index is of use
        cases.c.opened_at >= starts_at,
        cases.c.opened_at < ends_at,
    )
    with database.reading() as c:
        rows = c.execute(query.order_by(cases.c.opened_at, cases.c.case_id).limit(_MOST_CASES))
        return tuple(dict(row) for row in rows.mappings())
