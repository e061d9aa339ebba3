"""Bugs that we plant to see the simulator find them: each is one that others have shipped.

A plant is a patch of the real code for as long as its context lasts, with a mix of deeds under
which it shows. `python -m tests.sim --planted` prints the list and what caught each.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import msgspec
import sqlalchemy as sa

from kiosk.store import events as store_events
from kiosk.store import outbox, tables
from kiosk.store.outbox import Outbox
from sync.agent import agent, pushing
from sync.agent.pushing import Nothing, Pushing, Went
from sync.central import bulk, claiming, ingest
from sync.central import database as central_database
from sync.central.tables import claims
from sync.wire import codec
from tests.sim import planted_losses, planted_orders
from tests.sim.line import Fault
from tests.sim.planting import Plant, swap, together
from tests.sim.run import Told, history
from tests.sim.stage import Stage
from tests.sim.story import SHORT_BELOW, Deed


@dataclass(frozen=True)
class Caught:
    """`clean` tells whether the same history is well without the bug, as it must be."""

    name: str
    told: Told
    tried: int
    clean: bool


MOST = 40
"""In so many histories a bug must show."""


def hunt(stage: Stage, plant: Plant) -> Caught | None:
    """Play history after history until the bug is noticed; None where it never is."""
    for tried, seed in enumerate(range(plant.first, plant.first + MOST), 1):
        with plant.plant():
            told = history(stage, seed, plant.more, plant.begin)
        if told.broken is not None:
            clean = history(stage, seed, plant.more, plant.begin).broken is None
            return Caught(plant.name, told, tried, clean)
    return None


# --- at the kiosk ---


def _delete_on_400(self: Any, batch: Any, status: int) -> Any:
    _move_on(self.store.outbox, batch.events[-1].sequence)
    return Went()


def _move_on(box: Any, sequence: int) -> None:
    with box._database.transaction() as connection:
        epoch = store_events.current_epoch(connection)
        box._move(connection, epoch, sequence, box._clock.now())


def _believe_any_head(
    self: Any, epoch: str, cursor: int, chain_head: str, at: Any, _anchor: Any = None
) -> bool:
    with self._database.transaction() as connection:
        ours = store_events.current_epoch(connection)
        if epoch == ours.epoch and ours.cursor < cursor:
            self._move(connection, ours, cursor, at)
        return True


def _new_ids(self: Any, batch: Any) -> Any:
    """Ids are made on sending and the links with them, so each try is another event."""
    message = _MESSAGE(self, batch)
    previous, told = message.prev_chain, []
    for event in message.events:
        fresh = msgspec.structs.replace(event, id=self.client.ids.uuid())
        previous = codec.link(previous, fresh) or ""
        told.append(msgspec.structs.replace(fresh, chain=previous))
    return msgspec.structs.replace(message, events=tuple(told))


def _in_flight(self: Any) -> Any:
    """Marked as sent before sending; whoever dies meanwhile finds it marked for ever."""
    meta = self.store.meta
    if meta.get("push.in_flight"):
        return Nothing()
    if self.store.outbox.position().queued:
        meta.set("push.in_flight", "yes")
    step = _STEP(self)
    meta.set("push.in_flight", "")
    return step


def _forever(self: Any, error: Any, wait: float) -> None:
    _FAILED(self, error, wait)
    if error is agent.LinkError.SHUT:
        self._breaker.gate = math.inf


def _everything_goes(connection: Any, epoch: Any, before: Any) -> int:
    return int(epoch.sequence) + 1


def _only_the_new(self: Any, **_told: Any) -> None:
    """A new epoch that tells only what was not acknowledged."""
    with self._database.transaction() as connection:
        old = store_events.current_epoch(connection)
        name = f"{self._ids.token(128):032x}"
        store_events.start_epoch(connection, name, self._clock.now(), old.number + 1)
        waiting = sa.select(tables.outbox.c.event).where(
            tables.outbox.c.epoch == old.epoch, tables.outbox.c.sequence > old.cursor
        )
        rows = connection.execute(
            sa.select(tables.events)
            .where(tables.events.c.number.in_(waiting))
            .order_by(tables.events.c.number)
        )
        kept = [(row.number, dict(row._mapping)) for row in rows]
        start = store_events.current_epoch(connection)
        store_events.append(connection, name, start.sequence, start.chain, kept)


# --- at the centre ---


def _no_gap(self: Any, standing: Any) -> Any:
    """Takes what lies beyond the cursor and moves the cursor there."""
    told = self.ask.events
    if told and told[0].sequence > standing.cursor + 1:
        return None
    return _CHECK(self, standing)


def _by_number_only(self: Any, standing: Any) -> Any:
    told = self.ask.events
    if told and told[0].sequence > standing.cursor + 1:
        return ingest._answer("gap", standing)
    return None


def _forget_the_bad(self: Any, event: Any, again: bool) -> Any:
    return [] if self._judge(event).cause else _TAKE_ONE(self, event, again)


def _forget_all_bad(c: Any, arrivals: Any) -> None:
    _STORE(c, [arrival for arrival in arrivals if not arrival.cause])


def _claim_twice(c: Any, who: Any, line: Any, most: int, has: int) -> bool:
    """Whoever asks is paid."""
    taken = c.execute(
        sa.select(sa.func.max(claims.c.unit)).where(
            claims.c.return_id == who.return_id, claims.c.line_id == line.line_id
        )
    ).scalar_one()
    for unit in range(line.brought):
        row = {
            "tenant": who.tenant,
            "return_id": who.return_id,
            "line_id": line.line_id,
            "unit": (taken or 0) + 1 + unit,
            "drop_id": who.drop_id,
        }
        c.execute(claims.insert(), row)
    return True


@contextmanager
def _answer_before_commit() -> Iterator[None]:
    """A batch is answered at once and committed with the next thing that is written."""
    late: list[tuple[sa.Connection, Any]] = []

    def finish() -> None:
        while late:
            connection, transaction = late.pop()
            if connection.closed or connection.invalidated:
                continue
            transaction.commit()
            connection.close()

    def push(database: Any, clock: Any, device: Any, ask: Any, key: Any = None) -> Any:
        wrong = ingest._shape(ask)
        if wrong:
            return _PUSH(database, clock, device, ask, key)
        finish()
        # `database` spends the caller's token with the work (sync.central.callers.Once).
        connection = database.database.engine.execution_options(writing=True).connect()
        transaction = connection.begin()
        late.append((connection, transaction))
        database.spend(connection)
        told = ingest.follow(ask)
        assert told is not None
        return ingest._Batch(connection, clock.now(), device, ask, told).take()

    def write(self: Any, work: Any) -> Any:
        finish()
        return _WRITE(self, work)

    def dispose(self: Any, close: bool = True) -> None:
        while late:
            connection, transaction = late.pop()
            transaction.rollback()
            connection.close()
        _DISPOSE(self, close)

    with (
        mock.patch.object(ingest, "push", push),
        mock.patch.object(central_database.Database, "write", write),
        mock.patch.object(sa.Engine, "dispose", dispose),
    ):
        yield
        finish()


_MESSAGE = Pushing._message
_STEP = Pushing.step
_FAILED = agent.Agent._failed
_CHECK = ingest._Batch._check
_TAKE_ONE = ingest._Batch._take_one
_STORE = bulk.store
_PUSH = ingest.push
_WRITE = central_database.Database.write
_DISPOSE = sa.Engine.dispose

_BLIND = swap(Outbox, "acknowledge", _believe_any_head)

PLANTS: Sequence[Plant] = (
    Plant(
        "delete on 400",
        swap(Pushing, "_narrow", _delete_on_400),
        {Deed.POISON: 30, Deed.OUTAGE: 10},
        506,
    ),
    Plant(
        "retry with a new id",
        together(swap(Pushing, "_message", _new_ids), _BLIND),
        {Deed.WEATHER: 20},
    ),
    Plant("ack before commit", _answer_before_commit, {Deed.CENTRE_DOWN: 30}),
    Plant(
        "cursor moved past a gap",
        swap(ingest._Batch, "_check", _no_gap),
        {Deed.CENTRE_BACKUP: 30, Deed.CENTRE_RESTORE: 30},
        SHORT_BELOW + 1,
    ),
    Plant(
        "dedup by (device, seq) only",
        together(swap(ingest._Batch, "_check", _by_number_only), _BLIND),
        {Deed.BACKUP: 20, Deed.RESTORE: 20, Deed.CLONE: 20},
        519,
    ),
    Plant(
        "prune before acknowledgement",
        swap(outbox, "_first_kept", _everything_goes),
        {Deed.CRASH: 20, Deed.OUTAGE: 20},
        517,
    ),
    Plant(
        "skip poison and forget it",
        together(
            swap(ingest._Batch, "_take_one", _forget_the_bad),
            swap(bulk, "store", _forget_all_bad),
        ),
        {Deed.POISON: 40},
        506,
    ),
    Plant(
        "rewind ignored",
        swap(Outbox, "rewind", lambda self, cursor: True),
        {Deed.CENTRE_BACKUP: 30, Deed.CENTRE_RESTORE: 30},
    ),
    Plant(
        "chain head not compared",
        together(_BLIND, swap(pushing.vouching, "anchor", lambda told, device, trust: None)),
        {Deed.WEATHER: 0, Deed.OUTAGE: 0},
        begin=(Fault.OTHER_NUMBER,),
    ),
    Plant("refund key not unique", swap(claiming, "_claim", _claim_twice), {Deed.CLONE: 20}, 511),
    Plant(
        "IN_FLIGHT never reset",
        swap(Pushing, "step", _in_flight),
        {Deed.FUSE: 60},
        SHORT_BELOW + 10,
    ),
    Plant("state without a timer", swap(agent.Agent, "_failed", _forever), {Deed.OUTAGE: 40}, 502),
    Plant(
        "new epoch tells only the new",
        swap(Outbox, "new_epoch", _only_the_new),
        {Deed.CENTRE_BACKUP: 20, Deed.CENTRE_RESTORE: 20, Deed.RESTORE: 20, Deed.BACKUP: 20},
        SHORT_BELOW + 2,
    ),
    Plant(
        "Retry-After not heard",
        swap(agent.paces, "told_to_wait", lambda value, now, pace, ids: 0.5),
        {Deed.OVERLOAD: 40},
    ),
    Plant(
        "a changed bit is believed",
        swap(Pushing, "_why_withheld", lambda self, name: self._withheld.get(name, "")),
        {Deed.ROT: 40},
        546,
    ),
    Plant(
        "a body withheld is never offered again",
        swap(pushing.Withheld, "due", lambda self: None),
        begin=(Fault.NOT_THIS,),
        first=502,
    ),
    *planted_losses.PLANTS,
    *planted_orders.PLANTS,
)

STALLS = frozenset(
    {
        "delete on 400",
        "prune before acknowledgement",
        "rewind ignored",
        "IN_FLIGHT never reset",
        "state without a timer",
        "new epoch tells only the new",
        "a body withheld is never offered again",
        "what the centre lacks is not asked for",
        "a photograph that changed is not told",
        "what became of a command is not told",
        "a command bent on the way is passed over",
    }
)
"""Those that end in a kiosk which stands still; all others must be noticed by what they do."""
