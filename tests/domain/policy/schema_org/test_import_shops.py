"""Shops' pages as they are written, and what a kiosk then says on the days that matter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SHOPS = Path(__file__).parent / "shops"
UNUSED = {"condition": "unused"}


def at(
    now: str, ordered: str = "2025-10-20", delivered: str = "2025-10-23", **more: Any
) -> dict[str, Any]:
    of_return = {"ordered_on": ordered, "delivered_on": delivered, "country": "DE"}
    return {
        "now": f"{now}+01:00",
        "of_return": of_return | more.pop("of_return", {}),
        "answers": UNUSED,
        **more,
    }


CHRISTMAS = {"ordered": "2025-12-20", "delivered": "2025-12-23"}
FAULTY = {"line": {"reason": "faulty"}}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        # 30 days from delivery, 4.95 EUR by the shopper's fault, free for defects
        (at("2025-11-22T23:59"), "accept_with_fee 495"),
        (at("2025-11-23T00:00"), "refuse"),
        (at("2025-11-22T23:59", **FAULTY), "accept"),
        (at("2025-11-23T00:00", **FAULTY), "refuse"),
        (at("2025-11-22T12:00", line={"reason": "too_small"}), "accept_with_fee 495"),
        # ordered from 1 November to 24 December: until 31 January
        (at("2026-01-31T23:59", **CHRISTMAS), "accept_with_fee 495"),
        (at("2026-02-01T00:00", **CHRISTMAS), "refuse"),
        (at("2026-01-31T23:59", **CHRISTMAS, **FAULTY), "accept"),
        (
            at("2026-01-31T12:00", ordered="2025-11-01", delivered="2025-11-04"),
            "accept_with_fee 495",
        ),
        (at("2026-01-31T12:00", ordered="2025-10-31", delivered="2025-11-04"), "refuse"),
        (
            at("2026-02-01T23:59", ordered="2025-12-25", delivered="2026-01-02"),
            "accept_with_fee 495",
        ),
        (at("2026-02-02T00:00", ordered="2025-12-25", delivered="2026-01-02"), "refuse"),
        # only new goods, unless they came with a defect
        (at("2025-11-01T12:00") | {"answers": {}}, "ask condition"),
        (at("2025-11-01T12:00") | {"answers": {"condition": "opened"}}, "review 495"),
        (at("2025-11-01T12:00") | {"answers": {"condition": "used"}}, "refuse"),
        (at("2025-11-01T12:00", **FAULTY) | {"answers": {}}, "accept"),
        # Germany and Austria
        (at("2025-11-01T12:00", of_return={"country": "AT"}), "accept_with_fee 495"),
        (at("2025-11-01T12:00", of_return={"country": "CH"}), "staff"),
        (at("2025-11-01T12:00", at={"site_country": "AT"}), "accept_with_fee 495"),
        (at("2025-11-01T12:00", at={"site_country": "CH"}), "staff"),
        # not delivered by the records
        (at("2025-11-01T12:00", of_return={"delivered_on": ""}), "staff"),
    ],
)
def test_winterfeld(pages: Any, facts: dict[str, Any], said: str) -> None:
    page = pages.read((SHOPS / "winterfeld.html").read_bytes())
    assert page.says(**facts) == said


def us(now: str, *segments: str, **more: Any) -> dict[str, Any]:
    found = at(now, of_return={"country": "US", "segments": segments}, **more)
    return found | {"answers": {"condition": "used", "refund_method": "exchange"}}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (us("2025-11-07T23:59"), "accept_with_fee 750"),
        (us("2025-11-08T00:00"), "refuse"),
        (us("2025-11-07T23:59", **FAULTY), "accept"),
        (us("2025-12-22T23:59", "member:platinum"), "accept"),
        (us("2025-12-23T00:00", "member:platinum"), "refuse"),
        (us("2025-11-07T12:00", "member:silver"), "accept_with_fee 750"),
        (us("2025-11-07T12:00", at={"method": "post"}), "accept_with_fee 750"),
        (us("2025-11-07T12:00", at={"method": "counter"}), "refuse"),
        (
            at("2025-11-21T00:00", of_return={"country": "GB"}, line={"currency": "GBP"}),
            "refuse",
        ),
        (
            at("2025-11-20T23:59", of_return={"country": "GB"}, line={"currency": "GBP"}),
            "accept_with_fee 350",
        ),
        (at("2025-11-19T12:00", of_return={"country": "GB"}), "staff"),  # euros, not pounds
        (at("2025-11-07T12:00"), "staff"),  # Germany
    ],
)
def test_bluegate(pages: Any, facts: dict[str, Any], said: str) -> None:
    page = pages.read((SHOPS / "bluegate.json").read_bytes())
    assert page.says(**facts) == said
    assert not page.imported.needs_a_person


def test_bluegate_asks_for_the_condition_and_then_for_the_refund(pages: Any) -> None:
    page = pages.read((SHOPS / "bluegate.json").read_bytes())
    facts = us("2025-11-07T12:00") | {"answers": {}}
    assert page.says(**facts) == "ask condition"
    assert page.says(**facts | {"answers": {"condition": "used"}}) == "ask refund_method"


def test_tidewater_needs_a_person(pages: Any) -> None:
    page = pages.read((SHOPS / "tidewater.html").read_bytes())
    assert page.says(line={"sku": "TW-100"}) == "staff"
    for term in (
        "applicableCountry",
        "returnFees",
        "returnMethod",
        "additionalProperty",
        "g:restriction",
    ):
        assert page.person(term)
