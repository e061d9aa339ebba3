"""What holds of every verdict, whatever the rules: tried on policies and returns at random.

test_properties_reach_everything.py tells what these cases reach."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kiosk.domain.policy.evaluate import evaluate, evaluate_return
from kiosk.domain.policy.explain import explain
from kiosk.domain.policy.model import Ask, Outcome, Policy, Question, Verdict
from kiosk.domain.policy.rules import build
from kiosk.domain.reasons import Why
from tests.domain.policy.random_policies import OTHERS, PRICES, Case, cases, closing, drawn

MANY, A_GREAT_MANY = 250, 5_000


@pytest.fixture(params=[MANY, pytest.param(A_GREAT_MANY, marks=pytest.mark.long)])
def count(request: Any) -> int:
    """How many cases to try."""
    found: int = request.param
    return found


pytestmark = pytest.mark.timeout(1_800)


def judged(situation: Any, one: Case) -> tuple[Verdict | Ask, ...]:
    found: tuple[Verdict | Ask, ...] = evaluate_return(
        situation.policy(*one.specs), one.facts(situation)
    )
    return found


def verdicts(situation: Any, one: Case) -> list[Verdict]:
    return [found for found in judged(situation, one) if isinstance(found, Verdict)]


def test_the_order_of_rules_never_matters(situation: Any, count: int) -> None:
    for one in cases(count):
        lines = one.facts(situation)
        shuffled = random.sample(one.specs, len(one.specs))
        first, second = situation.policy(*one.specs), situation.policy(*shuffled)
        assert evaluate_return(first, lines) == evaluate_return(second, lines), one
        ways = [
            [sorted((step.rule_id, step.fate, step.by) for step in trace.steps) for trace in told]
            for told in (explain(first, lines), explain(second, lines))
        ]
        assert ways[0] == ways[1], one


def test_refund_fee_and_withheld_make_up_the_price(situation: Any, count: int) -> None:
    for one in cases(count):
        decisions = judged(situation, one)
        for facts, decision in zip(one.facts(situation), decisions, strict=True):
            if isinstance(decision, Ask):
                continue
            parts = (decision.refund, decision.fee, decision.withheld)
            assert all(part.minor >= 0 for part in parts), one
            assert sum(part.minor for part in parts) == facts.line.price.minor * facts.brought, one
            assert {part.currency for part in parts} == {facts.line.price.currency}, one
            assert sum(part.minor for part in decision.fees) == decision.fee.minor, one
            assert all(part.minor >= 0 for part in (*decision.fees, *decision.bonuses)), one
            given_on_top = decision.bonus.minor if decision.bonus else 0
            assert sum(part.minor for part in decision.bonuses) == given_on_top, one


def test_an_outcome_says_what_becomes_of_money_and_goods(situation: Any, count: int) -> None:
    for one in cases(count):
        for verdict in verdicts(situation, one):
            held_back = verdict.outcome in (Outcome.REFUSE, Outcome.STAFF, Outcome.REVIEW)
            assert not (held_back and verdict.refund.minor), one
            charged = verdict.outcome is Outcome.ACCEPT_WITH_FEE
            assert charged <= (verdict.fee.minor > 0), one
            refused = verdict.outcome in (Outcome.STAFF, Outcome.REFUSE)
            assert bool(verdict.instead) == refused, one
            assert not (refused and (verdict.fees or verdict.bonus)), one
            assert verdict.provisional == one.shared["offline"], one


@pytest.mark.parametrize(
    "elsewhere",
    [{"when": {"category": "hats"}}, {"unless": {"category": ["shoes", "coats"]}}],
    ids=["when", "unless"],
)
def test_a_rule_about_something_else_changes_nothing(
    situation: Any, count: int, elsewhere: dict[str, Any]
) -> None:
    """Every kind of rule is that rule in turn."""
    kinds = (*OTHERS, PRICES, {"rule": "allow"})
    for place, one in enumerate(cases(count)):
        other = drawn(kinds[place % len(kinds)], random.Random(one.seed))
        if "unless" in elsewhere:
            other = {"when": {"segment": ["vip", "new"]}, **other}
        added = {**other, **elsewhere, "id": "elsewhere", "priority": 9}
        more = Case(one.seed, [*one.specs, added], one.lines, one.shared)
        assert judged(situation, one) == judged(situation, more), (one, added)


def test_a_later_clock_never_opens_a_closed_window(situation: Any, count: int) -> None:
    """Even where the policy has grown old meanwhile and the kiosk has lost its centre."""
    for one in cases(count, closing):
        days = random.randint(1, 400)
        late = one.later(days, stale=True, offline=days % 2 == 0)
        for before, after in zip(judged(situation, one), judged(situation, late), strict=True):
            if isinstance(before, Verdict) and before.reason.why is Why.WINDOW_CLOSED:
                assert isinstance(after, Verdict), (one, days)
                assert after.outcome is Outcome.REFUSE, (one, days)


def test_a_question_asked_can_change_what_comes_of_it(situation: Any, count: int) -> None:
    """Whoever answers gets on: no question comes twice, and some two answers lead apart, be it
    only after the questions that follow."""
    for one in cases(count):
        end = _led(situation, situation.policy(*one.specs), one, one.lines[0]["answers"], ())
        if isinstance(end, tuple):
            assert len(set(end)) > 1, one


def _led(
    situation: Any, policy: Policy, one: Case, answers: dict[str, str], asked: tuple[Question, ...]
) -> object:
    """Where each way to answer what is left leads to: a verdict, or the next question's ways."""
    facts = situation.facts(**{**one.lines[0], "answers": answers}, **one.shared)
    decision = evaluate(policy, facts)
    if isinstance(decision, Verdict):
        return repr(decision)
    question = decision.question
    assert question not in asked, one
    ways = question.probes or question.answers
    return tuple(
        _led(situation, policy, one, {**answers, question.question_id: way}, (*asked, question))
        for way in ways
    )


def test_nothing_is_taken_beyond_the_authorisation(situation: Any, count: int) -> None:
    for one in cases(count):
        allowing = Case(one.seed, [*one.specs, {"rule": "allow", "id": "a"}], one.lines, one.shared)
        decisions = judged(situation, allowing)
        for facts, decision in zip(one.facts(situation), decisions, strict=True):
            known = sum(drop.units.get(facts.line.line_id, 0) for drop in facts.drops)
            before = max(facts.already_dropped, known)
            if facts.brought + before > facts.line.quantity:
                assert isinstance(decision, Verdict), one
                assert decision.outcome is Outcome.REFUSE, one
                assert not decision.takes_goods, one


def test_the_order_of_lines_changes_no_line(situation: Any, count: int) -> None:
    """Only the odd cents of a split go to whoever stands first; the sums are the same."""
    for one in cases(count):
        lines, policy = one.facts(situation), situation.policy(*one.specs)
        straight = evaluate_return(policy, lines)
        turned = evaluate_return(policy, lines[::-1])[::-1]
        for this, other in zip(straight, turned, strict=True):
            if isinstance(this, Ask) or isinstance(other, Ask):
                assert this == other, one
                continue
            assert this.reason.why is other.reason.why, one
            assert this.rule_ids == other.rule_ids, one
            assert abs(this.fee.minor - other.fee.minor) <= 2, one
        totals = [
            sum(v.fee.minor for v in decisions if isinstance(v, Verdict))
            for decisions in (straight, turned)
        ]
        assert totals[0] == totals[1], one


BLIND_TO_PRICE = ("fee", "window", "allow", "hologram", "destination", "review", "reason", "zone")


def test_a_dearer_item_is_never_refunded_less_by_fees_alone(situation: Any, count: int) -> None:
    """Under rules that look at no values, a higher price never means a smaller refund."""
    for one in cases(count):
        blind = [spec for spec in one.specs if spec["rule"] in BLIND_TO_PRICE]
        policy, line = situation.policy(*blind), one.lines[0]
        dear = {**line["line"], "price": line["line"]["price"] + random.randint(0, 20_000)}
        this = evaluate(policy, situation.facts(**line, **one.shared))
        other = evaluate(policy, situation.facts(**{**line, "line": dear}, **one.shared))
        if isinstance(this, Verdict) and isinstance(other, Verdict):
            same = this.outcome is other.outcome
            assert same or this.takes_goods == other.takes_goods, one
            assert this.refund.minor <= other.refund.minor, one


def test_an_explanation_tells_of_every_rule_and_of_the_very_result(
    situation: Any, count: int
) -> None:
    for one in cases(count):
        lines, policy = one.facts(situation), situation.policy(*one.specs)
        results = evaluate_return(policy, lines)
        for trace, result in zip(explain(policy, lines), results, strict=True):
            assert trace.result == result, one
            told = sorted(step.rule_id for step in trace.steps)
            known = [rule.rule_id for rule in policy.rules]
            assert told == sorted([*known, "authorised-quantity"]), one


def test_the_same_facts_give_the_same_verdict(situation: Any, count: int) -> None:
    for one in cases(count):
        rebuilt = Policy(7, "M-1", tuple(build(dict(spec)) for spec in one.specs))
        lines = one.facts(situation)
        assert judged(situation, one) == evaluate_return(rebuilt, lines), one
