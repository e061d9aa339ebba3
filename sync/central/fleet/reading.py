"""The kiosks of a tenant, whoever needs a person first; its sites; how far a bundle has come."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from sync.central import looks
from sync.central.cases import UNSETTLED
from sync.central.database import Database
from sync.central.fleet import needs
from sync.central.fleet.needs import Need
from sync.central.tables import bundles, cases, devices, drops

PAGE: Final = 100
NEEDS, REVOKED = "needs", "revoked"
STATES: Final = (NEEDS, Need.SILENT.value, Need.POLICY.value, REVOKED)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which kiosks: "" for any. `state` is one of STATES, "" for all that are not revoked; `site`
    None for any. `page` counts from 1."""

    site: str | None = None
    state: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Rollout:
    """How many kiosks decide by which bundle, the newest first. `newest` is 0 where none was
    published; `lags` counts those that should have a newer one by now."""

    newest: int
    kiosks: int
    counts: tuple[tuple[int, int], ...]
    lags: int

    @property
    def there(self) -> int:
        """How many have the newest (or an early one that is newer)."""
        return sum(count for number, count in self.counts if number >= self.newest)


@dataclass(frozen=True, slots=True)
class Fleet:
    """A page of kiosks and what holds for all that are not revoked: `total`, `need` somebody."""

    rows: tuple[Row, ...]
    more: bool
    sites: tuple[str, ...]
    total: int
    need: int
    rollout: Rollout


@dataclass(slots=True)
class Bundles:
    """What was issued to all kiosks, in order."""

    numbers: list[int] = field(default_factory=list)
    issued: list[datetime] = field(default_factory=list)

    @property
    def newest(self) -> int:
        return self.numbers[-1] if self.numbers else 0

    def behind(self, number: int) -> datetime | None:
        place = bisect_right(self.numbers, number)
        return self.issued[place] if place < len(self.numbers) else None


def listed(database: Database, tenant: str, now: datetime, wanted: Wanted) -> Fleet:
    with database.reading() as c:
        rows = dressed(c, tenant, now)
        live = [row for row in rows if row["state"] != "revoked"]
        here = sorted((row for row in rows if _fits(row, wanted)), key=_order)
        start = PAGE * (wanted.page - 1)
        return Fleet(
            rows=tuple(here[start : start + PAGE]),
            more=len(here) > start + PAGE,
            sites=tuple(sorted({row["site"] for row in rows if row["site"]})),
            total=len(live),
            need=sum(bool(row["needs"]) for row in live),
            rollout=_rollout(live, issued(c, tenant, 0).newest),
        )


def dressed(c: sa.Connection, tenant: str, now: datetime, only: str = "") -> list[Row]:
    """Kiosks as `devices` keeps them, with `contact`, `waiting_since`, `behind_since`, `looks`,
    `needs`, their `level` and the number of open `cases`. `only` is one device's id."""
    query = sa.select(devices).where(devices.c.tenant == tenant)
    if only:
        query = query.where(devices.c.device_id == only)
    rows = [dict(row) for row in c.execute(query).mappings()]
    least = min((row["policy_number"] for row in rows if row["policy_number"] > 0), default=0)
    known, cases_of = issued(c, tenant, least), _cases(c, tenant, cases.c.device_id)
    left_out = looks.unused(c, tenant, {row["device_id"]: row["policy_number"] for row in rows})
    return [_dressed(row, now, known, cases_of, left_out) for row in rows]


def _dressed(
    row: dict[str, Any],
    now: datetime,
    known: Bundles,
    cases_of: Mapping[str, int],
    left_out: Mapping[str, Sequence[looks.Unused]],
) -> Row:
    behind, unused = known.behind(row["policy_number"]), left_out.get(row["device_id"], ())
    found = needs.of(row, now, behind)
    found += (Need.LOOK,) if unused and row["state"] != "revoked" else ()
    return {
        **row,
        "contact": needs.contact(row, now),
        "waiting_since": needs.waiting_since(row),
        "behind_since": behind,
        "looks": unused,
        "needs": found,
        "level": "bad" if row["state"] == "revoked" else needs.level(found),
        "cases": cases_of.get(row["device_id"], 0),
    }


def issued(c: sa.Connection, tenant: str, least: int) -> Bundles:
    """Bundles for all kiosks above number `least`; of 0 the newest alone."""
    mine = sa.and_(bundles.c.tenant == tenant, bundles.c.early.is_(False))
    query = sa.select(bundles.c.number, bundles.c.issued).where(mine)
    if least:
        query = query.where(bundles.c.number > least).order_by(bundles.c.number)
    else:
        query = query.order_by(bundles.c.number.desc()).limit(1)
    told = c.execute(query).all()
    return Bundles([row.number for row in told], [row.issued for row in told])


def _fits(row: Row, wanted: Wanted) -> bool:
    if wanted.site is not None and row["site"] != wanted.site:
        return False
    match wanted.state:
        case "revoked":
            return bool(row["state"] == "revoked")
        case "needs":
            return bool(row["needs"])
        case "":
            return bool(row["state"] != "revoked")
        case other:
            return other in row["needs"]


def _order(row: Row) -> tuple[Any, ...]:
    return (needs.rank(row["needs"]), row["site"], row["kiosk_code"], row["device_id"])


def _rollout(live: Sequence[Row], newest: int) -> Rollout:
    counts = Counter(int(row["policy_number"]) for row in live if row["last_seen_at"])
    lags = sum(Need.POLICY in row["needs"] for row in live)
    return Rollout(newest, len(live), tuple(sorted(counts.items(), reverse=True)), lags)


def _cases(c: sa.Connection, tenant: str, by: sa.Column[str]) -> dict[str, int]:
    open_ = sa.and_(cases.c.tenant == tenant, cases.c.state.in_(UNSETTLED))
    query = sa.select(by, sa.func.count()).where(open_).group_by(by)
    return {name: int(count) for name, count in c.execute(query)}


@dataclass(frozen=True, slots=True)
class Site:
    """`worst` is the least well kiosk's level; `cases` are open."""

    name: str
    kiosks: int
    need: int
    worst: str
    drops: int
    cases: int
    rollout: Rollout


def sites(database: Database, tenant: str, now: datetime, zone: ZoneInfo) -> tuple[Site, ...]:
    """Whatever needs somebody first. Drops are those since local midnight."""
    since = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    with database.reading() as c:
        rows = [row for row in dressed(c, tenant, now) if row["state"] != "revoked"]
        newest, open_cases = issued(c, tenant, 0).newest, _cases(c, tenant, cases.c.site)
        counts = (
            sa.select(drops.c.device_id, sa.func.count())
            .where(drops.c.tenant == tenant, drops.c.received_at >= since)
            .group_by(drops.c.device_id)
        )
        dropped = {device: int(count) for device, count in c.execute(counts)}
    names = sorted({row["site"] for row in rows})
    found = (
        (name, [row for row in rows if row["site"] == name], open_cases.get(name, 0))
        for name in names
    )
    made = [_site(name, its, dropped, count, newest) for name, its, count in found]
    return tuple(sorted(made, key=lambda site: (_WORST.index(site.worst), site.name)))


_WORST: Final = ("bad", "care", "good")


def _site(
    name: str, rows: Sequence[Row], dropped: Mapping[str, int], count: int, newest: int
) -> Site:
    return Site(
        name=name,
        kiosks=len(rows),
        need=sum(bool(row["needs"]) for row in rows),
        worst=min((row["level"] for row in rows), key=_WORST.index),
        drops=sum(dropped.get(row["device_id"], 0) for row in rows),
        cases=count,
        rollout=_rollout(rows, newest),
    )
