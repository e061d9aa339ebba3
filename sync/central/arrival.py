"""What one event is worth, before any database is asked: its fact, or why it is quarantined."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kiosk.domain import events as facts
from sync.central.counter.taking import is_counters, unfit
from sync.central.devices import Device
from sync.central.received import Received
from sync.wire import codec
from sync.wire.messages import Envelope, EventAsTold, EventRecord, PushAsTold

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
    comes near the limit. Of those among them that could be read in one go `facts` has what they
    say; `records` has the others, read whole."""

    broken: int | None
    digests: dict[str, str] = field(default_factory=dict)
    plain: set[str] = field(default_factory=set)
    facts: dict[str, facts.Event] = field(default_factory=dict)
    records: dict[str, EventRecord] = field(default_factory=dict)


def follow(ask: PushAsTold) -> Told | None:
    """Recompute every link from `prev_chain`. A withheld body cannot be hashed here; the links on
    both sides still hold it. None where some event's data is no JSON object: this is no batch.

    The rest of a batch whose chain is broken is read nevertheless: an answer of "fork" says that
    it was a batch."""
    told, previous = Told(None), ask.prev_chain
    for event in ask.events:
        told.digests[event.id] = ""
        if not _quick(told, previous, event):
            whole = codec.read(event)
            if whole is None:
                return None
            told.records[event.id] = whole
            if told.broken is None and not _holds(told, previous, whole):
                told = replace(told, broken=event.sequence)
        previous = event.chain
    return told


def _quick(told: Told, previous: str, event: EventAsTold) -> bool:
    """Most events are of a known type, in their canonical form, and plain."""
    found = None if event.withheld or told.broken is not None else codec.read_quickly(event)
    if found is None:
        return False
    body, fact = found
    if not _plain(body) or codec.link_as_told(previous, event, body) != event.chain:
        return False
    told.digests[event.id] = hashlib.sha256(body).hexdigest()
    told.plain.add(event.id)
    told.facts[event.id] = fact
    return True


def _holds(told: Told, previous: str, event: EventRecord) -> bool:
    if event.withheld:
        return True
    body = codec.sealed_as_told(event)
    if body is None or codec.link_as_told(previous, event, body) != event.chain:
        return False
    told.digests[event.id] = hashlib.sha256(body).hexdigest()
    if _plain(body):
        told.plain.add(event.id)
    return True


def _plain(body: bytes) -> bool:
    """Of canonical JSON: certainly neither a NUL nor a number of as many digits as the limit has.
    A text may look like either; that is found by looking closer."""
    return b"\\u0000" not in body and _LONG not in body.translate(_DIGITS)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event, judged. `cause` says why it is quarantined, "" for no reason; `fact` is None
    where it is not a known one."""

    event: Envelope
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


def judge(event: EventAsTold, device: Device, told: Told, came: Received) -> Arrival:
    plain = event.id in told.plain
    known = told.facts.get(event.id)
    if known is None:
        whole = told.records[event.id]
        cause, fact = _worth(whole, device, plain)
        return Arrival(whole, came, told.digests[event.id], cause, fact, plain)
    cause, fact = _worth_of(event, device, known)
    return Arrival(event, came, told.digests[event.id], cause, fact, plain)


def came(event: Envelope, device: Device, now: datetime, offset: timedelta) -> Received:
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
        hlc=event.hlc,
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
    return (f"unfit: {fact}", None) if isinstance(fact, str) else _worth_of(event, device, fact)


def _worth_of(
    event: Envelope, device: Device, fact: facts.Event | None
) -> tuple[str, facts.Event | None]:
    """Of an event that is fit to be kept, by what it says; None for a type not known here."""
    if device.revoked:
        return "revoked", None
    if event.policyversion < 0:
        return "unfit: numbers", None
    match fact:
        case facts.DropCommitted() if any(not 0 <= line.brought <= _MANY for line in fact.lines):
            return "unfit: brought", None
        case _ if is_counters(fact) and (why := unfit(fact, event.hlc)):
            return f"unfit: {why}", None
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
