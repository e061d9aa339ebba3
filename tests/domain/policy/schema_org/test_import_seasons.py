"""Seasonal overrides: by the day of the order, and only of what they name."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.policy.schema_org import Kind

CHRISTMAS = {
    "@type": "MerchantReturnPolicySeasonalOverride",
    "startDate": "2025-11-15",
    "endDate": "2025-12-24",
}


def at(now: str, ordered: str, delivered: str, **more: Any) -> dict[str, Any]:
    days = {"ordered_on": ordered, "delivered_on": delivered}
    return {"now": f"{now}T12:00:00Z", "of_return": days | {"country": "DE"}, **more}


BEFORE = ("2025-11-14", "2025-11-17")
FIRST = ("2025-11-15", "2025-11-18")
LAST = ("2025-12-24", "2025-12-27")
AFTER = ("2025-12-25", "2025-12-28")


@pytest.mark.parametrize(
    ("order", "day", "said"),
    [
        (BEFORE, "2025-12-17", "accept"),
        (BEFORE, "2025-12-18", "refuse"),
        (FIRST, "2026-01-31", "accept"),
        (FIRST, "2026-02-01", "refuse"),
        (LAST, "2026-01-31", "accept"),
        (LAST, "2026-02-01", "refuse"),
        (AFTER, "2026-01-27", "accept"),
        (AFTER, "2026-01-28", "refuse"),
    ],
)
def test_until_a_day(pages: Any, order: tuple[str, str], day: str, said: str) -> None:
    page = pages.policy(
        returnPolicySeasonalOverride={**CHRISTMAS, "merchantReturnDays": "2026-01-31"}
    )
    assert page.says(**at(day, *order)) == said


def test_more_days_and_fewer_days(pages: Any) -> None:
    longer = pages.policy(returnPolicySeasonalOverride={**CHRISTMAS, "merchantReturnDays": 90})
    assert longer.says(**at("2026-02-16", *FIRST)) == "accept"
    assert longer.says(**at("2026-02-17", *FIRST)) == "refuse"
    shorter = pages.policy(returnPolicySeasonalOverride={**CHRISTMAS, "merchantReturnDays": 7})
    assert shorter.says(**at("2025-11-26", *FIRST)) == "refuse"
    assert shorter.says(**at("2025-11-26", *BEFORE)) == "accept"


@pytest.mark.parametrize(
    ("change", "in_season"),
    [
        ({"returnPolicyCategory": "MerchantReturnNotPermitted"}, "refuse"),
        ({"returnPolicyCategory": "MerchantReturnUnspecified"}, "staff"),
        ({"returnPolicyCategory": "MerchantReturnUnlimitedWindow"}, "accept"),
        ({"returnPolicyCategory": "MerchantReturnFiniteReturnWindow"}, "accept"),
        (
            {
                "returnFees": "ReturnShippingFees",
                "returnShippingFeesAmount": {"value": 3, "currency": "EUR"},
            },
            "accept_with_fee 300",
        ),
        ({"returnShippingFeesAmount": {"value": 3, "currency": "EUR"}}, "accept_with_fee 300"),
        ({"restockingFee": 10}, "accept_with_fee 500"),
        ({"returnFees": "ReturnShippingFees"}, "staff"),
        ({"returnMethod": "KeepProduct"}, "returnless"),
        ({"returnMethod": "ReturnByMail"}, "refuse"),
        ({"refundType": ["StoreCreditRefund", "ExchangeRefund"]}, "ask refund_method"),
        ({"refundType": "Hugs"}, "staff"),
        ({}, "accept"),
    ],
)
def test_each_property(pages: Any, change: dict[str, Any], in_season: str) -> None:
    page = pages.policy(returnPolicySeasonalOverride={**CHRISTMAS, **change})
    assert page.says(**at("2025-12-01", *FIRST)) == in_season
    assert page.says(**at("2025-12-01", *BEFORE)) == "accept"
    assert page.says(**at("2026-01-02", *AFTER)) == "accept"


def test_a_season_free_of_charge(pages: Any, amount: Any) -> None:
    """What it says anew takes the place of what would contradict it; defects keep their own."""
    page = pages.policy(
        returnFees="ReturnShippingFees",
        returnShippingFeesAmount=amount(5),
        restockingFee=10,
        customerRemorseReturnFees="ReturnShippingFees",
        itemDefectReturnFees="FreeReturn",
        returnPolicySeasonalOverride={**CHRISTMAS, "returnFees": "FreeReturn"},
    )
    assert page.says(**at("2025-12-01", *FIRST)) == "accept"
    assert page.says(**at("2025-12-01", *BEFORE)) == "accept_with_fee 1000"
    faulty = {"line": {"reason": "faulty"}}
    assert page.says(**at("2025-12-01", *BEFORE, **faulty)) == "accept"
    assert page.says(**at("2025-12-01", *FIRST, **faulty)) == "accept"
    assert not page.imported.needs_a_person


def test_a_season_whose_amount_alone_is_new(pages: Any, amount: Any) -> None:
    page = pages.policy(
        returnFees=["ReturnShippingFees", "RestockingFees"],
        returnShippingFeesAmount=amount(5),
        restockingFee=10,
        returnPolicySeasonalOverride={**CHRISTMAS, "returnShippingFeesAmount": amount(2)},
    )
    assert page.says(**at("2025-12-01", *FIRST)) == "accept_with_fee 700"
    assert page.says(**at("2025-12-01", *BEFORE)) == "accept_with_fee 1000"


def test_days_in_a_season_where_there_were_none(pages: Any, nothing: Any) -> None:
    page = pages.policy(
        returnPolicyCategory="MerchantReturnUnlimitedWindow",
        merchantReturnDays=nothing,
        returnPolicySeasonalOverride={**CHRISTMAS, "merchantReturnDays": 10},
    )
    assert page.says(**at("2025-11-29", *FIRST)) == "refuse"
    assert page.says(**at("2026-11-29", *BEFORE)) == "accept"


@pytest.mark.parametrize("missing", ["startDate", "endDate"])
def test_a_season_open_at_one_end(pages: Any, missing: str) -> None:
    season = {key: value for key, value in CHRISTMAS.items() if key != missing}
    page = pages.policy(returnPolicySeasonalOverride={**season, "merchantReturnDays": 1})
    outside, beyond = (AFTER, BEFORE) if missing == "startDate" else (BEFORE, AFTER)
    assert page.says(**at("2026-01-10", *outside)) == ("accept" if outside == AFTER else "refuse")
    assert page.says(**at("2025-12-05", *beyond)) == ("refuse" if beyond == BEFORE else "accept")


@pytest.mark.parametrize(
    "wrong",
    [
        {"startDate": None, "endDate": None},
        {"startDate": "2025-12-25"},
        {"startDate": "15 November"},
        {"endDate": "2025-12-32"},
        {"startDate": ["2025-11-01", "2025-11-02"]},
        {"endDate": 20251224},
    ],
)
def test_a_season_nobody_can_place_goes_to_staff(pages: Any, wrong: dict[str, Any]) -> None:
    season = {**CHRISTMAS, "merchantReturnDays": 90, **wrong}
    page = pages.policy(returnPolicySeasonalOverride=season)
    assert page.says() == "staff"
    assert page.person("returnPolicySeasonalOverride")


def test_a_season_that_is_no_object_or_one_of_too_many(pages: Any) -> None:
    assert pages.policy(returnPolicySeasonalOverride="Christmas").says() == "staff"
    many = [
        {"startDate": f"20{n:02}-01-01", "endDate": f"20{n:02}-01-02", "merchantReturnDays": n}
        for n in range(30, 46)
    ]
    assert pages.policy(returnPolicySeasonalOverride=many).says() == "staff"
    assert pages.policy(returnPolicySeasonalOverride=many[:15]).says() == "accept"


def test_moments_are_taken_as_days_and_told(pages: Any) -> None:
    moments = {"startDate": "2025-11-15T00:00:00+01:00", "endDate": "2025-12-24T23:59:59+01:00"}
    page = pages.policy(
        returnPolicySeasonalOverride={**moments, "merchantReturnDays": "2026-01-31"}
    )
    assert page.says(**at("2026-01-31", *LAST)) == "accept"
    assert page.kinds("startDate") >= {Kind.ASSUMED}


def test_two_seasons(pages: Any) -> None:
    summer = {"startDate": "2025-07-01", "endDate": "2025-08-31", "merchantReturnDays": 60}
    page = pages.policy(
        returnPolicySeasonalOverride=[summer, {**CHRISTMAS, "merchantReturnDays": 90}]
    )
    assert page.says(**at("2025-09-15", "2025-08-01", "2025-08-04")) == "accept"
    assert page.says(**at("2026-02-16", *FIRST)) == "accept"
    assert page.says(**at("2026-02-16", *BEFORE)) == "refuse"
    assert not page.imported.needs_a_person


def test_a_season_told_twice_is_one(pages: Any, amount: Any) -> None:
    season = {**CHRISTMAS, "merchantReturnDays": 60, "returnShippingFeesAmount": amount(3)}
    page = pages.policy(returnPolicySeasonalOverride=[season, dict(season)])
    assert page.says(**at("2025-12-02", *FIRST)) == "accept_with_fee 300"
    other = {**season, "returnShippingFeesAmount": amount(4)}
    page = pages.policy(returnPolicySeasonalOverride=[season, other])
    assert page.says(**at("2025-12-02", *FIRST)) == "staff"


def test_seasons_that_overlap_go_to_staff_where_they_do(pages: Any) -> None:
    friday = {"startDate": "2025-11-24", "endDate": "2025-12-01", "merchantReturnDays": 90}
    page = pages.policy(
        returnPolicySeasonalOverride=[{**CHRISTMAS, "merchantReturnDays": 60}, friday]
    )
    assert page.says(**at("2025-12-02", "2025-11-28", "2025-12-01")) == "staff"
    assert page.says(**at("2025-12-02", *FIRST)) == "accept"
    assert "2025-11-24 to 2025-12-01" in page.person("returnPolicySeasonalOverride")
