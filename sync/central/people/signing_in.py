"""Signing in: password, then the second factor where there is one or the tenant asks for one.

Whoever guesses is slowed down by name and by address (sync.central.limits): each failure beyond
the first few doubles the pause. The answer is the same for a wrong password, an unknown name, a
disabled person and a pause, and takes one password's hash each time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from sync.central import limits
from sync.central.audit import Actor, changed
from sync.central.database import Database
from sync.central.limits import Guessing
from sync.central.people import codes, passwords, sessions
from sync.central.people.persons import Person
from sync.central.people.sessions import Browser, Stage
from sync.central.tables import people, tenants

_LOG = logging.getLogger(__name__)

OF_A_NAME = Guessing(free=5)
OF_AN_ADDRESS = Guessing(free=30)  # a whole office may share one
OF_CODES = Guessing(free=5)
_NAME = "sign_in.name"
_ADDRESS = "sign_in.address"
_CODE = "sign_in.code"
_LONGEST_NAME = 100


def sign_in(
    database: Database, clock: Clock, ids: Ids, name: str, password: str, source: str | Browser
) -> str | None:
    """A session's token, or None; the caller cannot tell why. The session may still owe the
    second factor: it then opens the page for it and nothing else."""
    browser = source if isinstance(source, Browser) else Browser(source)
    named = _plain(name)
    now = clock.now()
    barred = database.write(lambda c: _charge(c, named, browser.source, now))
    with database.reading() as c:
        row = _person(c, named)
    fits = passwords.password_fits(password, row.password if row else "")
    if barred or row is None or not fits or row.state != "active":
        _LOG.warning("a sign-in from %s failed", sessions.shown(browser.source))
        return None
    return database.write(lambda c: _let_in(c, ids, now, row, password, browser))


def _plain(name: str) -> str:
    return name[:_LONGEST_NAME].replace("\0", "�").encode("utf-8", "replace").decode()


def _person(c: sa.Connection, name: str) -> sa.Row[Any] | None:
    query = (
        sa.select(people, tenants.c.second_factor)
        .join(tenants, tenants.c.tenant == people.c.tenant)
        .where(people.c.name == name)
    )
    return c.execute(query).one_or_none()


def _charge(c: sa.Connection, name: str, source: str, now: datetime) -> bool:
    """Whether it is too early for another try, by address or by name."""
    limits.sweep(c, now)
    none = timedelta(0)
    if limits.attempt(c, _ADDRESS, source, OF_AN_ADDRESS, now) > none:
        return True
    return limits.attempt(c, _NAME, name, OF_A_NAME, now) > none


def _let_in(
    c: sa.Connection,
    ids: Ids,
    now: datetime,
    row: sa.Row[Any],
    password: str,
    browser: Browser,
) -> str:
    limits.forgive(c, _NAME, row.name)
    limits.excuse(c, _ADDRESS, browser.source, now)
    if passwords.is_outdated(row.password):
        hashed = passwords.hash_password(password, ids)
        same = sa.and_(people.c.name == row.name, people.c.password == row.password)
        c.execute(people.update().where(same).values(password=hashed))
    stage = _stage(row)
    token = sessions.begin(c, ids, now, row.name, browser, stage)
    if stage is Stage.IN:
        note_signed_in(c, now, row.tenant, row.name, browser, "password")
    return token


def _stage(row: sa.Row[Any]) -> Stage:
    if row.totp_secret:
        return Stage.CODE
    return Stage.ENROL if row.second_factor else Stage.IN


def note_signed_in(
    c: sa.Connection, now: datetime, tenant: str, name: str, browser: Browser, way: str
) -> None:
    c.execute(people.update().where(people.c.name == name).values(signed_in_at=now))
    actor = Actor(tenant, name, browser.source, "")
    changed(c, actor, now, "session.begun", name, after={"by": way})


def second_step(
    database: Database, clock: Clock, ids: Ids, token: str, code: str, browser: Browser
) -> str | None:
    """The six digits, or a recovery code, of a session that owes them: its new token, or None."""
    half = sessions.half_signed_in(database, clock, token)
    if half is None or half.stage is not Stage.CODE:
        return None
    now = clock.now()

    def let_in(c: sa.Connection, way: str) -> str:
        fresh = sessions.rotate(c, ids, now, token)
        note_signed_in(c, now, half.tenant, half.name, browser, way)
        return fresh

    return _with_code(database, half.name, code, now, let_in)


def _with_code(
    database: Database,
    name: str,
    code: str,
    now: datetime,
    then: Callable[[sa.Connection, str], str],
) -> str | None:
    """Do `then` in the transaction in which the code is used up. Tries are slowed by name; the
    charge is a transaction of its own, so that it stays where the code is wrong."""
    none = timedelta(0)
    charge = limits.attempt
    if database.write(lambda c: charge(c, _CODE, name, OF_CODES, now)) > none:
        return None

    def work(c: sa.Connection) -> str | None:
        row = _person(c, name)
        if row is None or row.state != "active":
            return None
        if codes.use_code(c, name, row.totp_secret, code, now):
            way = "password and code"
        elif codes.use_recovery(c, name, code, now):
            way = "password and recovery code"
        else:
            return None
        limits.forgive(c, _CODE, name)
        return then(c, way)

    return database.write(work)


def prove_again(
    database: Database,
    clock: Clock,
    ids: Ids,
    token: str,
    person: Person,
    password: str,
    code: str,
) -> str | None:
    """Before a sensitive action: the password, and the second factor of whoever has one. The
    session's new token, or None. Slowed down as signing in is."""
    now = clock.now()
    barred = database.write(lambda c: _charge(c, person.name, person.source, now))
    with database.reading() as c:
        row = _person(c, person.name)
    fits = passwords.password_fits(password, row.password if row else "")
    if barred or row is None or not fits or row.state != "active":
        return None

    def let_in(c: sa.Connection, _way: str = "") -> str:
        limits.forgive(c, _NAME, person.name)
        limits.excuse(c, _ADDRESS, person.source, now)
        return sessions.rotate(c, ids, now, token)

    if row.totp_secret:
        return _with_code(database, person.name, code, now, let_in)
    return database.write(let_in)
