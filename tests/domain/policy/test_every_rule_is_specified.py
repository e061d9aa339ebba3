"""Every rule by a specification that reads well, and what is wrong with those that do not."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.policy.rules import RULES, build, problems

EUR = {"currency": "EUR"}
GOOD: list[dict[str, Any]] = [
    {"rule": "age_restricted", "from_age": 16, "then": "refuse"},
    {"rule": "allow"},
    {"rule": "allow_list", "rules": ["window-30"], "when": {"segment": "vip"}},
    {"rule": "bin_space", "below": 10, "then": "refuse"},
    {"rule": "bonus", "per": "return", "amount": 1000, **EUR, "method": "exchange"},
    {"rule": "bundle_age", "hours": 24, "then": "review"},
    {"rule": "channel", "only": ["web", "app"]},
    {"rule": "condition", "question": "condition", "accept": "unused", "refuse": "used"},
    {"rule": "country", "only": ["DE", "AT"], "never": "CH", "then": "staff"},
    {"rule": "destination", "to": "hub-2"},
    {"rule": "discount", "above": 5000, "then": "review"},
    {"rule": "evidence", "evidence": "serial", "then": "review"},
    {"rule": "fee", "per": "return", "amount": 100, "basis_points": 50, **EUR, "at_most": 500},
    {"rule": "final_sale", "tags": ["clearance"]},
    {"rule": "hazmat", "classes": ["lithium"]},
    {"rule": "hygiene", "tags": ["swimwear"], "ask": True, "then": "staff"},
    {"rule": "items", "at_most": 5, "at_least": 2},
    {"rule": "method", "only": ["kiosk", "counter"]},
    {"rule": "oversize", "longest_mm": 600, "weight_g": 20_000},
    {"rule": "packaging", "other": True, "then": "refuse"},
    {"rule": "quantity", "at_most": 3},
    {"rule": "reason", "never": ["changed_mind"]},
    {"rule": "refund_method", "methods": ["original", "store_credit"]},
    {"rule": "refuse", "when": {"vendor": "acme"}},
    {"rule": "returnless", "below": 500, **EUR},
    {"rule": "review"},
    {"rule": "segment", "never": "blocked"},
    {"rule": "serial_limit", "days": 90, "returns": 5, "units": 20, "value": 100_000, **EUR},
    {"rule": "staff"},
    {"rule": "value", "limit": 100, **EUR, "per": "order"},
    {"rule": "weight", "grams": 50, "basis_points": 1000},
    {"rule": "whole", "of": "order", "then": "staff"},
    {
        "rule": "window",
        "months": 24,
        "from": "purchase",
        "extend": [{"from": "11-01", "to": "12-24", "until": "01-31"}],
        "weekend": ["saturday", "sunday"],
        "holidays": ["12-25", "2026-04-03"],
        "latest": "2027-12-31",
        "instead": ["post", "keep"],
    },
    {"rule": "zone", "only": "dach"},
]


def test_there_is_one_for_every_rule() -> None:
    assert {spec["rule"] for spec in GOOD} == set(RULES)


@pytest.mark.parametrize("spec", GOOD, ids=lambda spec: spec["rule"])
def test_it_reads_well(spec: dict[str, Any]) -> None:
    named = {"id": "it", "priority": 3, **spec}
    assert problems(named) == []
    rule = build(named)
    assert (rule.tag, rule.rule_id, rule.priority) == (spec["rule"], "it", 3)


@pytest.mark.parametrize("spec", GOOD, ids=lambda spec: spec["rule"])
def test_a_parameter_that_it_does_not_know_is_a_mistake(spec: dict[str, Any]) -> None:
    assert problems({"id": "it", **spec, "colour": "red"}) == ["colour: is not known here"]


WINDOW: dict[str, Any] = {"rule": "window", "days": 30}
SEASON = {"from": "2025-11-01", "to": "2025-12-24", "until": "2026-01-31"}
FEE: dict[str, Any] = {"rule": "fee", "per": "return"}
LIMIT: dict[str, Any] = {"rule": "serial_limit", "days": 30}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({**WINDOW, "when": {"today": {"from": "2025-01-01"}}}, "when.today"),
    ({**WINDOW, "unless": {"not": {"hour": {"min": 3}}}}, "unless.hour"),
    ({**WINDOW, "when": {"unknown": "policy_age"}}, "when.policy_age"),
    ({**WINDOW, "when": {"offline": True}}, "when.offline"),
    ({**WINDOW, "months": 3}, "days"),
    ({"rule": "window", "months": 0}, "months"),
    ({**WINDOW, "extend": [{**SEASON, "until": "01-31"}]}, "extend[0].from"),
    ({**WINDOW, "extend": [{**SEASON, "from": "2025-13-01"}]}, "extend[0].from"),
    ({**WINDOW, "extend": [{**SEASON, "to": "2025-10-01"}]}, "extend[0].from"),
    ({**WINDOW, "extend": [{"from": "11-01", "to": "12-24"}]}, "extend[0].until"),
    ({**WINDOW, "weekend": "freitag"}, "weekend"),
    (
        {
            **WINDOW,
            "weekend": [
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
            ],
        },
        "weekend",
    ),
    ({**WINDOW, "holidays": ["25-12"]}, "holidays"),
    ({**WINDOW, "holidays": ["25.12.2025"]}, "holidays"),
    ({**WINDOW, "latest": "31-12-2025"}, "latest"),
    ({**WINDOW, "undelivered": "refuse", "from": "order"}, "undelivered"),
    ({**WINDOW, "instead": ["teleport"]}, "instead"),
    ({"rule": "allow", "when": {"weekday": "someday"}}, "when.weekday"),
    ({"rule": "allow", "when": {"part": "half"}}, "when.part"),
    ({"rule": "allow", "when": {"discount": {}}}, "when.discount.min"),
    ({"rule": "allow", "when": {"discount": {"min": 5, "max": 4}}}, "when.discount.min"),
    ({"rule": "allow", "when": {"ordered": {}}}, "when.ordered.from"),
    ({"rule": "allow", "when": {"ordered": {"from": "soon"}}}, "when.ordered.from"),
    (
        {"rule": "allow", "when": {"ordered": {"from": "2025-02-01", "to": "2025-01-01"}}},
        "when.ordered.from",
    ),
    ({"rule": "allow", "when": {"order_value": {"min": 5}}}, "when.order_value.currency"),
    ({"rule": "allow", "when": {"answer": {}}}, "when.answer"),
    ({"rule": "allow", "when": {"answer": {"worn": []}}}, "when.answer.worn"),
    ({"rule": "allow", "when": {"answer": {"": ["yes"]}}}, "when.answer."),
    ({"rule": "allow", "when": {"unknown": ["weather"]}}, "when.unknown"),
    ({"rule": "allow", "when": {"not": {}}}, "when.not"),
    ({"rule": "allow", "when": {"not": {"weather": "fine"}}}, "when.not.weather"),
    ({"rule": "allow", "when": {"all": [{"sku": "x"}, {"colour": "x"}]}}, "when.all[1].colour"),
    ({"rule": "allow_list", "when": {"sku": "x"}}, "rules"),
    ({"rule": "allow_list", "rules": ["x"]}, "when"),
    ({"rule": "allow_list", "rules": ["x"], "when": {"hour": {"min": 8}}}, "when.hour"),
    ({"rule": "refuse"}, "when"),
    ({"rule": "country"}, "only"),
    ({"rule": "country", "only": "DE", "never": ["DE"]}, "never"),
    ({"rule": "items"}, "at_most"),
    ({"rule": "items", "at_least": 3, "at_most": 2}, "at_least"),
    ({"rule": "refund_method"}, "methods"),
    ({"rule": "refund_method", "methods": ["cash"]}, "methods"),
    (FEE, "amount"),
    ({**FEE, "amount": 5}, "currency"),
    ({**FEE, "basis_points": 5, "at_most": 100}, "currency"),
    ({**FEE, "amount": 5, **EUR, "at_least": 9, "at_most": 8}, "at_least"),
    (LIMIT, "returns"),
    ({**LIMIT, "value": 5}, "currency"),
    ({**LIMIT, "returns": 5, "then": "fee"}, "per"),
    ({**LIMIT, "returns": 5, "per": "line", "amount": 3, **EUR}, "per"),
    ({"rule": "bonus", "per": "line", "amount": 5, **EUR, "method": "cash"}, "method"),
    ({"rule": "value", "limit": 5, **EUR, "per": "visit"}, "per"),
]


@pytest.mark.parametrize(("spec", "path"), WRONG, ids=[path for _, path in WRONG])
def test_a_mistake_is_named_by_its_path_and_fails_closed(spec: dict[str, Any], path: str) -> None:
    named = {"id": "it", **spec}
    assert path in [problem.partition(": ")[0] for problem in problems(named)]
    assert build(named).tag == "unknown"


def test_a_condition_of_very_many_comparisons_is_too_much() -> None:
    tens = [{"sku": f"s{n}"} for n in range(20)]
    wide = {"any": [{"any": tens}] * 20}
    assert problems({"rule": "allow", "id": "a", "when": wide}) == []
    twice = {"all": [wide, wide]}
    found = problems({"rule": "allow", "id": "a", "when": twice})
    assert [one.partition(": ")[0] for one in found] == ["when.any"]
