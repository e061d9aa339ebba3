"""A site's house, all of its book that is no person: what stands, and the draft of the next."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from sync.central.audit import Actor, changed
from sync.central.counter_book import peppers
from sync.central.database import Database, insert_new, locked
from sync.central.tables import counter_books as books
from sync.central.tables import counter_houses as houses
from sync.central.tables import devices
from sync.wire import codec
from sync.wire.counter_book import HouseTold, OpeningTold

LONGEST_SITE = 100


@dataclass(frozen=True, slots=True)
class House:
    """`draft` is None where nothing is being changed; `number` is 0 where no book went out yet;
    `digest` is that of the draft, "" for none."""

    site: str
    number: int
    standing: HouseTold
    draft: HouseTold | None
    digest: str
    saved_at: datetime | None
    saved_by: str

    @property
    def shown(self) -> HouseTold:
        """What somebody who changes it goes on from."""
        return self.draft if self.draft is not None else self.standing


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody else changed the draft meanwhile."""


def read_house(text: str) -> HouseTold:
    return msgspec.json.decode(text, type=HouseTold)


def digest_of(draft: str) -> str:
    return hashlib.sha256(draft.encode()).hexdigest() if draft else ""


def sites(c: sa.Connection, tenant: str) -> tuple[str, ...]:
    """Sites with a counter."""
    query = sa.select(houses.c.site).where(houses.c.tenant == tenant).order_by(houses.c.site)
    return tuple(c.execute(query).scalars())


def without(c: sa.Connection, tenant: str) -> tuple[str, ...]:
    """Sites with a machine and no counter yet."""
    query = sa.select(devices.c.site).where(devices.c.tenant == tenant, devices.c.site != "")
    there = set(c.execute(query.distinct()).scalars())
    return tuple(sorted(there - set(sites(c, tenant))))


def load(c: sa.Connection, tenant: str, site: str) -> House | None:
    row = c.execute(
        sa.select(houses).where(houses.c.tenant == tenant, houses.c.site == site)
    ).one_or_none()
    if row is None:
        return None
    kept = c.execute(
        sa.select(books.c.house).where(
            books.c.tenant == tenant, books.c.site == site, books.c.number == row.number
        )
    ).scalar_one_or_none()
    return House(
        site,
        row.number,
        HouseTold() if kept is None else read_house(kept),
        read_house(row.draft) if row.draft else None,
        digest_of(row.draft),
        row.saved_at,
        row.saved_by,
    )


def begin(
    c: sa.Connection, ids: Ids, now: datetime, by: Actor, site: str, zone: str = "UTC"
) -> bool:
    """A site gets a counter: a secret of its own, and an empty draft. False where it has one, or
    for what is no name of a site."""
    if not 0 < len(site) <= LONGEST_SITE or not site.isprintable():
        return False
    first = HouseTold(opening=OpeningTold(zone=zone))
    row = {"tenant": by.tenant, "site": site, "draft": codec.encode(first).decode()}
    row |= {"saved_by": by.name}
    if not insert_new(c, houses, {**row, "saved_at": now}):
        return False
    peppers.make(c, ids, now, by.tenant, site)
    changed(c, by, now, "counter.begun", site)
    return True


def change(
    database: Database,
    clock: Clock,
    by: Actor,
    site: str,
    what: str,
    how: Callable[[HouseTold], HouseTold],
    seen: str | None = None,
) -> House | Overtaken | None:
    """The draft, with a part of it changed; `what` names the part in the audit. `seen` is the
    digest of the draft that was looked at, where the form replaces what it showed. None for a
    site without a counter."""

    def work(c: sa.Connection) -> House | Overtaken | None:
        mine = sa.and_(houses.c.tenant == by.tenant, houses.c.site == site)
        c.execute(locked(sa.select(houses.c.site).where(mine))).one_or_none()
        there = load(c, by.tenant, site)
        if there is None:
            return None
        if seen is not None and seen != there.digest:
            return Overtaken()
        after = how(there.shown)
        if after == there.shown:
            return there
        now = clock.now()
        same = after == there.standing and there.number > 0
        draft = "" if same else codec.encode(after).decode()
        values = {"draft": draft, "saved_at": now, "saved_by": by.name}
        c.execute(houses.update().where(mine).values(values))
        changed(c, by, now, "counter.drafted", site, after={"part": what})
        return load(c, by.tenant, site)

    return database.write(work)


def discard(database: Database, clock: Clock, by: Actor, site: str, seen: str) -> bool:
    """Whether the draft that was seen is gone."""

    def work(c: sa.Connection) -> bool:
        there = load(c, by.tenant, site)
        if there is None or there.draft is None or there.digest != seen:
            return False
        mine = sa.and_(houses.c.tenant == by.tenant, houses.c.site == site)
        # Before the first book there is nothing to go back to but the beginning.
        zone = there.draft.opening.zone
        first = "" if there.number else codec.encode(_first(zone)).decode()
        c.execute(houses.update().where(mine).values(draft=first))
        changed(c, by, clock.now(), "counter.draft_discarded", site, before={"digest": seen[:12]})
        return True

    return database.write(work)


def _first(zone: str) -> HouseTold:
    return HouseTold(opening=OpeningTold(zone=zone))
