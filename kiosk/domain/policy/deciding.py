"""What becomes of one line, before the money of the whole return is reckoned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from kiosk.domain.policy.agenda import Speaker
from kiosk.domain.policy.frame import Frame
from kiosk.domain.policy.hearing import FINAL, Heard, Hearing, Said, first, settle, unpayable
from kiosk.domain.policy.model import (
    REFUND_METHOD,
    Ask,
    Facts,
    Finding,
    Outcome,
    Policy,
    Question,
    RefundMethod,
)
from kiosk.domain.policy.rules import quantity
from kiosk.domain.policy.says import Methods
from kiosk.domain.quick import quick
from kiosk.domain.reasons import Reason, Why

# Stands whatever a merchant's rules say: nothing is taken that was not authorised.
GUARD = quantity.Quantity(
    Frame("authorised-quantity"), at_most=quantity.MOST_UNITS, then=quantity.Then.REFUSE
)
_GUARD = Speaker(GUARD, GUARD.rule_id, -GUARD.priority, GUARD.speak)
NO_RULES = Finding(Outcome.STAFF, Reason(Why.NO_RULES))


@quick
@dataclass(frozen=True, slots=True)
class Decided:
    """A line without open questions. `finding` is what decides (its outcome is never
    ACCEPT_WITH_FEE: that is an ACCEPT once the fees are known), `by` the rule, "" for none."""

    facts: Facts
    heard: Heard
    finding: Finding
    by: str
    method: RefundMethod


def hearing_of(policy: Policy) -> Hearing:
    """For the lines of one return."""
    return Hearing(policy.rules, _GUARD)


def decide(hearing: Hearing, facts: Facts) -> Decided | Ask:
    """`facts` as kiosk.domain.policy.whole.prepare gives them."""
    heard = settle(hearing, facts)
    if isinstance(heard, Ask):
        return heard
    by, finding = _top(heard)
    methods = first(heard.said, Methods)
    method = _method(facts, methods, finding)
    if methods and isinstance(method, RefundMethod) and method.value != facts.resolution:
        # The only method there is counts as chosen: rules may look at it.
        facts = replace(facts, answers={**facts.answers, REFUND_METHOD: method.value})
        heard = settle(hearing, facts)
        if isinstance(heard, Ask):
            return heard
        by, finding = _top(heard)
        method = _method(facts, first(heard.said, Methods), finding)
    match method:
        case Ask():
            return method
        case Finding():
            return Decided(facts, heard, method, "", RefundMethod.ORIGINAL)
        case RefundMethod():
            return Decided(facts, heard, finding, by, method)
        case _:
            assert_never(method)


def _top(heard: Heard) -> tuple[str, Finding]:
    for one in heard.said:
        if isinstance(one.say, Finding):
            return one.rule_id, one.say
    return "", NO_RULES


def _method(facts: Facts, one: Said | None, finding: Finding) -> RefundMethod | Ask | Finding:
    """How the shopper is paid back; a Finding where what was chosen is no method at all."""
    if finding.outcome in FINAL:
        return RefundMethod.ORIGINAL
    chosen = facts.resolution
    if unpayable(one, chosen):
        return _unknown(chosen)
    if one is None or not isinstance(one.say, Methods):
        return RefundMethod(chosen) if chosen else RefundMethod.ORIGINAL
    allowed = one.say.allowed
    for method in allowed:
        if method.value == chosen:
            return method
    if REFUND_METHOD in facts.answers:  # given here, and not among those that were offered
        return _unknown(chosen)
    if len(allowed) == 1:
        return allowed[0]
    question = Question(REFUND_METHOD, tuple(method.value for method in allowed))
    return Ask(question, one.rule_id)


def _unknown(chosen: str) -> Finding:
    return Finding(Outcome.STAFF, Reason(Why.VALUE_UNKNOWN, {"name": "resolution", "is": chosen}))
