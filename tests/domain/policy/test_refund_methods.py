"""How the shopper is paid back: chosen before, chosen here, or the only way there is."""

from __future__ import annotations

from typing import Any

from kiosk.domain.policy.evaluate import evaluate_return
from kiosk.domain.policy.model import Ask, Outcome, RefundMethod, Verdict
from kiosk.domain.reasons import Why

ALLOW = {"rule": "allow", "id": "yes"}
BOTH = {"rule": "refund_method", "id": "m", "methods": ["original", "store_credit"]}
CREDIT_ONLY = {"rule": "refund_method", "id": "c", "methods": "store_credit"}


def chose(method: str) -> dict[str, Any]:
    return {"of_return": {"resolution": method}}


def test_without_a_rule_it_is_what_was_chosen_or_how_it_was_paid(situation: Any) -> None:
    assert situation.verdict(ALLOW).method is RefundMethod.ORIGINAL
    assert situation.verdict(ALLOW, **chose("exchange")).method is RefundMethod.EXCHANGE


def test_a_line_may_have_its_own(situation: Any) -> None:
    verdict = situation.verdict(ALLOW, line={"resolution": "store_credit"}, **chose("exchange"))
    assert verdict.method is RefundMethod.STORE_CREDIT


def test_a_method_nobody_knows_goes_to_staff(situation: Any) -> None:
    verdict = situation.verdict(ALLOW, **chose("shells"))
    assert (verdict.outcome, verdict.reason.why) == (Outcome.STAFF, Why.VALUE_UNKNOWN)
    assert verdict.reason.values == {"name": "resolution", "is": "shells"}
    assert verdict.withheld.minor == 4999


def test_what_was_chosen_before_is_not_asked_again(situation: Any) -> None:
    assert situation.verdict(ALLOW, BOTH, **chose("store_credit")).method.value == "store_credit"


def test_the_shopper_who_did_not_choose_is_asked(situation: Any) -> None:
    for chosen in ("", "exchange", "shells"):
        ask = situation.judge(ALLOW, BOTH, **chose(chosen))
        assert isinstance(ask, Ask)
        assert ask.question.question_id == "refund_method"
        assert ask.question.answers == ("original", "store_credit")
        assert ask.question.of_the_return
        assert ask.rule_id == "m"


def test_but_not_where_nothing_is_refunded(situation: Any) -> None:
    assert situation.verdict(ALLOW, BOTH, {"rule": "staff"}).outcome is Outcome.STAFF
    assert situation.verdict(BOTH).reason.why is Why.NO_RULES


def test_the_answer_counts_for_all_lines(situation: Any) -> None:
    lines = situation.together({"answers": {"refund_method": "store_credit"}}, {})
    verdicts = situation.verdicts([ALLOW, BOTH], lines)
    assert [verdict.method.value for verdict in verdicts] == ["store_credit"] * 2


def test_of_two_answers_the_first_lines_counts_for_all(situation: Any) -> None:
    """What cannot happen on a screen is at least the same everywhere."""
    lines = situation.together(
        {"answers": {"refund_method": "store_credit"}}, {"answers": {"refund_method": "original"}}
    )
    for order in (lines, lines[::-1]):
        verdicts = situation.verdicts([ALLOW, BOTH], order)
        assert [verdict.method.value for verdict in verdicts] == ["store_credit"] * 2


def test_an_answer_that_was_not_offered_goes_to_staff(situation: Any) -> None:
    verdict = situation.verdict(ALLOW, BOTH, answers={"refund_method": "exchange"})
    assert verdict.reason.why is Why.VALUE_UNKNOWN


def test_a_single_method_needs_no_choice_and_counts_as_chosen(situation: Any) -> None:
    fee = {"rule": "fee", "id": "f", "per": "line", "amount": 100, "currency": "EUR"}
    unless_credit = {**fee, "unless": {"resolution": "store_credit"}}
    assert situation.verdict(ALLOW, unless_credit).fee.minor == 100
    verdict = situation.verdict(ALLOW, unless_credit, CREDIT_ONLY)
    assert (verdict.method, verdict.fee.minor) == (RefundMethod.STORE_CREDIT, 0)


def test_the_first_rule_by_priority_counts(situation: Any) -> None:
    verdict = situation.verdict(ALLOW, BOTH, {**CREDIT_ONLY, "priority": 1})
    assert verdict.method is RefundMethod.STORE_CREDIT


def test_choosing_may_lead_to_a_question(situation: Any) -> None:
    """Credit is given for unopened goods only: whoever must take credit is asked."""
    box = {"rule": "packaging", "id": "b", "when": {"resolution": "store_credit"}}
    ask = situation.judge(ALLOW, CREDIT_ONLY, box)
    assert isinstance(ask, Ask)
    assert ask.question.question_id == "packaging"
    done = situation.judge(ALLOW, CREDIT_ONLY, box, answers={"packaging": "original"})
    assert isinstance(done, Verdict)


def test_choosing_may_take_the_choice_away(situation: Any) -> None:
    """Rules that contradict themselves end with a person, not in a circle."""
    swap = {
        "rule": "refund_method",
        "id": "x",
        "methods": "exchange",
        "priority": 2,
        "when": {"resolution": "store_credit"},
    }
    verdict = situation.verdict(ALLOW, CREDIT_ONLY, swap)
    assert (verdict.outcome, verdict.reason.why) == (Outcome.STAFF, Why.VALUE_UNKNOWN)


def test_what_stays_with_the_shopper_is_refunded_by_a_method_too(situation: Any) -> None:
    keep = {"rule": "returnless", "id": "k", "below": 9000, "currency": "EUR"}
    assert situation.verdict(keep, CREDIT_ONLY).method is RefundMethod.STORE_CREDIT


def test_every_line_is_asked_for_itself_until_one_answers(situation: Any) -> None:
    lines = situation.together({}, {})
    asked = evaluate_return(situation.policy(ALLOW, BOTH), lines)
    assert all(isinstance(ask, Ask) for ask in asked)
