"""What the ingest bench tells the centre, and the rows that come of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import msgspec
import psycopg

from kiosk.domain import chain
from kiosk.domain.events import ReceiptSettled
from kiosk.domain.returns import Authorisation
from kiosk.seal import tokens
from kiosk.seal.keys import SigningKey
from kiosk.world import SystemClock, SystemIds
from sync.wire import codec
from sync.wire.messages import EventRecord, Push
from tests.bench import policy_shop as shop

KEY = SigningKey("", bytes(range(7, 39)))
CLOCK, IDS = SystemClock(), SystemIds()
TABLES = ("events", "links", "drops", "drop_lines", "claims")

Rows = tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One signed request, as it comes out of the web server."""

    device: str
    authorization: str
    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Filled:
    """What one batch puts into one table."""

    table: str
    columns: tuple[str, ...]
    rows: Rows


def requests(like: EventRecord, device: str, first: int, size: int, batches: int) -> list[Asked]:
    """A queue of drops with their receipts, the returns from number `first` on, in batches."""
    epoch, head = IDS.uuid(), chain.GENESIS
    facts = _facts(like, epoch, first)
    made = []
    for _ in range(batches):
        before, told = head, []
        for event in islice(facts, size):
            head = codec.link(head, event) or ""
            told.append(msgspec.structs.replace(event, chain=head))
        push = Push(epoch=epoch, prev_chain=before, events=tuple(told), sent_at=CLOCK.now())
        path, body = f"/v1/devices/{device}/events", codec.pack(codec.encode(push))
        nonce = f"{IDS.token(128):032x}"
        token = tokens.issue(device, "POST", path, body, CLOCK.now(), nonce, KEY)
        made.append(Asked(device, f"Takeback {token}", path, body))
    return made


def _facts(like: EventRecord, epoch: str, first: int) -> Iterator[EventRecord]:
    """Drops and receipts in turns, without end."""
    sequence = 0
    while True:
        name, authorised = IDS.uuid(), shop.authorisation(first + sequence // 2)
        settled = ReceiptSettled(name, "printed", "")
        for type_, data in (
            (like.type, _dropped(like, name, authorised)),
            (settled.type, msgspec.to_builtins(settled)),
        ):
            sequence += 1
            yield msgspec.structs.replace(
                like,
                id=IDS.uuid(),
                type=type_,
                subject=name,
                epoch=epoch,
                sequence=sequence,
                data=data,
            )


def _dropped(like: EventRecord, name: str, authorised: Authorisation) -> dict[str, Any]:
    line = like.data["lines"][0]
    lines = [{**line, "line_id": one.line_id, "sku": one.sku} for one in authorised.lines]
    told = {"drop_id": name, "visit_id": IDS.uuid(), "return_id": authorised.return_id}
    return {**like.data, **told, "lines": lines}


def rows(url: str, size: int, devices: Sequence[str]) -> dict[str, list[list[Filled]]]:
    """By device: of each batch, what the centre wrote of it."""
    with psycopg.connect(url) as c:
        found = {name: _table(c, name) for name in TABLES}
    return {device: _batches(found, device, size) for device in devices}


@dataclass(frozen=True, slots=True)
class _Table:
    columns: tuple[str, ...]
    placed: dict[str, list[tuple[int, tuple[Any, ...]]]]
    """By device: each row with the sequence number of its event."""


_PLACE = {
    "events": "events t JOIN events e ON e.id = t.id",
    "links": "links t JOIN events e ON e.id = t.event_id",
    "drops": "drops t JOIN events e ON e.id = t.event_id",
    "drop_lines": "drop_lines t JOIN drops d USING (drop_id) JOIN events e ON e.id = d.event_id",
    "claims": "claims t JOIN drops d USING (drop_id) JOIN events e ON e.id = d.event_id",
}


def _table(c: psycopg.Connection[Any], name: str) -> _Table:
    """JSON as its text."""
    columns = c.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = %s ORDER BY ordinal_position",
        (name,),
    ).fetchall()
    told = ", ".join(f"t.{one}::text" if kind == "json" else f"t.{one}" for one, kind in columns)
    placed: dict[str, list[tuple[int, tuple[Any, ...]]]] = {}
    query = f"SELECT e.device_id, e.sequence, {told} FROM {_PLACE[name]} ORDER BY e.sequence"
    for device, sequence, *row in c.execute(query):
        placed.setdefault(device, []).append((sequence, tuple(row)))
    return _Table(tuple(one for one, _ in columns), placed)


def _batches(found: dict[str, _Table], device: str, size: int) -> list[list[Filled]]:
    last = max(sequence for sequence, _ in found["events"].placed[device])
    made = []
    for first in range(1, last + 1, size):
        batch = []
        for name, table in found.items():
            mine = table.placed.get(device, [])
            told = tuple(row for at, row in mine if first <= at < first + size)
            if told:
                batch.append(Filled(name, table.columns, told))
        made.append(batch)
    return made
