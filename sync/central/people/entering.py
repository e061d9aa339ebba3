"""Letting in whom an issuer named: an account of its own, with the roles that its claims give."""

from __future__ import annotations

import logging
from datetime import datetime

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from sync.central.audit import Actor, changed
from sync.central.database import Database, insert_new, locked
from sync.central.people import sessions, signing_in
from sync.central.people.issuers import Issuer
from sync.central.people.managing import good_name
from sync.central.people.oidc import Told
from sync.central.people.sessions import Browser, Stage
from sync.central.roles import write_roles
from sync.central.tables import people

_LOG = logging.getLogger(__name__)


def enter(
    database: Database,
    clock: Clock,
    ids: Ids,
    tenant: str,
    issuer: Issuer,
    told: Told,
    browser: Browser,
) -> str | None:
    """A session's token. None for somebody without a role here, one who is disabled, and one
    whose name an account with a password has: an issuer takes over nobody's account."""
    roles = write_roles(issuer.granted(told.claims))
    if not roles:
        _LOG.warning("%s named somebody without a role here", issuer.issuer)
        return None
    now = clock.now()

    def work(c: sa.Connection) -> str | None:
        name = _account(c, now, tenant, issuer, told, roles, browser)
        if name is None:
            return None
        if told.again and not sessions.end_one(c, name, told.again):
            return None  # it is another person's session, or gone
        token = sessions.begin(c, ids, now, name, browser, Stage.IN)
        signing_in.note_signed_in(c, now, tenant, name, browser, issuer.issuer)
        return token

    return database.write(work)


def _account(
    c: sa.Connection,
    now: datetime,
    tenant: str,
    issuer: Issuer,
    told: Told,
    roles: str,
    browser: Browser,
) -> str | None:
    same = (
        people.c.tenant == tenant,
        people.c.issuer == issuer.issuer,
        people.c.subject == told.subject,
    )
    row = c.execute(locked(sa.select(people).where(*same))).one_or_none()
    name = str(told.claims.get(issuer.named_by, "")) if row is None else row.name
    actor = Actor(tenant, name, browser.source, issuer.issuer)
    if row is None:
        fresh = {
            "name": name,
            "tenant": tenant,
            "password": "",
            "roles": roles,
            "issuer": issuer.issuer,
            "subject": told.subject,
        }
        if not good_name(name) or not insert_new(c, people, fresh):
            _LOG.warning("%s named somebody whose name cannot be used", issuer.issuer)
            return None
        changed(c, actor, now, "people.created", name, after={"roles": roles})
        return name
    if row.state != "active":
        return None
    if row.roles != roles:
        c.execute(people.update().where(*same).values(roles=roles))
        before, after = {"roles": row.roles}, {"roles": roles}
        changed(c, actor, now, "people.roles", name, before=before, after=after)
    return name
