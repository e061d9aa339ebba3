"""The random cases of the properties, and those by which kiosk and centre agree, are no monotony:
every kind of rule is heard and decides, and no outcome drowns the others."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.policy.rules import RULES
from kiosk.domain.reasons import Why
from tests.domain.policy import spread
from tests.domain.policy.random_policies import closing
from tests.domain.policy.spread import Spread

CASES = 800
OUTCOMES = {"accept", "accept_with_fee", "returnless", "review", "staff", "refuse", "ask"}


@pytest.fixture(scope="module", params=["properties", "agreement"])
def found(request: Any, situation: Any) -> Spread:
    made = spread.of_properties if request.param == "properties" else spread.of_agreement
    counted: Spread = made(situation, CASES)
    return counted


def test_every_kind_of_rule_is_there_is_heard_and_decides(found: Spread) -> None:
    every = {*RULES, "unknown"}
    assert set(found.given) >= every
    assert {kind for kind in every if found.heard[kind] < 3} == set()
    assert {kind for kind in every if not found.decided[kind]} == set()


def test_every_outcome_occurs_and_none_drowns_the_others(found: Spread) -> None:
    shares = {name: count / found.judged for name, count in found.outcomes.items()}
    assert set(shares) == OUTCOMES
    assert max(shares.values()) < 0.5
    assert shares["accept"] + shares["accept_with_fee"] > 0.1
    assert min(shares.values()) > 0.004


def test_a_policy_with_a_window_that_closes_often_finds_it_closed(situation: Any) -> None:
    found = spread.of_properties(situation, 300, closing)
    assert found.reasons[Why.WINDOW_CLOSED.value] > found.judged / 3
