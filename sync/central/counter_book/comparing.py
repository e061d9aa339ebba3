"""What one book changed of the one before, in kinds and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from sync.central.counter_book.houses import read_house
from sync.central.counter_book.roster import PersonKept, read_people
from sync.central.counter_book.shelves import natural
from sync.central.tables import counter_books as books
from sync.wire.counter_book import HouseTold


class Changed(StrEnum):
    PEOPLE_ADDED = "people_added"
    PEOPLE_REVOKED = "people_revoked"
    PEOPLE_GONE = "people_gone"
    PEOPLE_CHANGED = "people_changed"
    SHELVES_ADDED = "shelves_added"
    SHELVES_REMOVED = "shelves_removed"
    SHELVES_CHANGED = "shelves_changed"
    CARRIERS_ADDED = "carriers_added"
    CARRIERS_REMOVED = "carriers_removed"
    CARRIERS_CHANGED = "carriers_changed"
    HOURS = "hours"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class Change:
    """`names` in the order of people: the first few are shown, all are counted."""

    what: Changed
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One book as its history lists it, with what it changed."""

    number: int
    issued_at: datetime
    published_by: str
    note: str
    changes: tuple[Change, ...]


def houses(before: HouseTold, after: HouseTold) -> tuple[Change, ...]:
    shelves = _of(
        {one.shelf_id: one for one in before.shelves},
        {one.shelf_id: one for one in after.shelves},
        (Changed.SHELVES_ADDED, Changed.SHELVES_REMOVED, Changed.SHELVES_CHANGED),
    )
    carriers = _of(
        {one.name: one for one in before.carriers},
        {one.name: one for one in after.carriers},
        (Changed.CARRIERS_ADDED, Changed.CARRIERS_REMOVED, Changed.CARRIERS_CHANGED),
    )
    found = [*shelves, *carriers]
    if before.opening != after.opening:
        found.append(Change(Changed.HOURS))
    if _rules(before) != _rules(after):
        found.append(Change(Changed.RULES))
    return tuple(found)


def people(before: Sequence[PersonKept], after: Sequence[PersonKept]) -> tuple[Change, ...]:
    was = {one.staff_id: one for one in before}
    now = {one.staff_id: one for one in after}
    added = [one for key, one in now.items() if key not in was and one.active]
    back = [one for key, one in now.items() if key in was and one.active and not was[key].active]
    out = [one for key, one in now.items() if key in was and was[key].active and not one.active]
    gone = [one for key, one in was.items() if key not in now and one.active]
    changed = [
        one
        for key, one in now.items()
        if key in was and one.active and was[key].active and one != was[key]
    ]
    found = (
        (Changed.PEOPLE_ADDED, [*added, *back]),
        (Changed.PEOPLE_REVOKED, out),
        (Changed.PEOPLE_GONE, gone),
        (Changed.PEOPLE_CHANGED, changed),
    )
    return tuple(
        Change(what, tuple(sorted(one.name for one in some))) for what, some in found if some
    )


def history(c: sa.Connection, tenant: str, site: str, most: int) -> tuple[Version, ...]:
    """The newest first. The very first changed everything: nothing is named."""
    rows = c.execute(
        sa.select(
            books.c.number,
            books.c.issued_at,
            books.c.published_by,
            books.c.note,
            books.c.house,
            books.c.people,
        )
        .where(books.c.tenant == tenant, books.c.site == site)
        .order_by(books.c.number.desc())
        .limit(most + 1)
    ).all()
    found = []
    for row, before in zip(rows, [*rows[1:], None], strict=False):
        changes: tuple[Change, ...] = ()
        if before is not None:
            changes = (
                *people(read_people(before.people), read_people(row.people)),
                *houses(read_house(before.house), read_house(row.house)),
            )
        found.append(Version(row.number, row.issued_at, row.published_by, row.note, changes))
    return tuple(found[:most])


def _rules(house: HouseTold) -> tuple[Any, ...]:
    return (house.sign_in, house.pins, house.times, house.limits, house.hold, house.language)


def _of(
    before: Mapping[str, object],
    after: Mapping[str, object],
    kinds: tuple[Changed, Changed, Changed],
) -> list[Change]:
    added = after.keys() - before.keys()
    removed = before.keys() - after.keys()
    changed = {name for name in after.keys() & before.keys() if after[name] != before[name]}
    return [
        Change(kind, tuple(sorted(names, key=natural)))
        for kind, names in zip(kinds, (added, removed, changed), strict=True)
        if names
    ]
