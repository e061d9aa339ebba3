"""Draining the outbox: one batch a step, in order, believing only a matching chain.

What can go wrong and what is done: docs of sync.central.ingest. Here the other side of it: a gap
rewinds, a fork begins a new epoch, a record that something on the way refuses for good travels
without its body (which is offered again later), and nothing is ever thrown away.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.agent import set_aside, vouching
from sync.agent.client import Answer, Away, Busy, Client, Ok, Refused
from sync.agent.sizing import Sizing
from sync.agent.trust import Trust
from sync.agent.withheld import Withheld
from sync.wire import codec
from sync.wire.messages import MAX_EVENTS, Notice, Push, Pushed

if TYPE_CHECKING:
    from kiosk.store.store import Store
    from kiosk.store.values import Batch

_LOG = logging.getLogger(__name__)

_NOT_THE_EVENTS = frozenset({401, 403, 404, 405, 407, 421, 426, 431, 451})


@dataclass(frozen=True, slots=True)
class Nothing:
    """The outbox is empty; nobody was called."""


@dataclass(frozen=True, slots=True)
class Went:
    """The centre answered and something moved; `more` may be waiting. `counter` hints at what other
    counters told (sync.agent.counter_feed)."""

    notices: tuple[Notice, ...] = ()
    counter: int = 0


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Somebody refused the batch for good: fewer events go next, or one without its body. Nothing
    moved, and who said so need not be the centre: that is no sign that the line is well."""


@dataclass(frozen=True, slots=True)
class Began:
    """Our history and the centre's had parted: a new epoch was begun."""


@dataclass(frozen=True, slots=True)
class Shut:
    """The centre, or what stands before it, does not let us in as things are."""

    status: int


Step = Nothing | Went | Narrowed | Began | Shut | Busy | Away


@dataclass(slots=True)
class Pushing:
    store: Store
    client: Client
    trust: Trust
    _most: int = MAX_EVENTS
    _withheld: dict[str, str] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)
    _just_began: bool = False
    _later: Withheld = field(init=False)
    _sizing: Sizing = field(init=False)

    def __post_init__(self) -> None:
        self._later = Withheld(self.store, self.client.clock)
        self._sizing = Sizing(self.store, self.client.timeout_s)

    def step(self) -> Step:
        """Send one batch. Raises StoreFailed when our own disk fails."""
        batch = self.store.outbox.next_batch(self._most, self._sizing.plain)
        if batch is None:
            late = self._later.due()
            return Nothing() if late is None else self._offer(late)
        self._inspect(batch)
        answer = self._post(batch)
        self._weigh(answer)
        match answer:
            case Ok():
                return self._accepted(batch, answer.body)
            case Refused(status=409):
                return self._parted(answer)
            case Refused(status=status) if status in _NOT_THE_EVENTS:
                return Shut(status)
            case Refused(status=status):
                return self._narrow(batch, status)
            case Busy() | Away():
                return answer

    def _post(self, batch: Batch) -> Answer:
        path = f"/v1/devices/{self.client.device_id}/events"
        return self.client.post(path, self._message(batch))

    def _weigh(self, answer: Answer) -> None:
        weight = self.client.weight
        match answer:
            case Ok():
                self._sizing.went(weight.plain, weight.packed, weight.took_s)
            case Away(cut=True):
                self._sizing.broke(weight.plain, weight.packed)
            case Refused() | Busy() | Away():
                pass  # says nothing about the line

    def _offer(self, late: Batch) -> Step:
        """A body that was refused once: perhaps that was not about the body."""
        name = late.events[0].id
        answer = self._post(late)
        match answer:
            case Ok():
                told = codec.decode(answer.body, Pushed)
                if told is None or told.epoch != late.epoch:
                    return Away("an answer that is not the centre's")
                self._later.drop(name)
                return Went(told.notices, told.counter)
            case Refused(status=409):
                return self._parted(answer)
            case Refused(status=status) if status in _NOT_THE_EVENTS:
                return Shut(status)
            case Refused():
                self._later.refused(name)
                return Nothing()
            case Busy() | Away():
                return answer

    def _inspect(self, batch: Batch) -> None:
        """Find what our own disk has changed since it was recorded."""
        name, previous = self.client.device_id, batch.prev_chain
        for event in batch.events:
            if codec.link(previous, codec.record(event, name)) != event.chain:
                self._later.damage(self.store.outbox.damaged())
                return
            previous = event.chain

    def _why_withheld(self, name: str) -> str:
        return "damaged" if self._later.is_damaged(name) else self._withheld.get(name, "")

    def _message(self, batch: Batch) -> Push:
        name = self.client.device_id
        return Push(
            epoch=batch.epoch,
            prev_chain=batch.prev_chain,
            events=tuple(
                codec.record(event, name, self._why_withheld(event.id)) for event in batch.events
            ),
            sent_at=self.client.clock.now(),
            head=vouching.head(self.client, batch),
        )

    def _accepted(self, batch: Batch, body: bytes) -> Step:
        told = codec.decode(body, Pushed)
        if told is None or told.epoch != batch.epoch:
            return Away("an answer that is not the centre's")
        if told.cursor < batch.events[0].sequence:
            return Away("an acknowledgement of nothing")
        anchor = vouching.anchor(told, self.client.device_id, self.trust)
        if isinstance(anchor, vouching.Fault):
            _LOG.error("the centre's oath at %d does not hold: %s", told.cursor, anchor.value)
            return Away("an oath that is not the centre's")
        self._bodies_to_offer(told.epoch, told.cursor)
        # The later of the two clocks: one that is wrong may make us keep longer, never shorter.
        here = self.client.clock.now()
        at = max(here, told.server_time) if told.server_time.tzinfo else here
        if not self.store.outbox.acknowledge(told.epoch, told.cursor, told.chain_head, at, anchor):
            _LOG.error("the centre acknowledges a chain that is not ours at %d", told.cursor)
            return self._begin_anew(lost=True)
        self._just_began = False
        self._most = min(MAX_EVENTS, self._most * 2)
        for notice in told.notices:
            _LOG.warning("event %d: %s %s", notice.sequence, notice.kind, notice.reason)
        set_aside.note(self.store, told.notices)
        return Went(told.notices, told.counter)

    def _bodies_to_offer(self, epoch: str, cursor: int) -> None:
        """The centre has these without their bodies. Perhaps since an earlier batch, whose answer
        was lost; and before they are acknowledged, or a crash would forget that a body is owed."""
        for name in [name for name, place in self._places.items() if place <= cursor]:
            self._later.add(name, epoch, self._places.pop(name))
            self._withheld.pop(name, "")

    def _parted(self, answer: Refused) -> Step:
        problem = answer.problem
        _LOG.warning("the centre stands elsewhere: %s %s", problem.kind, problem.detail)
        match problem.kind:
            case "gap" if self.store.outbox.rewind(problem.cursor):
                return Went()
            case "gap" | "fork":
                return self._begin_anew(lost=problem.kind == "fork")
            case _:
                return Shut(answer.status)

    def _begin_anew(self, *, lost: bool) -> Step:
        """At most once until a batch has gone through: more epochs would not help, only grow."""
        if self._just_began:
            return Shut(409)
        self.new_epoch(lost=lost)
        self._just_began = True
        return Began()

    def new_epoch(self, *, lost: bool = False) -> None:
        """Tell everything again, but nothing as true that our disk has changed. `lost`: the centre
        has another history of us than we have, so it may know of drops that we do not."""
        self._later.damage(self.store.outbox.damaged())
        self._places.clear()  # numbers of the old one
        self._withheld.clear()
        self.store.outbox.new_epoch(lost=lost)

    def _narrow(self, batch: Batch, status: int) -> Step:
        """Refused for good: find the one record, and send that one without its body."""
        if len(batch.events) > 1:
            self._most = max(1, len(batch.events) // 2)
            return Narrowed()
        event = batch.events[0]
        self._places.pop(event.id, 0)
        if self._withheld.pop(event.id, ""):
            return Shut(status)  # even without its body: so it is not the record
        _LOG.error("event %d is refused with %d; its body stays here", event.sequence, status)
        self._withheld[event.id] = f"http {status}"
        self._places[event.id] = event.sequence
        return Narrowed()
