"""The next book of a site: numbered, signed with a key of the tenant's bundles, kept for good.

The database alone can publish nothing. What kiosks would not believe is not signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import sqlalchemy as sa

from kiosk.ports import Clock
from kiosk.seal.keys import SigningKey
from sync.central.audit import Actor, Summary, changed
from sync.central.counter_book import checking, peppers
from sync.central.counter_book.houses import digest_of, load, read_house
from sync.central.counter_book.peppers import Pepper
from sync.central.counter_book.roster import members_of, people_json
from sync.central.database import Database, locked
from sync.central.policy import keyrings
from sync.central.tables import counter_books as books
from sync.central.tables import counter_houses as houses
from sync.wire import codec
from sync.wire import counter_book as wire
from sync.wire.counter_book import CounterBook, HouseTold, MemberTold, PepperNamed

T = TypeVar("T")
LONGEST_NOTE = 200


class Why(StrEnum):
    """Why no book went out."""

    NO_COUNTER = "no_counter"
    KEY = "key"  # no kiosk would believe it
    OVERTAKEN = "overtaken"  # the draft is another one now
    UNFIT = "unfit"  # checking.problems says why
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class NotPublished:
    why: Why


class _Stop(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def publish(
    database: Database,
    clock: Clock,
    key: SigningKey,
    by: Actor,
    site: str,
    seen: str,
    note: str = "",
    at_least: int = 0,
) -> CounterBook | NotPublished:
    """The draft that was `seen` (its digest) becomes the site's next book, with its people as
    they are; "" publishes what stands once more. `at_least` is a number that it should not stay
    under: a centre that was restored has forgotten some that counters have seen."""

    def work(c: sa.Connection) -> CounterBook:
        row = held(c, by.tenant, site)
        house = load(c, by.tenant, site)
        if house is None:
            raise _Stop(Why.NO_COUNTER)
        if digest_of(row.draft) != seen:
            raise _Stop(Why.OVERTAKEN)
        told = read_house(row.draft) if row.draft else house.standing
        if checking.stops(told, c, by.tenant, site):
            raise _Stop(Why.UNFIT)
        made = _next(c, clock.now(), by, site, told, key, note, at_least)
        c.execute(_mine(by.tenant, site).values(draft=""))
        after: Summary = {
            "number": made.number,
            "people": len(made.members),
            "shelves": len(told.shelves),
        }
        changed(c, by, clock.now(), "counter.published", site, after=after)
        return made

    return _tried(database, work)


def again(
    c: sa.Connection, now: datetime, by: Actor, site: str, key: SigningKey | None
) -> CounterBook | None:
    """The book that stands, with the people as they are now: in the transaction of what changed
    them. None where it waits: no book went out yet, or no key that kiosks believe is here."""
    row = held(c, by.tenant, site)
    house = load(c, by.tenant, site)
    if house is None or not row.number or key is None:
        return None
    if keyrings.unfit(c, by.tenant, key.kid, now):
        return None
    try:
        return _next(c, now, by, site, house.standing, key, "")
    except _Stop:  # more than a counter can take, by these people: nothing was written
        return None


def waits(
    c: sa.Connection, tenant: str, site: str, members: tuple[MemberTold, ...] | None = None
) -> bool:
    """Whether people were changed and no book that went out says so. `members` are the site's,
    where they are at hand."""
    row = c.execute(
        sa.select(books.c.members_digest)
        .where(books.c.tenant == tenant, books.c.site == site)
        .order_by(books.c.number.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return False
    there = members_of(c, tenant, site) if members is None else members
    return bool(row.members_digest != _digest(there))


def held(c: sa.Connection, tenant: str, site: str) -> sa.Row[tuple[int, str]]:
    """The site's row, held until commit: two people at once get two numbers."""
    mine = sa.select(houses.c.number, houses.c.draft).where(
        houses.c.tenant == tenant, houses.c.site == site
    )
    row = c.execute(locked(mine)).one_or_none()
    if row is None:
        raise _Stop(Why.NO_COUNTER)
    return row


def _next(
    c: sa.Connection,
    now: datetime,
    by: Actor,
    site: str,
    house: HouseTold,
    key: SigningKey,
    note: str,
    at_least: int = 0,
) -> CounterBook:
    tenant = by.tenant
    if keyrings.unfit(c, tenant, key.kid, now):
        raise _Stop(Why.KEY)
    number = min(max(held(c, tenant, site).number + 1, at_least), wire.MAX_NUMBER)
    members = members_of(c, tenant, site)
    book = CounterBook(
        tenant=tenant,
        site=site,
        number=number,
        issued=now,
        peppers=_named(peppers.in_use(c, tenant, site)),
        members=members,
        house=house,
    )
    envelope = wire.seal(book, key)
    if len(envelope) > wire.MAX_BOOK or len(members) > wire.MAX_MEMBERS:
        raise _Stop(Why.TOO_LARGE)
    row = {
        "tenant": tenant,
        "site": site,
        "number": number,
        "issued_at": now,
        "envelope": envelope,
        "house": codec.encode(house).decode(),
        "people": people_json(members),
        "members_digest": _digest(members),
        "published_by": by.name,
        "note": note[:LONGEST_NOTE],
    }
    c.execute(books.insert(), row)
    etag = hashlib.sha256(envelope).hexdigest()
    c.execute(_mine(tenant, site).values(number=number, etag=etag))
    return book


def _named(used: tuple[Pepper, ...]) -> tuple[PepperNamed, ...]:
    return tuple(
        PepperNamed(pepper_id=one.pepper_id, check=wire.check_of(one.secret)) for one in used
    )


def _mine(tenant: str, site: str) -> sa.Update:
    return houses.update().where(houses.c.tenant == tenant, houses.c.site == site)


def _digest(members: tuple[MemberTold, ...]) -> str:
    return hashlib.sha256(codec.encode(members)).hexdigest()


def _tried(
    database: Database, work: Callable[[sa.Connection], CounterBook]
) -> CounterBook | NotPublished:
    try:
        return database.write(work)
    except _Stop as stop:
        return NotPublished(stop.why)
