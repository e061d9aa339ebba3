"""What past drops would have come to: counted, and told with what nobody can know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.cli.policy_replay import Judged
    from kiosk.domain.policy.model import Ask, Verdict

SAME, CHANGED, ASKED, UNTOLD = "same", "changed", "asked", "cannot_be_told"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One line before and after. Amounts in minor units; `refund` with what comes on top. `rule`
    is what decides after; `missing` are the facts that nobody knows: then nothing is told of
    after."""

    drop: str
    merchant: str
    sku: str
    fate: str
    before: str
    after: str
    refund_before: int
    refund_after: int
    currency: str
    rule: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Came:
    """What a line came to, or would: an outcome or a question, its refund and bonus in minor
    units, the rule that decided."""

    outcome: str
    refund: int
    rule: str
    asked: bool = False


def came(decision: Verdict | Ask) -> Came:
    """A decision in short."""
    from kiosk.domain.policy.model import Ask

    if isinstance(decision, Ask):
        return Came(f"asks {decision.question.question_id}", 0, decision.rule_id, asked=True)
    bonus = decision.bonus.minor if decision.bonus else 0
    rule = decision.rule_ids[0] if decision.rule_ids else ""
    return Came(decision.outcome.value, decision.refund.minor + bonus, rule)


def weigh(
    drop: str, merchant: str, one: Judged, before: Came, unknown: Iterable[str] = ()
) -> Replayed:
    """A line judged again, against what it came to before."""
    after = came(one.decision)
    missing = tuple(sorted({*one.missing, *unknown}))
    same = (before.outcome, before.refund) == (after.outcome, after.refund)
    if missing:
        after, fate = Came("", before.refund, ""), UNTOLD
    elif same:
        fate = SAME
    else:
        fate = ASKED if after.asked else CHANGED
    return Replayed(
        drop=drop,
        merchant=merchant,
        sku=one.line.sku,
        fate=fate,
        before=before.outcome,
        after=after.outcome,
        refund_before=before.refund,
        refund_after=after.refund,
        currency=one.line.currency,
        rule=after.rule,
        missing=missing,
    )


def summary(lines: Sequence[Replayed]) -> str:
    """How many there are of each fate."""
    count = Counter(one.fate for one in lines)
    return (
        f"{len({one.drop for one in lines})} drops, {len(lines)} lines: {count[SAME]} as before, "
        f"{count[CHANGED]} change, {count[ASKED]} would be asked, {count[UNTOLD]} cannot be told"
    )


def untold(lines: Iterable[Replayed]) -> list[str]:
    """A sentence for each line that cannot be judged again: which drop, and for want of what."""
    return [
        f"{one.drop} {one.sku}: cannot be told: {'; '.join(dict.fromkeys(map(_want, one.missing)))}"
        for one in lines
        if one.fate == UNTOLD
    ]


def _want(path: str) -> str:
    if path == "history":
        return "the kiosk knew of returns of this customer that these histories do not hold"
    if path == "drops" or path.startswith("whole."):
        return "the kiosk knew of goods of this return that these histories do not hold"
    return f"nobody recorded {path}"


def sums(lines: Iterable[Replayed]) -> str:
    """How refunds would change, by currency."""
    found: Counter[str] = Counter()
    for one in lines:
        found[one.currency] += one.refund_after - one.refund_before
    return ", ".join(money(found[currency], currency, sign=True) for currency in sorted(found))


def money(minor: int, currency: str, sign: bool = False) -> str:
    """An amount as English writes it."""
    from kiosk.domain.money import Money
    from kiosk.words import words

    text = words("en").money(Money(minor, currency))
    return f"+{text}" if sign and minor > 0 else text
