"""How often: for sign-in, people, machine keys and addresses. Kept in the database, so that
several workers keep one count and a restart forgives nobody.

Two shapes. `take` is for what is good and merely too much (an API key's requests): a steady pace
with a burst, the generic cell rate algorithm (ITU-T I.371), which needs one instant a key.
`attempt`, `forgive` and `excuse` are for guessing: each failure beyond the first few doubles the
pause until the next try, up to a quarter of an hour; nobody is locked out for good, since that
would let a stranger lock out anybody. After a quiet day it is forgotten.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sync.central.database import insert_new, locked
from sync.central.tables import limits

FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """`burst` at once, and `count` in `per` for as long as it lasts."""

    count: int
    per: timedelta
    burst: int

    @property
    def each(self) -> timedelta:
        return self.per / self.count


@dataclass(frozen=True, slots=True)
class Guessing:
    """`free` failures cost nothing; each further one doubles the pause, from `first` to
    `longest`."""

    free: int
    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(minutes=15)

    def pause(self, failures: int) -> timedelta:
        over = failures - self.free
        if over <= 0:
            return timedelta(0)
        return min(self.longest, self.first * (1 << min(over - 1, 20)))


def _key(scope: str, who: str) -> str:
    """Names and addresses are not kept in clear: what is typed as a name may be a password."""
    return hashlib.sha256(f"{scope}\0{who}".encode("utf-8", "replace")).hexdigest()


def _row(c: sa.Connection, scope: str, who: str, now: datetime) -> sa.Row[Any]:
    """The key's row, made where it is missing, and held until commit."""
    key = _key(scope, who)
    fresh = {"key": key, "scope": scope, "failures": 0, "free_at": now, "at": now}
    mine = locked(sa.select(limits).where(limits.c.key == key))
    insert_new(c, limits, fresh)
    row = c.execute(mine).one_or_none()
    if row is None:  # swept away between the two
        insert_new(c, limits, fresh)
        row = c.execute(mine).one()
    return row


def take(
    c: sa.Connection, scope: str, who: str, pace: Pace, now: datetime, count: int = 1
) -> timedelta:
    """Take a turn, or `count` at once (no more than the burst). Zero: they were there. Else
    nothing was taken, and how long to wait."""
    row = _row(c, scope, who, now)
    # Nobody can have used up more than the burst: what says so was written by a clock that was
    # set back since, and must not shut anybody out for as long.
    due: datetime = max(now, min(row.free_at, now + pace.each * pace.burst))
    early = due - now - pace.each * (pace.burst - count)
    if early > timedelta(0):
        return early
    values = {"free_at": due + pace.each * count, "at": now}
    c.execute(limits.update().where(limits.c.key == row.key).values(values))
    return timedelta(0)


def attempt(c: sa.Connection, scope: str, who: str, rule: Guessing, now: datetime) -> timedelta:
    """Begin a try at guessing something. Zero: go on, and the try is held against them until
    `forgive` or `excuse`. Else it is too early, nothing was noted, and how long to wait.

    It is charged before the answer is known, so that many tries at once are no way around it."""
    row = _row(c, scope, who, now)
    if row.failures and row.free_at > now:
        left: timedelta = row.free_at - now
        return left
    failures = 1 if row.at + FORGOTTEN_AFTER <= now else row.failures + 1
    values = {"failures": failures, "free_at": now + rule.pause(failures), "at": now}
    c.execute(limits.update().where(limits.c.key == row.key).values(values))
    return timedelta(0)


def forgive(c: sa.Connection, scope: str, who: str) -> None:
    """After the right answer: nothing is held against them."""
    mine = limits.c.key == _key(scope, who)
    c.execute(limits.update().where(mine).values(failures=0, free_at=limits.c.at))


def excuse(c: sa.Connection, scope: str, who: str, now: datetime) -> None:
    """After a right answer from a place that many share: this one try is taken back, and no
    more. Else a stranger there could wipe out failures by signing in as themselves."""
    row = _row(c, scope, who, now)
    values = {"failures": max(0, row.failures - 1), "free_at": now}
    c.execute(limits.update().where(limits.c.key == row.key).values(values))


def sweep(c: sa.Connection, now: datetime) -> int:
    """Drop what is forgotten anyway; how many rows."""
    old = sa.and_(limits.c.at < now - FORGOTTEN_AFTER, limits.c.free_at < now)
    return c.execute(limits.delete().where(old)).rowcount
