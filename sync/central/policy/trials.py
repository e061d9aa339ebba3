"""A draft tried on past drops, aside: one at a time in a worker, and the last report is kept."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
import sqlalchemy as sa

from kiosk.ports import Clock
from sync.central.audit import Actor
from sync.central.database import Database, upsert
from sync.central.policy import trying
from sync.central.policy.drafts import Coming
from sync.central.policy.trying import Report
from sync.central.tables import policy_trials

_LOG = logging.getLogger(__name__)

DAYS: Final = (7, 30, 90)
DEAD_AFTER: Final = timedelta(minutes=5)
"""A worker that died while it tried hinders nobody for longer."""
WAIT_S: Final = 3.0
_place = threading.BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class Trial:
    """`report` is None while it runs, and where it failed."""

    digest: str
    days: int
    state: str  # running | done | failed
    began_at: datetime
    began_by: str
    report: Report | None


def load(c: sa.Connection, tenant: str, now: datetime) -> Trial | None:
    table = policy_trials
    row = c.execute(sa.select(table).where(table.c.tenant == tenant)).one_or_none()
    if row is None:
        return None
    lost = row.state == "running" and row.began_at + DEAD_AFTER < now
    done = row.state == "done"
    report = msgspec.json.decode(row.report, type=Report) if done else None
    state = "failed" if lost else row.state
    return Trial(row.digest, row.days, state, row.began_at, row.began_by, report)


def start(
    database: Database,
    clock: Clock,
    by: Actor,
    digest: str,
    coming: Coming,
    days: int,
    wait_s: float = WAIT_S,
) -> bool:
    """Begin, and wait a moment: small shops have the answer at once. False where this worker, or
    another one for the same tenant, is trying already."""
    if not _place.acquire(blocking=False):
        return False
    try:
        if not _begin(database, clock, by, digest, days):
            _place.release()
            return False
    except BaseException:
        _place.release()
        raise
    done = threading.Event()

    def work() -> None:
        try:
            _try(database, clock, by.tenant, digest, coming, days)
        finally:
            _place.release()
            done.set()

    threading.Thread(target=work, name="policy trial", daemon=True).start()
    done.wait(wait_s)
    return True


def _begin(database: Database, clock: Clock, by: Actor, digest: str, days: int) -> bool:
    now = clock.now()

    def work(c: sa.Connection) -> bool:
        there = load(c, by.tenant, now)
        if there is not None and there.state == "running":
            return False
        row = {"tenant": by.tenant, "digest": digest, "days": days, "state": "running"}
        upsert(c, policy_trials, [{**row, "began_at": now, "began_by": by.name, "report": "{}"}])
        return True

    return database.write(work)


def _try(
    database: Database, clock: Clock, tenant: str, digest: str, coming: Coming, days: int
) -> None:
    before, after = coming.before.shops, coming.after.shops
    names = frozenset(name for name, one in after.items() if one != before.get(name))
    try:
        report = trying.try_on(database, clock, tenant, coming.after, names, days)
        values = {"state": "done", "report": msgspec.json.encode(report).decode()}
    except Exception:  # noqa: BLE001 - whoever waits reads that it failed; the log says why
        _LOG.exception("a draft of %s could not be tried", tenant)
        values = {"state": "failed"}
    mine = policy_trials.c.tenant == tenant, policy_trials.c.digest == digest
    database.write(lambda c: c.execute(policy_trials.update().where(*mine).values(values)))
