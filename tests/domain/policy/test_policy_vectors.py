"""Every golden vector of the policy, in every test run in another order of rules."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.policy.evaluate import evaluate
from kiosk.domain.policy.model import Ask, Verdict
from kiosk.domain.policy.rules import RULES, problems

FILE = tomllib.loads((Path(__file__).parents[1] / "vectors" / "policy.toml").read_text())
SPECS: dict[str, dict[str, Any]] = {
    name: {"id": name, **spec} for name, spec in FILE["rules"].items()
}
VECTORS: list[dict[str, Any]] = FILE["vector"]
MEANT_TO_FAIL = {"hologram", "hologram-coats", "window-typo"}


def _said(decision: Verdict | Ask) -> dict[str, Any]:
    """A decision in the vectors' words; amounts of zero and other silence left out."""
    if isinstance(decision, Ask):
        question = decision.question
        return {
            "ask": question.question_id,
            "answers": list(question.answers),
            "rule": decision.rule_id,
        }
    said = {
        "outcome": decision.outcome.value,
        "why": decision.reason.why.value,
        "values": decision.reason.values,
        "refund": decision.refund.minor,
        "fee": decision.fee.minor,
        "withheld": decision.withheld.minor,
        "disposal": decision.disposal.value,
        "provisional": decision.provisional,
        "rules": list(decision.rule_ids),
    }
    return {key: value for key, value in said.items() if value not in ({}, 0, False, "none")}


@pytest.mark.parametrize("vector", VECTORS, ids=[v["name"] for v in VECTORS])
def test_vector(vector: dict[str, Any], situation: Any) -> None:
    names = list(vector["rules"])
    random.shuffle(names)
    facts = situation.facts(
        line=vector.get("line"),
        of_return=vector.get("return"),
        **{
            key: vector[key]
            for key in ("now", "timezone", "brought", "dropped", "answers", "offline", "stale")
            if key in vector
        },
    )
    said = _said(evaluate(situation.policy(*(SPECS[name] for name in names)), facts))
    if "rules" not in vector["expect"]:
        said.pop("rules", None)
    assert said == vector["expect"]


def test_the_vectors_tell_each_story_once() -> None:
    names = [vector["name"] for vector in VECTORS]
    assert len(set(names)) == len(names)
    assert len(names) >= 60


def test_the_vectors_use_every_rule_and_every_entry() -> None:
    used = {name for vector in VECTORS for name in vector["rules"]}
    assert used == set(SPECS)
    assert {SPECS[name]["rule"] for name in used} - {"hologram"} <= set(RULES)


def test_the_vectors_rules_are_as_they_are_meant() -> None:
    assert {name for name, spec in SPECS.items() if problems(spec)} == MEANT_TO_FAIL
