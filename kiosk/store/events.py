"""Writing a fact: one row in `events`, one link in `outbox`, in the caller's transaction.

The link is `kiosk.domain.chain`: SHA-256 over the one before, epoch, sequence, id and body.
The logical clock (`kiosk.domain.hlc`) is kept in `meta`; its milliseconds are the highest wall
time ever seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from kiosk.domain import canonical, chain, hlc
from kiosk.domain.events import Event
from kiosk.ports import Clock, Ids
from kiosk.store import meta, tables
from kiosk.store.prepared import Prepared, adding
from kiosk.store.values import milliseconds, moment, stamp

HLC = "hlc"

_ADD = adding(tables.events, "number")
_LINK = adding(tables.outbox, "acked_at")
_NEWEST = Prepared(select(tables.epochs).order_by(tables.epochs.c.number.desc()).limit(1))
_MOVE = Prepared(
    update(tables.epochs)
    .where(tables.epochs.c.epoch == bindparam("this"))
    .values(sequence=bindparam("sequence"), chain=bindparam("chain"))
)


def unknown() -> None:
    """How far the centre's clock is, before anybody heard it."""


def facts(event: Event) -> dict[str, Any]:
    """The fact's fields as plain JSON values."""
    kind: Any = type(event)
    return {name: _plain(getattr(event, name)) for name in _names(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _plain(value: object) -> object:
    kind: Any = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _names(kind)}
    return value


def highest_ms(connection: Connection) -> int:
    """The highest wall time ever seen by this store, in milliseconds; 0 if none."""
    return int((meta.read(connection, HLC) or "0").partition("-")[0], 16)


def advance(connection: Connection, now: datetime) -> str:
    """The next stamp of the logical clock, kept for after a restart."""
    stamp = hlc.advance(meta.read(connection, HLC) or "", milliseconds(now))
    meta.write(connection, HLC, stamp)
    return stamp


def current_epoch(connection: Connection) -> Any:
    """The row of the newest epoch."""
    found = _NEWEST.one(connection)
    assert found is not None, "a store without an epoch"
    return found


def no_epoch(connection: Connection) -> bool:
    return connection.execute(select(tables.epochs.c.epoch).limit(1)).first() is None


def start_epoch(connection: Connection, epoch: str, now: datetime, number: int) -> None:
    """An empty chain from GENESIS."""
    connection.execute(
        insert(tables.epochs).values(
            epoch=epoch,
            number=number,
            started_at=stamp(now),
            base_sequence=0,
            base_chain=chain.GENESIS,
            sequence=0,
            chain=chain.GENESIS,
            cursor=0,
        )
    )


def record(
    connection: Connection,
    clock: Clock,
    ids: Ids,
    event: Event,
    subject: str,
    policy: int,
    offset_ms: int | None = None,
) -> str:
    """Append `event` about `subject`, decided under policy bundle `policy`; its link. `offset_ms`
    is what to add to our clock to meet the centre's, None where nobody knows."""
    now, told = clock.now(), facts(event)
    row: dict[str, Any] = {
        "id": ids.uuid(),
        "type": event.type,
        "time": stamp(now),
        "subject": subject,
        "hlc": advance(connection, now),
        "monotonic_ms": int(clock.monotonic() * 1000),
        "policyversion": policy,
        "data": canonical.encode(told).decode("utf-8"),
        "offset_ms": offset_ms,
    }
    number = _ADD(connection, **row)
    epoch = current_epoch(connection)
    sequence, name = epoch.sequence + 1, epoch.epoch
    chained = _link(epoch.chain, name, sequence, row, now, told)
    enqueue(connection, [{"epoch": name, "sequence": sequence, "event": number, "chain": chained}])
    return chained


def append(
    connection: Connection,
    epoch: str,
    sequence: int,
    previous: str,
    rows: list[tuple[int, dict[str, Any]]],
) -> str:
    """Link events (number, row) behind `sequence`, whose hash is `previous`; the last link."""
    links = []
    for number, row in rows:
        sequence += 1
        previous = link(previous, epoch, sequence, row)
        links.append({"epoch": epoch, "sequence": sequence, "event": number, "chain": previous})
    enqueue(connection, links)
    return previous


def enqueue(connection: Connection, links: Sequence[Mapping[str, Any]]) -> None:
    """Rows of the outbox in their order, all of one epoch, whose head moves behind them."""
    if links:
        _LINK.each(connection, links)
        _MOVE.run(connection, {**links[-1], "this": links[-1]["epoch"]})


def link(previous: str, epoch: str, sequence: int, row: Mapping[str, Any]) -> str:
    """The hash of a row of `events` in its place."""
    return _link(previous, epoch, sequence, row, moment(row["time"]), decode(row["data"]))


def _link(
    previous: str,
    epoch: str,
    sequence: int,
    row: Mapping[str, Any],
    time: datetime,
    data: Mapping[str, Any],
) -> str:
    """As `link`, with what two of its columns say at hand."""
    body = chain.body(
        row["type"],
        time,
        row["subject"],
        row["hlc"],
        row["monotonic_ms"],
        row["policyversion"],
        data,
        row["offset_ms"],
    )
    return chain.link(previous, epoch, sequence, row["id"], body)


def decode(data: str) -> dict[str, Any]:
    """The fact's fields; {} where a damaged disk left something else. Then the link over them
    does not hold, which says so: one bad record must not stop the queue."""
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
