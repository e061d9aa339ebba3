"""Facts of a site into its tables, and the things that they touch folded anew: in sets.

The site's row is held from here to the caller's commit. So places are given out in the order in
which they become visible, and no fact can appear below a place that somebody has read past.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import msgspec
import sqlalchemy as sa

from kiosk.domain.counter.facts import FACTS, Fact, Kind, Subject, touched
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.settled_facts import ConflictSettled
from kiosk.domain.hlc import advance
from sync.central.counter import disputing, voiding
from sync.central.counter.folding import Folded, Known, fold
from sync.central.counter.rows import row_of
from sync.central.database import among, insert_all, insert_new, locked, upsert
from sync.central.tables import (
    counter_facts,
    counter_sites,
    counter_tellers,
    counter_things,
    counter_touched,
)

T = TypeVar("T")

CENTRE: Final = "centre"
"""The device name of the centre's own facts. No kiosk has it: theirs are made of digits and
hyphens."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_AT_ONCE = 500
_encode = msgspec.json.Encoder(order="sorted").encode
_READERS: dict[str, msgspec.json.Decoder[Any]] = {}


@dataclass(frozen=True, slots=True)
class Site:
    tenant: str
    name: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a site's facts go: the place of the newest, and the highest stamp."""

    position: int
    hlc: str


@dataclass(frozen=True, slots=True)
class Told:
    """One fact to be kept. `event_id` is None where the centre made it."""

    event_id: str | None
    stamp: Stamp
    fact: Fact
    at: datetime


def parts(every: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at a time as one statement takes."""
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def read(type_: str, body: str) -> Fact:
    """A fact as it is kept."""
    reader = _READERS.get(type_)
    if reader is None:
        reader = _READERS[type_] = msgspec.json.Decoder(FACTS[type_])
    fact: Fact = reader.decode(body)
    return fact


def hold(c: sa.Connection, site: Site) -> Standing:
    """The site's own row, held until commit."""
    mine = {"tenant": site.tenant, "site": site.name}
    query = locked(
        sa.select(counter_sites.c.position, counter_sites.c.hlc).where(
            counter_sites.c.tenant == site.tenant, counter_sites.c.site == site.name
        )
    )
    row = c.execute(query).first()
    if row is None:
        insert_new(c, counter_sites, mine)
        row = c.execute(query).one()
    return Standing(row.position, row.hlc)


def put(
    c: sa.Connection, site: Site, now: datetime, standing: Standing, told: Sequence[Told]
) -> int:
    """Keep facts that are not known yet, and fold; the place of the site's newest. The site must
    be held."""
    known = _known(c, [one.event_id for one in told if one.event_id is not None])
    fresh = [one for one in told if one.event_id not in known or one.event_id is None]
    if not fresh:
        return standing.position
    placed = list(enumerate(fresh, standing.position + 1))
    insert_all(c, counter_facts, [_fact_row(site, place, one, now) for place, one in placed])
    rows = [row for place, one in placed for row in _touched_rows(site, place, one.fact)]
    insert_all(c, counter_touched, rows)
    newest = {one.stamp.device: place for place, one in placed}
    _moved(c, site, now, standing, newest, max(one.stamp.hlc for one in fresh))
    again = refold(c, site, now, dict.fromkeys(s for one in fresh for s in touched(one.fact)))
    if again:
        put_own(c, site, now, hold(c, site), again)
        return hold(c, site).position
    return placed[-1][0]


def put_own(
    c: sa.Connection, site: Site, now: datetime, standing: Standing, facts: Sequence[Fact]
) -> tuple[Stamp, ...]:
    """Facts of the centre itself, past all that it has of the site; `now` is aware. Their stamps,
    in order. The site must be held."""
    told, hlc = list[Told](), standing.hlc
    wall_ms = int((now - _EPOCH).total_seconds() * 1000)
    for fact in facts:
        hlc = advance(hlc, wall_ms)
        told.append(Told(None, Stamp(hlc, CENTRE), fact, now))
    put(c, site, now, standing, told)
    return tuple(one.stamp for one in told)


def refold(
    c: sa.Connection, site: Site, now: datetime, subjects: Iterable[Subject]
) -> tuple[ConflictSettled, ...]:
    """Each of these things anew out of all its facts, with the cases that follow; what is to be
    told of those that are open again."""
    wanted = list(subjects)
    told, events = load(c, site, wanted)
    folded = [fold(subject, told[subject]) for subject in wanted]
    before = _before(c, site, wanted)
    rows = [_row(site, one) for one in folded]
    for part in parts(rows):
        upsert(c, counter_things, part)
    again = disputing.follow(c, site.tenant, site.name, now, folded, before, events)
    voiding.follow(c, site.tenant, site.name, now, folded, told, before)
    return again


def _row(site: Site, one: Folded) -> dict[str, Any]:
    keys = [disputing.key(site.name, conflict) for conflict in one.conflicts]
    return row_of(site.tenant, site.name, one, keys)


def load(
    c: sa.Connection, site: Site, wanted: Sequence[Subject]
) -> tuple[dict[Subject, list[Known]], dict[Stamp, str]]:
    """The facts that touch each of these, and the events they came by."""
    places: dict[Subject, list[int]] = {subject: [] for subject in wanted}
    for kind in {subject.kind for subject in wanted}:
        names = [subject.name for subject in wanted if subject.kind is kind]
        for row in rows_of(c, counter_touched, site, kind, names):
            places[Subject(kind, row.name)].append(row.position)
    every = sorted({place for found in places.values() for place in found})
    facts: dict[int, Known] = {}
    events: dict[Stamp, str] = {}
    for part in parts(every):
        for row in c.execute(facts_at(site, part)):
            stamp = Stamp(row.hlc, row.device)
            facts[row.position] = Known(Recorded(stamp, read(row.type, row.body)), row.at)
            events[stamp] = row.event_id or ""
    return {s: [facts[place] for place in found] for s, found in places.items()}, events


def facts_at(site: Site, places: Sequence[int]) -> sa.Select[Any]:
    """The facts at these places of a site's order."""
    return sa.select(counter_facts).where(
        counter_facts.c.tenant == site.tenant,
        counter_facts.c.site == site.name,
        counter_facts.c.position.in_(places),
    )


def rows_of(
    c: sa.Connection, table: sa.Table, site: Site, kind: Kind, names: Sequence[str]
) -> Iterable[Any]:
    """The rows of a table that are about these things."""
    for part in parts(names):
        yield from c.execute(
            sa.select(table).where(
                table.c.tenant == site.tenant,
                table.c.site == site.name,
                table.c.kind == kind.value,
                among(c, table.c.name, part),
            )
        )


def _before(c: sa.Connection, site: Site, wanted: Sequence[Subject]) -> dict[Subject, Any]:
    """Their rows as they are now."""
    found: dict[Subject, Any] = {}
    for kind in {subject.kind for subject in wanted}:
        names = [subject.name for subject in wanted if subject.kind is kind]
        for row in rows_of(c, counter_things, site, kind, names):
            found[Subject(kind, row.name)] = row
    return found


def _known(c: sa.Connection, events: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for part in parts(events):
        query = sa.select(counter_facts.c.event_id).where(among(c, counter_facts.c.event_id, part))
        found |= set(c.execute(query).scalars())
    return found


def _fact_row(site: Site, place: int, one: Told, now: datetime) -> dict[str, Any]:
    return {
        "tenant": site.tenant,
        "site": site.name,
        "position": place,
        "event_id": one.event_id,
        "device": one.stamp.device,
        "hlc": one.stamp.hlc,
        "type": one.fact.type,
        "body": _encode(one.fact).decode(),
        "at": one.at,
        "received_at": now,
    }


def _touched_rows(site: Site, place: int, fact: Fact) -> Iterable[dict[str, Any]]:
    for kind, name in touched(fact):
        yield {
            "tenant": site.tenant,
            "site": site.name,
            "kind": kind.value,
            "name": name,
            "position": place,
        }


def _moved(
    c: sa.Connection,
    site: Site,
    now: datetime,
    standing: Standing,
    newest: dict[str, int],
    hlc: str,
) -> None:
    c.execute(
        counter_sites.update()
        .where(counter_sites.c.tenant == site.tenant, counter_sites.c.site == site.name)
        .values(position=max(newest.values()), hlc=max(standing.hlc, hlc))
    )
    rows = [
        {
            "tenant": site.tenant,
            "site": site.name,
            "device": device,
            "position": place,
            "at": now,
        }
        for device, place in newest.items()
    ]
    upsert(c, counter_tellers, rows)
