"""Through all drops that were not looked at yet: a page at a time, off the way of what comes in.

Where we stand is a column of the drops themselves, so no drop is passed over however late its
transaction came to an end, and two workers at once do no harm: both find the same.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from kiosk.domain.events import DropCommitted
from kiosk.ports import Clock
from sync.central.cases import Evidence, Found, Gone, Kind, key_of, open_many, settle_many
from sync.central.database import Database
from sync.central.policy.versions import Lacks
from sync.central.recheck.around import Past, around, drop_of
from sync.central.recheck.judging import Checked, Result, check
from sync.central.recheck.rebuilding import Around
from sync.central.recheck.rules import Rules
from sync.central.tables import drops, events

PAGE: Final = 200


@dataclass(slots=True)
class Told:
    """How many drops came to each result; the cases that opened or were opened again."""

    results: Counter[str] = field(default_factory=Counter)
    opened: int = 0
    settled: int = 0
    more: bool = False  # there are drops left to look at

    @property
    def drops(self) -> int:
        return sum(self.results.values())


def run(database: Database, clock: Clock, tenant: str, pages: int | None = None) -> Told:
    """Check what was not checked yet; at most so many pages."""
    told, rules = Told(), Rules(tenant)
    for _ in itertools.count() if pages is None else range(pages):
        told.more = _page(database, clock, tenant, rules, told) == PAGE
        if not told.more:
            break
    return told


def again(database: Database, tenant: str, since: datetime | None = None) -> int:
    """Forget what was found of drops that were received since then, or ever, so that the next run
    looks at them again; how many."""
    mine = [drops.c.tenant == tenant, drops.c.verdict_check != ""]
    if since is not None:
        mine.append(drops.c.received_at >= since)
    forget = drops.update().where(*mine).values(verdict_check="", verdict_check_why="")
    return database.write(lambda c: c.execute(forget).rowcount)


@dataclass(frozen=True, slots=True)
class _One:
    row: sa.Row[Any]
    fact: DropCommitted


def _page(database: Database, clock: Clock, tenant: str, rules: Rules, told: Told) -> int:
    with database.reading() as c:
        rows = c.execute(_unchecked(tenant)).all()
        ones = [_One(row, drop_of(row.body)) for row in rows]
        seen = around(c, tenant, [_past(one) for one in ones])
        found = [(one, _check(c, rules, one, what)) for one, what in zip(ones, seen, strict=True)]
    if found:
        now = clock.now()
        opened, settled = database.write(lambda c: _keep(c, tenant, now, found))
        told.opened += opened
        told.settled += settled
        told.results.update(checked.result.value for _, checked in found)
    return len(rows)


def _unchecked(tenant: str) -> sa.Select[Any]:
    return (
        sa.select(drops, *_EVENT)
        .join(events, events.c.id == drops.c.event_id)
        .where(drops.c.tenant == tenant, drops.c.verdict_check == "")
        .order_by(drops.c.received_at, drops.c.drop_id)
        .limit(PAGE)
    )


_EVENT = (events.c.body, events.c.digest, events.c.epoch, events.c.sequence)


def _past(one: _One) -> Past:
    row = one.row
    return Past(row.event_id, row.device_id, row.epoch, row.sequence, row.corrected_at, one.fact)


def _check(c: sa.Connection, rules: Rules, one: _One, what: Around) -> Checked:
    number, merchant_id = one.fact.policy_number, one.fact.merchant_id
    found = rules.of(c, number, merchant_id)
    if isinstance(found, Lacks):
        return Checked(Result.NO_RULES, f"bundle {number}, {merchant_id}")
    return check(one.fact, found.policy, found.merchant, what)


def _keep(
    c: sa.Connection, tenant: str, now: datetime, found: Sequence[tuple[_One, Checked]]
) -> tuple[int, int]:
    """Write down what was found; how many cases opened, and how many were settled by it."""
    kept = (
        drops.update()
        .where(drops.c.drop_id == sa.bindparam("of_drop"))
        .values(verdict_check=sa.bindparam("result"), verdict_check_why=sa.bindparam("why"))
    )
    c.execute(
        kept,
        [
            {"of_drop": one.row.drop_id, "result": checked.result.value, "why": checked.why[:500]}
            for one, checked in found
        ],
    )
    differs = [
        _case(one, checked, now) for one, checked in found if checked.result is Result.DIFFERS
    ]
    same = [_gone(one, now) for one, checked in found if checked.result is Result.SAME]
    opened = open_many(c, tenant, differs)
    return len(opened.new) + len(opened.reopened), len(settle_many(c, tenant, same))


def _case(one: _One, checked: Checked, now: datetime) -> Found:
    row, fact = one.row, one.fact
    evidence = Evidence(
        drops=(row.drop_id,),
        bags=(row.bag_id,) if row.bag_id else (),
        events=(row.event_id,),
        returns=(row.return_id,),
        lines=tuple(dict.fromkeys(part.line_id for part in checked.compared)),
        hashes=(row.digest,),
        receipts=(row.drop_number,),
        sides=("kiosk", "centre"),
        compared=checked.compared,
        numbers={"bundle": fact.policy_number},
    )
    return Found(
        Kind.VERDICT_DIFFERS,
        "drop",
        row.drop_id,
        now,
        evidence,
        device_id=row.device_id,
        amount=abs(sum(line.refund for line in fact.lines) - checked.refund),
        currency=row.currency,
    )


def _gone(one: _One, now: datetime) -> Gone:
    key = key_of(Kind.VERDICT_DIFFERS, "drop", one.row.drop_id)
    evidence = Evidence(events=(one.row.event_id,), detail="judged again: the same")
    return Gone(key, now, evidence)
