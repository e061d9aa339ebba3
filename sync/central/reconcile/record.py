"""The one way by which movements come in: a hub's scanner, a carrier's file, a merchant's call."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from kiosk.domain.sentences import Sentence
from sync.central.database import insert_set
from sync.central.reconcile.model import NOT_COUNTED, Kind, Movement
from sync.central.tables.reconcile import movements

LONGEST: Final = 200
MOST: Final = 1 << 40  # of units and of minor units in one fact; sums of millions still fit
_CHUNK: Final = 400
_TOLD: Final = tuple(one.name for one in fields(Movement))


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many were new, and how many were known; `clashes` are those that came before with
    another content: the first one stands, and nothing of them was kept."""

    new: int
    known: int
    clashes: tuple[Movement, ...] = ()


def problem(one: Movement) -> str:
    """Why a movement cannot be taken, "" for no reason."""
    texts = [getattr(one, name) for name in _TOLD if isinstance(getattr(one, name), str)]
    if any(len(text) > LONGEST or "\0" in text for text in texts):
        return Sentence(
            "a value is longer than {most} characters or has a {sign} in it",
            most=LONGEST,
            sign="NUL",
        )
    if not one.source or not one.source_id:
        return Sentence("{one} and {other} are needed", one="source", other="source_id")
    if one.told_at.tzinfo is None:
        return Sentence("{key} needs a time zone", key="told_at")
    if not NOT_COUNTED <= one.count <= MOST or not -MOST <= one.amount <= MOST:
        return Sentence("{one} or {other} is beyond reason", one="count", other="amount")
    return _needs(one)


def _needs(one: Movement) -> str:
    line = bool(one.return_id and one.line_id)
    goods = bool(one.bag_id or one.container_id or one.manifest_id)
    match one.kind:
        case Kind.CONTAINED if not (one.bag_id and one.container_id):
            return _lacks("contained", "bag_id", "container_id")
        case Kind.HANDED_OVER | Kind.ACKNOWLEDGED if not goods:
            return Sentence(
                "{kind} needs one of {keys}",
                kind=one.kind.value,
                keys="bag_id, container_id, manifest_id",
            )
        case Kind.RECEIVED if not (goods or line):
            return Sentence(
                "{kind} needs a bag, container, manifest, or {key} with {other}",
                kind=one.kind.value,
                key="return_id",
                other="line_id",
            )
        case Kind.GRADED | Kind.DISPOSED if not line:
            return _lacks(one.kind.value, "return_id", "line_id")
        case Kind.GRADED | Kind.RECEIVED if line and one.count == NOT_COUNTED:
            return Sentence("{kind} of a line needs its {key}", kind=one.kind.value, key="count")
        case Kind.REFUNDED if not (one.return_id and one.currency):
            return _lacks("refunded", "return_id, amount", "currency")
        case _:
            return ""


def _lacks(kind: str, keys: str, last: str) -> Sentence:
    return Sentence("{kind} needs {keys} and {last}", kind=kind, keys=keys, last=last)


def record_many(c: sa.Connection, tenant: str, rows: Sequence[Movement], now: datetime) -> Recorded:
    """Keep movements in the caller's transaction; `now` is the centre's clock in it, as what was
    received decides what is looked at next. Each (source, source_id) counts once, however often it
    comes. Raises ValueError for what `problem` finds."""
    for one in rows:
        wrong = problem(one)
        if wrong:
            raise ValueError(f"{one.source} {one.source_id}: {wrong}")
    # In one order everywhere, so that two writers wait for each other and not both for ever.
    told = sorted(rows, key=lambda one: (one.source, one.source_id))
    new, known, clashes = 0, 0, list[Movement]()
    for start in range(0, len(told), _CHUNK):
        chunk = told[start : start + _CHUNK]
        prints = [_row(tenant, one, now) for one in chunk]
        added = insert_set(c, movements, prints)
        new += added
        if added < len(chunk):
            differing = _differing(c, tenant, chunk, prints)
            clashes += differing
            known += len(chunk) - added - len(differing)
    return Recorded(new, known, tuple(clashes))


def _row(tenant: str, one: Movement, now: datetime) -> dict[str, Any]:
    row = {name: getattr(one, name) for name in _TOLD}
    row["kind"] = one.kind.value
    return {**row, "tenant": tenant, "received_at": now, "digest": digest(one)}


def digest(one: Movement) -> str:
    """SHA-256, hex, over all that was told."""
    at = one.told_at.astimezone(UTC).isoformat()
    told = msgspec.json.encode([at, *(getattr(one, name) for name in _TOLD if name != "told_at")])
    return hashlib.sha256(told).hexdigest()


def _differing(
    c: sa.Connection, tenant: str, chunk: Sequence[Movement], rows: Sequence[dict[str, Any]]
) -> list[Movement]:
    keys = [(row["source"], row["source_id"]) for row in rows]
    key = sa.tuple_(movements.c.source, movements.c.source_id)
    kept = {
        (row.source, row.source_id): row.digest
        for row in c.execute(
            sa.select(movements.c.source, movements.c.source_id, movements.c.digest).where(
                movements.c.tenant == tenant, key.in_(keys)
            )
        )
    }
    return [
        one
        for one, row in zip(chunk, rows, strict=True)
        if kept[row["source"], row["source_id"]] != row["digest"]
    ]
