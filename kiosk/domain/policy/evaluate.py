"""Rules and facts in, verdict out: the one evaluator of the kiosk and of the centre.

**Who wins.** Every rule that applies says its finding; the order of the rules never matters.
The weightiest outcome decides:

    REFUSE > STAFF > REVIEW > RETURNLESS > ACCEPT_WITH_FEE > ACCEPT

- REFUSE first: deny beats allow, and a certain no is not made better by a person. The only way
  past a rule that refuses is that rule's own `unless` (see kiosk.domain.policy.frame).
- STAFF before all that takes goods: a doubt, an unknown rule or a hazard is settled by a person.
- REVIEW before RETURNLESS: what must be looked at cannot stay with the shopper.
- RETURNLESS before fees: nothing is handled, so nothing is charged.

Among findings of one outcome the higher priority decides, then the rule id in alphabetic order.
Fees add up over their kinds, one a kind, and never exceed the price. No rule granting anything
(none at all, or none that applies) is STAFF with NO_RULES: silence is no permission.

**Money.** refund + fee + withheld == price of the units brought, none of them negative:
ACCEPT and ACCEPT_WITH_FEE refund the price less the fee; RETURNLESS refunds the price; REVIEW
announces the fee and withholds the rest; STAFF and REFUSE withhold the price, as nothing changed
hands.

**Questions** are asked only while the answer can still change what is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from kiosk.domain.money import Money
from kiosk.domain.policy.frame import Frame
from kiosk.domain.policy.model import (
    Ask,
    Disposal,
    Facts,
    Finding,
    Outcome,
    Policy,
    Question,
    Rule,
    Verdict,
)
from kiosk.domain.policy.rules import quantity
from kiosk.domain.policy.rules.unknown import finding as unknown
from kiosk.domain.reasons import Reason, Why

WEIGHT = {
    Outcome.REFUSE: 5,
    Outcome.STAFF: 4,
    Outcome.REVIEW: 3,
    Outcome.RETURNLESS: 2,
    Outcome.ACCEPT_WITH_FEE: 1,
    Outcome.ACCEPT: 0,
}

# Stands whatever a merchant's rules say: nothing is taken that was not authorised.
GUARD = quantity.Quantity(
    Frame("authorised-quantity"), at_most=quantity.MOST_UNITS, then=quantity.Then.REFUSE
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A rule's finding beside the rule's place in the order."""

    rule_id: str
    priority: int
    finding: Finding

    def order(self) -> tuple[object, ...]:
        """Sorts the deciding one first; total, so that no list order shines through."""
        finding = self.finding
        return (
            -WEIGHT[finding.outcome],
            -self.priority,
            self.rule_id,
            finding.reason.why.value,
            repr(sorted(finding.reason.values.items())),
            -finding.fee,
            finding.fee_kind,
            finding.disposal.value,
        )


_Settled = list[_Said] | None


@dataclass(frozen=True, slots=True)
class _Asked:
    rule: Rule
    question: Question

    def order(self) -> tuple[object, ...]:
        return (-self.rule.priority, self.rule.rule_id, self.question.question_id)


def _judge(rule: Rule, facts: Facts) -> Finding | Question | None:
    """A rule that stumbles over the facts (a time zone nobody knows, a day out of range) cannot
    judge them: it refers, it never accepts."""
    try:
        return rule.judge(facts)
    except (ArithmeticError, LookupError, OSError, TypeError, ValueError):
        return unknown(rule.rule_id)


def _hear(rules: Iterable[Rule], facts: Facts) -> tuple[list[_Said], list[_Asked]]:
    said: list[_Said] = []
    asked: list[_Asked] = []
    for rule in rules:
        match _judge(rule, facts):
            case None:
                pass
            case Question() as question:
                asked.append(_Asked(rule, question))
            case Finding() as finding:
                said.append(_Said(rule.rule_id, rule.priority, finding))
    said.sort(key=_Said.order)
    asked.sort(key=_Asked.order)
    return said, asked


def _fees(said: Sequence[_Said]) -> dict[str, int]:
    """One fee a kind: of the weightiest rule by priority, then id. `said` is sorted."""
    fees: dict[str, int] = {}
    for one in said:
        if one.finding.outcome is Outcome.ACCEPT_WITH_FEE:
            fees.setdefault(one.finding.fee_kind, max(0, one.finding.fee))
    return fees


def _decision(said: Sequence[_Said]) -> tuple[Outcome | None, Disposal, int]:
    """What a set of findings comes to: outcome, disposal, fee. Reasons do not count here, for
    nobody is asked a question only to have a refusal worded differently."""
    if not said:
        return None, Disposal.NONE, 0
    top = said[0].finding
    final = top.outcome in (Outcome.REFUSE, Outcome.STAFF)
    return top.outcome, top.disposal, 0 if final else sum(_fees(said).values())


def _settle(question: Question, rules: list[Rule], said: list[_Said], facts: Facts) -> _Settled:
    """Whether the answer can be done without: the findings to go on with, None where it cannot.

    It can where no answer changes the decision, and where all answers say the same.
    """
    heard: list[list[_Said]] = []
    for answer in question.answers:
        answers = {**facts.answers, question.question_id: answer}
        more, follow_up = _hear(rules, replace(facts, answers=answers))
        if follow_up:
            return None
        heard.append(more)
    decisions = {_decision(_sorted(said, more)) for more in heard}
    if decisions == {_decision(said)}:
        return []
    if heard and all(more == heard[0] for more in heard):
        return heard[0]
    return None


def _settle_all(asked: list[_Asked], said: list[_Said], facts: Facts) -> Ask | list[_Said]:
    """Do without every question that can be done without; ask the first of the others. A
    finding gained may settle another question, so this goes on until nothing moves."""
    open_ids = list(dict.fromkeys(one.question.question_id for one in asked))
    while open_ids:
        still_open: list[str] = []
        for question_id in open_ids:
            asking = [one for one in asked if one.question.question_id == question_id]
            more = _settle(asking[0].question, [one.rule for one in asking], said, facts)
            if more is None:
                still_open.append(question_id)
            else:
                said = _sorted(said, more)
        if still_open == open_ids:
            first = next(one for one in asked if one.question.question_id == open_ids[0])
            return Ask(first.question, first.rule.rule_id)
        open_ids = still_open
    return said


def _sorted(said: list[_Said], more: list[_Said]) -> list[_Said]:
    return sorted(said + more, key=_Said.order)


def _outcome(said: Sequence[_Said], fee: int, currency: str) -> tuple[Outcome, Reason]:
    top = said[0].finding
    if top.outcome is not Outcome.ACCEPT_WITH_FEE:
        return top.outcome, top.reason
    if fee == 0:  # waived, or nothing to take it from
        return Outcome.ACCEPT, Reason(Why.WITHIN_POLICY)
    return top.outcome, Reason(Why.FEE_APPLIES, {"fee": fee, "currency": currency})


def _verdict(policy: Policy, facts: Facts, said: Sequence[_Said]) -> Verdict:
    currency = facts.line.price.currency
    price = max(0, facts.line.price.minor * facts.brought)
    fee = min(price, sum(_fees(said).values()))
    outcome, reason = (
        _outcome(said, fee, currency) if said else (Outcome.STAFF, Reason(Why.NO_RULES))
    )
    match outcome:
        case Outcome.ACCEPT | Outcome.ACCEPT_WITH_FEE:
            refund, fee, withheld = price - fee, fee, 0
        case Outcome.RETURNLESS:
            refund, fee, withheld = price, 0, 0
        case Outcome.REVIEW:
            refund, fee, withheld = 0, fee, price - fee
        case Outcome.STAFF | Outcome.REFUSE:
            refund, fee, withheld = 0, 0, price
        case _:
            assert_never(outcome)
    return Verdict(
        outcome=outcome,
        reason=reason,
        refund=Money(refund, currency),
        fee=Money(fee, currency),
        withheld=Money(withheld, currency),
        disposal=said[0].finding.disposal if outcome is Outcome.RETURNLESS else Disposal.NONE,
        provisional=facts.context.offline,
        policy_number=policy.number,
        rule_ids=tuple(dict.fromkeys(one.rule_id for one in said)),
    )


def evaluate(policy: Policy, facts: Facts) -> Verdict | Ask:
    """Judge one line, or ask what must be known first. Pure: same arguments, same answer.

    `facts.answers` grows by one answer a call until a Verdict comes. Never raises for anything a
    bundle can contain.
    """
    said, asked = _hear((*policy.rules, GUARD), facts)
    settled = _settle_all(asked, said, facts)
    return settled if isinstance(settled, Ask) else _verdict(policy, facts, settled)
