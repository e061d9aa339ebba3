"""The published JSON Schema: made of what the rules read, and never behind them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.domain.policy.file import parameters, schema
from kiosk.domain.policy.rules import RULES, problems
from kiosk.domain.policy.spelling import DIMENSIONS

PUBLISHED = Path(__file__).resolve().parents[4] / "assets" / "schemas" / "policy.schema.json"


def test_the_published_schema_is_up_to_date():
    """python -m kiosk.domain.policy.file.schema > assets/schemas/policy.schema.json"""
    assert PUBLISHED.read_text("utf-8") == schema.text()


def test_every_rule_and_every_dimension_stands_in_it():
    whole = json.loads(schema.text())["$defs"]
    assert {f"rule-{tag}" for tag in RULES} <= whole.keys()
    assert set(DIMENSIONS) <= whole["condition"]["properties"].keys()


@pytest.mark.parametrize("tag", sorted(RULES))
def test_what_it_lets_pass_the_rule_reads_and_nothing_else(tag):
    """A parameter of the schema is never unknown to its rule, and any other is."""
    known = schema.schema()["$defs"][f"rule-{tag}"]["properties"]
    for name in parameters.of(tag):
        assert name in known
        assert f"{name}: is not known here" not in _met(tag, name)
    assert "nonsense: is not known here" in problems({"rule": tag, "id": "x", "nonsense": 1})


def _met(tag, name):
    """What is always said of a parameter, whatever else the rule says."""
    others = [{}, {"per": "return"}, {"per": "line"}, {"then": "fee"}, {"from": "date"}]
    others += [{"then": "fee", "per": "return"}, {"below": 1}, {"value": 1}, {"months": 1}]
    found = [problems({"rule": tag, "id": "x", name: 1, **other}) for other in others]
    return set.intersection(*(set(one) for one in found))


@pytest.mark.parametrize("tag", sorted(RULES))
def test_what_it_needs_is_needed(tag):
    needed = schema.schema()["$defs"][f"rule-{tag}"]["required"]
    missing = problems({"rule": tag, "id": "x"})
    for name in needed:
        assert name in ("rule", "id") or any(one.startswith(f"{name}: ") for one in missing)
