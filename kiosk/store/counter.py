"""What happened at the site's counters, as rows: told here, or heard of the others.

The shop is folded from these at each start (kiosk.domain.counter). They stand apart from `events`:
a parcel may wait for longer than events are kept once the centre has them, and what others told
was never an event of ours. An own fact and its event are one transaction and have one stamp.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, select

from kiosk.domain.counter.facts import FACTS, Fact, touched
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.store import events, meta, tables
from kiosk.store.prepared import Prepared, adding
from kiosk.store.work import Work

if TYPE_CHECKING:
    from kiosk.store.store import Store

log = logging.getLogger(__name__)

CURSOR = "counter.cursor"
DEVICE = "counter.device"
"""Who we are in stamps: for a recovery, which has nobody to ask."""
FARTHEST_MS = 1 << 47
"""No stamp lies later (the year 6429): a clock that was moved there could not be moved on."""
_STAMP = re.compile(r"[0-9a-f]{12}-[0-9a-f]{4}")
_DEVICE = re.compile(r"[\x21-\x7e]{1,64}")
_PORTION = 500

_FACTS = tables.counter_facts.c
_ADD = adding(tables.counter_facts, "number")
_SAME = Prepared(
    select(_FACTS.type, _FACTS.data).where(
        _FACTS.hlc == bindparam("hlc"),
        _FACTS.device == bindparam("device"),
        _FACTS.part == bindparam("part"),
    )
)
_ROWS = select(_FACTS.number, _FACTS.hlc, _FACTS.device, _FACTS.part, _FACTS.type, _FACTS.data)
_IN_ORDER = Prepared(_ROWS.order_by(_FACTS.hlc, _FACTS.device, _FACTS.part, _FACTS.twin))
_AFTER = Prepared(_ROWS.where(_FACTS.number > bindparam("after")).order_by(_FACTS.number))


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact as it travels: its stamp, its type, and its canonical JSON. Of a type that this
    program does not know it is kept all the same, for the program that comes after it."""

    hlc: str
    device: str
    type: str
    data: str
    part: int = 0

    @property
    def stamp(self) -> Stamp:
        return Stamp(self.hlc, self.device, self.part)


@dataclass(frozen=True, slots=True)
class Known:
    """Facts that can be folded, and the number of the last row that was looked at."""

    records: tuple[Recorded, ...]
    number: int


class CounterFacts:
    """The table, for the counter of `device`. Any thread; raises StoreFailed."""

    def __init__(self, store: Store, device: str) -> None:
        self._store = store
        self.device = device
        store.keep_clocks_apart()
        if store.meta.get(DEVICE) != device:
            store.meta.set(DEVICE, device)

    def record(self, work: Work, facts: Iterable[Fact], past: str) -> tuple[Recorded, ...]:
        """Facts of one decision, in their order: each an event, queued for the centre, and a row
        here. Their stamps lie after `past`, the highest that the shop has taken."""
        made = []
        for fact in facts:
            subject = touched(fact)[0].name
            _, stamp = work.tell(fact, subject, past)
            data = events.canonical_form(events.facts(fact)).decode()
            _add(work.connection, ToldFact(stamp, self.device, fact.type, data), 0)
            made.append(Recorded(Stamp(stamp, self.device), fact))
        return tuple(made)

    def hear(self, told: Sequence[ToldFact], cursor: int) -> int:
        """What the others told, up to that place of theirs; how many were new. The same again is
        nothing. One that cannot be so is left out, and told in the log: the others must not wait
        for it."""
        good = [one for one in told if _sound(one)]

        def task(work: Work) -> int:
            new = sum(put(work.connection, one) for one in good)
            if cursor > self._cursor(work):
                work.set(CURSOR, str(cursor))
            return new

        if len(good) < len(told):
            log.error("%d facts of other counters are none", len(told) - len(good))
        return self._store.run(task)

    def begin_anew(self) -> None:
        """The centre lost the place up to which we had heard: everything is asked for again."""
        self._store.meta.set(CURSOR, "")

    def cursor(self) -> int:
        """Up to where the others were heard; 0 for nothing."""
        with self._store.look() as work:
            return self._cursor(work)

    def _cursor(self, work: Work) -> int:
        text = work.get(CURSOR) or ""
        return int(text) if text.isascii() and text.isdigit() else 0

    def load(self) -> Known:
        """Everything, in the order of its stamps: so that folding it puts nothing in between."""
        with self._store.look() as work:
            rows = _IN_ORDER.run(work.connection, {}).fetchall()
        return _known(rows)

    def after(self, number: int) -> Known:
        """What came after that row, in the order in which it came."""
        with self._store.look() as work:
            rows = _AFTER.run(work.connection, {"after": number}).fetchall()
        known = _known(rows)
        return Known(known.records, max(known.number, number))

    def names(self, text: str) -> bool:
        """Whether a fact names it: a signature."""
        with self._store.look() as work:
            found = work.connection.execute(
                select(_FACTS.number).where(_FACTS.data.contains(text, autoescape=True)).limit(1)
            )
            return found.first() is not None

    def unsent(self) -> str:
        """The stamp of the first event that the centre does not have; "" where it has all."""
        with self._store.look() as work:
            return first_unsent(work.connection)

    def forget(self, stamps: Sequence[Stamp]) -> int:
        """Facts of things that are long gone; how many went. Never one of ours that the centre
        does not have."""
        gone = 0
        for at in range(0, len(stamps), _PORTION):
            gone += self._store.run(partial(self._forget, stamps=stamps[at : at + _PORTION]))
        return gone

    def _forget(self, work: Work, stamps: Sequence[Stamp]) -> int:
        first = first_unsent(work.connection)
        waits = {one for one in stamps if one.device == self.device and first and one.hlc >= first}
        return sum(_forget(work.connection, one) for one in stamps if one not in waits)


def put(connection: Connection, told: ToldFact) -> bool:
    """One more row; False where it is there. A stamp that another fact has already is a cloned
    device's: both are kept."""
    where = {"hlc": told.hlc, "device": told.device, "part": told.part}
    same = [(row.type, row.data) for row in _SAME.rows(connection, **where)]
    if (told.type, told.data) in same:
        return False
    digest = hashlib.sha256(f"{told.type}\0{told.data}".encode()).digest()
    _add(connection, told, int.from_bytes(digest[:6]) if same else 0)
    return True


def newest_of(connection: Connection) -> dict[str, str]:
    """The highest stamp's clock of each device that has told anything, ourselves and the centre
    too."""
    rows = connection.execute(select(_FACTS.device, func.max(_FACTS.hlc)).group_by(_FACTS.device))
    return {str(device): str(hlc) for device, hlc in rows}


def first_unsent(connection: Connection) -> str:
    epoch = events.current_epoch(connection)
    waiting = (
        select(func.min(tables.events.c.hlc))
        .join_from(tables.outbox, tables.events, tables.outbox.c.event == tables.events.c.number)
        .where(tables.outbox.c.epoch == epoch.epoch, tables.outbox.c.sequence > epoch.cursor)
    )
    return str(connection.execute(waiting).scalar() or "")


def fact_of(kind: str, data: str | bytes) -> Fact | None:
    """A fact of a row; None for a type that is not known, or what is no such fact."""
    known = FACTS.get(kind)
    if known is None:
        return None
    try:
        fact: Fact = _reader(known).decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return fact


def _add(connection: Connection, told: ToldFact, twin: int) -> None:
    _ADD(
        connection,
        hlc=told.hlc,
        device=told.device,
        part=told.part,
        twin=twin,
        type=told.type,
        data=told.data,
    )


def _forget(connection: Connection, stamp: Stamp) -> int:
    of_stamp = (_FACTS.hlc == stamp.hlc, _FACTS.device == stamp.device, _FACTS.part == stamp.part)
    return connection.execute(delete(tables.counter_facts).where(*of_stamp)).rowcount


@cache
def _reader(kind: type) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _known(rows: Sequence[Sequence[Any]]) -> Known:
    return Known(tuple(_records(rows)), max((int(row[0]) for row in rows), default=0))


def _records(rows: Iterable[Sequence[Any]]) -> Iterator[Recorded]:
    unread = 0
    for _, stamp, device, part, kind, data in rows:
        fact = fact_of(kind, data)
        if fact is None:
            unread += 1
        else:
            yield Recorded(Stamp(stamp, device, part), fact)
    if unread:
        log.error("%d facts of counters cannot be read by this program", unread)


def _sound(told: ToldFact) -> bool:
    """Whether it can be kept: a stamp that sorts with all others, and a fact where its type is
    known."""
    if _STAMP.fullmatch(told.hlc) is None or int(told.hlc[:12], 16) >= FARTHEST_MS:
        return False
    if _DEVICE.fullmatch(told.device) is None or not 0 <= told.part < 1 << 31:
        return False
    return told.type not in FACTS or fact_of(told.type, told.data) is not None


def own_device(connection: Connection) -> str:
    """Who this counter was; "" for what never was one."""
    return meta.read(connection, DEVICE) or ""
