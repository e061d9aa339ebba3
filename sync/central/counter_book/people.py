"""People of counters: added, changed, revoked; badges and start PINs issued, each shown once.

No PIN is a default and none is shared: a start PIN is random, of one person and one round, and can
do nothing at a counter but choose one's own. A new one forgives wrong tries and makes the PINs
that were chosen before count no more (kiosk.domain.staff.people, `pin_round`). Only digests of
badges and verifiers of start PINs are kept.

Each change goes out at once, in a book of its own, where a key is here that kiosks believe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import sqlalchemy as sa

from kiosk.domain.codes import badge_code, parse
from kiosk.domain.codes.badge import BITS
from kiosk.domain.codes.model import BadgeCode
from kiosk.domain.counter.commands import Role
from kiosk.domain.staff import badges, pins
from kiosk.ports import Clock, Ids
from kiosk.seal import pins as verifiers
from kiosk.seal.keys import SigningKey
from sync.central.audit import Actor, Summary, changed
from sync.central.counter_book import peppers, publishing
from sync.central.counter_book.houses import sites as every_site
from sync.central.counter_book.persons import ROLES as ROLES
from sync.central.counter_book.persons import Person as Person
from sync.central.counter_book.persons import everybody as everybody
from sync.central.counter_book.persons import one as one
from sync.central.database import Database, locked
from sync.central.tables import counter_houses as houses
from sync.central.tables import counter_member_sites as working
from sync.central.tables import counter_members as members
from sync.wire.counter_book import MAX_MEMBERS

T = TypeVar("T")
LONGEST_NAME = 60
START_DIGITS = 8
_FIRST_ID = 1001


class NotDone(StrEnum):
    """Why somebody was not changed."""

    NO_NAME = "no_name"
    LONG_NAME = "long_name"
    NO_ROLE = "no_role"
    NO_SITE = "no_site"
    NOBODY = "nobody"  # there is nobody of that id
    REVOKED = "revoked"
    BAD_DAY = "bad_day"
    FULL = "full"  # a site has as many people as a book can name


@dataclass(frozen=True, slots=True)
class Card:
    """What is handed to somebody, once. "" for what was not made anew."""

    staff_id: str
    name: str
    sites: tuple[str, ...]
    badge: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Changing:
    """What every change needs. `key` is None where the one that signs lies elsewhere: then the
    change waits for a book."""

    database: Database
    clock: Clock
    ids: Ids
    by: Actor
    key: SigningKey | None


# --- changing ----------------------------------------------------------------------------------


def add(
    do: Changing,
    name: str,
    roles: frozenset[Role],
    sites: frozenset[str],
    until: int | None = None,
) -> Card | NotDone:
    """Somebody new, with their badge and start PIN."""

    def work(c: sa.Connection, now: datetime) -> Card | NotDone:
        wrong = _named_wrong(name) or _roles_wrong(roles) or _sites_wrong(c, do.by.tenant, sites)
        if wrong is not None:
            return wrong
        staff_id = _free_id(c, do.by.tenant)
        row = {
            "tenant": do.by.tenant,
            "staff_id": staff_id,
            "name": name.strip(),
            "roles": _written(roles),
            "until": until,
            "added_at": now,
            # Until the card is made; it is in the same transaction.
            "pin_round": 0,
        }
        c.execute(members.insert(), row)
        for site in sorted(sites):
            place = {"tenant": do.by.tenant, "site": site, "staff_id": staff_id}
            c.execute(working.insert(), place)
        card = _card(c, do, now, staff_id, badge=True, pin=True)
        after: Summary = {"name": name.strip(), "roles": _written(roles), "sites": _list(sites)}
        changed(c, do.by, now, "counter.person_added", staff_id, after=after)
        return card

    return _changing(do, work)


def rename(do: Changing, staff_id: str, name: str, until: int | None) -> NotDone | None:
    """A name put right, and the last instant, None for no end."""

    def work(c: sa.Connection, now: datetime) -> NotDone | None:
        there = _held(c, do, staff_id)
        if there is None:
            return NotDone.NOBODY
        wrong = _named_wrong(name)
        if wrong is not None:
            return wrong
        _set(c, do, staff_id, name=name.strip(), until=until)
        before: Summary = {"name": there.name, "until": str(there.until or "")}
        after: Summary = {"name": name.strip(), "until": str(until or "")}
        changed(c, do.by, now, "counter.person_changed", staff_id, before=before, after=after)
        return None

    return _changing(do, work)


def set_rights(
    do: Changing, staff_id: str, roles: frozenset[Role], sites: frozenset[str]
) -> NotDone | None:
    """Roles, and where somebody works. At a site that is new to them they need a new badge: what
    their present one says is known to nobody here."""

    def work(c: sa.Connection, now: datetime) -> NotDone | None:
        there = _held(c, do, staff_id)
        if there is None:
            return NotDone.NOBODY
        new = sites - set(there.sites)
        wrong = _roles_wrong(roles) or _sites_wrong(c, do.by.tenant, sites, new)
        if wrong is not None:
            return wrong
        _set(c, do, staff_id, roles=_written(roles))
        mine = sa.and_(working.c.tenant == do.by.tenant, working.c.staff_id == staff_id)
        c.execute(working.delete().where(mine, working.c.site.not_in(sites)))
        for site in sorted(new):
            place = {"tenant": do.by.tenant, "site": site, "staff_id": staff_id}
            c.execute(working.insert(), place)
        before: Summary = {"roles": _written(there.roles), "sites": _list(there.sites)}
        after: Summary = {"roles": _written(roles), "sites": _list(sites)}
        changed(c, do.by, now, "counter.person_rights", staff_id, before=before, after=after)
        return None

    return _changing(do, work)


def revoke(do: Changing, staff_id: str) -> NotDone | None:
    """Out for good: badge and PIN are nothing any more, here and at every counter."""

    def work(c: sa.Connection, now: datetime) -> NotDone | None:
        there = _held(c, do, staff_id)
        if there is None:
            return NotDone.NOBODY
        if not there.active:
            return None
        _set(c, do, staff_id, active=False, verifier="", badge_at=None)
        mine = sa.and_(working.c.tenant == do.by.tenant, working.c.staff_id == staff_id)
        c.execute(working.update().where(mine).values(badge="", pepper_id=""))
        changed(c, do.by, now, "counter.person_revoked", staff_id, before={"name": there.name})
        return None

    return _changing(do, work)


def restore(do: Changing, staff_id: str) -> Card | NotDone:
    """In again, with a new badge and a new start PIN."""

    def work(c: sa.Connection, now: datetime) -> Card | NotDone:
        there = _held(c, do, staff_id)
        if there is None or there.active:
            return NotDone.NOBODY
        _set(c, do, staff_id, active=True)
        card = _card(c, do, now, staff_id, badge=True, pin=True)
        changed(c, do.by, now, "counter.person_restored", staff_id, after={"name": there.name})
        return card

    return _changing(do, work)


def issue(do: Changing, staff_id: str, *, badge: bool, pin: bool) -> Card | NotDone:
    """A new badge, a new start PIN, or both. What was in force before is not any more."""

    def work(c: sa.Connection, now: datetime) -> Card | NotDone:
        there = _held(c, do, staff_id)
        if there is None:
            return NotDone.NOBODY
        if not there.active:
            return NotDone.REVOKED
        card = _card(c, do, now, staff_id, badge=badge, pin=pin)
        after: Summary = {"badge": badge, "pin": pin}
        changed(c, do.by, now, "counter.card_issued", staff_id, after=after)
        return card

    return _changing(do, work)


# --- cards -------------------------------------------------------------------------------------


def _card(
    c: sa.Connection, do: Changing, now: datetime, staff_id: str, *, badge: bool, pin: bool
) -> Card:
    there = one(c, do.by.tenant, staff_id)
    assert there is not None, "held by the caller"
    code = badge_code(do.ids.token(BITS)) if badge else ""
    if code:
        read = parse(code, code.encode(), "")
        assert isinstance(read, BadgeCode), "what we spell we read"
        for site in there.sites:
            pepper = peppers.newest_pepper(c, do.by.tenant, site)
            assert pepper is not None, "a site with a counter has one"
            mine = sa.and_(
                working.c.tenant == do.by.tenant,
                working.c.site == site,
                working.c.staff_id == staff_id,
            )
            digest = badges.digest(read, pepper.secret)
            c.execute(working.update().where(mine).values(badge=digest, pepper_id=pepper.pepper_id))
        _set(c, do, staff_id, badge_at=now)
    start = _start_pin(do.ids, staff_id) if pin else ""
    if start:
        salt = do.ids.token(8 * verifiers.SALT_BYTES).to_bytes(verifiers.SALT_BYTES)
        made = verifiers.make(start, salt)
        _set(c, do, staff_id, verifier=made, pin_round=there.pin_round + 1)
    return Card(staff_id, there.name, there.sites, code, start)


def _start_pin(ids: Ids, staff_id: str) -> str:
    """Every PIN that is not too easy is as likely as any other."""
    rule = pins.PinRule(START_DIGITS, START_DIGITS)
    while True:
        value = ids.token(27)  # the least that holds eight digits
        text = f"{value:0{START_DIGITS}d}"
        if value < 10**START_DIGITS and pins.weak(text, rule, staff_id) is None:
            return text


# --- parts -------------------------------------------------------------------------------------


def _changing(do: Changing, work: Callable[[sa.Connection, datetime], T]) -> T:
    """In one transaction: every house is held first, in one order, then the change is made, and
    the sites that it was about get their books."""
    tenant = do.by.tenant

    def all_of_it(c: sa.Connection) -> T:
        now = do.clock.now()
        # The same order for everybody: two at once cannot wait for each other.
        rows = sa.select(houses.c.site).where(houses.c.tenant == tenant).order_by(houses.c.site)
        held = c.execute(locked(rows)).scalars().all()
        done = work(c, now)
        if not isinstance(done, NotDone):
            for site in held:
                if publishing.waits(c, tenant, site):
                    publishing.again(c, now, do.by, site, do.key)
        return done

    return do.database.write(all_of_it)


def _held(c: sa.Connection, do: Changing, staff_id: str) -> Person | None:
    mine = sa.and_(members.c.tenant == do.by.tenant, members.c.staff_id == staff_id)
    c.execute(locked(sa.select(members.c.staff_id).where(mine))).one_or_none()
    return one(c, do.by.tenant, staff_id)


def _set(c: sa.Connection, do: Changing, staff_id: str, **values: object) -> None:
    mine = sa.and_(members.c.tenant == do.by.tenant, members.c.staff_id == staff_id)
    c.execute(members.update().where(mine).values(**values))


def _free_id(c: sa.Connection, tenant: str) -> str:
    """Digits, as ids are typed on a keypad. Those of people who left are not given again."""
    query = sa.select(members.c.staff_id).where(members.c.tenant == tenant)
    taken = [int(one) for one in c.execute(query).scalars() if one.isascii() and one.isdigit()]
    return str(max(taken, default=_FIRST_ID - 1) + 1)


def _named_wrong(name: str) -> NotDone | None:
    plain = name.strip()
    if not plain or not plain.isprintable():
        return NotDone.NO_NAME
    return NotDone.LONG_NAME if len(plain) > LONGEST_NAME else None


def _roles_wrong(roles: frozenset[Role]) -> NotDone | None:
    return None if roles and roles <= set(ROLES) else NotDone.NO_ROLE


def _sites_wrong(
    c: sa.Connection, tenant: str, sites: frozenset[str], new: frozenset[str] | None = None
) -> NotDone | None:
    if not sites or not sites <= set(every_site(c, tenant)):
        return NotDone.NO_SITE
    for site in sites if new is None else new:
        mine = working.c.tenant == tenant, working.c.site == site
        many = c.execute(sa.select(sa.func.count()).where(*mine)).scalar_one()
        if many >= MAX_MEMBERS:
            return NotDone.FULL
    return None


def _written(roles: Iterable[Role]) -> str:
    chosen = set(roles)
    return " ".join(role for role in ROLES if role in chosen)


def _list(sites: Iterable[str]) -> str:
    return ", ".join(sorted(sites))
