"""Writing a fact: one row in `events`, one link in `outbox`, in the caller's transaction.

The link is `kiosk.domain.chain`: SHA-256 over the one before, epoch, sequence, id and body.
The logical clock (`kiosk.domain.hlc`) is kept in `meta`; its milliseconds are the highest wall
time ever seen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from kiosk.domain import canonical, chain, hlc
from kiosk.domain.events import Event
from kiosk.ports import Clock, Ids
from kiosk.store import meta, tables
from kiosk.store.values import milliseconds, moment, stamp

HLC = "hlc"


def unknown() -> None:
    """How far the centre's clock is, before anybody heard it."""


def facts(event: Event) -> dict[str, Any]:
    """The fact's fields as plain JSON values."""
    return {name: _plain(value) for name, value in asdict(event).items()}


def _plain(value: object) -> object:
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return value


def highest_ms(connection: Connection) -> int:
    """The highest wall time ever seen by this store, in milliseconds; 0 if none."""
    return int((meta.read(connection, HLC) or "0").partition("-")[0], 16)


def advance(connection: Connection, now: datetime) -> str:
    """The next stamp of the logical clock, kept for after a restart."""
    stamp = hlc.advance(meta.read(connection, HLC) or "", milliseconds(now))
    meta.write(connection, HLC, stamp)
    return stamp


def current_epoch(connection: Connection) -> Row[Any]:
    newest = select(tables.epochs).order_by(tables.epochs.c.number.desc()).limit(1)
    return connection.execute(newest).one()


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
    now = clock.now()
    row: dict[str, Any] = {
        "id": ids.uuid(),
        "type": event.type,
        "time": stamp(now),
        "subject": subject,
        "hlc": advance(connection, now),
        "monotonic_ms": int(clock.monotonic() * 1000),
        "policyversion": policy,
        "data": canonical.encode(facts(event)).decode("utf-8"),
        "offset_ms": offset_ms,
    }
    number = connection.execute(insert(tables.events).values(row)).inserted_primary_key
    assert number is not None
    epoch = current_epoch(connection)
    return append(connection, epoch.epoch, epoch.sequence, epoch.chain, [(number[0], row)])


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
    if not links:
        return previous
    connection.execute(insert(tables.outbox), links)
    connection.execute(
        update(tables.epochs)
        .where(tables.epochs.c.epoch == epoch)
        .values(sequence=sequence, chain=previous)
    )
    return previous


def link(previous: str, epoch: str, sequence: int, row: Mapping[str, Any]) -> str:
    """The hash of a row of `events` in its place."""
    body = chain.body(
        row["type"],
        moment(row["time"]),
        row["subject"],
        row["hlc"],
        row["monotonic_ms"],
        row["policyversion"],
        decode(row["data"]),
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
