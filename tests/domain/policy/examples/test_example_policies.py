"""The example policies of assets/demo/policies: they read well, and say what their comments say."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.money import Money
from kiosk.domain.policy.model import Ask, EvidenceKind, Verdict
from kiosk.domain.policy.rules import RULES, problems
from kiosk.domain.returns import PastReturn

FOLDER = Path(__file__).parents[4] / "assets" / "demo" / "policies"
SHOPS = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in FOLDER.glob("*.toml")}
SHOWS = {"evidence": frozenset(EvidenceKind)}


def rules(shop: str) -> list[dict[str, Any]]:
    (merchant,) = SHOPS[shop]["merchant"]
    assert merchant["id"] == shop
    return list(merchant["rules"])


def past(returns: int, worth: int, currency: str) -> tuple[PastReturn, ...]:
    day, money = date(2025, 3, 5), Money(worth, currency)
    return tuple(PastReturn(f"R-{n + 2}", day, 1, money) for n in range(returns))


def line(**changes: Any) -> dict[str, Any]:
    return {"line": changes}


ORIGINAL = {"refund_method": "original"}
TWO_YEARS_ON = {"now": "2027-02-28T12:00:00Z"}
CHRISTMAS = {"of_return": {"ordered_on": "2025-12-01", "delivered_on": "2025-12-04"}}

ALDER: list[tuple[dict[str, Any], str]] = [
    (line(category="coats") | {"answers": {}}, "ask refund_method"),
    (line(category="coats"), "accept_with_fee 295"),
    (line() | {"answers": {}}, "ask condition"),
    (line() | {"answers": ORIGINAL | {"condition": "unused"}}, "accept_with_fee 295"),
    (line() | {"answers": ORIGINAL | {"condition": "used"}}, "review 295"),
    (line() | {"answers": {"condition": "damaged"}}, "refuse"),
    (line(reason="faulty"), "accept to workshop"),
    (line(reason="faulty") | TWO_YEARS_ON, "accept to workshop"),
    (line(reason="faulty") | {"now": "2027-03-03T12:00:00Z"}, "refuse"),
    (line(category="coats", reason="not_as_described"), "accept"),
    # 31 March 2025 is a Monday; delivered on 1 March it would end there, on the 30th, a Sunday
    (line(category="coats") | {"now": "2025-03-31T12:00:00Z"}, "accept_with_fee 295"),
    (line(category="coats") | {"now": "2025-04-01T12:00:00Z"}, "refuse"),
    # 31 January 2026 is a Saturday: carried on to Monday
    (line(category="coats") | CHRISTMAS | {"now": "2026-02-02T12:00:00Z"}, "accept_with_fee 295"),
    (line(category="coats") | CHRISTMAS | {"now": "2026-02-03T12:00:00Z"}, "refuse"),
    (line(category="coats", tags=("clearance",)), "refuse"),
    (line(category="coats", discount=5000), "accept_with_fee 295"),
    (line(category="coats", discount=5001), "refuse"),
    (
        line(category="coats", discount=5001) | {"of_return": {"segments": ("member:gold",)}},
        "accept",
    ),
    (line(category="swim", tags=("swimwear",)) | {"answers": {}}, "ask sealed"),
    (line(category="swim", tags=("swimwear",)) | {"answers": {"sealed": "no"}}, "refuse"),
    (line(category="coats") | {"of_return": {"country": "CH"}}, "refuse"),
    (line(category="coats") | {"of_return": {"channel": "outlet"}}, "staff"),
    (
        line(category="coats") | {"answers": {"refund_method": "store_credit"}},
        "accept_with_fee 295 bonus 250",
    ),
    (line(category="accessories", price=699), "returnless"),
    (line(category="accessories", price=700), "accept_with_fee 295"),
    (line(category="coats", tags=("designer",)), "review 295"),
    (line(category="coats", quantity=11) | {"brought": 11}, "staff"),
    (line(category="coats") | {"history": past(7, 100, "EUR")}, "accept_with_fee 295"),
    (line(category="coats") | {"history": past(8, 100, "EUR")}, "review 295"),
    (line(category="coats", price=40001) | {"offline": True}, "review 295"),
    (line(category="coats", price=40001), "accept_with_fee 295"),
]

GB = {"of_return": {"country": "GB"}, "timezone": "Europe/London"}


def pounds(**changes: Any) -> dict[str, Any]:
    return {"line": {"currency": "GBP", "category": "cables", **changes}, **GB}


AUDIO = {"packaging": "original"}
KILOVOLT: list[tuple[dict[str, Any], str]] = [
    (pounds(), "accept"),
    (pounds() | {"now": "2025-03-16T12:00:00Z"}, "refuse"),
    (pounds() | {"of_return": {"delivered_on": ""}}, "refuse"),
    (pounds(category="audio"), "ask condition"),
    (pounds(category="audio") | {"answers": {"condition": "unused"}}, "ask packaging"),
    (pounds(category="audio") | {"answers": AUDIO | {"condition": "unused"}}, "accept"),
    (
        pounds(category="audio", price=12_900) | {"answers": AUDIO | {"condition": "opened"}},
        "accept_with_fee 1613",
    ),
    (
        pounds(category="audio", price=500) | {"answers": AUDIO | {"condition": "opened"}},
        "accept_with_fee 100",
    ),
    (
        pounds(category="audio", price=50_000)
        | {"answers": AUDIO | {"condition": "opened"}, "at": {"policy_age_hours": 1}},
        "accept_with_fee 5000",
    ),
    (pounds(category="audio") | {"answers": AUDIO | {"condition": "used"}}, "staff"),
    (
        pounds(category="audio") | {"answers": {"packaging": "none", "condition": "unused"}},
        "staff",
    ),
    (pounds(category="phones", reason="faulty"), "staff"),
    (pounds(category="phones", reason="faulty") | {"at": SHOWS}, "ask evidence_serial"),
    (
        pounds(category="phones", reason="faulty", serials=("A-1",))
        | {"answers": {"evidence_serial": "a1"}},
        "accept",
    ),
    (
        pounds(category="phones", reason="faulty", serials=("A-1",))
        | {"answers": {"evidence_serial": "a2"}},
        "staff",
    ),
    (pounds(reason="damaged") | {"at": SHOWS}, "ask evidence_photo"),
    (pounds(reason="damaged") | {"answers": {"evidence_photo": "none"}}, "review"),
    (pounds(hazard="lithium"), "staff"),
    (pounds(longest_mm=601), "staff"),
    (pounds(weight_g=12_001), "staff"),
    (pounds(weight_g=1000) | {"measured_g": 1100}, "accept"),
    (pounds(weight_g=1000) | {"measured_g": 1101}, "review"),
    (pounds(reason="found_cheaper"), "refuse"),
    (pounds() | {"at": {"method": "store"}}, "refuse"),
    (pounds() | {"of_return": {"zone": "channel-islands"}}, "staff"),
    (pounds() | {"of_return": {"segments": ("reseller",)}}, "staff"),
    (pounds(tags=("bundle",)), "staff"),
    (pounds(tags=("bundle",)) | {"brought": 2}, "accept"),
    (pounds(price=50_001), "staff"),
    (pounds(price=20_000) | {"at": {"policy_age_hours": 72}}, "accept"),
    (pounds(price=20_000) | {"at": {"policy_age_hours": 73}}, "review"),
]


def dollars(**changes: Any) -> dict[str, Any]:
    return {
        "line": {"currency": "USD", "category": "tools", **changes},
        "of_return": {"country": "US"},
        "timezone": "America/New_York",
    }


HEARTH: list[tuple[dict[str, Any], str]] = [
    (dollars() | {"now": "2035-03-10T12:00:00Z"}, "accept"),
    (dollars(category="plants"), "staff"),
    (dollars(category="plants") | {"of_return": {"fulfilled_on": "2025-03-03"}}, "accept"),
    (dollars(category="plants") | {"of_return": {"fulfilled_on": "2025-03-02"}}, "refuse"),
    (dollars(category="food"), "refuse"),
    (dollars(hazard="flammable"), "refuse"),
    (dollars(age=21), "staff"),
    (dollars(category="seeds"), "returnless"),
    (dollars(category="film"), "returnless"),
    (dollars(quantity=9) | {"brought": 6}, "accept"),
    (dollars(quantity=9) | {"brought": 7}, "staff"),
    (dollars() | {"at": {"bin_free_percent": 9}}, "staff"),
    (dollars() | {"at": {"bin_free_percent": 10}}, "accept"),
    (dollars(type="machine", reason="loud"), "staff"),
    (dollars(type="machine", reason="unused"), "accept"),
    (dollars(category="pots") | {"brought": 2}, "accept_with_fee 300"),
    (dollars(category="pots", reason="damaged"), "accept"),
    (dollars() | {"history": past(1, 145_001, "USD")}, "accept"),
    (dollars() | {"history": past(1, 145_002, "USD")}, "staff"),
    (dollars() | {"of_return": {"delivered_on": "2024-12-31"}}, "accept by store_credit"),
]

CASES = [
    (shop, number, facts, said)
    for shop, table in (
        ("alder-thread", ALDER),
        ("kilovolt", KILOVOLT),
        ("hearth-harvest", HEARTH),
    )
    for number, (facts, said) in enumerate(table)
]


def judge(situation: Any, shop: str, facts: dict[str, Any]) -> Verdict | Ask:
    given = {"answers": ORIGINAL, **facts} if shop == "alder-thread" else facts
    decision: Verdict | Ask = situation.judge(*rules(shop), **given)
    return decision


def said_of(decision: Verdict | Ask) -> str:
    if isinstance(decision, Ask):
        return f"ask {decision.question.question_id}"
    fee = f" {decision.fee.minor}" if decision.fee.minor else ""
    bonus = f" bonus {decision.bonus.minor}" if decision.bonus else ""
    to = f" to {decision.destination}" if decision.destination else ""
    method = decision.method.value
    by = f" by {method}" if method != "original" and not bonus else ""
    return decision.outcome.value + fee + bonus + to + by


@pytest.mark.parametrize(
    ("shop", "facts", "said"),
    [(shop, facts, said) for shop, _, facts, said in CASES],
    ids=[f"{shop}-{number}" for shop, number, _, _ in CASES],
)
def test_verdict(situation: Any, shop: str, facts: dict[str, Any], said: str) -> None:
    assert said_of(judge(situation, shop, facts)) == said


def test_the_examples_read_well_and_use_every_rule() -> None:
    assert len(SHOPS) == 3
    used = set()
    for shop in SHOPS:
        ids = [rule["id"] for rule in rules(shop)]
        assert len(ids) == len(set(ids))
        for rule in rules(shop):
            assert problems(rule) == [], rule
            used.add(rule["rule"])
    assert used == set(RULES)


@pytest.mark.parametrize("shop", sorted(SHOPS))
def test_every_rule_of_an_example_speaks_in_some_case(situation: Any, shop: str) -> None:
    spoke: set[str] = set()
    for name, _, facts, _ in CASES:
        if name == shop:
            decision = judge(situation, shop, facts)
            spoke |= {decision.rule_id} if isinstance(decision, Ask) else set(decision.rule_ids)
    assert {rule["id"] for rule in rules(shop)} == spoke
