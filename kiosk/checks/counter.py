"""What a staffed counter needs beside what every machine needs: its book, people, shelves, the
other counters of the shop, and paper for receipts and for labels.

Looks only, as `keeping`: it may be used beside a running counter.
"""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.checks import Check
from kiosk.checks.keeping import spelt

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from kiosk.domain.counter.book import Book
    from kiosk.settings import Settings
    from kiosk.store.counter_keeping import Held

NAME = "counter book"
_AT_THE_OFFICE = "At the back office: Kiosks, Counters, this site"
OTHERS = "other counters"
PAPER = "counter paper"
QUIET = timedelta(hours=24)
AHEAD = timedelta(minutes=2)
_CLOCKS = "Look at `clock` in the doctor of each counter: sudo timedatectl set-ntp true"
_QUIET = "Where they are in use, run the doctor there too: `queue` and `centre` say what waits."
_FETCH = "Start the counter while the centre can be reached: it fetches it."


def book(settings: Settings) -> list[Check]:
    """Is there a counter book, with the secrets it needs; who can sign in; what else it lacks."""
    from kiosk.store import StoreCause, StoreFailed, beside, counter_keeping, meta

    try:
        with beside.look(settings.data) as connection:
            held = counter_keeping.held(lambda key: meta.read(connection, key))
    except StoreFailed as failure:
        if failure.cause is StoreCause.LOST:
            return [Check(NAME, False, "none: there is no ledger to keep it in", _FETCH)]
        return [Check(NAME, False, "the ledger that keeps it cannot be read", LEDGER)]
    return _of(settings, held)


def _of(settings: Settings, held: Held) -> list[Check]:
    from kiosk.store import StoreFailed, peppers
    from sync.agent.counter_book import reread

    if held.book is None and held.number:
        finding = f"book {held.number} cannot be read any more"
        return [Check(NAME, False, finding, _FETCH)]
    if held.book is None:
        mend = f"{_AT_THE_OFFICE}: publish its book. Then: {_FETCH}"
        return [Check(NAME, False, "none yet: nobody can sign in", mend)]
    found = reread(held.book)
    if found is None:
        return [Check(NAME, False, f"book {held.number} cannot be read any more", _FETCH)]
    try:
        secrets = tuple(name for name, _ in peppers.read(settings.data))
    except StoreFailed:
        return [Check(NAME, False, "its secrets are encrypted, the key away", SEALED)]
    return [_whole(found), _secrets(settings.data, found, secrets), *_people(found), *_house(found)]


LEDGER = "See `ledger` above."
SEALED = "See `encryption` above."


def _whole(found: Book) -> Check:
    told = f"book {found.number} of {found.issued:%Y-%m-%d %H:%M} UTC"
    if found.doubts:
        mend = "Install the centre's version of Takeback here, or correct these in its pages."
        return Check(NAME, False, f"{told}; not understood: {', '.join(found.doubts)}", mend)
    counted = f"{len(found.shelves)} shelves, {len(found.carriers)} carriers"
    return Check(NAME, True, f"{told}: {counted}")


def _secrets(data: Path, found: Book, held: tuple[str, ...]) -> Check:
    from kiosk.store.peppers import FILE

    name, path = "counter secrets", data / FILE
    if held != found.peppers:
        finding = "those that the book names are not here: no badge and no pick-up code is known"
        return Check(name, False, finding, _FETCH)
    if path.exists() and stat.S_IMODE(path.stat().st_mode) != 0o600:
        mend = f"sudo chmod 600 {path}; if others had access: takeback central counter-book secret"
        return Check(name, False, f"others can read {path}", mend)
    return Check(name, True, "here, for badges and pick-up codes")


def _people(found: Book) -> list[Check]:
    from kiosk.domain.counter.commands import Role
    from kiosk.world import SystemClock

    name, now = "counter people", int(SystemClock().now().timestamp())
    here = [one for one in found.roster.members if one.works_at(now)]
    able = [one for one in here if one.badge or one.verifier]
    if not able:
        finding = "nobody can sign in" if here else "nobody is on the list"
        mend = f"{_AT_THE_OFFICE}, People: name them, give each a badge and a start PIN."
        return [Check(name, False, finding, mend)]
    if not any(Role.SUPERVISOR in one.roles for one in able):
        finding = f"{len(able)} can sign in, and none is a supervisor"
        mend = "Lost containers and exceptions need a supervisor: give somebody that role."
        return [Check(name, True, finding, mend)]
    return [Check(name, True, f"{len(able)} can sign in")]


def _house(found: Book) -> list[Check]:
    name = "counter shelves"
    if not found.shelves:
        mend = f"{_AT_THE_OFFICE}, Shelves: without one, parcels can only lie at the desk."
        return [Check(name, True, "none", mend)]
    if not any(one.returns for one in found.shelves):
        mend = f"{_AT_THE_OFFICE}, Shelves: mark one for what goes back to carriers."
        return [Check(name, True, "none is for what goes back", mend)]
    return [Check(name, True, f"{len(found.shelves)}")]


def others(settings: Settings) -> list[Check]:
    """What was heard of the shop's other counters, by the ledger alone. No finding where there was
    never another one, which is the rule."""
    from kiosk.store import StoreFailed, beside
    from sync.agent.enrol import EnrolFault, load_identity

    who = load_identity(settings.data)
    if isinstance(who, EnrolFault):
        return []
    try:
        with beside.look(settings.data) as connection:
            heard = _heard(connection, who.device_id)
    except StoreFailed:
        return []  # the ledger's own look says why
    return [] if heard is None else [heard]


def _heard(connection: Connection, device: str) -> Check | None:
    from kiosk.domain.counter.book import CENTRE
    from kiosk.domain.hlc import wall_ms
    from kiosk.store.counter import newest_of
    from kiosk.world import SystemClock

    told = [at for name, at in newest_of(connection).items() if name not in (device, CENTRE)]
    if not told:
        return None
    try:
        newest = datetime.fromtimestamp(wall_ms(max(told)) / 1000, UTC)
    except (ValueError, OverflowError):
        return Check(OTHERS, False, "the time of what they told cannot be read", _CLOCKS)
    age = SystemClock().now() - newest
    counted = "one" if len(told) == 1 else f"{len(told)}"
    if age < -AHEAD:
        finding = f"the clock of one is {spelt(-age)} ahead of this one"
        return Check(OTHERS, False, finding, _CLOCKS)
    finding = f"{counted} heard of; the newest that was told is {spelt(max(age, timedelta()))} old"
    mend = _QUIET if age > QUIET else ""
    return Check(OTHERS, True, finding, mend)


def papers(settings: Settings) -> list[Check]:
    """Receipts and hand-over lists need one printer, labels have a better one."""
    drivers = [one.driver for one in settings.printers]
    receipts = [name for name in drivers if name.startswith("escpos-")]
    labels = [name for name in drivers if name.startswith("zpl-")]
    if drivers and not receipts:
        mend = "Add a [[printers]] table with an escpos- driver; see docs/engineer.md."
        return [Check(PAPER, False, "no printer for receipts and hand-overs", mend)]
    if receipts and not labels:
        finding = "labels come out of the receipt printer"
        mend = "They last longer on a label printer: a [[printers]] table with a zpl- driver."
        return [Check(PAPER, True, finding, mend)]
    return []
