"""The hash chain over the outbox: one changed, lost or inserted event shows in every later link.

    link_n = SHA-256(canonical JSON of [link_(n-1), epoch, sequence, id, body]), in hex

Anyone can check it with a JSON library and SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

from kiosk.domain import canonical

GENESIS = "0" * 64


def moment(time: datetime | str) -> str:
    """An instant in its one form: UTC, six decimals, Z. Takes an aware datetime or RFC 3339;
    ValueError for anything without an offset."""
    instant = datetime.fromisoformat(time) if isinstance(time, str) else time
    if instant.tzinfo is None:
        raise ValueError("a time without an offset is no instant")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def body(
    type: str,
    time: datetime | str,
    subject: str,
    hlc: str,
    monotonic_ms: int,
    policyversion: int,
    data: Mapping[str, object],
    offset_ms: int | None = None,
) -> dict[str, object]:
    """Everything of an event that the chain protects, beside its place in the sequence. What is
    not known of the clock is not there, so events from before it was told keep their hash."""
    known = {} if offset_ms is None else {"offset_ms": offset_ms}
    return {
        "type": type,
        "time": moment(time),
        "subject": subject,
        "hlc": hlc,
        "monotonic_ms": monotonic_ms,
        "policyversion": policyversion,
        "data": data,
        **known,
    }


def link(prev: str, epoch: str, sequence: int, id: str, body: Mapping[str, object]) -> str:
    """The event's hash, from the one before it (GENESIS for the first of an epoch)."""
    return link_over(prev, epoch, sequence, id, canonical.encode(body))


def link_over(prev: str, epoch: str, sequence: int, id: str, body: bytes) -> str:
    """As `link`, with the body's canonical form at hand."""
    return link_at(canonical.encode([prev, epoch, sequence, id]), body)


def link_at(place: bytes, body: bytes) -> str:
    """As `link_over`, with the canonical form of [prev, epoch, sequence, id] at hand, too."""
    return hashlib.sha256(place[:-1] + b"," + body + b"]").hexdigest()
