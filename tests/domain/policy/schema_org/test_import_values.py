"""Numbers, amounts, percentages, days and durations: exactly, or not at all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from babel import Locale
from babel.numbers import get_currency_precision

from kiosk.domain.policy.schema_org.tables import COUNTRIES, DIGITS, DISPUTED


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        (30, {"days": 30}),
        ("30", {"days": 30}),
        (30.0, {"days": 30}),
        (0, {"days": 0}),
        (36_500, {"days": 36_500}),
        ("P30D", {"days": 30}),
        ("P2W", {"days": 14}),
        ("P1W3D", {"days": 10}),
        ("P3M", {"months": 3}),
        ("P1Y", {"months": 12}),
        ("P2Y6M", {"months": 30}),
        ("2026-01-31", {"days": 0, "from": "date", "date": "2026-01-31"}),
        ("2026-01-31T23:59:59+01:00", {"days": 0, "from": "date", "date": "2026-01-31"}),
        ("2026-01-31T00:00Z", {"days": 0, "from": "date", "date": "2026-01-31"}),
        ({"@type": "QuantitativeValue", "value": 30, "unitCode": "DAY"}, {"days": 30}),
        ({"@value": "30", "@type": "xsd:integer"}, {"days": 30}),
        ([30, 30], {"days": 30}),
    ],
)
def test_days(pages: Any, given: Any, rule: dict[str, Any]) -> None:
    page = pages.policy(merchantReturnDays=given)
    made = page.rule("window")
    wanted = {"from": "delivery", **rule}
    assert {key: made[key] for key in wanted} == wanted
    assert ("days" in made) == ("days" in rule)
    assert not page.imported.needs_a_person


@pytest.mark.parametrize(
    "given",
    [
        -1,
        30.5,
        36_501,
        "30 days",
        "thirty",
        "",
        True,
        "P",
        "PT72H",
        "P1M15D",
        "P1.5D",
        "P99999Y",
        "2026-02-30",
        "2026-1-31",
        "31.01.2026",
        "20260131",
        "2026-W05-6",
        "2026-01-31T25:00",
        "2026-01-31 10:00",
        "2026-13-01T00:00",
        [30, 14],
        {"@type": "QuantitativeValue", "value": 30, "unitCode": "MON"},
        {"@type": "QuantitativeValue"},
        {},
        1e300,
        "٣٠",
    ],
)
def test_days_that_are_none(pages: Any, given: Any) -> None:
    page = pages.policy(merchantReturnDays=given)
    assert page.says() == "staff"
    assert page.person("merchantReturnDays")


def test_months_end_with_the_month(pages: Any) -> None:
    page = pages.policy(merchantReturnDays="P1M")
    delivered = {"of_return": {"delivered_on": "2025-01-31"}}
    assert page.says(now="2025-02-28T22:00:00Z", **delivered) == "accept"
    assert page.says(now="2025-03-01T12:00:00Z", **delivered) == "refuse"


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        (4.95, "EUR", 495),
        ("4.95", "EUR", 495),
        ("4.950", "EUR", 495),
        (5, "EUR", 500),
        ("5", "eur", None),
        (0.1 + 0.2, "EUR", None),
        (0.29, "EUR", 29),
        (500, "JPY", 500),
        ("500.00", "JPY", 500),
        (500.5, "JPY", None),
        ("1.234", "KWD", 1234),
        (19.999, "USD", None),
        ("4,95", "EUR", None),
        ("€4.95", "EUR", None),
        ("4.95 EUR", "EUR", None),
        (-4.95, "EUR", None),
        (4.95, "RSD", None),
        (4.95, "XXX", None),
        (4.95, "Euro", None),
        (4.95, None, None),
        (None, "EUR", None),
        ("1e3", "EUR", None),
        (True, "EUR", None),
        ([4, 5], "EUR", None),
        (1e14, "EUR", None),
        ("NaN", "EUR", None),
    ],
)
def test_amounts(pages: Any, value: Any, currency: Any, minor: int | None) -> None:
    given = {"@type": "MonetaryAmount", "value": value, "currency": currency}
    fees = {"returnFees": "ReturnShippingFees", "returnShippingFeesAmount": given}
    page = pages.policy(**fees)
    if minor is None:
        assert page.says(line={"currency": currency or "EUR"}) == "staff"
        assert page.person("returnShippingFeesAmount")
    else:
        fee = page.rule("fee-shipping")
        assert (fee["amount"], fee["currency"]) == (minor, currency)


def test_other_ways_to_write_an_amount(pages: Any) -> None:
    def fee(given: Any) -> Any:
        page = pages.policy(returnFees="ReturnShippingFees", returnShippingFeesAmount=given)
        return next((rule["amount"] for rule in page.rules if rule["rule"] == "fee"), None)

    nested = {"value": {"@type": "QuantitativeValue", "value": 3}, "currency": "EUR"}
    assert fee(nested) == 300
    assert fee({"@type": "PriceSpecification", "price": "3.50", "priceCurrency": "EUR"}) == 350
    assert fee({"minValue": 1, "maxValue": 5, "currency": "EUR"}) is None
    assert fee(4.95) is None


@pytest.mark.parametrize(
    ("given", "points"),
    [
        (15, 1500),
        (2.5, 250),
        ("12.25", 1225),
        ("10%", 1000),
        ("10 %", 1000),
        (100, 10_000),
        (1, 100),
        (0.15, None),
        (100.5, None),
        (12.345, None),
        (-5, None),
        ("ten", None),
        (True, None),
        ([10, 20], None),
        ([10, {"value": 1, "currency": "EUR"}], None),
    ],
)
def test_percentages(pages: Any, nothing: Any, given: Any, points: int | None) -> None:
    page = pages.policy(restockingFee=given, returnFees=nothing)
    if points is None:
        assert page.says() == "staff"
        assert page.person("restockingFee")
    else:
        assert page.rule("fee-restock")["basis_points"] == points


def test_countries_are_those_of_the_world() -> None:
    known = {code for code in Locale("en").territories if len(code) == 2}
    assert known >= COUNTRIES
    assert len(COUNTRIES) == 249


def test_a_minor_unit_is_what_the_kiosk_prints() -> None:
    for code, digits in DIGITS.items():
        assert get_currency_precision(code) == digits, code
    assert DISPUTED.isdisjoint(DIGITS)
    assert all(get_currency_precision(code) == 0 for code in DISPUTED)


def test_amounts_are_never_binary_fractions(pages: Any) -> None:
    cents = [
        pages.policy(
            returnFees="ReturnShippingFees",
            returnShippingFeesAmount={"value": float(Decimal(n) / 100), "currency": "EUR"},
        ).rule("fee-shipping")["amount"]
        for n in range(1, 300, 7)
    ]
    assert cents == list(range(1, 300, 7))
