"""Writing a fact: one row in `events`, one link in `outbox`, in the caller's transaction.

The link is `kiosk.domain.chain`: SHA-256 over the one before, epoch, sequence, id and body.
The logical clock (`kiosk.domain.hlc`) is kept in `meta`; its milliseconds are the highest wall
time ever seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from kiosk.domain import canonical, chain, hlc
from kiosk.ports import Clock, Ids
from kiosk.store import meta, tables
from kiosk.store.prepared import Prepared, adding
from kiosk.store.values import milliseconds, moment, stamp

if TYPE_CHECKING:
    from kiosk.domain.events import Event

HLC = "hlc"

_ADD = adding(tables.events, "number")
_LINK = adding(tables.outbox, "acked_at")
_HEAD = select(tables.epochs).order_by(tables.epochs.c.number.desc()).limit(1)
_NEWEST = Prepared(_HEAD)
_CLOCK = select(tables.meta.c.value).where(tables.meta.c.key == HLC).scalar_subquery()
_HEAD_AND_CLOCK = Prepared(_HEAD.add_columns(_CLOCK.label("hlc")))
_MOVE = Prepared(
    update(tables.epochs)
    .where(tables.epochs.c.epoch == bindparam("this"))
    .values(sequence=bindparam("sequence"), chain=bindparam("chain"))
)


def unknown() -> None:
    """How far the centre's clock is, before anybody heard it."""


def facts(event: Event) -> dict[str, Any]:
    """The fact's fields as plain JSON values."""
    told = msgspec.to_builtins(event, builtin_types=_AS_THEY_ARE)
    assert isinstance(told, dict)
    return told


_AS_THEY_ARE = (bytes, bytearray, datetime, date, time, timedelta, UUID, Decimal)
"""Types that msgspec would give a form of its own: no fact has them, and they are refused."""
_sorted = msgspec.json.Encoder(order="sorted").encode


def canonical_form(value: object) -> bytes:
    """As kiosk.domain.canonical.encode, byte for byte, in a tenth of the time: a receipt waits."""
    return _sorted(value) if canonical.is_exact(value) else canonical.encode(value)


def highest_ms(connection: Connection) -> int:
    """The highest wall time ever seen by this store, in milliseconds; 0 if none."""
    return int((meta.read(connection, HLC) or "0").partition("-")[0], 16)


def advance(connection: Connection, now: datetime) -> str:
    """The next stamp of the logical clock, kept for after a restart."""
    return _tick(connection, meta.read(connection, HLC), now)


def _tick(connection: Connection, last: str | None, now: datetime) -> str:
    stamp = hlc.advance(last or "", milliseconds(now))
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
    return append_one(connection, clock, ids, event, subject, policy, offset_ms)[0]


def append_one(
    connection: Connection,
    clock: Clock,
    ids: Ids,
    event: Event,
    subject: str,
    policy: int,
    offset_ms: int | None = None,
    past: str = "",
) -> tuple[str, str]:
    """As `record`: its link, and its stamp of the logical clock, which lies after `past`."""
    now, data = clock.now(), canonical_form(facts(event))
    head = _HEAD_AND_CLOCK.one(connection)
    assert head is not None, "a store without an epoch"
    row: dict[str, Any] = {
        "id": ids.uuid(),
        "type": event.type,
        "time": stamp(now),
        "subject": subject,
        "hlc": _tick(connection, max(head.hlc or "", past), now),
        "monotonic_ms": int(clock.monotonic() * 1000),
        "policyversion": policy,
        "data": data.decode("utf-8"),
        "offset_ms": offset_ms,
    }
    number = _ADD(connection, **row)
    sequence, name = head.sequence + 1, head.epoch
    chained = _quick_link(head.chain, name, sequence, row, now, data)
    enqueue(connection, [{"epoch": name, "sequence": sequence, "event": number, "chain": chained}])
    return chained, row["hlc"]


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
    body = _body(row, moment(row["time"]), decode(row["data"]))
    return chain.link(previous, epoch, sequence, row["id"], body)


def _quick_link(
    previous: str, epoch: str, sequence: int, row: Mapping[str, Any], time: datetime, data: bytes
) -> str:
    """As `link`, with the canonical form of the fact at hand: it stands in that of the whole."""
    body = _body(row, time, {})
    body["data"] = msgspec.Raw(data)
    whole = _sorted([previous, epoch, sequence, row["id"], body])
    return hashlib.sha256(whole).hexdigest()


def _body(row: Mapping[str, Any], time: datetime, data: Mapping[str, Any]) -> dict[str, object]:
    return chain.body(
        row["type"],
        time,
        row["subject"],
        row["hlc"],
        row["monotonic_ms"],
        row["policyversion"],
        data,
        row["offset_ms"],
    )


def decode(data: str) -> dict[str, Any]:
    """The fact's fields; {} where a damaged disk left something else. Then the link over them
    does not hold, which says so: one bad record must not stop the queue."""
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
