"""What the store hands out; plain values without SQLAlchemy, so that importing them is free."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event as queued: the fact's fields in `data`, `chain` its hash in hex."""

    epoch: str
    sequence: int
    id: str
    type: str
    time: datetime
    subject: str
    hlc: str
    monotonic_ms: int
    policyversion: int
    data: dict[str, Any]
    chain: str
    offset_ms: int | None = None  # the centre's clock minus ours, as known then


@dataclass(frozen=True, slots=True)
class Batch:
    """The next events in order; `prev_chain` is the hash before the first."""

    epoch: str
    prev_chain: str
    events: tuple[StoredEvent, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """Where the outbox stands. `cursor` is the last acknowledged sequence (0 for none) and
    `chain_head` our hash there; `queued` counts what is not acknowledged, `oldest` its first."""

    epoch: str
    cursor: int
    chain_head: str
    queued: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the agent may try again; survives a restart."""

    next_attempt: datetime | None
    failures: int


@dataclass(frozen=True, slots=True)
class Chain:
    """One epoch's chain: the link before the first event held (`base_*`), the newest one, and up
    to where the centre has it."""

    epoch: str
    number: int
    base_sequence: int
    base_chain: str
    sequence: int
    chain: str
    cursor: int


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first event whose stored hash does not follow from its content."""

    epoch: str
    sequence: int


_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds: fixed width, so text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def moment(text: str) -> datetime:
    """The instant that `stamp` wrote; ValueError for any other text."""
    if _STAMP.fullmatch(text) is None:
        raise ValueError(f"no stamp: {text!r}")
    return datetime.fromisoformat(text)


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970, UTC."""
    return int(at.timestamp() * 1000)
