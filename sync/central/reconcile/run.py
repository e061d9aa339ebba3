"""A run of the matching for one tenant: portion by portion, each in a transaction of its own.

How far it came is kept with each portion, so that a run may end anywhere. The next one begins a
little earlier than the last one ended: a fact bears the moment at which its transaction began, and
may be seen only once that has ended. Looking twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
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
from sync.central.tables.reconcile import movements, reconciled, tolerances

OVERLAP: Final = timedelta(minutes=10)
"""Longer than any transaction that takes facts in."""
PORTION: Final = 5000
"""Facts in one transaction. On SQLite nobody else writes meanwhile."""
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
Look = Callable[[sa.Connection, str, Window], None]
_RECEIVED: Final = {
    "drops": drops.c.received_at,
    "movements": movements.c.received_at,
}


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
    portion: int = PORTION,
    go_on: Callable[[], bool] = lambda: True,
) -> Reconciled:
    """Match what is new since the last run, or everything received `since`. Between portions it
    asks whether to `go_on`; the next run begins where this one ended. Two runs at once do not harm
    each other, but one of them works for nothing."""
    when = Portion(tenant, now, tolerances_of(database, tenant))
    same, looked = _overdue(database, when), dict.fromkeys(_RECEIVED, 0)
    looks: tuple[tuple[str, Look], ...] = (
        ("drops", touched.by_drops),
        ("movements", touched.by_movements),
    )
    for what, look in looks:
        after = since - timedelta(microseconds=1) if since else _from(database, tenant, what)
        while go_on() and (window := _next(database, tenant, what, after, portion)) is not None:
            more, many = _portion(database, when, what, look, window)
            same, looked[what], after = same + more, looked[what] + many, window.until
    return Reconciled(**looked, opened=same.opened, changed=same.changed, gone=same.gone)


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


def _from(database: Database, tenant: str, what: str) -> datetime:
    """Where the next run begins: a little before the last one ended."""
    with database.reading() as c:
        mine = sa.and_(reconciled.c.tenant == tenant, reconciled.c.what == what)
        at = c.execute(sa.select(reconciled.c.at).where(mine)).scalar_one_or_none()
    return BEGINNING if at is None else at - OVERLAP


def _next(database: Database, tenant: str, what: str, after: datetime, most: int) -> Window | None:
    """The next facts: about `most`, and all that were received at the moment of the last of them.
    None where there are no more."""
    received = _RECEIVED[what]
    query = (
        sa.select(received)
        .where(received.table.c.tenant == tenant, received > after)
        .order_by(received)
    )
    with database.reading() as c:
        until = c.execute(query.offset(most - 1).limit(1)).scalar_one_or_none()
        if until is None:
            last = sa.select(sa.func.max(received)).where(received.table.c.tenant == tenant)
            until = c.execute(last).scalar_one_or_none()
    return Window(after, until) if until is not None and until > after else None


def _portion(
    database: Database, when: Portion, what: str, look: Look, window: Window
) -> tuple[Same, int]:
    received = _RECEIVED[what]
    mine = sa.and_(received.table.c.tenant == when.tenant, window.of(received))

    def work(c: sa.Connection) -> tuple[Same, int]:
        with room(c):
            look(c, when.tenant, window)
            same = match(c, when)
        same = same + late.look(c, when, window, what)
        if what == "drops":
            same = same + gaps.look(c, when, window)
        _come_to(c, when.tenant, what, window.until)
        many = c.execute(sa.select(sa.func.count()).where(mine)).scalar_one()
        return same, many

    return database.write(work)


def _come_to(c: sa.Connection, tenant: str, what: str, at: datetime) -> None:
    """Never back: a run over older facts does not make the next one longer."""
    row = {"tenant": tenant, "what": what, "at": at}
    if insert_new(c, reconciled, row):
        return
    mine = sa.and_(reconciled.c.tenant == tenant, reconciled.c.what == what)
    c.execute(reconciled.update().where(mine, reconciled.c.at < at).values(at=at))


def _overdue(database: Database, when: Portion) -> Same:
    """What has waited long enough, without any new fact."""

    def work(c: sa.Connection) -> Same:
        with room(c):
            if touched.by_patience(c, when.tenant, when.due()):
                return match(c, when)
        return Same()

    return database.write(work)
