"""The verdicts of the lines decided together: the money shared out, the inputs named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import assert_never

from kiosk.domain.money import Money
from kiosk.domain.policy import history, instead
from kiosk.domain.policy.deciding import GUARD, Decided
from kiosk.domain.policy.hearing import FINAL, Counted, first, judge
from kiosk.domain.policy.model import (
    Disposal,
    Finding,
    Outcome,
    Policy,
    Share,
    Verdict,
)
from kiosk.domain.policy.recording import Named, watched
from kiosk.domain.policy.says import Bonus, Charge, Destination, Lift, Methods
from kiosk.domain.policy.sharing import Payer, share
from kiosk.domain.quick import quick
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.returns import ChargedOnce

CHARGED = frozenset({Outcome.ACCEPT, Outcome.ACCEPT_WITH_FEE, Outcome.REVIEW})
GIVEN = frozenset({Outcome.ACCEPT, Outcome.ACCEPT_WITH_FEE, Outcome.RETURNLESS})


@quick
@dataclass(frozen=True, slots=True)
class _Counting:
    """What counts of all that was said of a line. `until` is the last day of the tightest window,
    unless one is over."""

    charges: Mapping[str, Counted]
    bonuses: Mapping[str, Counted]
    destination: str
    until: date | None


def verdicts(policy: Policy, lines: Sequence[Decided]) -> tuple[Verdict, ...]:
    """One a line, in order."""
    counting = [_counting(line) for line in lines]
    fees = _shared(lines, [one.charges for one in counting], bonus=False)
    bonuses = _shared(lines, [one.bonuses for one in counting], bonus=True)
    parts = zip(lines, counting, fees, bonuses, strict=True)
    return tuple([_verdict(policy, *part) for part in parts])


def _counting(line: Decided) -> _Counting:
    """Gathered in one go. Of each kind the weightiest rule counts: what was said is sorted. A
    bonus is for whoever takes its method."""
    outcome = line.finding.outcome
    charged, given = outcome in CHARGED, outcome in GIVEN
    charges: dict[str, Counted] = {}
    bonuses: dict[str, Counted] = {}
    destination, until = "", None
    for one in line.heard.said:
        say = one.say
        if isinstance(say, Finding):
            if say.until is not None and (until is None or say.until < until):
                until = say.until
        elif isinstance(say, Charge):
            if charged and say.kind not in charges:
                charges[say.kind] = Counted(one, say.tariff)
        elif isinstance(say, Bonus):
            if given and say.method is line.method and say.kind not in bonuses:
                bonuses[say.kind] = Counted(one, say.tariff)
        elif isinstance(say, Destination) and charged:
            destination = destination or say.place
    closed = line.finding.reason.why is Why.WINDOW_CLOSED
    return _Counting(charges, bonuses, destination, None if closed else until)


def _shared(
    lines: Sequence[Decided], counting: Sequence[Mapping[str, Counted]], bonus: bool
) -> Sequence[tuple[Share, ...]]:
    """Each line's parts of what is charged (no more than its price), or given on top."""
    if not any(counting):
        return ((),) * len(lines)
    payers = [_payer(line, one, bonus) for line, one in zip(lines, counting, strict=True)]
    return share(payers, capped=not bonus)


def _price(line: Decided) -> int:
    return max(0, line.facts.line.price.minor * line.facts.brought)


def _payer(line: Decided, counting: Mapping[str, Counted], bonus: bool) -> Payer:
    facts = line.facts
    before: Mapping[str, ChargedOnce] = {}
    if facts.drops:
        parts = [part for drop in facts.drops for part in (drop.bonuses if bonus else drop.fees)]
        before = history.once(parts)
    return Payer(_price(line), max(0, facts.brought), facts.line.price.currency, counting, before)


def _verdict(
    policy: Policy,
    line: Decided,
    counting: _Counting,
    fees: tuple[Share, ...],
    bonuses: tuple[Share, ...],
) -> Verdict:
    facts, finding, currency = line.facts, line.finding, line.facts.line.price.currency
    price, fee = _price(line), 0
    for part in fees:
        fee += part.minor
    outcome, reason = _outcome(finding, fee, currency)
    match outcome:
        case Outcome.ACCEPT | Outcome.ACCEPT_WITH_FEE:
            refund, withheld = price - fee, 0
        case Outcome.STAFF | Outcome.REFUSE:
            refund, withheld = 0, price
        case Outcome.RETURNLESS:
            refund, withheld = price, 0
        case Outcome.REVIEW:
            refund, withheld = 0, price - fee
        case _:
            assert_never(outcome)
    nothing = Money(0, currency)
    return Verdict(
        outcome,
        reason,
        refund=Money(refund, currency) if refund else nothing,
        fee=Money(fee, currency) if fee else nothing,
        withheld=Money(withheld, currency) if withheld else nothing,
        disposal=finding.disposal if outcome is Outcome.RETURNLESS else Disposal.NONE,
        provisional=facts.context.offline,
        policy_number=policy.number,
        rule_ids=tuple(dict.fromkeys([one.rule_id for one in line.heard.said])),
        fees=fees,
        method=line.method,
        bonus=Money(sum(part.minor for part in bonuses), currency) if bonuses else None,
        bonuses=bonuses,
        destination=counting.destination,
        instead=instead.ways(finding, facts) if outcome in FINAL else (),
        until=counting.until,
        inputs=Named(partial(inputs, policy, line, fees, bonuses)),
    )


def _outcome(finding: Finding, fee: int, currency: str) -> tuple[Outcome, Reason]:
    if finding.outcome is Outcome.ACCEPT and fee:
        return Outcome.ACCEPT_WITH_FEE, Reason(Why.FEE_APPLIES, {"fee": fee, "currency": currency})
    return finding.outcome, finding.reason


def deciding(line: Decided, shares: Sequence[Share]) -> frozenset[str]:
    """The rules without which the verdict were another: the one that decides the outcome, those
    of the fees and bonuses that count, of the methods and the destination, and allow-lists."""
    said = line.heard.said
    others = [first(said, Methods), first(said, Destination)]
    others += [one for one in said if isinstance(one.say, Lift)]
    shared = {part.rule_id for part in shares}
    return frozenset({line.by, *shared, *(one.rule_id for one in others if one is not None)})


def inputs(
    policy: Policy, line: Decided, fees: tuple[Share, ...], bonuses: tuple[Share, ...]
) -> dict[str, str | int]:
    """The facts that the deciding rules look at, by path."""
    facts, seen = watched(line.facts)
    ids = deciding(line, (*fees, *bonuses))
    for rule in (*policy.rules, GUARD):
        if rule.rule_id in ids:
            judge(rule, facts)
    return dict(sorted(seen.items()))
