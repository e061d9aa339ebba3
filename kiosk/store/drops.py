"""Drops, their lines, bags and print jobs as rows; what may happen to them is the domain's say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, update
from sqlalchemy import text as sql
from sqlalchemy.sql.elements import ColumnElement

from kiosk.domain.drops import Drop, DropState
from kiosk.domain.events import LineFact
from kiosk.domain.returns import PastDrop, PastReturn
from kiosk.domain.visit import CommittedDrop, OpenDrop
from kiosk.store import history, meta, saved, tables
from kiosk.store.prepared import Prepared, adding
from kiosk.store.values import moment, stamp

COUNTER = "drops.counter"
_PLACE = ("drop_id", "return_id")
_ONCE = {"fees_once": "fees", "bonuses_once": "bonuses"}  # column: what it keeps a part of
REFUSED = "refused"

_DROPS, _LINES, _BAGS = tables.drops.c, tables.lines.c, tables.bags.c
_IS_OPEN = sql(tables.among("drops.state", tables.OPEN_STATES))
_IS_GIVEN = sql(tables.among("drops.state", tables.GIVEN_STATES))
_THIS = _DROPS.drop_id == bindparam("this")
_OF_RETURN = _DROPS.return_id == bindparam("of_return")

_ADD = adding(tables.drops, "drop_number", "committed_at", "receipt", "day")
_TOLD_OPEN = ("drop_id", "return_id", "state", "bag_id", "visit_id", "changed_at")
_EARLIER = tables.drops.alias("earlier")
_PROMISED_BEFORE = exists().where(
    _EARLIER.c.return_id == _DROPS.return_id,
    sql(tables.among("earlier.state", tables.GIVEN_STATES)),
)
_OPEN = select(*(_DROPS[name] for name in _TOLD_OPEN), _PROMISED_BEFORE.label("given"))
_FIND_OPEN = Prepared(_OPEN.where(_THIS, _IS_OPEN))
_OPEN_FOR = Prepared(_OPEN.where(_OF_RETURN, _IS_OPEN))
_ALL_OPEN = Prepared(_OPEN.where(_IS_OPEN))
_LAST_GIVEN = Prepared(
    select(_DROPS.drop_number, _DROPS.committed_at)
    .where(_OF_RETURN, _IS_GIVEN)
    .order_by(_DROPS.committed_at.desc())
    .limit(1)
)
_REDEEMED_FOR = Prepared(
    select(_DROPS.return_id)
    .join_from(tables.redeemed, tables.drops)
    .where(
        tables.redeemed.c.code_id == bindparam("code"),
        _DROPS.merchant_id == bindparam("merchant"),
    )
)
_HELD = Prepared(
    select(_BAGS.drop_id).where(_BAGS.bag_id == bindparam("bag"), _BAGS.released_at.is_(None))
)
_PROMISED = ("state", "drop_number", "bag_id", "committed_at", "day", "changed_at", "receipt")
_COMMIT = Prepared(
    update(tables.drops).where(_THIS).values({name: bindparam(name) for name in _PROMISED})
)
_MOVED = ("state", "bag_id", "changed_at")
_MOVE = Prepared(
    update(tables.drops).where(_THIS).values({name: bindparam(name) for name in _MOVED})
)
_ADD_LINES = adding(tables.lines)
_FACTS = [name for name in _LINES.keys() if name not in {*_PLACE, *_ONCE}]  # noqa: SIM118
_ADD_BAG = adding(tables.bags, "number", "released_at")
_ADD_CODE = adding(tables.redeemed)
_ADD_JOB = adding(tables.print_jobs)
_OF_DROP = tables.print_jobs.c.drop_id == bindparam("job")
_JOB = Prepared(select(tables.print_jobs).where(_OF_DROP))
_JOB_TOLD = ("state", "fault", "attempts", "changed_at")
_SET_JOB = Prepared(
    update(tables.print_jobs).where(_OF_DROP).values({name: bindparam(name) for name in _JOB_TOLD})
)


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A drop not yet promised, as the ledger knows it. `given`: something of its return was
    promised here before, and stands."""

    drop: Drop
    visit_id: str
    changed: str
    given: bool

    @property
    def changed_at(self) -> datetime:
        return moment(self.changed)


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
        _ADD(
            self._connection,
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
        return _open_row(_OPEN_FOR.one(self._connection, of_return=return_id))

    def find_open(self, drop_id: str) -> OpenRow | None:
        return _open_row(_FIND_OPEN.one(self._connection, this=drop_id))

    def all_open(self) -> tuple[OpenRow, ...]:
        rows = _ALL_OPEN.rows(self._connection)
        return tuple(found for row in rows if (found := _open_row(row)) is not None)

    def move(self, drop: Drop, now: datetime) -> None:
        """Write down the state that the domain gave."""
        _MOVE(
            self._connection,
            this=drop.drop_id,
            state=drop.state.value,
            bag_id=drop.bag_id,
            changed_at=stamp(now),
        )

    # --- the promise ---------------------------------------------------------------------------

    def given(self, return_id: str) -> Given | None:
        """None while nothing of the return was promised here."""
        last = _LAST_GIVEN.one(self._connection, of_return=return_id)
        if last is None:
            return None
        promised = (_DROPS.return_id == return_id) & _DROPS.state.in_(tables.GIVEN_STATES)
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
        rows = _REDEEMED_FOR.rows(self._connection, code=code_id, merchant=merchant_id)
        return frozenset(row.return_id for row in rows)

    def bag_in_use(self, bag_id: str) -> bool:
        return _HELD.one(self._connection, bag=bag_id) is not None

    def next_count(self) -> int:
        """One more than ever before; a rolled back transaction gives it back."""
        return meta.count(self._connection, COUNTER)

    def commit(self, drop: CommittedDrop, code_id: str, facts: Sequence[LineFact]) -> None:
        """The promise and all that hangs on it: drop, lines, bag, code, print job."""
        at = stamp(drop.committed_at)
        _COMMIT(
            self._connection,
            this=drop.drop_id,
            state=DropState.COMMITTED.value,
            drop_number=drop.drop_number,
            bag_id=drop.bag_id,
            committed_at=at,
            day=history.local_day(drop.committed_at, drop.merchant.timezone).isoformat(),
            changed_at=at,
            receipt=saved.encode(drop),
        )
        self.add_lines(drop.drop_id, drop.return_id, facts)
        if drop.bag_id:
            _ADD_BAG(self._connection, bag_id=drop.bag_id, drop_id=drop.drop_id, taken_at=at)
        if code_id:
            _ADD_CODE(self._connection, code_id=code_id, drop_id=drop.drop_id)
        job = {"state": "queued", "fault": "", "attempts": 0, "changed_at": at}
        _ADD_JOB(self._connection, drop_id=drop.drop_id, **job)

    def add_lines(self, drop_id: str, return_id: str, facts: Sequence[LineFact]) -> None:
        rows = [
            {name: getattr(fact, name) for name in _FACTS}
            | {"drop_id": drop_id, "return_id": return_id}
            | {column: history.once(getattr(fact, name)) for column, name in _ONCE.items()}
            for fact in facts
        ]
        _ADD_LINES.each(self._connection, rows)

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
        row = _JOB.one(self._connection, job=drop_id)
        return None if row is None else _job(row)

    def unsettled_jobs(self) -> tuple[PrintJob, ...]:
        where = tables.print_jobs.c.state.in_(("queued", "printing"))
        rows = self._connection.execute(select(tables.print_jobs).where(where)).all()
        return tuple(_job(row) for row in rows)

    def set_print_job(self, job: PrintJob, now: datetime) -> None:
        _SET_JOB(
            self._connection,
            job=job.drop_id,
            state=job.state,
            fault=job.fault,
            attempts=job.attempts,
            changed_at=stamp(now),
        )


def _open_row(row: Any) -> OpenRow | None:
    if row is None:
        return None
    drop = Drop(row.drop_id, row.return_id, DropState(row.state), bag_id=row.bag_id)
    return OpenRow(drop, row.visit_id, row.changed_at, bool(row.given))


def _job(row: Any) -> PrintJob:
    return PrintJob(row.drop_id, row.state, row.fault, row.attempts)
