"""A run of the matching for one tenant: portion by portion, each in a transaction of its own.

How far it came is kept with each portion, so that a run may end anywhere. The next one begins a
little before that, or before the last one began where it saw all there was: a fact bears the
moment at which its transaction began, and may be seen only once that has ended. Looking twice
changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from sync.central.database import Database, insert_new, upsert
from sync.central.reconcile import gaps, late, touched
from sync.central.reconcile.differences import Same
from sync.central.reconcile.matching import Portion, match
from sync.central.reconcile.model import TOLERANCES, Tolerances
from sync.central.reconcile.scratch import room
from sync.central.reconcile.touched import Window
from sync.central.tables import drops
from sync.central.tables.base import Moment
from sync.central.tables.reconcile import movements, reconciled, tolerances

OVERLAP: Final = timedelta(minutes=10)
"""Longer than any transaction that takes facts in."""
PORTION: Final = 250_000
PORTION_SQLITE: Final = 25_000
"""Facts of each sort in one transaction. On SQLite nobody else writes meanwhile; PostgreSQL reads
its tables from end to end for so many, and better seldom."""
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
_RECEIVED: Final = {
    "drops": drops.c.received_at,
    "movements": movements.c.received_at,
    "voids": drops.c.void_heard_at,
}
_LOOKS: Final = {
    "drops": touched.by_drops,
    "movements": touched.by_movements,
    "voids": touched.by_voids,
}
_LATE: Final = ("drops", "movements")


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a run did: how many facts it looked at, and how the differences changed."""

    drops: int = 0
    movements: int = 0
    opened: int = 0
    changed: int = 0
    gone: int = 0

    def __add__(self, other: Reconciled) -> Reconciled:
        return Reconciled(
            self.drops + other.drops,
            self.movements + other.movements,
            self.opened + other.opened,
            self.changed + other.changed,
            self.gone + other.gone,
        )


def reconcile(
    database: Database,
    tenant: str,
    now: datetime,
    *,
    since: datetime | None = None,
    portion: int = 0,
    go_on: Callable[[], bool] = lambda: True,
) -> Reconciled:
    """Match what is new since the last run, and everything received `since`. Between portions it
    asks whether to `go_on`; the next run begins where this one ended. Two runs at once do not harm
    each other, but one of them works for nothing."""
    when = Portion(tenant, now, tolerances_of(database, tenant))
    done = _overdue(database, when)
    most = portion or (PORTION_SQLITE if database.sqlite else PORTION)
    after = {what: _from(database, tenant, what, now) for what in _LOOKS}
    if since is not None:
        earliest = since - timedelta(microseconds=1)
        after = {what: min(earliest, known) for what, known in after.items()}
    while go_on():
        windows = _next(database, tenant, after, most)
        if not windows:
            database.write(lambda c: _all_seen(c, tenant, now))
            break
        done = done + _portion(database, when, windows)
        after |= {what: window.until for what, window in windows.items()}
    return done


def tolerances_of(database: Database, tenant: str) -> Tolerances:
    with database.reading() as c:
        kept = c.execute(sa.select(tolerances).where(tolerances.c.tenant == tenant))
        return Tolerances(**{row.name: row.value for row in kept if row.name in TOLERANCES})


def set_tolerances(database: Database, tenant: str, **values: int) -> None:
    """Raises ValueError for a name that is none, or a value below 0."""
    wrong = [name for name, value in values.items() if name not in TOLERANCES or value < 0]
    if wrong:
        raise ValueError(f"no tolerance, or below 0: {', '.join(wrong)}")
    rows = [{"tenant": tenant, "name": name, "value": value} for name, value in values.items()]
    if rows:
        database.write(lambda c: upsert(c, tolerances, rows))


def _from(database: Database, tenant: str, what: str, now: datetime) -> datetime:
    """Where the next run begins: a little before the last one came to its end."""
    with database.reading() as c:
        mine = sa.and_(reconciled.c.tenant == tenant, reconciled.c.what == what)
        at = c.execute(sa.select(reconciled.c.at).where(mine)).scalar_one_or_none()
    return BEGINNING if at is None else min(at, now) - OVERLAP


def _next(
    database: Database, tenant: str, after: Mapping[str, datetime], most: int
) -> dict[str, Window]:
    """The next facts of each sort: about `most`, and all that were received at the moment of the
    last of them. Without those sorts of which there are no more."""
    with database.reading() as c:
        ends = {what: _end(c, tenant, what, start, most) for what, start in after.items()}
    return {
        what: Window(after[what], until)
        for what, until in ends.items()
        if until is not None and until > after[what]
    }


def _end(c: sa.Connection, tenant: str, what: str, after: datetime, most: int) -> datetime | None:
    received = _RECEIVED[what]
    mine = sa.and_(received.table.c.tenant == tenant, received > after)
    place = sa.select(received).where(mine).order_by(received).offset(most - 1).limit(1)
    until: datetime | None = c.execute(place).scalar_one_or_none()
    if until is None:
        last = sa.select(sa.func.max(received, type_=Moment)).where(mine)
        until = c.execute(last).scalar_one()
    return until


def _portion(database: Database, when: Portion, windows: Mapping[str, Window]) -> Reconciled:
    def work(c: sa.Connection) -> Reconciled:
        with room(c):
            for what, window in windows.items():
                _LOOKS[what](c, when.tenant, window)
            same = match(c, when)
        for what, window in windows.items():
            if what in _LATE:
                same = same + late.look(c, when, window, what)
            _come_to(c, when.tenant, what, window.until)
        if "drops" in windows:
            same = same + gaps.look(c, when, windows["drops"])
        return _reconciled(same, {what: _count(c, when, what, windows) for what in windows})

    return database.write(work)


def _count(c: sa.Connection, when: Portion, what: str, windows: Mapping[str, Window]) -> int:
    received = _RECEIVED[what]
    mine = sa.and_(received.table.c.tenant == when.tenant, windows[what].of(received))
    return int(c.execute(sa.select(sa.func.count()).where(mine)).scalar_one())


def _reconciled(same: Same, looked: Mapping[str, int]) -> Reconciled:
    return Reconciled(
        looked.get("drops", 0), looked.get("movements", 0), same.opened, same.changed, same.gone
    )


def _come_to(c: sa.Connection, tenant: str, what: str, at: datetime) -> None:
    """Never back: a run over older facts does not make the next one longer."""
    row = {"tenant": tenant, "what": what, "at": at}
    if insert_new(c, reconciled, row):
        return
    mine = sa.and_(reconciled.c.tenant == tenant, reconciled.c.what == what)
    c.execute(reconciled.update().where(mine, reconciled.c.at < at).values(at=at))


def _all_seen(c: sa.Connection, tenant: str, now: datetime) -> None:
    """Or what came last would be looked at in each run until something else comes, however much it
    was. What was received by now and is not seen yet is younger than the next run's beginning.
    Where a clock was ahead for a while the mark goes back here."""
    upsert(c, reconciled, [{"tenant": tenant, "what": what, "at": now} for what in _LOOKS])


def _overdue(database: Database, when: Portion) -> Reconciled:
    """What has waited long enough, without any new fact."""

    def work(c: sa.Connection) -> Reconciled:
        with room(c):
            if touched.by_patience(c, when.tenant, when.due()):
                return _reconciled(match(c, when), {})
        return Reconciled()

    return database.write(work)
