"""What becomes of one line, before the money of the whole return is reckoned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from kiosk.domain.policy.frame import Frame
from kiosk.domain.policy.hearing import FINAL, Heard, first, settle, unpayable
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


def decide(policy: Policy, facts: Facts) -> Decided | Ask:
    """`facts` as kiosk.domain.policy.whole.prepare gives them."""
    heard = settle(policy.rules, facts, GUARD)
    if isinstance(heard, Ask):
        return heard
    chosen = _method(facts, heard)
    if not isinstance(chosen, RefundMethod) or chosen.value == facts.resolution:
        return _decided(facts, heard, chosen)
    if first(heard.said, Methods) is None:  # nothing chosen, and no rule that asks for it
        return _decided(facts, heard, chosen)
    # The only method there is counts as chosen: rules may look at it.
    known = replace(facts, answers={**facts.answers, REFUND_METHOD: chosen.value})
    heard = settle(policy.rules, known, GUARD)
    return heard if isinstance(heard, Ask) else _decided(known, heard, _method(known, heard))


def _top(heard: Heard) -> tuple[str, Finding]:
    for one in heard.said:
        if isinstance(one.say, Finding):
            return one.rule_id, one.say
    return "", NO_RULES


def _method(facts: Facts, heard: Heard) -> RefundMethod | Ask | Finding:
    """How the shopper is paid back; a Finding where what was chosen is no method at all."""
    if _top(heard)[1].outcome in FINAL:
        return RefundMethod.ORIGINAL
    chosen = facts.resolution
    if unpayable(heard.said, chosen):
        return _unknown(chosen)
    one = first(heard.said, Methods)
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


def _decided(facts: Facts, heard: Heard, method: RefundMethod | Ask | Finding) -> Decided | Ask:
    by, finding = _top(heard)
    match method:
        case Ask():
            return method
        case Finding():
            return Decided(facts, heard, method, "", RefundMethod.ORIGINAL)
        case RefundMethod():
            return Decided(facts, heard, finding, by, method)
        case _:
            assert_never(method)
