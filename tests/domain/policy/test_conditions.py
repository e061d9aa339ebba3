"""Where a rule applies: every dimension, and, or, not, and what nobody knows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kiosk.domain.money import Money
from kiosk.domain.policy import spelling
from kiosk.domain.policy.dimensions import AMOUNTS, DAYS, FLAGS, NUMBERS, WORDS, known
from kiosk.domain.policy.model import Facts
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.whole import prepare
from kiosk.domain.returns import PastReturn

FULL: dict[str, Any] = {
    "line": {
        "category": "shoes",
        "type": "sneaker",
        "vendor": "acme",
        "tags": ("blue", "new"),
        "sku": "S-1",
        "hazard": "lithium",
        "reason": "too_small",
        "discount": 2500,
        "weight_g": 700,
        "longest_mm": 340,
        "age": 18,
        "hygiene": True,
        "final_sale": True,
    },
    "of_return": {
        "country": "DE",
        "zone": "dach",
        "channel": "web",
        "customer": "c-1",
        "segments": ("vip", "newsletter"),
        "fulfilled_on": "2025-02-27",
        "order_value": Money(9998, "EUR"),
        "order_units": 3,
        "resolution": "exchange",
    },
    "at": {
        "site": "K1",
        "site_country": "AT",
        "policy_age_hours": 5,
        "bin_free_percent": 40,
    },
    "measured_g": 705,
    "brought": 2,
    "answers": {"worn": "no"},
    "history": (
        PastReturn("R-0", date(2025, 1, 1), 1, Money(100, "EUR")),
        PastReturn("R-1", date(2025, 3, 1), 1, Money(100, "EUR")),
    ),
}
EMPTY: dict[str, Any] = {
    "line": {"category": "", "sku": "", "quantity": 1},
    "of_return": {"country": "", "delivered_on": None},
    "at": {"method": ""},
}


def truth(situation: Any, spec: dict[str, Any], given: dict[str, Any]) -> bool | None:
    reader = Reader(spec)
    condition = spelling.read(reader)
    reader.finish()
    assert reader.problems == []
    return condition.truth(ready(situation, given))


def ready(situation: Any, given: dict[str, Any]) -> Facts:
    return prepare((situation.facts(**given),))[0]


HOLDS: list[dict[str, Any]] = [
    {"category": "shoes"},
    {"type": ["sneaker", "boot"]},
    {"vendor": "acme"},
    {"tag": ["blue", "red"]},
    {"sku": "S-1"},
    {"hazard": "lithium"},
    {"reason": "too_small"},
    {"country": ["DE"]},
    {"zone": "dach"},
    {"channel": "web"},
    {"customer": ["c-1", "c-2"]},
    {"segment": "vip"},
    {"resolution": "exchange"},
    {"method": "kiosk"},
    {"site": "K1"},
    {"site_country": "AT"},
    {"part": "partial"},
    {"weekday": "monday"},
    {"discount": {"min": 2500, "max": 2500}},
    {"weight": {"max": 700}},
    {"longest": {"min": 340}},
    {"measured": {"min": 700, "max": 710}},
    {"units": {"min": 2}},
    {"return_units": {"max": 2}},
    {"return_lines": {"min": 1, "max": 1}},
    {"order_units": {"min": 3}},
    {"past_returns": {"min": 1, "max": 1}},
    {"policy_age": {"max": 5}},
    {"bin_space": {"min": 40}},
    {"hour": {"min": 13, "max": 13}},
    {"value": {"min": 4999, "max": 4999, "currency": "EUR"}},
    {"line_value": {"min": 9998, "currency": "EUR"}},
    {"return_value": {"max": 9998, "currency": "EUR"}},
    {"order_value": {"min": 9998, "max": 9998, "currency": "EUR"}},
    {"ordered": {"from": "2025-02-20", "to": "2025-02-20"}},
    {"fulfilled": {"to": "2025-02-27"}},
    {"delivered": {"from": "2025-03-01"}},
    {"today": {"from": "2025-03-10", "to": "2025-03-10"}},
    {"offline": False},
    {"final_sale": True},
    {"hygiene": True},
    {"age_restricted": True},
    {"staffed": True},
    {"answer": {"worn": ["no", "a_little"]}},
]
FAILS: list[dict[str, Any]] = [
    {"category": "coats"},
    {"tag": "red"},
    {"segment": "staff"},
    {"part": "full"},
    {"weekday": ["tuesday", "sunday"]},
    {"discount": {"max": 2499}},
    {"weight": {"min": 701}},
    {"hour": {"max": 12}},
    {"value": {"max": 4998, "currency": "EUR"}},
    {"order_value": {"min": 9999, "currency": "EUR"}},
    {"ordered": {"to": "2025-02-19"}},
    {"today": {"from": "2025-03-11"}},
    {"offline": True},
    {"staffed": False},
    {"answer": {"worn": "yes"}},
]


@pytest.mark.parametrize("spec", HOLDS, ids=str)
def test_it_holds_and_its_not_fails(situation: Any, spec: dict[str, Any]) -> None:
    assert truth(situation, spec, FULL) is True
    assert truth(situation, {"not": spec}, FULL) is False


@pytest.mark.parametrize("spec", FAILS, ids=str)
def test_it_fails_and_its_not_holds(situation: Any, spec: dict[str, Any]) -> None:
    assert truth(situation, spec, FULL) is False
    assert truth(situation, {"not": spec}, FULL) is True


def test_every_dimension_is_tried() -> None:
    tried = {key for spec in HOLDS for key in spec}
    assert tried == {*WORDS, *NUMBERS, *AMOUNTS, *DAYS, *FLAGS, "answer"}


IN_DOUBT: list[dict[str, Any]] = [
    {"resolution": "exchange"},
    {"weight": {"max": 700}},
    {"longest": {"max": 700}},
    {"measured": {"min": 0}},
    {"order_units": {"min": 0}},
    {"policy_age": {"min": 0}},
    {"bin_space": {"min": 0}},
    {"order_value": {"min": 0, "currency": "EUR"}},
    {"value": {"min": 0, "currency": "USD"}},
    {"fulfilled": {"from": "2000-01-01"}},
    {"delivered": {"from": "2000-01-01"}},
    {"answer": {"worn": "no"}},
]


@pytest.mark.parametrize("spec", IN_DOUBT, ids=str)
def test_what_nobody_knows_neither_holds_nor_fails(situation: Any, spec: dict[str, Any]) -> None:
    assert truth(situation, spec, EMPTY) is None
    assert truth(situation, {"not": spec}, EMPTY) is None
    assert truth(situation, {"any": [spec, {"method": "x"}]}, EMPTY) is None
    assert truth(situation, {"all": [spec, {"staffed": True}]}, EMPTY) is None


@pytest.mark.parametrize("spec", IN_DOUBT, ids=str)
def test_doubt_gives_way_to_what_is_certain(situation: Any, spec: dict[str, Any]) -> None:
    assert truth(situation, {"any": [spec, {"staffed": True}]}, EMPTY) is True
    assert truth(situation, {"all": [spec, {"staffed": False}]}, EMPTY) is False


def test_a_rule_in_doubt_does_not_apply_and_a_doubtful_exception_excepts_nothing(
    situation: Any,
) -> None:
    light = {"weight": {"max": 700}}
    granted = {"rule": "allow", "id": "a"}
    assert situation.verdict({**granted, "when": light}).outcome.value == "staff"
    assert situation.verdict({**granted, "unless": light}).outcome.value == "accept"
    refused = {"rule": "refuse", "id": "r", "when": {"category": "shoes"}, "unless": light}
    assert situation.verdict(granted, refused).outcome.value == "refuse"


@pytest.mark.parametrize(
    "dimension", ["weight", "delivered", "order_value", "category", "resolution", "vendor"]
)
def test_a_merchant_can_speak_of_what_nobody_knows(situation: Any, dimension: str) -> None:
    assert truth(situation, {"unknown": dimension}, EMPTY) is True
    assert truth(situation, {"unknown": [dimension, "value"]}, EMPTY) is True
    assert truth(situation, {"unknown": dimension}, FULL) is False
    assert truth(situation, {"not": {"unknown": dimension}}, EMPTY) is False


def test_nobody_asks_for_a_dimension_there_is_not(situation: Any) -> None:
    with pytest.raises(LookupError):
        known(situation.facts(), "weather")


def test_conditions_nest(situation: Any) -> None:
    spec = {
        "all": [
            {"any": [{"category": "coats"}, {"not": {"any": [{"country": "FR"}]}}]},
            {"discount": {"max": 3000}},
        ]
    }
    assert truth(situation, spec, FULL) is True
    french = {**FULL, "of_return": {**FULL["of_return"], "country": "FR"}}
    assert truth(situation, spec, french) is False


def test_the_whole_order_came_back_when_nothing_is_left_of_it(situation: Any) -> None:
    rest = {**FULL, "of_return": {**FULL["of_return"], "order_units": 2}}
    assert truth(situation, {"part": "full"}, rest) is True
    unknown = {**FULL, "of_return": {**FULL["of_return"], "order_units": 0}}
    assert truth(situation, {"part": "full"}, unknown) is True  # two of two authorised
    assert truth(situation, {"part": "partial"}, {**unknown, "brought": 1}) is True
    assert truth(situation, {"part": "full"}, {**unknown, "brought": 1, "dropped": 1}) is True


def test_an_old_policy_counts_as_offline(situation: Any) -> None:
    assert truth(situation, {"offline": True}, {"stale": True}) is True


def test_sums_over_several_currencies_are_not_comparable(situation: Any) -> None:
    lines = situation.together({}, {"line": {"currency": "USD"}})
    reader = Reader({"return_value": {"min": 0, "currency": "EUR"}})
    assert spelling.read(reader).truth(prepare(lines)[0]) is None


def test_facts_that_nobody_prepared_stand_for_their_line_alone(situation: Any) -> None:
    facts = situation.facts(brought=1, dropped=1)
    together = facts.together
    assert (together.units, together.units_before, together.units_authorised) == (1, 1, 2)
    assert (together.value, together.value_before, together.currency) == (4999, 4999, "EUR")
    assert together.of_return
    assert situation.facts(brought=0).together.lines == 0


def test_nothing_to_compare_holds_always(situation: Any) -> None:
    empty = spelling.read(Reader({}))
    facts = situation.facts()
    assert (empty.truth(facts), empty.holds(facts)) == (True, True)


def test_what_is_nested_too_deep_is_told_as_that() -> None:
    spec: dict[str, Any] = {"category": "shoes"}
    for _ in range(5):
        spec = {"not": spec}
    reader = Reader(spec)
    spelling.read(reader)
    assert [problem.rpartition(": ")[2] for problem in reader.problems] == ["is more than 4 deep"]
