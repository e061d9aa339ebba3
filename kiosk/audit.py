"""The ledger's history as a file that anyone can check: JSON lines, SHA-256, and nothing else.

First the head, which says how many chains follow; then each chain (an epoch of the kiosk's
history, the oldest first) and its events. Every event carries the hash that follows from the one
before it (kiosk.domain.chain), so a line that was changed, taken out, put in or moved shows.
Whoever can rewrite the whole file can also compute it anew: compare the newest link with what the
centre holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, assert_never

import msgspec

from kiosk.domain import chain

if TYPE_CHECKING:
    from sqlalchemy import Connection

FORMAT = 1


class Head(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="takeback-audit"):
    """`device_id` is "" for a kiosk that was never enrolled."""

    format: int
    device_id: str
    exported_at: datetime
    chains: int


class Chain(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="chain"):
    """`base_*` is the link before the first event held, `chain` the newest one."""

    epoch: str
    number: int
    base_sequence: int
    base_chain: str
    sequence: int
    chain: str


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="event"):
    """The fields of the wire's event (sync.wire.messages), without CloudEvents' constants."""

    epoch: str
    sequence: int
    id: str
    type: str
    time: str
    subject: str
    hlc: str
    monotonic_ms: int
    policyversion: int
    data: dict[str, Any]
    chain: str


@dataclass(frozen=True, slots=True)
class Proven:
    """Everything follows. `newest` is the last chain's newest link."""

    device_id: str
    chains: int
    events: int
    newest: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first line (from 1) that does not follow from those before it."""

    line: int
    why: str


_LINE = msgspec.json.Decoder(Head | Chain | Event)


def export(connection: Connection, device_id: str, now: datetime) -> Iterator[bytes]:
    """The lines of a ledger that is looked into (kiosk.store.beside)."""
    from kiosk.store.outbox import chains, events_of

    encode = msgspec.json.Encoder().encode
    held = chains(connection)
    yield encode(Head(format=FORMAT, device_id=device_id, exported_at=now, chains=len(held)))
    for one in held:
        yield encode(
            Chain(
                epoch=one.epoch,
                number=one.number,
                base_sequence=one.base_sequence,
                base_chain=one.base_chain,
                sequence=one.sequence,
                chain=one.chain,
            )
        )
        for event in events_of(connection, one.epoch):
            yield encode(
                Event(
                    epoch=event.epoch,
                    sequence=event.sequence,
                    id=event.id,
                    type=event.type,
                    time=chain.moment(event.time),
                    subject=event.subject,
                    hlc=event.hlc,
                    monotonic_ms=event.monotonic_ms,
                    policyversion=event.policyversion,
                    data=event.data,
                    chain=event.chain,
                )
            )


def check(lines: Iterable[bytes]) -> Proven | Broken:
    """Recompute every link of an exported file. Never raises for what a file may hold."""
    following = _Following()
    number = 0
    for number, line in enumerate(lines, 1):
        try:
            why = following.take(_LINE.decode(line))
        except (msgspec.MsgspecError, ValueError, TypeError, RecursionError):
            why = "is no line of an exported ledger"
        if why:
            return Broken(number, why)
    why = following.end()
    return Broken(number + 1, why) if why else following.proven()


class _Following:
    """Goes along the lines; each answer is "" or why the line cannot stand there."""

    def __init__(self) -> None:
        self._head: Head | None = None
        self._chain: Chain | None = None
        self._sequence = 0
        self._link = ""
        self._chains = 0
        self._events = 0

    def take(self, line: Head | Chain | Event) -> str:
        match line:
            case Head():
                return self._begin(line)
            case Chain():
                return self._next_chain(line)
            case Event():
                return self._next_event(line)
            case _:
                assert_never(line)

    def _begin(self, head: Head) -> str:
        if self._head is not None:
            return "is a second head"
        self._head = head
        return "" if head.format == FORMAT else f"is of format {head.format}, not {FORMAT}"

    def _next_chain(self, one: Chain) -> str:
        if self._head is None:
            return "comes before the head"
        if why := self._whole():
            return why
        self._chain, self._sequence, self._link = one, one.base_sequence, one.base_chain
        self._chains += 1
        return ""

    def _next_event(self, event: Event) -> str:
        if self._chain is None or event.epoch != self._chain.epoch:
            return "is an event outside its chain"
        self._sequence += 1
        self._events += 1
        if event.sequence != self._sequence:
            return f"is event {event.sequence}, where {self._sequence} belongs"
        body = chain.body(
            event.type,
            event.time,
            event.subject,
            event.hlc,
            event.monotonic_ms,
            event.policyversion,
            event.data,
        )
        self._link = chain.link(self._link, event.epoch, event.sequence, event.id, body)
        return "" if event.chain == self._link else "does not follow from the line before it"

    def _whole(self) -> str:
        """Whether the chain so far has come to its end."""
        if self._chain is None:
            return ""
        ends = (self._chain.sequence, self._chain.chain)
        return "" if ends == (self._sequence, self._link) else "comes where events are missing"

    def end(self) -> str:
        if self._head is None:
            return "is missing: the file is empty"
        if why := self._whole():
            return why
        return "" if self._chains == self._head.chains else "is missing: a whole chain was cut off"

    def proven(self) -> Proven:
        assert self._head is not None
        return Proven(self._head.device_id, self._chains, self._events, self._link)
