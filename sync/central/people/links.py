"""One-time links with which people set a password: when invited, and when it was forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Any

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from sync.central.audit import Actor, changed
from sync.central.database import Database
from sync.central.people import passwords, sessions
from sync.central.people.passwords import LEAST_ALONE, LEAST_PASSWORD, Weak
from sync.central.tables import invitations, people, tenants

LINK_LIFE = timedelta(days=3)


@unique
class NotDone(StrEnum):
    """Why a change of an account was not made."""

    TAKEN = "taken"  # somebody has this name, here or at another tenant
    BAD_NAME = "bad_name"
    NO_MERCHANT = "no_merchant"
    NO_ROLE = "no_role"
    UNKNOWN = "unknown"  # no such person of this tenant
    OWN = "own"  # nobody does that to themselves
    LAST_ADMIN = "last_admin"
    BY_ISSUER = "by_issuer"  # another service says who that is, and what they may
    HOUSE_ONLY = "house_only"  # managing people is not for a merchant's person


@dataclass(frozen=True, slots=True)
class Link:
    """The secret part of a one-time link; shown once, kept as a hash."""

    token: str
    expires_at: datetime


def make_link(c: sa.Connection, ids: Ids, now: datetime, name: str) -> Link:
    """A new link; older ones of this person stop working."""
    token = f"{ids.token(256):064x}"
    c.execute(invitations.delete().where(invitations.c.name == name))
    row = {
        "token_hash": sessions.hash_token(token),
        "name": name,
        "created_at": now,
        "expires_at": now + LINK_LIFE,
    }
    c.execute(invitations.insert(), row)
    return Link(token, now + LINK_LIFE)


def invited(database: Database, clock: Clock, token: str) -> str | None:
    """Whose link this is, as long as it works."""
    now = clock.now()
    query = _good_link(token, now)
    with database.reading() as c:
        row = c.execute(query).one_or_none()
    return row.name if row else None


def _good_link(token: str, now: datetime) -> sa.Select[Any]:
    return (
        sa.select(invitations, people.c.tenant, people.c.password, tenants.c.second_factor)
        .join(people, people.c.name == invitations.c.name)
        .join(tenants, tenants.c.tenant == people.c.tenant)
        .where(
            invitations.c.token_hash == sessions.hash_token(token),
            invitations.c.used_at.is_(None),
            invitations.c.expires_at > now,
            people.c.state != "disabled",
        )
    )


def accept(
    database: Database, clock: Clock, ids: Ids, token: str, password: str, source: str
) -> Weak | NotDone | None:
    """Set the password by the link, which is used up. Ends the sessions of before; the second
    factor stays."""
    now = clock.now()
    with database.reading() as c:
        row = c.execute(_good_link(token, now)).one_or_none()
    if row is None:
        return NotDone.UNKNOWN
    least = LEAST_PASSWORD if row.second_factor else LEAST_ALONE
    weak = passwords.weakness(password, least, (row.name, row.tenant))
    if weak is not None:
        return weak
    hashed = passwords.hash_password(password, ids)
    mine = sa.and_(
        invitations.c.token_hash == sessions.hash_token(token), invitations.c.used_at.is_(None)
    )

    def work(c: sa.Connection) -> NotDone | None:
        if c.execute(invitations.update().where(mine).values(used_at=now)).rowcount != 1:
            return NotDone.UNKNOWN
        values = {"password": hashed, "state": "active"}
        c.execute(people.update().where(people.c.name == row.name).values(values))
        sessions.end_all(c, row.name)
        actor = Actor(row.tenant, row.name, source, "link")
        changed(c, actor, now, "account.password_set", row.name)
        return None

    return database.write(work)
