"""The books of a day: how much passed each stage at each site, closed once and never changed.

A fact is in the book of the earliest day, from its own on, that was still open when it was
received: a late one is in the next. Days close in order, for all sites of a tenant at once, and
only what was received some minutes before is closed over, so that nothing slips in behind. Each
book names the hash of its site's book before it: one changed or taken out shows in all that follow.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa

from sync.central.audit import Actor, changed
from sync.central.database import Database, by_bytes
from sync.central.reconcile.run import OVERLAP, tolerances_of
from sync.central.tables import devices, drop_lines, drops
from sync.central.tables.base import Moment
from sync.central.tables.reconcile import books, closings, movements

_GENESIS: Final = "0" * 64
_AGO: Final = timedelta(days=62)
"""The books begin so long before the centre heard anything, at most."""
FOREVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Day:
    """A local day as instants, and when its books and those of the day before were closed over:
    `until` is exclusive of nothing, what was received at that very moment is in."""

    name: str
    starts_at: datetime
    ends_at: datetime
    before: datetime
    until: datetime

    def holds(self, told_at: Any, received_at: Any) -> sa.ColumnElement[bool]:
        own = sa.and_(told_at >= self.starts_at, told_at < self.ends_at)
        late = sa.and_(told_at < self.starts_at, received_at > self.before)
        return sa.and_(sa.or_(own, late), received_at <= self.until)


def local_day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Its first instant and the first of the next one: 23 to 25 hours."""
    starts = datetime.combine(day, time(), zone)
    ends = datetime.combine(day + timedelta(days=1), time(), zone)
    return starts.astimezone(UTC), ends.astimezone(UTC)


def close(database: Database, tenant: str, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """Close every day that is over for long enough; which."""
    patience = timedelta(hours=tolerances_of(database, tenant).close_hours)
    closed = list[str]()
    while True:
        done = database.write(lambda c: _close_next(c, tenant, now, zone, patience))
        if not done:
            return tuple(closed)
        closed.append(done)


def close_early(database: Database, actor: Actor, day: str, now: datetime, zone: ZoneInfo) -> bool:
    """Close a day by hand, before its patience is over; whether it was done. It must be the next
    one in order, and over, and what came in its last minutes must be in."""

    def work(c: sa.Connection) -> bool:
        following = next_day(c, actor.tenant, now, zone)
        if following is None or following.name != day or following.ends_at > following.until:
            return False
        _write(c, actor.tenant, following, now)
        changed(c, actor, now, "books.closed", day)
        return True

    try:
        return database.write(work)
    except sa.exc.IntegrityError:  # the service, or somebody else, closed it at this very moment
        return False


def next_day(c: sa.Connection, tenant: str, now: datetime, zone: ZoneInfo) -> Day | None:
    """The earliest day that is open, as far as it would be closed now; None where nothing was
    told yet."""
    last = c.execute(
        sa.select(closings)
        .where(closings.c.tenant == tenant)
        .order_by(closings.c.starts_at.desc())
        .limit(1)
    ).one_or_none()
    following = _first_day(c, tenant, zone) if last is None else _after(last.day)
    if following is None:
        return None
    starts, ends = local_day(following, zone)
    if last is not None:
        starts = last.ends_at  # also where the back office's time zone was changed meanwhile
    before = FOREVER if last is None else last.until
    return Day(following.isoformat(), starts, ends, before, now - OVERLAP)


def _close_next(
    c: sa.Connection, tenant: str, now: datetime, zone: ZoneInfo, patience: timedelta
) -> str:
    day = next_day(c, tenant, now, zone)
    if day is None or day.ends_at + patience > day.until:
        return ""
    _write(c, tenant, day, now)
    return day.name


def _after(day: str) -> date:
    return date.fromisoformat(day) + timedelta(days=1)


def _first_day(c: sa.Connection, tenant: str, zone: ZoneInfo) -> date | None:
    """The day of the earliest fact, but not for a kiosk whose clock is years behind: nobody wants
    thousands of empty days closed. Its facts are in the first day that counts."""
    told, received = list[datetime](), list[datetime]()
    for at, came in (
        (drops.c.corrected_at, drops.c.received_at),
        (movements.c.told_at, movements.c.received_at),
    ):
        for column, moments in ((at, told), (came, received)):
            first = sa.select(sa.func.min(column, type_=Moment))
            moment = c.execute(first.where(column.table.c.tenant == tenant)).scalar_one()
            moments += [] if moment is None else [moment]
    if not told:
        return None
    return max(min(told), min(received) - _AGO).astimezone(zone).date()


def _write(c: sa.Connection, tenant: str, day: Day, now: datetime) -> None:
    c.execute(
        closings.insert(),
        {
            "tenant": tenant,
            "day": day.name,
            "starts_at": day.starts_at,
            "ends_at": day.ends_at,
            "until": day.until,
            "closed_at": now,
        },
    )
    stages, facts = stages_of(c, tenant, day), facts_of(c, tenant, day)
    for site in sorted(facts):
        previous = _previous(c, tenant, site)
        row = {
            "tenant": tenant,
            "day": day.name,
            "site": site,
            "stages": stages.get(site, {}),
            "facts": facts[site],
            "previous": previous,
        }
        c.execute(books.insert(), {**row, "digest": digest(row)})


def _previous(c: sa.Connection, tenant: str, site: str) -> str:
    found = c.execute(
        sa.select(books.c.digest)
        .where(books.c.tenant == tenant, books.c.site == site)
        .order_by(books.c.day.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found or _GENESIS


def digest(book: Mapping[str, Any]) -> str:
    """SHA-256, hex, over canonical JSON of all of a book but its digest."""
    told = {key: value for key, value in book.items() if key != "digest"}
    return hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()


def stages_of(c: sa.Connection, tenant: str, day: Day) -> dict[str, dict[str, Any]]:
    """By site and stage: facts, units where counted, how many of them came late, and amounts by
    currency in minor units."""
    made: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for site, stage, currency, facts, late, units, amount in _sums(c, tenant, day):
        one = made[site].setdefault(stage, {"facts": 0, "late": 0, "units": 0, "amounts": {}})
        one["facts"] += facts
        one["late"] += late
        one["units"] += units
        if currency:
            one["amounts"][currency] = amount
    return dict(made)


def _sums(c: sa.Connection, tenant: str, day: Day) -> Iterator[tuple[Any, ...]]:
    d, m, line = drops.c, movements.c, drop_lines.c

    def late(told_at: Any) -> sa.ColumnElement[int]:
        return sa.cast(sa.func.sum(sa.case((told_at < day.starts_at, 1), else_=0)), sa.BigInteger)

    def whole(column: Any) -> sa.ColumnElement[int]:
        return sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger)

    units = (
        sa.select(sa.func.coalesce(sa.func.sum(line.brought), 0))
        .where(line.drop_id == d.drop_id, line.state == "accepted")
        .scalar_subquery()
    )
    mine = sa.and_(d.tenant == tenant, day.holds(d.corrected_at, d.received_at))
    each = (
        sa.select(devices.c.site, d.currency, d.corrected_at, d.refund, units.label("units"))
        .join(devices, devices.c.device_id == d.device_id)
        .where(mine)
        .subquery()
    )
    dropped = (
        sa.select(
            *(each.c.site, sa.literal("dropped"), each.c.currency, sa.func.count()),
            *(late(each.c.corrected_at), whole(each.c.units), whole(each.c.refund)),
        )
        .group_by(each.c.site, each.c.currency)
        .order_by(each.c.site, each.c.currency)
    )
    yield from (tuple(row) for row in c.execute(dropped))
    taken_back = sa.and_(d.tenant == tenant, _voided(day))
    back = (
        sa.select(devices.c.site, d.currency, d.voided_at, d.refund, units.label("units"))
        .join(devices, devices.c.device_id == d.device_id)
        .where(taken_back)
        .subquery()
    )
    voided = (
        sa.select(
            *(back.c.site, sa.literal("voided"), back.c.currency, sa.func.count()),
            *(late(back.c.voided_at), whole(back.c.units), whole(back.c.refund)),
        )
        .group_by(back.c.site, back.c.currency)
        .order_by(back.c.site, back.c.currency)
    )
    yield from (tuple(row) for row in c.execute(voided))
    counted = sa.case((m.count > 0, m.count), else_=0)
    moved = (
        sa.select(
            *(m.site, m.kind, m.currency, sa.func.count()),
            *(late(m.told_at), whole(counted), whole(m.amount)),
        )
        .where(m.tenant == tenant, day.holds(m.told_at, m.received_at))
        .group_by(m.site, m.kind, m.currency)
        .order_by(m.site, m.kind, m.currency)
    )
    yield from (tuple(row) for row in c.execute(moved))


def _voided(day: Day) -> sa.ColumnElement[bool]:
    """Drops of which a void was told: a fact of its own day, whatever became of the drop later."""
    d = drops.c
    return sa.and_(d.void_heard_at.is_not(None), day.holds(d.voided_at, d.void_heard_at))


def facts_of(c: sa.Connection, tenant: str, day: Day) -> dict[str, str]:
    """By site: SHA-256, hex, over the ids of all facts in its book, sorted, each ended by NUL."""
    d, m = drops.c, movements.c
    prints: defaultdict[str, Any] = defaultdict(hashlib.sha256)
    dropped = (
        sa.select(devices.c.site, d.drop_id)
        .join(devices, devices.c.device_id == d.device_id)
        .where(d.tenant == tenant, day.holds(d.corrected_at, d.received_at))
        .order_by(d.drop_id)
    )
    moved = (
        sa.select(m.site, m.source, m.source_id, m.digest)
        .where(m.tenant == tenant, day.holds(m.told_at, m.received_at))
        .order_by(by_bytes(c, m.source), by_bytes(c, m.source_id))
    )
    voided = (
        sa.select(devices.c.site, d.drop_id, sa.literal("voided"))
        .join(devices, devices.c.device_id == d.device_id)
        .where(d.tenant == tenant, _voided(day))
        .order_by(d.drop_id)
    )
    for query in (dropped, moved, voided):
        for site, *names in c.execute(query):
            prints[site].update("\0".join([*names, ""]).encode())
    return {site: one.hexdigest() for site, one in prints.items()}


def altered(database: Database, tenant: str) -> list[tuple[str, str, str]]:
    """(day, site, why) of every closed book that is not what its facts and its predecessors say:
    somebody changed a book, or a fact, behind the program's back."""
    wrong = list[tuple[str, str, str]]()
    with database.reading() as c:
        heads: dict[str, str] = {}
        before = FOREVER
        days = sa.select(closings).where(closings.c.tenant == tenant)
        for one in c.execute(days.order_by(closings.c.starts_at)).all():
            day = Day(one.day, one.starts_at, one.ends_at, before, one.until)
            before = one.until
            stages, facts = stages_of(c, tenant, day), facts_of(c, tenant, day)
            kept = sa.select(books).where(books.c.tenant == tenant, books.c.day == one.day)
            rows = {row["site"]: dict(row) for row in c.execute(kept).mappings()}
            for site in sorted(rows.keys() | facts.keys()):
                row = rows.get(site)
                why = wrong_with(row, stages.get(site, {}), facts.get(site, ""), heads.get(site))
                if why:
                    wrong.append((one.day, site, why))
                if row is not None:
                    heads[site] = row["digest"]
    return wrong


def wrong_with(
    row: Mapping[str, Any] | None, stages: dict[str, Any], facts: str, previous: str | None
) -> str:
    """Why a book is not what its facts and the one before it say; "" for no reason."""
    if row is None:
        return "the book is gone"
    if row["digest"] != digest(row):
        return "the book was changed"
    if row["previous"] != (previous or _GENESIS):
        return "a book before it was changed or taken out"
    return "" if row["facts"] == facts and row["stages"] == stages else "its facts were changed"
