"""The queue of facts for the centre: in order, never lost, acknowledged by cursor.

Rows stay after the acknowledgement for the retention time, so that a centre restored from a
backup can be told again. Nothing unacknowledged is ever removed. Every call is a transaction
of its own and raises StoreFailed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from kiosk.ports import Clock, Ids
from kiosk.store import anchors, events, meta, tables
from kiosk.store.anchors import Kept
from kiosk.store.database import Database
from kiosk.store.recovery import told
from kiosk.store.values import (
    Batch,
    Chain,
    ChainFault,
    Position,
    Schedule,
    StoredEvent,
    moment,
    stamp,
)

__all__ = [
    "RETENTION",
    "Batch",
    "ChainFault",
    "Outbox",
    "Position",
    "Schedule",
    "StoredEvent",
]

RETENTION = timedelta(days=30)
ENVELOPE_BYTES = 640  # an event's JSON without its data and subject, generously
SLICE = 32
"""So many events are read at a time."""
_NEXT_ATTEMPT = "outbox.next_attempt"
_FAILURES = "outbox.failures"

_QUEUE = tables.outbox.join(tables.events, tables.outbox.c.event == tables.events.c.number)
_STORED = (
    select(tables.outbox.c.epoch, tables.outbox.c.sequence, tables.outbox.c.chain)
    .add_columns(*(column for column in tables.events.c if column.name != "number"))
    .select_from(_QUEUE)
)


def _stored(row: Row[Any]) -> StoredEvent:
    return StoredEvent(
        epoch=row.epoch,
        sequence=row.sequence,
        id=row.id,
        type=row.type,
        time=moment(row.time),
        subject=row.subject,
        hlc=row.hlc,
        monotonic_ms=row.monotonic_ms,
        policyversion=row.policyversion,
        data=events.decode(row.data),
        chain=row.chain,
        offset_ms=row.offset_ms,
    )


def _chain_at(connection: Connection, epoch: Row[Any], sequence: int) -> str | None:
    """Our hash at `sequence` of the current epoch; None where we hold none."""
    if sequence == epoch.base_sequence:
        return str(epoch.base_chain)
    where = (tables.outbox.c.epoch == epoch.epoch) & (tables.outbox.c.sequence == sequence)
    return connection.execute(select(tables.outbox.c.chain).where(where)).scalar()


class Outbox:
    def __init__(self, database: Database, clock: Clock, ids: Ids) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids

    def next_batch(self, max_events: int, max_bytes: int) -> Batch | None:
        """The oldest events not acknowledged; None when there are none. At least one is given,
        however large; `max_bytes` counts JSON before compression. Read a slice at a time: whoever
        wants to promise something meanwhile waits for one slice at most."""
        with self._database.reading() as connection:
            epoch = events.current_epoch(connection)
            previous = _chain_at(connection, epoch, epoch.cursor)
        taken: list[StoredEvent] = []
        while previous is not None and len(taken) < max_events:
            after = taken[-1].sequence if taken else epoch.cursor
            rows = self._slice(epoch.epoch, after, min(SLICE, max_events - len(taken)))
            for row in rows:
                max_bytes -= ENVELOPE_BYTES + len(row.data.encode()) + len(row.subject.encode())
                if taken and max_bytes < 0:
                    return Batch(epoch.epoch, previous, tuple(taken))
                taken.append(_stored(row))
            if len(rows) < SLICE:
                break
        if not taken or previous is None:
            return None
        return Batch(epoch.epoch, previous, tuple(taken))

    def _slice(self, epoch: str, after: int, most: int) -> Sequence[Row[Any]]:
        """Up to `most` events of an epoch behind the sequence `after`. What is recorded never
        changes, whatever is appended between two slices."""
        with self._database.reading() as connection:
            return connection.execute(
                _STORED.where(tables.outbox.c.epoch == epoch, tables.outbox.c.sequence > after)
                .order_by(tables.outbox.c.sequence)
                .limit(most)
            ).all()

    def at(self, epoch: str, sequence: int) -> Batch | None:
        """The one event at that place of the current epoch, acknowledged or not; None where it is
        not held, or the epoch is another."""
        with self._database.reading() as connection:
            ours = events.current_epoch(connection)
            row = connection.execute(
                _STORED.where(
                    tables.outbox.c.epoch == ours.epoch, tables.outbox.c.sequence == sequence
                )
            ).one_or_none()
            previous = _chain_at(connection, ours, sequence - 1)
        if epoch != ours.epoch or row is None or previous is None:
            return None
        return Batch(ours.epoch, previous, (_stored(row),))

    def acknowledge(
        self,
        epoch: str,
        cursor: int,
        chain_head: str,
        at: datetime | None = None,
        anchor: Kept | None = None,
    ) -> bool:
        """The centre holds everything up to `cursor`. False, and nothing moves, unless that
        hash is ours at that place: then it speaks of another chain. The retention is counted
        from `at`, where somebody knows better than our clock, which may be years out. `anchor`
        is the centre's oath on the same, checked by the caller; it is kept."""
        with self._database.transaction() as connection:
            ours = events.current_epoch(connection)
            if epoch != ours.epoch or _chain_at(connection, ours, cursor) != chain_head:
                return False
            if cursor > ours.cursor:
                self._move(connection, ours, cursor, at or self._clock.now())
            if anchor is not None:
                anchors.keep(connection, anchor)
        self._database.fold()
        return True

    def _move(self, connection: Connection, epoch: Row[Any], cursor: int, at: datetime) -> None:
        connection.execute(
            update(tables.outbox)
            .where(
                tables.outbox.c.epoch == epoch.epoch,
                tables.outbox.c.sequence > epoch.cursor,
                tables.outbox.c.sequence <= cursor,
                tables.outbox.c.acked_at.is_(None),
            )
            .values(acked_at=stamp(at))
        )
        _set_cursor(connection, epoch.epoch, cursor)

    def rewind(self, cursor: int) -> bool:
        """The centre stands at `cursor`, behind us: tell it again from there. False where we are
        not ahead of it, or no longer hold what it lacks (then only a new epoch helps)."""
        with self._database.transaction() as connection:
            epoch = events.current_epoch(connection)
            if not epoch.base_sequence <= cursor <= epoch.cursor:
                return False
            connection.execute(
                update(tables.outbox)
                .where(tables.outbox.c.epoch == epoch.epoch, tables.outbox.c.sequence > cursor)
                .values(acked_at=None)
            )
            _set_cursor(connection, epoch.epoch, cursor)
            return True

    def new_epoch(self, *, lost: bool = False) -> None:
        """Our history and the centre's have parted: start a chain under a new random name and
        enqueue in it everything that is retained. The centre knows events again by their id.
        `lost`: it knows of more than we do, as after an older image of the disk was put back; then
        it is asked for our drops as well, all in one stroke."""
        with self._database.transaction() as connection:
            if lost:
                told.ask_back(connection)
            old = events.current_epoch(connection)
            name = f"{self._ids.token(128):032x}"
            events.start_epoch(connection, name, self._clock.now(), old.number + 1)
            rows = connection.execute(select(tables.events).order_by(tables.events.c.number))
            kept = [(row.number, dict(row._mapping)) for row in rows]
            start = events.current_epoch(connection)
            events.append(connection, name, start.sequence, start.chain, kept)

    def damaged(self) -> tuple[str, ...]:
        """Ids of events of this epoch whose content is not what was recorded: their links do not
        follow from it. SQLite does not notice a changed bit. A link that changed itself is no
        harm, where the one after it shows what it was."""
        with self._database.reading() as connection:
            epoch = events.current_epoch(connection)
            rows = connection.execute(
                _STORED.where(tables.outbox.c.epoch == epoch.epoch).order_by(
                    tables.outbox.c.sequence
                )
            ).all()
        found, previous = [], epoch.base_chain
        for place, row in enumerate(rows):
            expected = events.link(previous, epoch.epoch, row.sequence, dict(row._mapping))
            previous = row.chain
            if expected == row.chain:
                continue
            if _goes_on(expected, epoch, rows[place + 1 : place + 2]):
                previous = expected
            else:
                found.append(str(row.id))
        return tuple(found)

    def position(self) -> Position:
        with self._database.reading() as connection:
            epoch = events.current_epoch(connection)
            oldest = connection.execute(
                select(tables.events.c.time)
                .select_from(_QUEUE)
                .where(
                    tables.outbox.c.epoch == epoch.epoch,
                    tables.outbox.c.sequence == epoch.cursor + 1,
                )
            ).scalar()
            head = _chain_at(connection, epoch, epoch.cursor)
        return Position(
            epoch=epoch.epoch,
            cursor=epoch.cursor,
            chain_head=head or "",
            queued=epoch.sequence - epoch.cursor,
            oldest=None if oldest is None else moment(oldest),
        )

    def schedule(self) -> Schedule:
        with self._database.reading() as connection:
            at = meta.read(connection, _NEXT_ATTEMPT)
            failures = meta.read(connection, _FAILURES)
        return Schedule(moment(at) if at else None, int(failures or 0))

    def reschedule(self, next_attempt: datetime | None, failures: int) -> None:
        with self._database.transaction() as connection:
            at = "" if next_attempt is None else stamp(next_attempt)
            meta.write(connection, _NEXT_ATTEMPT, at)
            meta.write(connection, _FAILURES, str(failures))

    def prune(self, now: datetime, retention: timedelta = RETENTION) -> int:
        """Forget events that the centre has held for `retention`; how many went. `now` should be
        a time that can be believed: what goes here is only at the centre from then on."""
        with self._database.transaction() as connection:
            epoch = events.current_epoch(connection)
            last = connection.execute(
                select(func.max(tables.outbox.c.event)).where(
                    tables.outbox.c.epoch == epoch.epoch,
                    tables.outbox.c.sequence < _first_kept(connection, epoch, now - retention),
                )
            ).scalar()
            return 0 if last is None else _forget(connection, last)

    def verify(self) -> ChainFault | None:
        """Recompute every link that is held, in every epoch."""
        with self._database.reading() as connection:
            return verify_chains(connection)


def verify_chains(
    connection: Connection, breathe: Callable[[], None] = lambda: None
) -> ChainFault | None:
    """As `Outbox.verify`, for whoever reads the file beside the running kiosk. `breathe` is called
    before every event; what it raises ends it."""
    for epoch in connection.execute(select(tables.epochs).order_by(tables.epochs.c.number)).all():
        fault = _verify(connection, epoch, breathe)
        if fault is not None:
            return fault
    return None


def queue_fault(connection: Connection) -> ChainFault | None:
    """As `verify_chains`, of what still waits for the centre: bounded by that, not by what is
    kept."""
    epoch = events.current_epoch(connection)
    previous = _chain_at(connection, epoch, epoch.cursor)
    if previous is None:
        return ChainFault(epoch.epoch, epoch.cursor)
    return _follow(connection, epoch, epoch.cursor, previous)


def chains(connection: Connection) -> tuple[Chain, ...]:
    """Every epoch with the ends of its chain, the oldest first."""
    rows = connection.execute(select(tables.epochs).order_by(tables.epochs.c.number)).all()
    return tuple(
        Chain(
            row.epoch,
            row.number,
            row.base_sequence,
            row.base_chain,
            row.sequence,
            row.chain,
            row.cursor,
        )
        for row in rows
    )


def events_of(connection: Connection, epoch: str) -> Iterator[StoredEvent]:
    """Every event that is held of an epoch, in order."""
    where = tables.outbox.c.epoch == epoch
    for row in connection.execute(_STORED.where(where).order_by(tables.outbox.c.sequence)):
        yield _stored(row)


def _goes_on(link: str, epoch: Row[Any], following: Sequence[Row[Any]]) -> bool:
    """Whether the next event, or the epoch's end, follows from that link."""
    for row in following:
        return bool(events.link(link, epoch.epoch, row.sequence, dict(row._mapping)) == row.chain)
    return bool(epoch.chain == link)


def _set_cursor(connection: Connection, epoch: str, cursor: int) -> None:
    connection.execute(
        update(tables.epochs).where(tables.epochs.c.epoch == epoch).values(cursor=cursor)
    )


def _first_kept(connection: Connection, epoch: Row[Any], before: datetime) -> int:
    """The first sequence that is unacknowledged or acknowledged since `before`."""
    kept = select(func.min(tables.outbox.c.sequence)).where(
        tables.outbox.c.epoch == epoch.epoch,
        tables.outbox.c.acked_at.is_(None) | (tables.outbox.c.acked_at >= stamp(before)),
    )
    found: int | None = connection.execute(kept).scalar()
    return int(epoch.cursor) + 1 if found is None else min(found, int(epoch.cursor) + 1)


def _forget(connection: Connection, last: int) -> int:
    """Remove events up to row `last`, keeping in each epoch the hash to go on from."""
    for epoch in connection.execute(select(tables.epochs)).all():
        base = connection.execute(
            select(tables.outbox.c.sequence, tables.outbox.c.chain)
            .where(tables.outbox.c.epoch == epoch.epoch, tables.outbox.c.event <= last)
            .order_by(tables.outbox.c.sequence.desc())
            .limit(1)
        ).one_or_none()
        if base is not None:
            connection.execute(
                update(tables.epochs)
                .where(tables.epochs.c.epoch == epoch.epoch)
                .values(base_sequence=base.sequence, base_chain=base.chain)
            )
    connection.execute(delete(tables.outbox).where(tables.outbox.c.event <= last))
    gone = connection.execute(delete(tables.events).where(tables.events.c.number <= last))
    return int(gone.rowcount)


def _verify(
    connection: Connection, epoch: Row[Any], breathe: Callable[[], None]
) -> ChainFault | None:
    return _follow(connection, epoch, epoch.base_sequence, epoch.base_chain, breathe)


def _follow(
    connection: Connection,
    epoch: Row[Any],
    sequence: int,
    previous: str,
    breathe: Callable[[], None] = lambda: None,
) -> ChainFault | None:
    """Recompute what comes behind `sequence`, whose link is `previous`."""
    rows = connection.execute(
        _STORED.where(
            tables.outbox.c.epoch == epoch.epoch, tables.outbox.c.sequence > sequence
        ).order_by(tables.outbox.c.sequence)
    )
    for row in rows:
        breathe()
        sequence += 1
        try:
            expected = events.link(previous, epoch.epoch, sequence, dict(row._mapping))
        except (ValueError, TypeError):
            expected = ""  # a time that is none, and the like
        if row.sequence != sequence or row.chain != expected:
            return ChainFault(epoch.epoch, sequence)
        previous = expected
    if (sequence, previous) != (epoch.sequence, epoch.chain):
        return ChainFault(epoch.epoch, sequence + 1)
    return None
