"""The verdicts of the lines decided together: the money shared out, the inputs named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from kiosk.domain.money import Money
from kiosk.domain.policy import history, instead
from kiosk.domain.policy.deciding import GUARD, Decided
from kiosk.domain.policy.hearing import Counted, counted, first, judge
from kiosk.domain.policy.model import (
    Disposal,
    Finding,
    Outcome,
    Policy,
    Share,
    Verdict,
)
from kiosk.domain.policy.recording import watched
from kiosk.domain.policy.says import Bonus, Charge, Destination, Lift, Methods
from kiosk.domain.policy.sharing import Payer, share
from kiosk.domain.reasons import Reason, Why

CHARGED = frozenset({Outcome.ACCEPT, Outcome.ACCEPT_WITH_FEE, Outcome.REVIEW})
GIVEN = frozenset({Outcome.ACCEPT, Outcome.ACCEPT_WITH_FEE, Outcome.RETURNLESS})


def verdicts(policy: Policy, lines: Sequence[Decided], record: bool) -> tuple[Verdict, ...]:
    """One a line, in order."""
    fees = share([_payer(line, _charges(line), False) for line in lines], capped=True)
    bonuses = share([_payer(line, _bonuses(line), True) for line in lines], capped=False)
    return tuple(
        _verdict(policy, line, fee, bonus, record)
        for line, fee, bonus in zip(lines, fees, bonuses, strict=True)
    )


def _price(line: Decided) -> int:
    return max(0, line.facts.line.price.minor * line.facts.brought)


def _charges(line: Decided) -> dict[str, Counted]:
    return counted(line.heard.said, Charge) if line.finding.outcome in CHARGED else {}


def _bonuses(line: Decided) -> dict[str, Counted]:
    """A bonus is for whoever takes its method; among those the first of a kind counts."""
    if line.finding.outcome not in GIVEN:
        return {}
    fitting = [
        one
        for one in line.heard.said
        if isinstance(one.say, Bonus) and one.say.method is line.method
    ]
    return counted(fitting, Bonus)


def _payer(line: Decided, counting: dict[str, Counted], bonus: bool) -> Payer:
    facts = line.facts
    parts = (part for drop in facts.drops for part in (drop.bonuses if bonus else drop.fees))
    currency = facts.line.price.currency
    return Payer(_price(line), max(0, facts.brought), currency, counting, history.once(parts))


def _verdict(
    policy: Policy,
    line: Decided,
    fees: tuple[Share, ...],
    bonuses: tuple[Share, ...],
    record: bool,
) -> Verdict:
    facts, finding, currency = line.facts, line.finding, line.facts.line.price.currency
    price, fee = _price(line), sum(part.minor for part in fees)
    outcome, reason = _outcome(finding, fee, currency)
    match outcome:
        case Outcome.ACCEPT | Outcome.ACCEPT_WITH_FEE:
            refund, withheld = price - fee, 0
        case Outcome.RETURNLESS:
            refund, withheld = price, 0
        case Outcome.REVIEW:
            refund, withheld = 0, price - fee
        case Outcome.STAFF | Outcome.REFUSE:
            refund, withheld = 0, price
        case _:
            assert_never(outcome)
    place = first(line.heard.said, Destination) if outcome in CHARGED else None
    return Verdict(
        outcome=outcome,
        reason=reason,
        refund=Money(refund, currency),
        fee=Money(fee, currency),
        withheld=Money(withheld, currency),
        disposal=finding.disposal if outcome is Outcome.RETURNLESS else Disposal.NONE,
        provisional=facts.context.offline,
        policy_number=policy.number,
        rule_ids=tuple(dict.fromkeys(one.rule_id for one in line.heard.said)),
        fees=fees,
        method=line.method,
        bonus=Money(sum(part.minor for part in bonuses), currency) if bonuses else None,
        bonuses=bonuses,
        destination=place.say.place if place and isinstance(place.say, Destination) else "",
        instead=instead.ways(finding, facts),
        until=_until(line),
        inputs=_inputs(policy, line, fees, bonuses) if record else {},
    )


def _outcome(finding: Finding, fee: int, currency: str) -> tuple[Outcome, Reason]:
    if finding.outcome is Outcome.ACCEPT and fee:
        return Outcome.ACCEPT_WITH_FEE, Reason(Why.FEE_APPLIES, {"fee": fee, "currency": currency})
    return finding.outcome, finding.reason


def _until(line: Decided) -> date | None:
    """The last day of the tightest window, unless one is over."""
    if line.finding.reason.why is Why.WINDOW_CLOSED:
        return None
    days = (one.say.until for one in line.heard.said if isinstance(one.say, Finding))
    return min((day for day in days if day is not None), default=None)


def deciding(line: Decided, shares: Sequence[Share]) -> frozenset[str]:
    """The rules without which the verdict were another: the one that decides the outcome, those
    of the fees and bonuses that count, of the methods and the destination, and allow-lists."""
    said = line.heard.said
    others = [first(said, Methods), first(said, Destination)]
    others += [one for one in said if isinstance(one.say, Lift)]
    shared = {part.rule_id for part in shares}
    return frozenset({line.by, *shared, *(one.rule_id for one in others if one is not None)})


def _inputs(
    policy: Policy, line: Decided, fees: tuple[Share, ...], bonuses: tuple[Share, ...]
) -> dict[str, str | int]:
    facts, seen = watched(line.facts)
    ids = deciding(line, (*fees, *bonuses))
    for rule in (*policy.rules, GUARD):
        if rule.rule_id in ids:
            judge(rule, facts)
    return dict(sorted(seen.items()))
