"""What a policy writer is told: every mistake by its path, every good specification in silence."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.policy.evaluate import evaluate
from kiosk.domain.policy.frame import FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome, Policy, Question, Verdict
from kiosk.domain.policy.rules import KINDS, RULES, build, problems
from kiosk.domain.reasons import Why

WINDOW: dict[str, Any] = {"rule": "window", "id": "w", "days": 30}
FEE: dict[str, Any] = {"rule": "fee", "id": "f", "per": "line", "amount": 1, "currency": "EUR"}
ASK: dict[str, Any] = {"rule": "condition", "id": "c", "question": "q", "accept": ["a", "b"]}


def deep(levels: int) -> dict[str, Any]:
    """A condition inside so many others."""
    return {"not": deep(levels - 1)} if levels else {"sku": "x"}


def test_no_two_rules_share_a_tag() -> None:
    assert len(RULES) == len(KINDS)
    assert "unknown" not in RULES


def test_a_good_specification_has_no_problems() -> None:
    spec = {
        **WINDOW,
        "priority": -3,
        "from": "date",
        "date": "2025-12-31",
        "when": {"category": ["a", "b"], "value": {"min": 1, "max": 2, "currency": "EUR"}},
        "unless": {"any": [{"sku": "x"}, {"channel": "web", "country": "DE"}]},
    }
    assert problems(spec) == []
    rule = build(spec)
    assert (rule.tag, rule.rule_id, rule.priority) == ("window", "w", -3)


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ({}, "rule"),
        ({"rule": "window", "days": 30}, "id"),
        ({**WINDOW, "id": ""}, "id"),
        ({**WINDOW, "id": 7}, "id"),
        ({**WINDOW, "rule": "teleport"}, "rule"),
        ({**WINDOW, "rule": ["window"]}, "rule"),
        ({**WINDOW, "days": -1}, "days"),
        ({**WINDOW, "days": "30"}, "days"),
        ({**WINDOW, "days": True}, "days"),
        ({**WINDOW, "days": 30.0}, "days"),
        ({**WINDOW, "days": None}, "days"),
        ({**WINDOW, "from": "birth"}, "from"),
        ({**WINDOW, "from": "date"}, "date"),
        ({**WINDOW, "from": "date", "date": "31.12.2025"}, "date"),
        ({**WINDOW, "from": "date", "date": "2025-02-30"}, "date"),
        ({**WINDOW, "from": "order", "undelivered": "accept"}, "undelivered"),
        ({**WINDOW, "date": "2025-12-31"}, "date"),
        ({**WINDOW, "colour": "red"}, "colour"),
        ({**WINDOW, "priority": "high"}, "priority"),
        ({**WINDOW, "when": "shoes"}, "when"),
        ({**WINDOW, "when": {}}, "when"),
        ({**WINDOW, "when": {"colour": "red"}}, "when.colour"),
        ({**WINDOW, "when": {"category": []}}, "when.category"),
        ({**WINDOW, "when": {"category": ["a", 1]}}, "when.category"),
        ({**WINDOW, "when": {"category": ["a", "a"]}}, "when.category"),
        ({**WINDOW, "when": {"offline": "yes"}}, "when.offline"),
        ({**WINDOW, "when": {"value": {"min": 5, "max": 4, "currency": "EUR"}}}, "when.value.min"),
        ({**WINDOW, "when": {"value": {"min": 5}}}, "when.value.currency"),
        ({**WINDOW, "when": {"value": 5}}, "when.value"),
        ({**WINDOW, "when": {"any": []}}, "when.any"),
        ({**WINDOW, "when": {"any": ["shoes"]}}, "when.any"),
        ({**WINDOW, "when": {"any": [{"colour": "red"}]}}, "when.any[0].colour"),
        ({**WINDOW, "when": deep(5)}, "when.not.not.not.not.not"),
        ({**WINDOW, "unless": {"tag": 3}}, "unless.tag"),
        ({**FEE, "per": "visit"}, "per"),
        ({**FEE, "amount": -1}, "amount"),
        ({**FEE, "currency": "Euro"}, "currency"),
        ({**FEE, "basis_points": 5}, "basis_points"),
        ({"rule": "fee", "id": "f", "per": "percent", "basis_points": 10_001}, "basis_points"),
        ({**FEE, "per": "percent", "basis_points": 5}, "amount"),
        ({**ASK, "accept": ["a"]}, "question"),
        ({**ASK, "refuse": ["c", "d", "e"]}, "question"),
        ({**ASK, "refuse": ["a"]}, "question"),
        ({"rule": "returnless", "id": "r"}, "below"),
        ({"rule": "returnless", "id": "r", "below": 5}, "currency"),
        ({"rule": "returnless", "id": "r", "below": 0, "currency": "EUR"}, "below"),
        ({"rule": "value", "id": "v", "limit": 5, "currency": "EUR", "then": "refuse"}, "then"),
        ({"rule": "hazmat", "id": "h", "classes": []}, "classes"),
        ({"rule": "quantity", "id": "q", "at_most": -1}, "at_most"),
        ({"rule": "allow", "id": "a", "days": 3}, "days"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mistake_is_named_by_its_path_and_fails_closed(
    spec: dict[str, Any], path: str, situation: Any
) -> None:
    found = problems(spec)
    assert path in [problem.partition(": ")[0] for problem in found]
    facts = situation.facts()
    rule = build(spec)
    assert rule.tag == "unknown"
    verdict = evaluate(Policy(1, "M", (rule, build({"rule": "allow", "id": "a"}))), facts)
    assert isinstance(verdict, Verdict)
    assert (verdict.outcome, verdict.reason.why) == (Outcome.STAFF, Why.RULE_UNKNOWN)


def test_a_rule_whose_own_condition_is_unreadable_stands_everywhere(situation: Any) -> None:
    rule = build({**WINDOW, "when": {"category": "coats", "moon": "full"}})
    said = rule.judge(situation.facts())
    assert isinstance(said, Finding)
    assert said.outcome is Outcome.STAFF


class Stumbling:
    """A rule with a mistake in its program."""

    tag = "stumbling"
    rule_id = "stumbling"
    priority = 0

    def judge(self, facts: Facts) -> Finding | Question | None:
        raise KeyError(facts.line.sku)


def test_a_rule_that_stumbles_refers_to_a_person(situation: Any) -> None:
    allow = build({"rule": "allow", "id": "a"})
    verdict = evaluate(Policy(1, "M", (Stumbling(), allow)), situation.facts())
    assert isinstance(verdict, Verdict)
    assert verdict.outcome is Outcome.STAFF
    assert verdict.reason.values == {"rule": "stumbling"}


def test_every_rule_explains_its_parameters() -> None:
    for kind in KINDS:
        assert issubclass(kind, FramedRule)
        assert kind.__doc__
        assert not kind.__doc__.startswith(f"{kind.__name__}(")
