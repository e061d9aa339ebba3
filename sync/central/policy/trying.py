"""What if: past drops judged by other rules, beside what their kiosks really said.

The same judging as the verdict check (sync.central.recheck), by the rules of a draft. A month may
hold millions of drops: of more than MOST only every so-manieth is looked at, in the order in which
they came, and the report says so; after LONGEST it ends with what it has. What cannot be known
again is told apart, never guessed. Between its pages it rests, so that others get their turn.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

import msgspec
import sqlalchemy as sa

from kiosk.domain.events import DropCommitted, DropRefused, LineFact
from kiosk.domain.policy.model import Ask, Policy, Verdict
from kiosk.domain.policy.rules import build
from kiosk.domain.returns import Merchant
from kiosk.ports import Clock
from sync.central.database import Database
from sync.central.policy.versions import Version
from sync.central.recheck.around import Past, around, data_of, drop_of
from sync.central.recheck.judging import Checked, judge_again, not_known
from sync.central.recheck.rebuilding import Around
from sync.central.tables import events

MOST: Final = 5_000
LONGEST: Final = timedelta(seconds=60)
WORST: Final = 12
_PAGE: Final = 100
_KINDS: Final = (DropCommitted.type, DropRefused.type)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One item that would come out otherwise. Amounts in minor units, with what comes on top.
    `drop_id` is "" where nothing was taken; `asked` where the shopper would be asked first."""

    drop_id: str
    called: str
    merchant: str
    sku: str
    before: str
    after: str
    refund_before: int
    refund_after: int
    currency: str
    rule: str
    asked: bool = False

    @property
    def weight(self) -> int:
        return abs(self.refund_after - self.refund_before)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """`drops` fell into the time; of `looked` that is one in `every`. Counts are of items that
    were brought. `ways` are (merchant, before, after, how many); `money` is by currency."""

    drops: int = 0
    looked: int = 0
    every: int = 1
    cut: bool = False
    same: int = 0
    changed: int = 0
    asked: int = 0
    untold: int = 0
    money: dict[str, int] = {}
    ways: tuple[tuple[str, str, str, int], ...] = ()
    worst: tuple[Line, ...] = ()


def try_on(
    database: Database,
    clock: Clock,
    tenant: str,
    version: Version,
    merchants: frozenset[str],
    days: int,
    most: int = MOST,
) -> Report:
    """What `version` would have made of the last days' drops of these merchants."""
    policies = {name: _built(version, name) for name in merchants}
    begun, tally = clock.monotonic(), _Tally()
    with database.reading() as c:
        count, every, names = _sample(c, tenant, clock, days, most)
    cut = False
    for start in range(0, len(names), _PAGE):
        page = clock.monotonic()
        if page - begun > LONGEST.total_seconds():
            cut = True
            break
        with database.reading() as c:
            ones = list(_read(c, names[start : start + _PAGE]))
            mine = [one for one in ones if one.fact.merchant_id in merchants]
            seen = around(c, tenant, mine)
        tally.looked += len(ones)
        for one, what in zip(mine, seen, strict=True):
            tally.take(one.fact, policies[one.fact.merchant_id], what)
        time.sleep(max(0.0, clock.monotonic() - page) / 2)
    return tally.report(count, every, cut)


def _built(version: Version, name: str) -> tuple[Policy, Merchant]:
    shop = version.shops[name]
    return Policy(0, name, tuple(build(spec) for spec in shop.rules)), shop.merchant


# --- which -------------------------------------------------------------------------------------


def _sample(
    c: sa.Connection, tenant: str, clock: Clock, days: int, most: int
) -> tuple[int, int, list[str]]:
    """How many there are, one in how many is looked at, and those."""
    its = (
        events.c.tenant == tenant,
        events.c.type.in_(_KINDS),
        events.c.received_at >= clock.now() - timedelta(days=days),
        events.c.state == "accepted",
    )
    count = int(c.execute(sa.select(sa.func.count()).where(*its)).scalar_one())
    every = max(1, -(-count // most))
    place = sa.func.row_number().over(order_by=(events.c.received_at, events.c.id))
    told = sa.select(events.c.id, place.label("place")).where(*its).subquery()
    chosen = sa.select(told.c.id).where(told.c.place % every == (1 if every > 1 else 0))
    return count, every, list(c.execute(chosen.order_by(told.c.place)).scalars())


_ROW: Final = ("id", "type", "device_id", "epoch", "sequence", "corrected_at", "body")


def _read(c: sa.Connection, names: Sequence[str]) -> Iterator[Past]:
    query = sa.select(*(events.c[name] for name in _ROW)).where(events.c.id.in_(names))
    for row in c.execute(query.order_by(events.c.received_at, events.c.id)):
        try:
            if row.type == DropCommitted.type:
                fact = drop_of(row.body)
            else:
                fact = _as_drop(msgspec.convert(data_of(row.body), type=DropRefused))
        except msgspec.ValidationError:
            continue  # of a kiosk that speaks otherwise: quarantined elsewhere
        yield Past(row.id, row.device_id, row.epoch, row.sequence, row.corrected_at, fact)


def _as_drop(fact: DropRefused) -> DropCommitted:
    return DropCommitted(
        drop_id="",
        drop_number="",
        visit_id=fact.visit_id,
        return_id=fact.return_id,
        merchant_id=fact.merchant_id,
        bag_id="",
        policy_number=fact.policy_number,
        offline=False,
        identified_by="",
        code_id="",
        lines=fact.lines,
        facts=fact.facts,
    )


# --- what comes of it --------------------------------------------------------------------------


class _Tally:
    """Counts, and the items whose money would change the most."""

    def __init__(self) -> None:
        self.looked = 0
        self._count: Counter[str] = Counter()
        self._money: Counter[str] = Counter()
        self._ways: Counter[tuple[str, str, str]] = Counter()
        self._worst: list[Line] = []

    def take(self, fact: DropCommitted, rules: tuple[Policy, Merchant], what: Around) -> None:
        """`what` is known around it."""
        policy, merchant = rules
        lines = [line for line in fact.lines if line.brought > 0 and line.outcome]
        decisions = _judged(fact, policy, merchant, what)
        if decisions is None:
            self._count["untold"] += len(lines)
            return
        for line, decision in zip(fact.lines, decisions, strict=True):
            if line.brought > 0 and line.outcome:
                self._weigh(_line(fact, merchant, line, decision))

    def _weigh(self, made: Line) -> None:
        if (made.before, made.refund_before) == (made.after, made.refund_after):
            self._count["same"] += 1
            return
        self._count["asked" if made.asked else "changed"] += 1
        self._ways[made.merchant, made.before, "" if made.asked else made.after] += 1
        if not made.asked:
            self._money[made.currency] += made.refund_after - made.refund_before
        self._worst.append(made)
        if len(self._worst) > 10 * WORST:
            self._worst = self._first()

    def _first(self) -> list[Line]:
        return sorted(self._worst, key=lambda one: (one.asked, -one.weight, one.called))[:WORST]

    def report(self, drops: int, every: int, cut: bool) -> Report:
        return Report(
            drops=drops,
            looked=self.looked,
            every=every,
            cut=cut,
            money=dict(sorted(self._money.items())),
            ways=tuple((*way, count) for way, count in self._ways.most_common(40)),
            worst=tuple(self._first()),
            **{name: self._count[name] for name in ("same", "changed", "asked", "untold")},
        )


def _judged(
    fact: DropCommitted, policy: Policy, merchant: Merchant, what: Around
) -> tuple[Verdict | Ask, ...] | None:
    """None where some rule looks at what nobody knows any more."""
    found = judge_again(fact, policy, merchant, what)
    if isinstance(found, Checked):
        return None
    rebuilt, decisions = found
    return None if set(not_known(policy, rebuilt, decisions)) else decisions


def _line(fact: DropCommitted, merchant: Merchant, line: LineFact, now: Verdict | Ask) -> Line:
    if isinstance(now, Ask):
        after, refund, rule = now.question.question_id, 0, now.rule_id
    else:
        bonus = now.bonus.minor if now.bonus else 0
        after, refund = now.outcome.value, now.refund.minor + bonus
        rule = now.rule_ids[0] if now.rule_ids else ""
    return Line(
        drop_id=fact.drop_id,
        called=fact.drop_number or fact.return_id,
        merchant=merchant.name,
        sku=line.sku,
        before=line.outcome,
        after=after,
        refund_before=line.refund + line.bonus,
        refund_after=refund,
        currency=line.currency,
        rule=rule,
        asked=isinstance(now, Ask),
    )
