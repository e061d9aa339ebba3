"""What is done to people's accounts: invite, give roles, disable, reset. Each change is one
transaction with its row of the audit.

Nobody changes their own roles, and a tenant always keeps one person who can manage people: else
nobody could undo the slip but somebody with a shell at the centre.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from sync.central.audit import Actor, Summary, changed
from sync.central.database import Database, insert_new, locked
from sync.central.people import sessions
from sync.central.people.links import Link, NotDone, make_link
from sync.central.roles import Role, read_roles, write_roles
from sync.central.tables import invitations, merchants, people, recovery_codes, tenants

LONGEST_NAME = 100


def good_name(name: str) -> bool:
    """What a person signs in with: 1 to 100 printable signs, no spaces at the ends."""
    return 0 < len(name) <= LONGEST_NAME and name.isprintable() and name.strip() == name


# --- by an administrator -----------------------------------------------------------------------


def invite(
    database: Database,
    clock: Clock,
    ids: Ids,
    actor: Actor,
    name: str,
    roles: frozenset[Role],
    merchant: str = "",
) -> Link | NotDone:
    """A person who sets a password by a one-time link. The name is theirs from now on."""
    if not good_name(name):
        return NotDone.BAD_NAME
    if not roles:
        return NotDone.NO_ROLE
    now = clock.now()

    def work(c: sa.Connection) -> Link | NotDone:
        wrong = _unfit(c, actor.tenant, roles, merchant)
        if wrong is not None:
            return wrong
        row = {
            "name": name,
            "tenant": actor.tenant,
            "password": "",
            "roles": write_roles(roles),
            "merchant_id": merchant,
            "state": "invited",
        }
        if not insert_new(c, people, row):
            return NotDone.TAKEN
        link = make_link(c, ids, now, name)
        changed(c, actor, now, "people.invited", name, after=_told(row))
        return link

    return database.write(work)


def _unfit(c: sa.Connection, tenant: str, roles: frozenset[Role], merchant: str) -> NotDone | None:
    if merchant and Role.ADMIN in roles:
        return NotDone.HOUSE_ONLY
    here = sa.and_(merchants.c.tenant == tenant, merchants.c.merchant_id == merchant)
    if merchant and c.execute(sa.select(merchants.c.name).where(here)).first() is None:
        return NotDone.NO_MERCHANT
    return None


def _told(row: Any) -> dict[str, str]:
    names = ("roles", "merchant_id", "state")
    return {name: row[name] for name in names if row[name]}


Change = Callable[[sa.Connection, sa.RowMapping, datetime], NotDone | None]


def _change(
    database: Database, clock: Clock, actor: Actor, name: str, own: bool, change: Change
) -> NotDone | None:
    """Do `change` to a person of the actor's tenant. All people of the tenant are held meanwhile,
    so that two administrators cannot take each other's role away at once."""
    now = clock.now()
    if not own and name == actor.name:
        return NotDone.OWN

    def work(c: sa.Connection) -> NotDone | None:
        mine = sa.select(people).where(people.c.tenant == actor.tenant).order_by(people.c.name)
        found = {row["name"]: row for row in c.execute(locked(mine)).mappings()}
        return change(c, found[name], now) if name in found else NotDone.UNKNOWN

    return database.write(work)


def _is_last_admin(c: sa.Connection, row: sa.RowMapping) -> bool:
    """Whether nobody else of the house could manage people and sign in."""
    others = sa.select(people.c.roles).where(
        people.c.tenant == row["tenant"],
        people.c.name != row["name"],
        people.c.state == "active",
        people.c.merchant_id == "",
    )
    return not any(Role.ADMIN in read_roles(one) for one in c.execute(others).scalars())


def set_roles(
    database: Database,
    clock: Clock,
    actor: Actor,
    name: str,
    roles: frozenset[Role],
    merchant: str,
) -> NotDone | None:
    """What a person may from their next click on."""
    if not roles:
        return NotDone.NO_ROLE

    def change(c: sa.Connection, row: sa.RowMapping, now: datetime) -> NotDone | None:
        if row["issuer"]:
            return NotDone.BY_ISSUER
        wrong = _unfit(c, actor.tenant, roles, merchant)
        if wrong is not None:
            return wrong
        stays = Role.ADMIN in roles and not merchant
        if not stays and _is_last_admin(c, row):
            return NotDone.LAST_ADMIN
        values = {"roles": write_roles(roles), "merchant_id": merchant}
        c.execute(people.update().where(people.c.name == name).values(values))
        told = {**_told(row), **values}
        changed(c, actor, now, "people.roles", name, before=_told(row), after=told)
        return None

    return _change(database, clock, actor, name, False, change)


def disable(database: Database, clock: Clock, actor: Actor, name: str) -> NotDone | None:
    """Signed out everywhere, at once, and not let in again until enabled."""

    def change(c: sa.Connection, row: sa.RowMapping, now: datetime) -> NotDone | None:
        if _is_last_admin(c, row):
            return NotDone.LAST_ADMIN
        c.execute(people.update().where(people.c.name == name).values(state="disabled"))
        c.execute(invitations.delete().where(invitations.c.name == name))
        ended = sessions.end_all(c, name)
        after: Summary = {"state": "disabled", "sessions_ended": ended}
        changed(c, actor, now, "people.disabled", name, before=_told(row), after=after)
        return None

    return _change(database, clock, actor, name, False, change)


def enable(database: Database, clock: Clock, actor: Actor, name: str) -> NotDone | None:
    """Let in again, with the password of before; invited again where there is none."""

    def change(c: sa.Connection, row: sa.RowMapping, now: datetime) -> NotDone | None:
        state = "active" if row["password"] or row["issuer"] else "invited"
        c.execute(people.update().where(people.c.name == name).values(state=state))
        after = {"state": state}
        changed(c, actor, now, "people.enabled", name, before=_told(row), after=after)
        return None

    return _change(database, clock, actor, name, False, change)


def reset_second_factor(
    database: Database, clock: Clock, actor: Actor, name: str
) -> NotDone | None:
    """For a lost telephone: the next sign-in asks for the password alone, and sets one up anew
    where the tenant asks for it. Ends the sessions."""

    def change(c: sa.Connection, row: sa.RowMapping, now: datetime) -> NotDone | None:
        had = bool(row["totp_secret"])
        drop_second_factor(c, name)
        ended = sessions.end_all(c, name)
        before, after = {"second_factor": had}, {"sessions_ended": ended}
        changed(c, actor, now, "people.second_factor_reset", name, before=before, after=after)
        return None

    return _change(database, clock, actor, name, False, change)


def drop_second_factor(c: sa.Connection, name: str) -> None:
    c.execute(people.update().where(people.c.name == name).values(totp_secret=""))
    c.execute(recovery_codes.delete().where(recovery_codes.c.name == name))


def new_link(database: Database, clock: Clock, ids: Ids, actor: Actor, name: str) -> Link | NotDone:
    """Another one-time link: for a forgotten password, or an invitation that ran out. The old
    password works until a new one is set."""
    made: list[Link] = []

    def change(c: sa.Connection, row: sa.RowMapping, now: datetime) -> NotDone | None:
        if row["issuer"]:
            return NotDone.BY_ISSUER
        if row["state"] == "disabled":
            return NotDone.UNKNOWN
        made[:] = [make_link(c, ids, now, name)]
        changed(c, actor, now, "people.link_made", name)
        return None

    wrong = _change(database, clock, actor, name, False, change)
    return made[0] if wrong is None else wrong


def require_second_factor(database: Database, clock: Clock, actor: Actor, on: bool) -> None:
    """Whether everybody of the tenant must have one. Who has none sets it up at the next sign-in;
    sessions that are under way go on."""
    now = clock.now()

    def work(c: sa.Connection) -> None:
        mine = tenants.c.tenant == actor.tenant
        was = c.execute(locked(sa.select(tenants.c.second_factor).where(mine))).scalar_one()
        c.execute(tenants.update().where(mine).values(second_factor=on))
        before, after = {"required": bool(was)}, {"required": on}
        changed(c, actor, now, "tenant.second_factor", actor.tenant, before=before, after=after)

    database.write(work)


# --- to look at --------------------------------------------------------------------------------


def list_people(database: Database, tenant: str) -> tuple[sa.RowMapping, ...]:
    query = (
        sa.select(people, merchants.c.name.label("merchant"))
        .outerjoin(
            merchants,
            sa.and_(
                merchants.c.tenant == people.c.tenant,
                merchants.c.merchant_id == people.c.merchant_id,
            ),
        )
        .where(people.c.tenant == tenant)
        .order_by(people.c.name)
    )
    with database.reading() as c:
        return tuple(c.execute(query).mappings())


def list_merchants(database: Database, tenant: str) -> tuple[tuple[str, str], ...]:
    """Id and name of those that a person can be bound to."""
    query = sa.select(merchants.c.merchant_id, merchants.c.name)
    query = query.where(merchants.c.tenant == tenant).order_by(merchants.c.name)
    with database.reading() as c:
        return tuple((row.merchant_id, row.name) for row in c.execute(query))
