"""A person made by somebody with a shell at the centre: the first one, or one who lost all."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from sync.central.audit import at_console, changed
from sync.central.database import Database
from sync.central.people import passwords, sessions
from sync.central.people.passwords import LEAST_PASSWORD, Weak
from sync.central.roles import ALL_ROLES, Role, write_roles
from sync.central.tables import people


def create_admin(
    database: Database,
    ids: Ids,
    tenant: str,
    name: str,
    password: str,
    clock: Clock | None = None,
    roles: Iterable[Role] = ALL_ROLES,
) -> None:
    """A new person, or a new password (which ends the sessions and sets the account free), by
    somebody with a shell at the centre. Audited where a `clock` is given; without one a database
    is being filled in which nobody works yet. Raises ValueError for a password that is too weak.
    """
    weak = passwords.weakness(password, LEAST_PASSWORD, (name, tenant))
    if weak is not None:
        raise ValueError(_WEAK[weak])
    hashed = passwords.hash_password(password, ids)
    values = {"password": hashed, "tenant": tenant, "state": "active", "roles": write_roles(roles)}

    def work(c: sa.Connection) -> None:
        sessions.end_all(c, name)
        there = c.execute(people.update().where(people.c.name == name).values(values))
        if there.rowcount == 0:
            c.execute(people.insert(), {"name": name, **values})
        if clock is not None:
            told = {"roles": values["roles"]}
            changed(c, at_console(tenant), clock.now(), "people.created", name, after=told)

    database.write(work)


_WEAK = {
    Weak.TOO_SHORT: f"a password has at least {LEAST_PASSWORD} characters",
    Weak.TOO_LONG: f"a password has at most {passwords.LONGEST_PASSWORD} characters",
    Weak.COMMON: "this password is one of those that are tried first",
    Weak.PATTERN: "a password is no row of keys and nothing said again and again",
    Weak.NAMED: "a password is more than a name",
}
