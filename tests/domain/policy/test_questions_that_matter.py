"""A question is put only while its answer can still change what is decided."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.policy.evaluate import evaluate
from kiosk.domain.policy.model import (
    Ask,
    Disposal,
    Facts,
    Finding,
    Outcome,
    Policy,
    Question,
    Verdict,
)
from kiosk.domain.policy.rules import build
from kiosk.domain.policy.says import Say
from kiosk.domain.reasons import Reason, Why

ALLOW = {"rule": "allow", "id": "yes"}
BOX = {"rule": "packaging", "id": "box"}
KEEP = {"rule": "returnless", "id": "keep", "categories": "shoes"}


def test_a_fee_that_hangs_on_the_answer_is_worth_asking_for(situation: Any) -> None:
    asks = {"rule": "condition", "id": "q", "question": "worn", "accept": ["yes", "no"]}
    fee = {"rule": "fee", "id": "f", "per": "line", "amount": 100, "currency": "EUR"}
    fee |= {"when": {"answer": {"worn": "yes"}}}
    assert isinstance(situation.judge(ALLOW, asks), Verdict)
    assert isinstance(situation.judge(ALLOW, asks, fee), Ask)
    assert situation.verdict(ALLOW, asks, fee, answers={"worn": "yes"}).fee.minor == 100
    assert situation.verdict(ALLOW, asks, fee, answers={"worn": "no"}).fee.minor == 0


def test_but_not_where_nothing_is_charged_anyway(situation: Any) -> None:
    """What stays with the shopper costs nothing, whatever the answer."""
    asks = {"rule": "condition", "id": "q", "question": "worn", "accept": ["yes", "no"]}
    fee = {"rule": "fee", "id": "f", "per": "line", "amount": 100, "currency": "EUR"}
    fee |= {"when": {"answer": {"worn": "yes"}}}
    verdict = situation.verdict(KEEP, asks, fee)
    assert (verdict.outcome, verdict.disposal) == (Outcome.RETURNLESS, Disposal.KEEP)


def test_a_bonus_or_a_destination_may_hang_on_it_too(situation: Any) -> None:
    asks = {"rule": "condition", "id": "q", "question": "worn", "accept": ["yes", "no"]}
    when = {"when": {"answer": {"worn": "yes"}}}
    place = {"rule": "destination", "id": "d", "to": "outlet", **when}
    assert isinstance(situation.judge(ALLOW, asks, place), Ask)
    assert isinstance(situation.judge(KEEP, asks, place), Verdict)
    bonus = {"rule": "bonus", "id": "b", "per": "line", "amount": 1, "currency": "EUR", **when}
    assert isinstance(situation.judge(ALLOW, asks, bonus), Ask)
    assert isinstance(situation.judge(KEEP, asks, bonus), Ask)


def test_nobody_is_asked_where_the_way_to_pay_back_sends_to_staff_anyway(situation: Any) -> None:
    box = {**BOX, "then": "review"}
    chosen = {"of_return": {"resolution": "shells"}}
    assert isinstance(situation.judge(ALLOW, box), Ask)
    verdict = situation.verdict(ALLOW, box, **chosen)
    assert (verdict.outcome, verdict.reason.why) == (Outcome.STAFF, Why.VALUE_UNKNOWN)
    assert isinstance(situation.judge(ALLOW, {**BOX, "then": "refuse"}, **chosen), Ask)


def test_of_goods_of_another_kind_nothing_stays_with_the_shopper(situation: Any) -> None:
    keep = {**KEEP, "categories": ["hats"]}
    assert situation.verdict(ALLOW, keep).outcome is Outcome.ACCEPT


def test_what_was_assumed_is_no_input(situation: Any) -> None:
    """Where all answers say the same, the verdict does not claim that one was given."""
    asks = {"rule": "condition", "id": "q", "question": "worn", "review": ["yes", "no"]}
    verdict = situation.verdict(ALLOW, asks)
    assert verdict.outcome is Outcome.REVIEW
    assert verdict.inputs == {"answers.worn": ""}


def test_what_a_settled_question_brings_may_settle_another(situation: Any) -> None:
    """Either answer means review, so how the item is packed no longer matters for its keeping."""
    worn = {"rule": "condition", "id": "w", "question": "worn", "review": ["yes", "no"]}
    size = {"rule": "condition", "id": "s", "question": "size", "accept": ["a"], "review": ["b"]}
    verdict = situation.verdict(ALLOW, size, worn)
    assert verdict.outcome is Outcome.REVIEW


class Curious:
    """Asks one thing after the other."""

    tag = "curious"
    rule_id = "curious"
    priority = 0

    def __init__(self, *questions: Question) -> None:
        self.questions = questions

    def judge(self, facts: Facts) -> Say | Question | None:
        for question in self.questions:
            if question.question_id not in facts.answers:
                return question
        return Finding(Outcome.ACCEPT, Reason(Why.WITHIN_POLICY))


FIRST, SECOND = Question("first", ("a", "b")), Question("second", ("a", "b"))


def test_a_question_with_another_behind_it_is_put(situation: Any) -> None:
    """All answers say the same, but both questions are needed before it is said."""
    policy = Policy(1, "M", (Curious(FIRST, SECOND),))
    asked = evaluate(policy, situation.facts())
    assert isinstance(asked, Ask)
    assert asked.question.question_id == "first"
    last = evaluate(policy, situation.facts(answers={"first": "a"}))
    assert isinstance(last, Verdict)


def test_unless_neither_can_change_anything(situation: Any) -> None:
    policy = Policy(1, "M", (Curious(FIRST, SECOND), build(ALLOW)))
    assert isinstance(evaluate(policy, situation.facts()), Verdict)


@pytest.mark.parametrize("answers", [("a", "b"), ("a",)])
def test_questions_without_end_are_put_one_by_one(situation: Any, answers: tuple[str, ...]) -> None:
    many = [Question(f"q{n}", answers) for n in range(2_000)]
    policy = Policy(1, "M", (Curious(*many), build(ALLOW)))
    asked = evaluate(policy, situation.facts())
    assert isinstance(asked, Ask)
    assert asked.question.question_id == "q0"


def test_a_refusal_that_an_answer_may_lift_is_worth_asking_for(situation: Any) -> None:
    refuse = {"rule": "refuse", "id": "no", "when": {"category": "shoes"}}
    refuse |= {"unless": {"answer": {"worn": "no"}}}
    asks = {"rule": "condition", "id": "q", "question": "worn", "accept": ["yes", "no"]}
    assert isinstance(situation.judge(ALLOW, refuse, asks), Ask)
    assert situation.verdict(ALLOW, refuse, asks, answers={"worn": "no"}).takes_goods


def test_a_question_without_answers_is_put(situation: Any) -> None:
    policy = Policy(1, "M", (Curious(Question("open", ())), build(ALLOW)))
    assert isinstance(evaluate(policy, situation.facts()), Ask)


@pytest.mark.parametrize("name", ["window", "fee"])
def test_of_two_rules_of_one_id_the_same_one_counts_in_any_order(situation: Any, name: str) -> None:
    pairs = {
        "window": [
            {"rule": "window", "id": "x", "days": 3},
            {"rule": "window", "id": "x", "days": 4},
        ],
        "fee": [
            ALLOW,
            {"rule": "fee", "id": "x", "per": "line", "amount": 1, "currency": "EUR"},
            {"rule": "fee", "id": "x", "per": "line", "amount": 2, "currency": "EUR"},
            {"rule": "allow_list", "id": "x", "rules": ["a", "b"], "when": {"country": "DE"}},
            {"rule": "allow_list", "id": "x", "rules": ["c"], "when": {"country": "DE"}},
        ],
    }
    specs = pairs[name]
    assert situation.verdict(*specs) == situation.verdict(*specs[::-1])


def test_of_two_rules_of_one_id_the_same_one_asks_in_any_order(situation: Any) -> None:
    asks = {"rule": "condition", "id": "q", "question": "worn", "refuse": ["yes"]}
    few, many = {**asks, "accept": ["no"]}, {**asks, "accept": ["no", "a_bit"]}
    put = situation.judge(ALLOW, few, many)
    assert isinstance(put, Ask)
    assert situation.judge(ALLOW, many, few) == put


@pytest.mark.parametrize(("answers", "looked_at"), [(1, True), (64, True), (65, False)])
def test_so_many_answers_are_looked_at_and_no_more(
    situation: Any, answers: int, looked_at: bool
) -> None:
    """Where none of them changes anything; beyond that, the question is simply put."""
    question = Question("which", tuple(f"a{n}" for n in range(answers)))
    policy = Policy(1, "M", (Curious(question), build(ALLOW)))
    found = evaluate(policy, situation.facts())
    assert isinstance(found, Verdict if looked_at else Ask)


def test_what_weighs_more_is_named_first(situation: Any) -> None:
    fee = {"rule": "fee", "id": "m", "per": "line", "amount": 100, "currency": "EUR"}
    assert situation.verdict({**ALLOW, "id": "a"}, fee).rule_ids == ("m", "a")
    kept = {**KEEP, "id": "z"}
    assert situation.verdict({**ALLOW, "id": "a"}, fee, kept).rule_ids == ("z", "m", "a")


def test_an_only_answer_is_not_asked_for(situation: Any) -> None:
    policy = Policy(1, "M", (Curious(Question("only", ("yes",))),))
    found = evaluate(policy, situation.facts())
    assert isinstance(found, Verdict)
    assert found.outcome is Outcome.ACCEPT
