"""The one door for what kiosks tell. A drop is a physical fact: the centre judges, never refuses.

One transaction a batch: lock the device, find the epoch, recompute every link, compare what is
known already, store the rest, move the cursor. So an answer of 200 names only what is durable,
and a batch may come twice, late, or from a store that was restored or copied:

* known and equal: passed over, or taken in where only its body was missing;
* known and different, or a link that does not hold: 409 "fork", nothing stored. The kiosk begins
  a new epoch and sends all it has kept; ids tell what the centre has already.
* beyond the cursor: 409 "gap" with the cursor to go on from.
* good link, bad content: stored as quarantined and acknowledged; one bad record delays nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec
import sqlalchemy as sa

from kiosk.domain import chain
from kiosk.domain.counter.facts import FACTS
from kiosk.ports import Clock
from kiosk.seal.keys import SigningKey
from sync.central import bulk, heads
from sync.central.arrival import Arrival, Told, came, follow, judge, without_nul
from sync.central.cases import Kind
from sync.central.counter.feed import newest_for
from sync.central.database import Transactions, among, insert_all, insert_new, locked
from sync.central.devices import Device, Refused
from sync.central.fold import fold
from sync.central.opened import began_again, came_after_all, unusable
from sync.central.prepared import Prepared
from sync.central.tables import devices, epochs, events, links
from sync.central.watch import measures
from sync.wire import codec
from sync.wire.messages import (
    MAX_EVENTS,
    Envelope,
    EventAsTold,
    Notice,
    Problem,
    PushAsTold,
    Pushed,
)

_BIG = 1 << 53  # a sequence number beyond this is not safe in JSON
_STEADY = timedelta(seconds=2)  # a smaller clock offset is the network's, not the clock's


# What every batch runs, however small, is written down once.
_LOCK = Prepared(
    locked(sa.select(devices.c.device_id).where(devices.c.device_id == sa.bindparam("device_id")))
)
_STANDING = Prepared(
    sa.select(epochs.c.cursor, epochs.c.chain_head).where(
        epochs.c.device_id == sa.bindparam("device_id"), epochs.c.epoch == sa.bindparam("epoch")
    )
)
_MOVE = Prepared(
    epochs.update()
    .where(epochs.c.device_id == sa.bindparam("of"), epochs.c.epoch == sa.bindparam("in_epoch"))
    .values(cursor=sa.bindparam("to"), chain_head=sa.bindparam("head"))
)
_SEEING = (
    devices.update()
    .where(devices.c.device_id == sa.bindparam("of"))
    .values(last_seen_at=sa.bindparam("now"), epoch=sa.bindparam("in_epoch"))
)
_SEEN = Prepared(_SEEING)
_SEEN_OFFSET = Prepared(_SEEING.values(clock_offset_ms=sa.bindparam("offset")))


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where the centre stands in one epoch of one kiosk."""

    known: bool
    cursor: int
    head: str


def push(
    database: Transactions,
    clock: Clock,
    device: Device,
    ask: PushAsTold,
    key: SigningKey | None = None,
) -> Pushed | Refused:
    """Take a batch. With `key` the centre swears to what it holds, once that is durable. Raises
    nothing for what a kiosk can send."""
    wrong = _shape(ask)
    if wrong:
        return Refused(400, Problem(kind="bad_request", detail=wrong))
    told = follow(ask)
    if told is None:
        return Refused(400, Problem(kind="bad_request", detail="not this message"))

    def work(c: sa.Connection) -> tuple[Pushed | Refused, _Batch]:
        batch = _Batch(c, clock.now(), device, ask, told)
        return batch.take(), batch

    answer, batch = database.write(work)
    batch.count(answer)
    if key is None or isinstance(answer, Refused):
        return answer
    return msgspec.structs.replace(answer, anchor=heads.anchor(answer, device.device_id, key))


def _shape(ask: PushAsTold) -> str:
    """What is wrong with the envelope itself, "" for nothing."""
    sequences = [event.sequence for event in ask.events]
    if len(sequences) > MAX_EVENTS:
        return f"more than {MAX_EVENTS} events"
    if any(b != a + 1 for a, b in pairwise(sequences)):
        return "sequence numbers with a hole"
    if sequences and not 0 < sequences[0] < _BIG:
        return "sequence numbers begin at 1"
    if any(event.epoch != ask.epoch for event in ask.events):
        return "events of another epoch"
    names = (ask.epoch, *(event.id for event in ask.events))
    if any(not name or len(name) > 100 or "\0" in name for name in names):
        return "an empty or overlong name"
    if len({event.id for event in ask.events}) != len(sequences):
        return "an id twice"
    return ""


class _Batch:
    """One batch in one transaction."""

    def __init__(
        self, c: sa.Connection, now: datetime, device: Device, ask: PushAsTold, told: Told
    ) -> None:
        self.c = c
        self.now = now
        self.device = device
        self.ask = ask
        self.told = told
        self.offset = now - ask.sent_at if ask.sent_at and ask.sent_at.tzinfo else timedelta()
        if abs(self.offset) < _STEADY:
            self.offset = timedelta()
        self.new: list[EventAsTold] = []

    def count(self, answer: Pushed | Refused) -> None:
        """For the centre's measures, once what was taken is durable."""
        if isinstance(answer, Refused):
            measures.rejected(len(self.ask.events))
            return
        lag = None
        if self.new:
            oldest = came(self.new[0], self.device, self.now, self.offset).corrected_at
            lag = (self.now - oldest).total_seconds()
        kinds = [notice.kind for notice in answer.notices]
        measures.ingested(len(self.ask.events), len(self.new), kinds, lag)

    def take(self) -> Pushed | Refused:
        _LOCK.run(self.c, {"device_id": self.device.device_id})
        standing = standing_of(self.c, self.device.device_id, self.ask.epoch)
        refused = self._check(standing)
        if refused:
            return refused
        fresh = [event for event in self.ask.events if event.sequence > standing.cursor]
        notices = self._complete(standing)
        if fresh:
            notices += self._store(fresh)
        if fresh:
            self._move(standing, fresh[-1])
        untrue = heads.keep(self.c, self.now, self.device.device_id, self.ask)
        if untrue is not None:
            notices.append(untrue)
        self._seen()
        cursor, head = standing.cursor, standing.head
        if fresh:
            cursor, head = fresh[-1].sequence, fresh[-1].chain
        return Pushed(
            epoch=self.ask.epoch,
            cursor=cursor,
            chain_head=head,
            server_time=self.now,
            notices=tuple(notices),
            counter=self._to_hear(fresh),
        )

    def _to_hear(self, fresh: Sequence[EventAsTold]) -> int:
        """Whoever tells of a counter is one, and may have something to hear."""
        if FACTS.keys().isdisjoint(event.type for event in fresh):
            return 0
        return newest_for(self.c, self.device.tenant, self.device.device_id)

    # --- is it ours to go on from? ---

    def _check(self, standing: _Standing) -> Refused | None:
        told = self.ask.events
        if not told:
            return None
        gap = told[0].sequence > standing.cursor + 1
        if gap:
            return _answer("gap", standing)
        follows = told[0].sequence == standing.cursor + 1
        if follows and self.ask.prev_chain != standing.head:
            return _answer("fork", standing, "the link before does not meet")
        if self.told.broken is not None:
            return _answer("fork", standing, f"link {self.told.broken} does not hold")
        return self._compare(standing)

    def _compare(self, standing: _Standing) -> Refused | None:
        known = [event for event in self.ask.events if event.sequence <= standing.cursor]
        if not known:
            return None
        rows = self.c.execute(
            sa.select(links.c.sequence, links.c.chain).where(
                links.c.device_id == self.device.device_id,
                links.c.epoch == self.ask.epoch,
                links.c.sequence.between(known[0].sequence, known[-1].sequence),
            )
        )
        kept = {row.sequence: row.chain for row in rows}
        for event in known:
            if kept.get(event.sequence) != event.chain:
                return _answer("fork", standing, f"{event.sequence} was told differently before")
        return None

    # --- store ---

    def _store(self, fresh: Sequence[EventAsTold]) -> list[Notice]:
        known = self._known([event.id for event in fresh])
        self.new = [event for event in fresh if event.id not in known]
        notices = self._in_sets(fresh) if not known else None
        if notices is None:
            notices = [notice for event in fresh for notice in self._one(event, known)]
        stored = insert_all(self.c, links, [self._link(event, known) for event in fresh])
        assert stored, "a sequence number told twice under the lock"
        return notices

    def _in_sets(self, fresh: Sequence[EventAsTold]) -> list[Notice] | None:
        """What must be told of events that were never heard of; None, and nothing stored, where
        one of them needs a look of its own."""
        arrivals: list[Arrival] = []

        def judged() -> Iterator[Arrival]:
            for event in fresh:
                arrivals.append(self._judge(event))
                yield arrivals[-1]

        try:
            with self.c.begin_nested():
                bulk.store(self.c, judged())
        except (bulk.NotPlain, sa.exc.StatementError, OverflowError) as error:
            if isinstance(error, sa.exc.OperationalError):
                raise  # the database's trouble, not these events'
            return None
        return [notice for arrival in arrivals for notice in self._quarantined(arrival)]

    def _one(self, event: EventAsTold, known: Mapping[str, tuple[str, str]]) -> list[Notice]:
        before = known.get(event.id)
        if before is None or (before[0] == "withheld" and not event.withheld):
            return self._take_one(event, before is not None)
        if not self._clashes(event, known):
            return []
        self._case(event, Kind.CLASH, "another content under an id already known")
        return [Notice(sequence=event.sequence, kind="conflict", reason="clash")]

    def _clashes(self, event: EventAsTold, known: Mapping[str, tuple[str, str]]) -> bool:
        """Another content under an id that is known with its own."""
        before = known.get(event.id)
        if before is None or event.withheld or before[0] == "withheld":
            return False
        return before[1] != self.told.digests[event.id]

    def _link(
        self, event: EventAsTold, known: Mapping[str, tuple[str, str]]
    ) -> dict[str, str | int | None]:
        return {
            "device_id": self.device.device_id,
            "epoch": event.epoch,
            "sequence": event.sequence,
            "event_id": event.id,
            "chain": event.chain,
            "clash": self._whole(event) if self._clashes(event, known) else None,
        }

    def _whole(self, event: EventAsTold) -> str:
        return codec.encode(self.told.records.get(event.id, event)).decode()

    def _complete(self, standing: _Standing) -> list[Notice]:
        """Bodies that stayed at the kiosk when their events were told first. Their links were
        checked like all others, so each is what its kiosk recorded then."""
        told = [e for e in self.ask.events if e.sequence <= standing.cursor and not e.withheld]
        known = self._known([event.id for event in told]) if told else {}
        notices: list[Notice] = []
        for event in told:
            cause, _ = known.get(event.id, ("", ""))
            if cause == "withheld":
                notices += self._take_one(event, True)
        return notices

    def _known(self, names: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        rows = self.c.execute(
            sa.select(events.c.id, events.c.cause, events.c.digest).where(
                among(self.c, events.c.id, names)
            )
        )
        return {row.id: (row.cause.partition(":")[0], row.digest) for row in rows}

    def _take_one(self, event: EventAsTold, again: bool) -> list[Notice]:
        arrival = self._judge(event)
        opened = ""
        if arrival.fact is not None and not arrival.cause:
            try:
                with self.c.begin_nested():
                    opened = fold(self.c, arrival.came, arrival.fact)
            except (sa.exc.StatementError, OverflowError) as error:
                if isinstance(error, sa.exc.OperationalError):
                    raise  # the database's trouble, not this event's
                arrival = replace(arrival, cause="unfit: " + type(error).__name__)
        row = arrival.row()
        if again:
            self.c.execute(events.update().where(events.c.id == event.id).values(row))
        elif not insert_new(self.c, events, row):
            return []  # another kiosk brought the same id at this very instant
        if arrival.cause:
            return self._quarantined(arrival)
        if again:
            came_after_all(self.c, arrival.came, arrival.digest)
        return [Notice(sequence=event.sequence, kind=opened)] if opened else []

    def _judge(self, event: EventAsTold) -> Arrival:
        received = came(event, self.device, self.now, self.offset)
        return judge(event, self.device, self.told, received)

    def _quarantined(self, arrival: Arrival) -> list[Notice]:
        if not arrival.cause:
            return []
        event = arrival.event
        self._case(event, Kind.QUARANTINED_EVENT, arrival.cause)
        return [Notice(sequence=event.sequence, kind="quarantined", reason=arrival.cause)]

    def _case(self, event: Envelope, kind: Kind, detail: str) -> None:
        received = came(event, self.device, self.now, self.offset)
        unusable(self.c, received, kind, self.told.digests[event.id], without_nul(detail))

    # --- move on ---

    def _move(self, standing: _Standing, last: EventAsTold) -> None:
        if standing.known:
            place = {"of": self.device.device_id, "in_epoch": self.ask.epoch}
            _MOVE.run(self.c, {**place, "to": last.sequence, "head": last.chain})
            return
        others = self.c.execute(
            sa.select(sa.func.count()).where(epochs.c.device_id == self.device.device_id)
        ).scalar_one()
        key = {"device_id": self.device.device_id, "epoch": self.ask.epoch}
        values = {"started_at": self.now, "cursor": last.sequence, "chain_head": last.chain}
        self.c.execute(epochs.insert(), {**key, **values})
        if others:
            received = came(last, self.device, self.now, self.offset)
            began_again(self.c, received, self.ask.epoch)

    def _seen(self) -> None:
        told = {"of": self.device.device_id, "now": self.now, "in_epoch": self.ask.epoch}
        if self.ask.sent_at:
            _SEEN_OFFSET.run(self.c, {**told, "offset": milliseconds(self.offset)})
        else:
            _SEEN.run(self.c, told)


def standing_of(c: sa.Connection, device_id: str, epoch: str) -> _Standing:
    row = _STANDING.first(c, {"device_id": device_id, "epoch": epoch})
    if row is None:
        return _Standing(False, 0, chain.GENESIS)
    return _Standing(True, row.cursor, row.chain_head)


def milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _answer(kind: str, standing: _Standing, detail: str = "") -> Refused:
    problem = Problem(kind=kind, detail=detail, cursor=standing.cursor, chain_head=standing.head)
    return Refused(409, problem)
