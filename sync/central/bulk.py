"""A batch in sets: a handful of statements for what one by one would take thousands.

The quick way of the plain case: every event is new, every drop is new, every unit claimed is
free. Whatever else is found raises `NotPlain`; the caller then takes the events one by one, where
each has a savepoint of its own and every conflict its case. So nothing is decided here that is
not decided there, and one bad record costs its batch some time, never its neighbours' content.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import sqlalchemy as sa

from kiosk.domain import events as facts
from kiosk.domain.counter.facts import Fact
from sync.central import photos
from sync.central.arrival import Arrival
from sync.central.claiming import PROMISED, Known, authorised
from sync.central.counter import late_drops
from sync.central.counter.taking import is_counters, take
from sync.central.database import among, insert_all, insert_parts
from sync.central.fold import drop_row, fold, line_rows
from sync.central.received import Received
from sync.central.tables import claims, drop_lines, drops, events

_PART = 50  # events judged and written down while the database takes in those before
_ROOM = 1 << 62  # sums of amounts beyond it do not fit a database's whole numbers

Row = dict[str, Any]
Unit = tuple[str, str, int]  # return id, line id, which of the authorised units


class NotPlain(Exception):
    """Something in the batch needs a look of its own."""


@dataclass(slots=True)
class _Facts:
    """What of a batch is folded, in order; receipts of its own drops are told with their drops."""

    drops: dict[str, tuple[Received, facts.DropCommitted]] = field(default_factory=dict)
    receipts: dict[str, facts.ReceiptSettled] = field(default_factory=dict)
    counter: list[tuple[Received, Fact]] = field(default_factory=list)
    others: list[tuple[Received, facts.Event]] = field(default_factory=list)


def store(c: sa.Connection, arrivals: Iterable[Arrival]) -> None:
    """Events that were never heard of, with all that follows from them. They may be judged while
    they are stored. Raises NotPlain, or what the database raises; the caller's savepoint undoes
    it."""
    every: list[Arrival] = []
    if not insert_parts(c, events, _rows(iter(arrivals), every)):
        raise NotPlain  # another kiosk brought one of these ids at this very instant
    found = _sort(every)
    if found.drops:
        _drops(c, found)
    for came, fact in found.others:
        if fold(c, came, fact):
            raise NotPlain
    take(c, found.counter)


def _rows(arrivals: Iterator[Arrival], every: list[Arrival]) -> Iterator[list[dict[str, object]]]:
    """In parts; what was taken from `arrivals` is added to `every`."""
    while part := list(islice(arrivals, _PART)):
        every += part
        yield [arrival.row() for arrival in part]


def _sort(arrivals: Sequence[Arrival]) -> _Facts:
    found, early = _Facts(), set[str]()
    for arrival in arrivals:
        fact = arrival.fact
        if arrival.cause or fact is None:
            continue
        match fact:
            case facts.DropCommitted(drop_id=drop_id):
                if drop_id in found.drops or drop_id in early:
                    raise NotPlain
                found.drops[drop_id] = arrival.came, fact
            case facts.ReceiptSettled(drop_id=drop_id) if drop_id in found.drops:
                found.receipts[drop_id] = fact
            case facts.ReceiptSettled(drop_id=drop_id):
                early.add(drop_id)
                found.others.append((arrival.came, fact))
            case _ if is_counters(fact):
                found.counter.append((arrival.came, fact))
            case _:
                found.others.append((arrival.came, fact))
    return found


def _drops(c: sa.Connection, found: _Facts) -> None:
    dropped = [*found.drops.values()]
    tenant = dropped[0][0].tenant
    known = authorised(c, tenant, {fact.return_id for _, fact in dropped})
    rows, lines = [], []
    for came, fact in dropped:
        authorisation = known.get(fact.return_id)
        row = drop_row(came, fact, authorisation)
        if max(abs(row["refund"]), abs(row["fee"])) > _ROOM:
            raise NotPlain
        told = found.receipts.get(fact.drop_id)
        receipt = ("", "") if told is None else (told.outcome, told.fault)
        rows.append(row | dict(zip(("receipt", "receipt_fault"), receipt, strict=True)))
        lines += line_rows(came, fact, authorisation)
    if not insert_all(c, drops, rows):
        raise NotPlain  # a drop id that is known already
    if not insert_all(c, drop_lines, lines):
        raise NotPlain
    for came, fact in dropped:
        photos.expect(c, came, fact)
    void = late_drops.void(c, tenant, dropped)
    _claim(c, [one for one in dropped if one[1].drop_id not in void], known)


def _claim(
    c: sa.Connection,
    dropped: Sequence[tuple[Received, facts.DropCommitted]],
    known: dict[str, Known],
) -> None:
    """As `fold` claims: the first free units, in the order of the drops."""
    if not dropped:
        return
    tenant = dropped[0][0].tenant
    taken = _taken(c, tenant, {fact.return_id for _, fact in dropped})
    rows: list[Row] = []
    for _, fact in dropped:
        of_return = known.get(fact.return_id)
        units = of_return.units if of_return else {}
        for line in fact.lines:
            if line.state not in PROMISED or line.brought <= 0:
                continue
            most = units.get(line.line_id, line.brought)
            key = fact.return_id, line.line_id
            free = [unit for unit in range(1, most + 1) if (*key, unit) not in taken]
            if len(free) < line.brought:
                raise NotPlain  # a conflict: that gets a case
            for unit in free[: line.brought]:
                taken.add((*key, unit))
                rows.append(
                    {
                        "tenant": tenant,
                        "return_id": fact.return_id,
                        "line_id": line.line_id,
                        "unit": unit,
                        "drop_id": fact.drop_id,
                    }
                )
    # In one order everywhere, so that two kiosks wait for each other and not both for ever.
    rows.sort(key=lambda row: (row["return_id"], row["line_id"], row["unit"]))
    if not insert_all(c, claims, rows):
        raise NotPlain  # another kiosk claimed one at this very instant


def _taken(c: sa.Connection, tenant: str, returns: set[str]) -> set[Unit]:
    rows = c.execute(
        sa.select(claims.c.return_id, claims.c.line_id, claims.c.unit).where(
            claims.c.tenant == tenant, among(c, claims.c.return_id, returns)
        )
    )
    return {(row.return_id, row.line_id, row.unit) for row in rows}
