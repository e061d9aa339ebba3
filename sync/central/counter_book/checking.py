"""What is wrong with a site's house as a whole; what a form says wrong is told by `reading`.

Some of it stops a book: a counter could not be worked with. The rest is to be looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa

from kiosk.domain.counter.book import read_book
from kiosk.domain.counter.commands import Role
from sync.central.counter_book.roster import members_of
from sync.wire import codec
from sync.wire.counter_book import MAX_CARRIERS, MAX_HOLIDAYS, MAX_SHELVES, HouseTold, MemberTold


class Found(StrEnum):
    """One thing that a check found. A comment says what `names` are."""

    NO_SHELVES = "no_shelves"
    NO_CARRIERS = "no_carriers"
    NEVER_OPEN = "never_open"
    NOBODY = "nobody"
    NO_SUPERVISOR = "no_supervisor"
    TOO_MANY = "too_many"
    STRANGE_CARRIER = "strange_carrier"  # carriers that shelves name and the book does not
    NO_WAY_BACK = "no_way_back"
    NO_ROOM = "no_room"  # shelves
    NO_SIGN_IN = "no_sign_in"  # people without a badge or a PIN
    UNREAD = "unread"  # parts that a counter could not read


STOPS = frozenset({Found.NO_CARRIERS, Found.NEVER_OPEN, Found.TOO_MANY, Found.UNREAD})
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Problem:
    found: Found
    names: tuple[str, ...] = ()

    @property
    def stops(self) -> bool:
        return self.found in STOPS


def problems(house: HouseTold, members: Sequence[MemberTold]) -> tuple[Problem, ...]:
    """Those that stop a book first."""
    found = [*_of_house(house), *_of_people(members)]
    return tuple(sorted(found, key=lambda one: not one.stops))


def stops(house: HouseTold, c: sa.Connection, tenant: str, site: str) -> bool:
    return any(one.stops for one in problems(house, members_of(c, tenant, site)))


def _of_house(house: HouseTold) -> list[Problem]:
    found: list[Problem] = []
    if not house.shelves:
        found.append(Problem(Found.NO_SHELVES))
    if not house.carriers:
        found.append(Problem(Found.NO_CARRIERS))
    if not house.opening.closes:
        found.append(Problem(Found.NEVER_OPEN))
    if (
        len(house.shelves) > MAX_SHELVES
        or len(house.carriers) > MAX_CARRIERS
        or len(house.opening.holidays) > MAX_HOLIDAYS
    ):
        found.append(Problem(Found.TOO_MANY))
    known = {one.carrier for one in house.carriers}
    strange = {name for one in house.shelves for name in one.carriers} - known
    if strange:
        found.append(Problem(Found.STRANGE_CARRIER, _few(strange)))
    if house.shelves and not any(one.returns for one in house.shelves):
        found.append(Problem(Found.NO_WAY_BACK))
    empty = {one.shelf_id for one in house.shelves if not one.room}
    if empty:
        found.append(Problem(Found.NO_ROOM, _few(empty)))
    doubts = _doubts(house)
    return [*found, Problem(Found.UNREAD, doubts)] if doubts else found


def _doubts(house: HouseTold) -> tuple[str, ...]:
    """What a counter's own reader would not take: the last word on every part."""
    told = {"house": house, "members": ()}
    data = codec.decode(codec.encode(told), dict[str, object]) or {}
    return _few(read_book(1, datetime(2000, 1, 1, tzinfo=UTC), data).doubts)


def _of_people(told: Sequence[MemberTold]) -> list[Problem]:
    here = [one for one in told if one.active]
    found: list[Problem] = []
    if not here:
        found.append(Problem(Found.NOBODY))
    elif not any(Role.SUPERVISOR in one.roles for one in here):
        found.append(Problem(Found.NO_SUPERVISOR))
    shut = {one.name for one in here if not one.badge or not one.verifier}
    return [*found, Problem(Found.NO_SIGN_IN, _few(shut))] if shut else found


def _few(names: set[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names))[:_MOST_NAMES]
