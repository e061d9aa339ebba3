"""What people do to their own accounts: password, second factor, sessions."""

from __future__ import annotations

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from sync.central.audit import Actor, changed
from sync.central.database import Database
from sync.central.people import codes, passwords, sessions, signing_in
from sync.central.people.managing import drop_second_factor
from sync.central.people.passwords import LEAST_ALONE, LEAST_PASSWORD, Weak
from sync.central.people.persons import Person
from sync.central.people.sessions import Browser, Stage
from sync.central.roles import Permission
from sync.central.tables import people, tenants


def change_password(
    database: Database, clock: Clock, ids: Ids, person: Person, password: str
) -> Weak | None:
    """A new password, which ends every session, this one too. Whoever asks has just proved who
    they are (Person.is_fresh)."""
    least = LEAST_PASSWORD if has_second_factor(database, person.name) else LEAST_ALONE
    weak = passwords.weakness(password, least, (person.name, person.tenant))
    if weak is not None:
        return weak
    hashed, now = passwords.hash_password(password, ids), clock.now()

    def work(c: sa.Connection) -> None:
        c.execute(people.update().where(people.c.name == person.name).values(password=hashed))
        ended = sessions.end_all(c, person.name)
        actor = person.doing(Permission.OWN_ACCOUNT)
        after = {"sessions_ended": ended}
        changed(c, actor, now, "account.password_set", person.name, after=after)

    database.write(work)
    return None


def end_session(database: Database, clock: Clock, person: Person, session_id: str) -> bool:
    now = clock.now()

    def work(c: sa.Connection) -> bool:
        if not sessions.end_one(c, person.name, session_id):
            return False
        changed(c, person.doing(Permission.OWN_ACCOUNT), now, "session.ended", person.name)
        return True

    return database.write(work)


# --- the second factor -------------------------------------------------------------------------


def has_second_factor(database: Database, name: str) -> bool:
    query = sa.select(people.c.totp_secret).where(people.c.name == name)
    with database.reading() as c:
        return bool(c.execute(query).scalar_one_or_none())


def must_have_second_factor(database: Database, tenant: str) -> bool:
    query = sa.select(tenants.c.second_factor).where(tenants.c.tenant == tenant)
    with database.reading() as c:
        return bool(c.execute(query).scalar_one_or_none())


def begin_second_factor(database: Database, ids: Ids, token: str) -> str:
    """The secret to show: a page that is loaded again shows the same."""
    return sessions.make_pending(database, ids, token)


def confirm_second_factor(
    database: Database,
    clock: Clock,
    ids: Ids,
    token: str,
    actor: Actor,
    code: str,
    browser: Browser,
) -> tuple[str, tuple[str, ...]] | None:
    """The first code of a new second factor: from now on it is asked for. The session's new token
    and the recovery codes, to be shown this once; None for a wrong code."""
    now = clock.now()

    def work(c: sa.Connection) -> tuple[str, tuple[str, ...]] | None:
        row = sessions.row_of(c, token)
        secret = codes.secret_of(c, row.name, row.pending) if row else ""
        step = codes.step_of(secret, code, now) if secret else None
        if row is None or step is None:
            return None
        values = {"totp_secret": row.pending, "totp_step": step}
        c.execute(people.update().where(people.c.name == actor.name).values(values))
        made = codes.make_recovery(c, ids, actor.name)
        fresh = sessions.rotate(c, ids, now, token)
        changed(c, actor, now, "account.second_factor_set", actor.name)
        if row.stage == Stage.ENROL:
            signing_in.note_signed_in(c, now, actor.tenant, actor.name, browser, "password")
        return fresh, made

    return database.write(work)


def remove_second_factor(database: Database, clock: Clock, person: Person) -> bool:
    """Only where the tenant does not ask for one; whether it was removed."""
    if must_have_second_factor(database, person.tenant):
        return False
    now = clock.now()

    def work(c: sa.Connection) -> None:
        drop_second_factor(c, person.name)
        actor = person.doing(Permission.OWN_ACCOUNT)
        changed(c, actor, now, "account.second_factor_removed", person.name)

    database.write(work)
    return True


def renew_recovery(database: Database, clock: Clock, ids: Ids, person: Person) -> tuple[str, ...]:
    """New recovery codes; the old ones work no more."""
    now = clock.now()

    def work(c: sa.Connection) -> tuple[str, ...]:
        made = codes.make_recovery(c, ids, person.name)
        actor = person.doing(Permission.OWN_ACCOUNT)
        changed(c, actor, now, "account.recovery_codes_made", person.name)
        return made

    return database.write(work)


def recovery_left(database: Database, name: str) -> int:
    with database.reading() as c:
        return codes.recovery_left(c, name)
