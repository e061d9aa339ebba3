"""A new ledger of what was salvaged: everything retained is enqueued once more, in order, in an
epoch of its own. Drops whose own rows are lost are written again from what their events tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Insert, Table, insert
from sqlalchemy.exc import IntegrityError

from kiosk.domain.drops import DropState
from kiosk.domain.events import DropCommitted, GapFact, StoreRecovered
from kiosk.ports import Clock, Ids
from kiosk.store import events, meta, tables
from kiosk.store.drops import Drops
from kiosk.store.recovery import told as keeping
from kiosk.store.recovery.counter import facts_again
from kiosk.store.recovery.marks import marks
from kiosk.store.recovery.proof import Proof, Told, linkable
from kiosk.store.recovery.rows import COPY, Row, Rows
from kiosk.store.values import moment, stamp

_MOST_GAPS = 50
_GOODS = ("drop_lines", "bags", "redeemed_codes", "print_jobs")


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of it: rows kept by table, drops written again from their events, rows that
    contradict others, events by proof, and what is missing."""

    events: int
    damaged: int
    missing: int
    gaps: tuple[GapFact, ...]
    drops: int
    rewritten: int
    left_out: int
    uncounted: bool


def rebuild(
    connection: Connection,
    rows: Rows,
    told: Told,
    cause: str,
    data_dir: Path,
    clock: Clock,
    ids: Ids,
) -> Counts:
    """Fill an empty ledger, in the caller's transaction; its last event says what was done."""
    kept = [one.row for one in told.events]
    damaged = [one.row["id"] for one in told.events if one.proof is Proof.DAMAGED]
    sound = [one.row for one in told.events if one.proof is not Proof.DAMAGED]
    for key, value in marks(rows, sound, damaged, data_dir).items():
        meta.write(connection, key, value)
    promised = {fact.drop_id for fact, _ in _commits(sound)}
    candidates = [
        [row for row in versions if row["drop_id"] not in promised or row["receipt"] is not None]
        for versions in rows.versions("drops")
    ]  # a page of an earlier day may still have it open: its event knows better
    standing = _put(connection, "drops", candidates)
    drops = {row["drop_id"] for row in standing}
    again = _from_events(connection, sound, drops)
    left_out = sum(map(bool, candidates)) - len(standing) + _goods(connection, rows, drops)
    for fact, at in again:
        goods_again(connection, fact, at)
    facts_again(connection, rows, sound)
    _put(connection, "anchors", list(rows.versions("anchors")))
    _enqueue(connection, kept, clock, ids)
    gaps = tuple(GapFact(gap.epoch, gap.first, gap.last) for gap in told.gaps)
    counts = Counts(
        events=len(kept),
        damaged=len(damaged),
        missing=sum(gap.count for gap in told.gaps),
        gaps=gaps[:_MOST_GAPS],
        drops=len(drops),
        rewritten=len(again),
        left_out=left_out,
        uncounted=not _end_is_known(rows),
    )
    _tell(connection, counts, cause, clock, ids)
    return counts


def _end_is_known(rows: Rows) -> bool:
    """Whether the ledger itself still says how far it went. A copy says how far it was once."""
    ends = [one for versions in rows.found["epochs"].values() for one in versions]
    newest = max((row["number"] for _, row in ends), default=0)
    return any(rank < COPY and row["number"] == newest for rank, row in ends)


def _goods(connection: Connection, rows: Rows, drops: set[str]) -> int:
    """What hangs on drops; a version that contradicts what is there gives way to an older one, and
    where there is none the row is left out. How many were."""
    left_out = 0
    for table in _GOODS:
        candidates = [
            [row for row in versions if row["drop_id"] in drops]
            for versions in rows.versions(table)
        ]
        left_out += len(candidates) - len(_put(connection, table, candidates))
    return left_out


def _put(connection: Connection, table: str, candidates: list[list[Row]]) -> list[Row]:
    """The first version of each that goes in. All at once where none contradicts another."""
    into = insert(tables.metadata.tables[table])
    first = [versions[0] for versions in candidates if versions]
    if not first:
        return []
    try:
        with connection.begin_nested():
            connection.execute(into, first)
    except IntegrityError:
        found = (_first_fitting(connection, into, versions) for versions in candidates)
        return [row for row in found if row is not None]
    return first


def _first_fitting(connection: Connection, into: Insert, versions: list[Row]) -> Row | None:
    for row in versions:
        try:
            with connection.begin_nested():
                connection.execute(into, row)
        except IntegrityError:
            continue
        return row
    return None


def _from_events(
    connection: Connection, found: list[Row], drops: set[str]
) -> list[tuple[DropCommitted, str]]:
    """Drops whose own row is lost, and when they were promised; they join `drops`."""
    again = []
    for fact, at in _commits(found):
        if fact.drop_id in drops:
            continue
        if not put_in(connection, tables.drops, drop_row(fact, at)):
            continue  # its number stands on another drop: the event itself goes to the centre
        drops.add(fact.drop_id)
        again.append((fact, at))
    return again


def _commits(found: list[Row]) -> Iterator[tuple[DropCommitted, str]]:
    """Every promise that is told among the events, and when it was given."""
    for row in found:
        if row["type"] != DropCommitted.type:
            continue
        try:
            fact = msgspec.convert(json.loads(row["data"]), DropCommitted)
            at = stamp(moment(row["time"]))
        except (ValueError, TypeError, msgspec.ValidationError):
            continue
        yield fact, at


def drop_row(fact: DropCommitted, at: str) -> Row:
    """Without what an event does not tell: whose it was, and its receipt."""
    return {
        "drop_id": fact.drop_id,
        "drop_number": fact.drop_number,
        "visit_id": fact.visit_id,
        "return_id": fact.return_id,
        "merchant_id": fact.merchant_id,
        "state": DropState.COMMITTED.value,
        "identified_by": fact.identified_by,
        "code_id": fact.code_id,
        "policy_number": fact.policy_number,
        "offline": int(fact.offline),
        "bag_id": fact.bag_id,
        "opened_at": at,
        "changed_at": at,
        "committed_at": at,
        "day": at[:10],
        "receipt": "",
    }


def goods_again(connection: Connection, fact: DropCommitted, at: str) -> None:
    """What hangs on such a drop, as far as its own rows are lost as well. Nobody knows about its
    paper any more."""
    drop = {"drop_id": fact.drop_id}
    for line in fact.lines:
        with suppress(driver.IntegrityError), connection.begin_nested():  # as the driver says it
            Drops(connection).add_lines(fact.drop_id, fact.return_id, (line,))
    if fact.bag_id:
        put_in(connection, tables.bags, drop | {"bag_id": fact.bag_id, "taken_at": at})
    if fact.code_id:
        put_in(connection, tables.redeemed, drop | {"code_id": fact.code_id})
    job = {"state": "unconfirmed", "fault": "", "attempts": 0, "changed_at": at}
    put_in(connection, tables.print_jobs, drop | job)


def put_in(connection: Connection, table: Table, row: Row) -> bool:
    """Whether it went in: False where it contradicts what is there."""
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(row))
    except IntegrityError:
        return False
    return True


def _enqueue(connection: Connection, kept: list[Row], clock: Clock, ids: Ids) -> None:
    numbered: list[tuple[int, dict[str, Any]]] = [
        (number, {**linkable(row), "number": number}) for number, row in enumerate(kept, 1)
    ]
    if numbered:
        connection.execute(insert(tables.events), [row for _, row in numbered])
    epoch = f"{ids.token(128):032x}"
    events.start_epoch(connection, epoch, clock.now(), 1)
    start = events.current_epoch(connection)
    events.append(connection, epoch, start.sequence, start.chain, numbered)


def _tell(connection: Connection, counts: Counts, cause: str, clock: Clock, ids: Ids) -> None:
    fact = StoreRecovered(
        cause=cause,
        events=counts.events,
        damaged=counts.damaged,
        missing=counts.missing,
        gaps=counts.gaps,
        drops=counts.drops,
        rewritten=counts.rewritten,
        left_out=counts.left_out,
        uncounted=counts.uncounted,
    )
    policy = int(meta.read(connection, "policy.highest") or 0)
    events.record(connection, clock, ids, fact, "kiosk", policy)
    keeping.put(connection, clock.now(), fact)
