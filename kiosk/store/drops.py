"""Drops, their lines, bags and print jobs as rows; what may happen to them is the domain's say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from kiosk.domain.drops import Drop, DropState
from kiosk.domain.events import LineFact
from kiosk.domain.returns import PastDrop, PastReturn
from kiosk.domain.visit import CommittedDrop, OpenDrop
from kiosk.store import history, meta, saved, tables
from kiosk.store.values import moment, stamp

COUNTER = "drops.counter"
_PLACE = ("drop_id", "return_id")
_ONCE = {"fees_once": "fees", "bonuses_once": "bonuses"}  # column: what it keeps a part of
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A drop not yet promised, as the ledger knows it."""

    drop: Drop
    visit_id: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """What was promised of a return so far: units by line, and the last promise.

    `refused` are the lines that were brought to one of these drops and not taken: settled too.
    `drops` tells the same drop by drop, with what they paid of what comes once a return.
    """

    units: dict[str, int]
    drop_number: str
    committed_at: datetime
    refused: frozenset[str] = frozenset()
    drops: tuple[PastDrop, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintJob:
    drop_id: str
    state: str
    fault: str
    attempts: int


class Drops:
    """Part of a unit of work: every call is in its transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- the open drop -------------------------------------------------------------------------

    def add(self, drop: OpenDrop, state: DropState, now: datetime) -> None:
        """A new row. A second open row for the return breaks a constraint: look first."""
        self._connection.execute(
            insert(tables.drops).values(
                drop_id=drop.drop_id,
                visit_id=drop.visit_id,
                return_id=drop.authorisation.return_id,
                merchant_id=drop.merchant.merchant_id,
                state=state.value,
                identified_by=drop.identified_by.value,
                code_id=drop.code_id,
                policy_number=drop.policy_number,
                offline=int(drop.offline),
                customer=drop.authorisation.customer,
                bag_id="",
                opened_at=stamp(now),
                changed_at=stamp(now),
            )
        )

    def refresh(self, drop: OpenDrop, state: DropState, now: datetime) -> None:
        """The same visit presented the return again: what it was judged by may have changed."""
        self._connection.execute(
            update(tables.drops)
            .where(tables.drops.c.drop_id == drop.drop_id)
            .values(
                state=state.value,
                identified_by=drop.identified_by.value,
                code_id=drop.code_id,
                policy_number=drop.policy_number,
                offline=int(drop.offline),
                customer=drop.authorisation.customer,
                changed_at=stamp(now),
            )
        )

    def open_for(self, return_id: str) -> OpenRow | None:
        """The open drop of a return; there is never more than one."""
        return self._open(tables.drops.c.return_id == return_id)

    def find_open(self, drop_id: str) -> OpenRow | None:
        return self._open(tables.drops.c.drop_id == drop_id)

    def all_open(self) -> tuple[OpenRow, ...]:
        where = tables.drops.c.state.in_(tables.OPEN_STATES)
        rows = self._connection.execute(select(tables.drops).where(where)).all()
        return tuple(_open_row(row) for row in rows)

    def _open(self, where: ColumnElement[bool]) -> OpenRow | None:
        where &= tables.drops.c.state.in_(tables.OPEN_STATES)
        row = self._connection.execute(select(tables.drops).where(where)).one_or_none()
        return None if row is None else _open_row(row)

    def move(self, drop: Drop, now: datetime) -> None:
        """Write down the state that the domain gave."""
        self._connection.execute(
            update(tables.drops)
            .where(tables.drops.c.drop_id == drop.drop_id)
            .values(state=drop.state.value, bag_id=drop.bag_id, changed_at=stamp(now))
        )

    # --- the promise ---------------------------------------------------------------------------

    def given(self, return_id: str) -> Given | None:
        """None while nothing of the return was promised here."""
        promised = (tables.drops.c.return_id == return_id) & tables.drops.c.state.in_(
            tables.GIVEN_STATES
        )
        last = self._connection.execute(
            select(tables.drops.c.drop_number, tables.drops.c.committed_at)
            .where(promised)
            .order_by(tables.drops.c.committed_at.desc())
            .limit(1)
        ).one_or_none()
        if last is None:
            return None
        drops = history.past_drops(self._connection, promised)
        refused = self._connection.execute(
            select(tables.lines.c.line_id)
            .join_from(tables.lines, tables.drops)
            .where(promised, tables.lines.c.state == REFUSED)
        )
        return Given(
            dict(sum((Counter(drop.units) for drop in drops), Counter())),
            last.drop_number,
            moment(last.committed_at),
            frozenset(refused.scalars()),
            drops,
        )

    def history(self, merchant_id: str, customer: str) -> tuple[PastReturn, ...]:
        """What this customer of the merchant's has dropped here, by return id, the return in hand
        among them; () for "", which is nobody. A drop that was voided is none."""
        return history.of_customer(self._connection, merchant_id, customer)

    def redeemed_for(self, merchant_id: str, code_id: str) -> frozenset[str]:
        """The returns that this signed code of the merchant's has served; a code serves one."""
        where = (tables.redeemed.c.code_id == code_id) & (tables.drops.c.merchant_id == merchant_id)
        rows = self._connection.execute(
            select(tables.drops.c.return_id).join_from(tables.redeemed, tables.drops).where(where)
        )
        return frozenset(rows.scalars())

    def bag_in_use(self, bag_id: str) -> bool:
        where = (tables.bags.c.bag_id == bag_id) & tables.bags.c.released_at.is_(None)
        return (
            self._connection.execute(select(tables.bags.c.drop_id).where(where)).first() is not None
        )

    def next_count(self) -> int:
        """One more than ever before; a rolled back transaction gives it back."""
        count = int(meta.read(self._connection, COUNTER) or 0) + 1
        meta.write(self._connection, COUNTER, str(count))
        return count

    def commit(self, drop: CommittedDrop, code_id: str, facts: Sequence[LineFact]) -> None:
        """The promise and all that hangs on it: drop, lines, bag, code, print job."""
        at = stamp(drop.committed_at)
        self._connection.execute(
            update(tables.drops)
            .where(tables.drops.c.drop_id == drop.drop_id)
            .values(
                state=DropState.COMMITTED.value,
                drop_number=drop.drop_number,
                bag_id=drop.bag_id,
                committed_at=at,
                day=history.local_day(drop.committed_at, drop.merchant.timezone).isoformat(),
                changed_at=at,
                receipt=saved.encode(drop),
            )
        )
        self.add_lines(drop.drop_id, drop.return_id, facts)
        if drop.bag_id:
            bag = {"bag_id": drop.bag_id, "drop_id": drop.drop_id, "taken_at": at}
            self._connection.execute(insert(tables.bags).values(bag))
        if code_id:
            code = {"code_id": code_id, "drop_id": drop.drop_id}
            self._connection.execute(insert(tables.redeemed).values(code))
        job = {"state": "queued", "fault": "", "attempts": 0, "changed_at": at}
        self._connection.execute(insert(tables.print_jobs).values(drop_id=drop.drop_id, **job))

    def add_lines(self, drop_id: str, return_id: str, facts: Sequence[LineFact]) -> None:
        others = {*_PLACE, *_ONCE}
        facts_of = [column.name for column in tables.lines.c if column.name not in others]
        rows = [
            {name: getattr(fact, name) for name in facts_of}
            | {"drop_id": drop_id, "return_id": return_id}
            | {column: history.once(getattr(fact, name)) for column, name in _ONCE.items()}
            for fact in facts
        ]
        self._connection.execute(insert(tables.lines), rows)

    def receipt(self, drop_number: str) -> CommittedDrop | None:
        """What was promised under that number."""
        return self._receipt(tables.drops.c.drop_number == drop_number)

    def receipt_of(self, drop_id: str) -> CommittedDrop | None:
        """What was promised for that drop; None while nothing was."""
        return self._receipt(tables.drops.c.drop_id == drop_id)

    def _receipt(self, where: ColumnElement[bool]) -> CommittedDrop | None:
        text = self._connection.execute(select(tables.drops.c.receipt).where(where)).scalar()
        return saved.decode(text) if text else None  # "": recovered without its receipt

    # --- paper ---------------------------------------------------------------------------------

    def print_job(self, drop_id: str) -> PrintJob | None:
        where = tables.print_jobs.c.drop_id == drop_id
        row = self._connection.execute(select(tables.print_jobs).where(where)).one_or_none()
        return None if row is None else _job(row)

    def unsettled_jobs(self) -> tuple[PrintJob, ...]:
        where = tables.print_jobs.c.state.in_(("queued", "printing"))
        rows = self._connection.execute(select(tables.print_jobs).where(where)).all()
        return tuple(_job(row) for row in rows)

    def set_print_job(self, job: PrintJob, now: datetime) -> None:
        self._connection.execute(
            update(tables.print_jobs)
            .where(tables.print_jobs.c.drop_id == job.drop_id)
            .values(state=job.state, fault=job.fault, attempts=job.attempts, changed_at=stamp(now))
        )


def _open_row(row: Row[Any]) -> OpenRow:
    drop = Drop(row.drop_id, row.return_id, DropState(row.state), bag_id=row.bag_id)
    return OpenRow(drop, row.visit_id, moment(row.changed_at))


def _job(row: Row[Any]) -> PrintJob:
    return PrintJob(row.drop_id, row.state, row.fault, row.attempts)
