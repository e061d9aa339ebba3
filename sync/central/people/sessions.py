"""Sessions: a random token in a cookie, its hash in the database; limits of time; one's own list.

A session that has shown a password only (stage `code` or `enrol`) opens nothing but the page for
the second factor, and only for ten minutes. The token changes whenever a session gets to be worth
more (signed in, proved again), so that one that was planted or seen before is worth nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Any

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from sync.central import sealing
from sync.central.database import Database, locked
from sync.central.people import codes
from sync.central.people.persons import Person
from sync.central.roles import read_roles
from sync.central.tables import people, sessions

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
HALF = timedelta(minutes=10)  # for the second factor, and for setting one up
_TOUCH = timedelta(minutes=1)
_LONGEST_AGENT = 200


@unique
class Stage(StrEnum):
    IN = "in"
    CODE = "code"  # the second factor is owed
    ENROL = "enrol"  # the second factor is to be set up first


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request comes from: its address, and what its browser calls itself."""

    source: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody with the right password, who still owes the second factor."""

    name: str
    tenant: str
    csrf: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Session:
    """One line of a person's own list."""

    session_id: str
    created_at: datetime
    seen_at: datetime
    source: str
    agent: str


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def begin(
    c: sa.Connection, ids: Ids, now: datetime, name: str, browser: Browser, stage: Stage
) -> str:
    """A new session's token."""
    c.execute(sessions.delete().where(sessions.c.created_at < now - LONGEST))
    token = f"{ids.token(256):064x}"
    c.execute(
        sessions.insert(),
        {
            "token_hash": hash_token(token),
            "name": name,
            "csrf": f"{ids.token(128):032x}",
            "created_at": now,
            "seen_at": now,
            "session_id": ids.uuid(),
            "stage": stage.value,
            "proved_at": now if stage is Stage.IN else None,
            "source": shown(browser.source),
            "agent": shown(browser.agent),
        },
    )
    return token


def shown(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:_LONGEST_AGENT]


def rotate(c: sa.Connection, ids: Ids, now: datetime, token: str) -> str:
    """The same session, in and proved now, under a new token and a new form token. Its own time
    goes on: proving oneself again does not make a day longer."""
    fresh = f"{ids.token(256):064x}"
    c.execute(
        sessions.update()
        .where(sessions.c.token_hash == hash_token(token))
        .values(
            token_hash=hash_token(fresh),
            csrf=f"{ids.token(128):032x}",
            stage=Stage.IN.value,
            proved_at=now,
            seen_at=now,
            pending="",
        )
    )
    return fresh


def row_of(c: sa.Connection, token: str) -> sa.Row[Any] | None:
    """The session and who it is of, whatever its age; None where its person is disabled."""
    told = (people.c.tenant, people.c.roles, people.c.merchant_id, people.c.issuer)
    return c.execute(
        sa.select(sessions, *told)
        .join(people, people.c.name == sessions.c.name)
        .where(sessions.c.token_hash == hash_token(token), people.c.state == "active")
    ).one_or_none()


def signed_in(database: Database, clock: Clock, token: str, source: str = "") -> Person | None:
    """Whose session this is; idle and absolute time limits are kept here. What the person may is
    read anew each time: a role that was taken away is gone at the next click."""
    now = clock.now()
    with database.reading() as c:
        row = row_of(c, token)
    if row is None or row.stage != Stage.IN:
        return None
    if row.seen_at + IDLE < now or row.created_at + LONGEST < now:
        return None
    if row.seen_at + _TOUCH < now:
        touch = sessions.update().where(sessions.c.token_hash == row.token_hash)
        database.write(lambda c: c.execute(touch.values(seen_at=now)))
    return Person(
        name=row.name,
        tenant=row.tenant,
        csrf=row.csrf,
        roles=read_roles(row.roles),
        merchant=row.merchant_id,
        session_id=row.session_id,
        proved_at=row.proved_at,
        source=source,
        by_issuer=bool(row.issuer),
    )


def half_signed_in(database: Database, clock: Clock, token: str) -> Half | None:
    """Who owes the second factor with this token, for ten minutes."""
    with database.reading() as c:
        row = row_of(c, token)
    if row is None or row.stage == Stage.IN or row.created_at + HALF < clock.now():
        return None
    return Half(row.name, row.tenant, row.csrf, Stage(row.stage))


def make_pending(database: Database, ids: Ids, token: str) -> str:
    """A second factor's secret, until its first code confirms it: made once for a session, so
    that a page that is loaded again shows the same."""
    mine = sessions.c.token_hash == hash_token(token)

    def work(c: sa.Connection) -> str:
        query = locked(sa.select(sessions.c.name, sessions.c.pending).where(mine))
        row = c.execute(query).one_or_none()
        if row is None:
            return codes.make_secret(ids)  # ended meanwhile: nothing will confirm it
        if row.pending and (known := codes.secret_of(c, row.name, row.pending)):
            return known
        secret = codes.make_secret(ids)
        kept = sealing.of(c).seal(secret, ids, sealing.SECOND_FACTOR, row.name)
        c.execute(sessions.update().where(mine).values(pending=kept))
        return secret

    return database.write(work)


def sign_out(database: Database, token: str) -> None:
    end = sessions.delete().where(sessions.c.token_hash == hash_token(token))
    database.write(lambda c: c.execute(end))


def end_all(c: sa.Connection, name: str) -> int:
    """Every session of a person; how many."""
    return c.execute(sessions.delete().where(sessions.c.name == name)).rowcount


def end_one(c: sa.Connection, name: str, session_id: str) -> bool:
    """One of a person's own; whether it was there."""
    mine = sa.and_(sessions.c.name == name, sessions.c.session_id == session_id)
    return c.execute(sessions.delete().where(mine)).rowcount == 1


def of_person(database: Database, clock: Clock, name: str) -> tuple[Session, ...]:
    """Those that still open something, the latest used first."""
    now = clock.now()
    query = (
        sa.select(sessions)
        .where(
            sessions.c.name == name,
            sessions.c.stage == Stage.IN.value,
            sessions.c.seen_at >= now - IDLE,
            sessions.c.created_at >= now - LONGEST,
        )
        .order_by(sessions.c.seen_at.desc(), sessions.c.session_id)
    )
    with database.reading() as c:
        return tuple(
            Session(row.session_id, row.created_at, row.seen_at, row.source, row.agent)
            for row in c.execute(query)
        )
