"""Where each number of a specification begins and ends: the ends are good, one beyond is not."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from kiosk.domain.policy.rules import problems
from kiosk.domain.policy.spelling import DIMENSIONS

MONEY = 10**12
EUR = {"currency": "EUR"}
BOUNDS: list[tuple[dict[str, Any], str, int, int]] = [
    ({"rule": "allow"}, "priority", -1_000_000, 1_000_000),
    ({"rule": "age_restricted"}, "from_age", 1, 99),
    ({"rule": "bin_space"}, "below", 1, 100),
    ({"rule": "bundle_age"}, "hours", 0, 8_784),
    ({"rule": "discount"}, "above", 0, 10_000),
    ({"rule": "evidence", "evidence": "photo"}, "photos", 1, 4),
    ({"rule": "items"}, "at_least", 0, 1_000_000),
    ({"rule": "items"}, "at_most", 0, 1_000_000),
    ({"rule": "oversize"}, "longest_mm", 1, 100_000),
    ({"rule": "oversize"}, "weight_g", 1, 10_000_000),
    ({"rule": "quantity"}, "at_most", 0, 1_000_000),
    ({"rule": "returnless", **EUR}, "below", 1, MONEY),
    ({"rule": "serial_limit", "returns": 1}, "days", 1, 3_660),
    ({"rule": "serial_limit", "days": 1}, "returns", 0, 1_000_000),
    ({"rule": "serial_limit", "days": 1}, "units", 0, 1_000_000),
    ({"rule": "serial_limit", "days": 1, **EUR}, "value", 0, MONEY),
    ({"rule": "value", **EUR}, "limit", 0, MONEY),
    ({"rule": "weight", "grams": 1}, "basis_points", 0, 10_000),
    ({"rule": "weight"}, "grams", 0, 10_000_000),
    ({"rule": "window"}, "days", 0, 36_500),
    ({"rule": "window"}, "months", 1, 1_200),
    ({"rule": "fee", "per": "line", **EUR}, "amount", 0, MONEY),
    ({"rule": "fee", "per": "percent"}, "basis_points", 0, 10_000),
    ({"rule": "fee", "per": "line", "amount": 1, **EUR}, "at_least", 0, MONEY),
    ({"rule": "fee", "per": "line", "amount": 1, **EUR}, "at_most", 0, MONEY),
]


@pytest.mark.parametrize(
    ("spec", "key", "low", "high"), BOUNDS, ids=[f"{s['rule']} {k}" for s, k, _, _ in BOUNDS]
)
def test_both_ends_are_good_and_one_beyond_is_not(
    spec: dict[str, Any], key: str, low: int, high: int
) -> None:
    for good in (low, high):
        assert problems({"id": "r", **spec, key: good}) == []
    for bad in (low - 1, high + 1):
        said = problems({"id": "r", **spec, key: bad})
        assert f"{key}: must be a whole number from {low} to {high}" in said


def _window(seasons: int) -> dict[str, Any]:
    season = {"from": "11-01", "to": "12-24", "until": "01-31"}
    return {"rule": "window", "id": "r", "days": 1, "extend": [season] * seasons}


def _deep(levels: int) -> dict[str, Any]:
    condition: dict[str, Any] = {"category": "shoes"}
    for _ in range(levels):
        condition = {"not": condition}
    return {"rule": "allow", "id": "r", "when": condition}


def _within(levels: int, key: str) -> dict[str, Any]:
    condition: dict[str, Any] = {"category": "shoes"}
    for _ in range(levels):
        condition = {key: [condition]}
    return {"rule": "allow", "id": "r", "when": condition}


def _any(alternatives: int) -> dict[str, Any]:
    return {"rule": "allow", "id": "r", "when": {"any": [{"category": "shoes"}] * alternatives}}


def _tags(count: int) -> dict[str, Any]:
    return {"rule": "final_sale", "id": "r", "tags": [f"t{n}" for n in range(count)]}


def _name(length: int) -> dict[str, Any]:
    return {"rule": "allow", "id": "r" * length}


def _number(highest: int) -> dict[str, Any]:
    return {"rule": "allow", "id": "r", "when": {"units": {"max": highest}}}


def _comparisons(count: int) -> dict[str, Any]:
    """As many as that, over twenty alternatives."""
    shares = [count // 20 + (place < count % 20) for place in range(20)]
    alternatives = [{"unknown": list(DIMENSIONS[:share])} for share in shares]
    return {"rule": "allow", "id": "r", "when": {"any": alternatives}}


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (_window, 50),
        (_deep, 4),
        (partial(_within, key="any"), 4),
        (partial(_within, key="all"), 4),
        (_any, 20),
        (_comparisons, 500),
        (_tags, 10_000),
        (_name, 200),
        (_number, 10**9),
    ],
)
def test_the_most_is_good_and_one_more_is_not(make: Any, most: int) -> None:
    assert problems(make(most)) == []
    assert problems(make(most + 1))


def test_too_many_comparisons_are_told_once_for_the_whole_condition() -> None:
    spec = _comparisons(501)
    [problem] = problems({**spec, "when": {"all": [spec["when"]]}})
    assert problem == "when.any: and all that it holds make more than 500 comparisons"


@pytest.mark.parametrize("end", ["min", "max"])
def test_no_number_and_no_amount_of_a_range_is_below_nothing(end: str) -> None:
    for when, most in (({"units": {end: -1}}, 10**9), ({"value": {end: -1, **EUR}}, MONEY)):
        [key] = when
        said = problems({"rule": "allow", "id": "r", "when": when})
        assert f"when.{key}.{end}: must be a whole number from 0 to {most}" in said


def test_everything_may_be_unknown() -> None:
    when = {"unknown": list(DIMENSIONS)}
    assert problems({"rule": "staff", "id": "r", "when": when}) == []


def test_a_season_may_be_a_single_day() -> None:
    season = {"from": "2025-12-24", "to": "2025-12-24", "until": "2025-12-24"}
    assert problems({"rule": "window", "id": "r", "days": 1, "extend": [season]}) == []


def test_equal_ends_are_no_crossed_ends() -> None:
    fee = {"rule": "fee", "id": "r", "per": "line", "amount": 1, **EUR}
    assert problems({**fee, "at_least": 5, "at_most": 5}) == []
    assert problems({"rule": "items", "id": "r", "at_least": 5, "at_most": 5}) == []
