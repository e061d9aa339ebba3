"""What one event is worth, before any database is asked: its fact, or why it is quarantined."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kiosk.domain import events as facts
from sync.central.devices import Device
from sync.central.received import Received
from sync.wire import codec
from sync.wire.messages import EventRecord, Push

_BIG = 1 << 53  # whole numbers beyond this are not safe in JSON; none of ours come near
_MANY = 10_000  # units of one line
_DIGITS = bytes(ord("0") if chr(byte).isdigit() and byte < 128 else 32 for byte in range(256))
_LONG = b"0" * 16
_HOLD = frozenset((dict, list))


@dataclass(frozen=True, slots=True)
class Told:
    """A batch whose links were followed. `broken` is the first sequence whose link does not hold,
    None where all do; `digests` are of what the chain covers, by event id, "" for a body that
    stayed at the kiosk. `plain` are the ids of those that certainly hold no NUL and no number that
    comes near the limit."""

    broken: int | None
    digests: Mapping[str, str]
    plain: frozenset[str] = frozenset()


def follow(ask: Push) -> Told:
    """Recompute every link from `prev_chain`. A withheld body cannot be hashed here; the links on
    both sides still hold it."""
    digests: dict[str, str] = {}
    plain: set[str] = set()
    previous = ask.prev_chain
    for event in ask.events:
        digests[event.id] = ""
        if not event.withheld:
            body = codec.sealed_as_told(event)
            if body is None or codec.link_as_told(previous, event, body) != event.chain:
                return Told(event.sequence, digests)
            digests[event.id] = hashlib.sha256(body).hexdigest()
            if _plain(body):
                plain.add(event.id)
        previous = event.chain
    return Told(None, digests, frozenset(plain))


def _plain(body: bytes) -> bool:
    """Of canonical JSON: certainly neither a NUL nor a number of as many digits as the limit has.
    A text may look like either; that is found by looking closer."""
    return b"\\u0000" not in body and _LONG not in body.translate(_DIGITS)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event, judged. `cause` says why it is quarantined, "" for no reason; `fact` is None
    where it is not a known one."""

    event: EventRecord
    came: Received
    digest: str
    cause: str
    fact: facts.Event | None
    plain: bool = False

    @property
    def state(self) -> str:
        if self.cause:
            return "quarantined"
        return "unknown" if self.fact is None else "accepted"

    def row(self) -> dict[str, object]:
        """Of `sync.central.tables.events`."""
        event = self.event
        return {
            "id": event.id,
            "tenant": self.came.tenant,
            "device_id": self.came.device_id,
            "epoch": event.epoch,
            "sequence": event.sequence,
            "type": event.type[:200] if self.plain else without_nul(event.type)[:200],
            "subject": event.subject[:200] if self.plain else without_nul(event.subject)[:200],
            "told_at": self.came.told_at,
            "corrected_at": self.came.corrected_at,
            "received_at": self.came.received_at,
            "body": codec.encode(event).decode(),
            "digest": self.digest,
            "state": self.state,
            "cause": without_nul(self.cause) if self.cause else "",
        }


def judge(event: EventRecord, device: Device, told: Told, came: Received) -> Arrival:
    plain = event.id in told.plain
    cause, fact = _worth(event, device, plain)
    return Arrival(event, came, told.digests[event.id], cause, fact, plain)


def came(event: EventRecord, device: Device, now: datetime, offset: timedelta) -> Received:
    """`offset` is the centre's clock minus the kiosk's, for events that do not tell it: what the
    kiosk knew at the moment itself counts, as its clock may have been set since."""
    told = event.time if event.time.tzinfo else event.time.replace(tzinfo=UTC)
    try:
        if event.offset_ms is not None:
            offset = timedelta(milliseconds=event.offset_ms)
        told, corrected = told.astimezone(UTC), (told + offset).astimezone(UTC)
    except OverflowError:  # the years 1 and 9999
        told = corrected = now
    return Received(
        tenant=device.tenant,
        device_id=device.device_id,
        event_id=event.id,
        told_at=told,
        corrected_at=corrected,
        received_at=now,
    )


def _worth(event: EventRecord, device: Device, plain: bool) -> tuple[str, facts.Event | None]:
    if event.withheld:
        return f"withheld: {event.withheld[:100]}", None
    if device.revoked:
        return "revoked", None
    why = ("" if _shallow(event.data) else "content") if plain else _unfit(event)
    if why or event.policyversion < 0:
        return f"unfit: {why or 'numbers'}", None
    fact = codec.fact(event.type, event.data)
    match fact:
        case str():
            return f"unfit: {fact}", None
        case facts.DropCommitted() if any(not 0 <= line.brought <= _MANY for line in fact.lines):
            return "unfit: brought", None
    return "", fact


def _unfit(event: EventRecord) -> str:
    if not _fits(event.data):
        return "content"
    if not _fits([event.type, event.subject, event.hlc, event.chain]):
        return "envelope"
    clocks = (event.monotonic_ms, event.offset_ms or 0, event.policyversion)
    return "numbers" if any(abs(one) >= _BIG for one in clocks) else ""


def _shallow(value: object) -> bool:
    """Whether it nests no deeper than `_fits` allows."""
    level: list[Any] = [value]
    for _ in range(codec.MAX_DEPTH):
        level = [
            inner
            for one in level
            for inner in (one.values() if type(one) is dict else one)
            if type(inner) in _HOLD
        ]
        if not level:
            return True
    return not any(level)  # at the limit, empty ones may stand


def _fits(value: object) -> bool:
    """Nothing that a database of ours cannot hold: no NUL, no giant number, no endless nesting.
    Level by level, without a call for each value: every event goes through it."""
    level: list[Any] = [value]
    for _ in range(codec.MAX_DEPTH + 1):
        inner: list[Any] = []
        for one in level:
            kind = type(one)
            if kind is str:
                if "\0" in one:
                    return False
            elif kind is int:
                if not -_BIG < one < _BIG:
                    return False
            elif kind is dict:
                inner += one
                inner += one.values()
            elif kind is list:
                inner += one
            elif one is not None and kind is not bool:
                return False
        if not inner:
            return True
        level = inner
    return False


def without_nul(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
