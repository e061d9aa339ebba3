"""What shoppers type: short codes and orders."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.codes import Unreadable, parse_order, parse_short, short_code
from kiosk.domain.codes.model import OrderLookup, ShortCode
from kiosk.domain.reasons import Why

GOOD = short_code(0x4_1234_5678)


def test_35_bits_make_eight_characters() -> None:
    assert len(GOOD) == 8
    assert short_code(0) == "00000000"
    assert short_code((1 << 35) - 1)[:7] == "ZZZZZZZ"


@pytest.mark.parametrize("value", [-1, 1 << 35])
def test_more_than_35_bits_do_not_fit(value: int) -> None:
    with pytest.raises(ValueError, match="35 bits"):
        short_code(value)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, (1 << 35) - 1))
def test_every_code_reads_back(value: int) -> None:
    assert parse_short(short_code(value)) == ShortCode(short_code(value))


def test_different_numbers_make_different_codes() -> None:
    assert len({short_code(value) for value in range(2000)}) == 2000


@pytest.mark.parametrize(
    "typed",
    [
        GOOD.lower(),
        f"{GOOD[:4]}-{GOOD[4:]}",
        f" {GOOD[:4]} {GOOD[4:]} ",
        "-".join(GOOD),
    ],
)
def test_case_hyphens_and_spaces_do_not_matter(typed: str) -> None:
    assert parse_short(typed) == ShortCode(GOOD)


def test_look_alikes_are_folded() -> None:
    code = short_code(0b00000_00001_00000_00001_00000_00001_00000)
    assert code.startswith("0101010")
    assert parse_short("OIoLOl0" + code[7]) == ShortCode(code)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", "length"),
        (GOOD[:7], "length"),
        (GOOD + "0", "length"),
        ("0" * 41, "length"),
        ("U" + GOOD[1:], "alphabet"),
        ("\u0661" + GOOD[1:], "alphabet"),
        ("\u017f" + GOOD[1:], "alphabet"),
        ("*" + GOOD[1:], "alphabet"),
        (GOOD[:7] + ("0" if GOOD[7] != "0" else "1"), "check"),
    ],
)
def test_a_slip_is_a_wrong_check(typed: str, kind: str) -> None:
    found = parse_short(typed)
    assert isinstance(found, Unreadable)
    assert (found.reason.why, found.kind) == (Why.CODE_WRONG_CHECK, kind)


@pytest.mark.parametrize(
    ("order", "postal", "found"),
    [
        ("#1001", "10115", OrderLookup("1001", "10115")),
        (" ab-12 / 3 ", "sw1a 1aa", OrderLookup("AB123", "SW1A1AA")),
        ("\uff21\uff11", "\u0661\u0662\u0663", OrderLookup("A1", "123")),
        ("stra\u00dfe", "d-1", OrderLookup("STRASSE", "D1")),
    ],
)
def test_orders_are_brought_to_one_form(order: str, postal: str, found: OrderLookup) -> None:
    assert parse_order(order, postal) == found


@pytest.mark.parametrize(
    ("order", "postal"), [("", "10115"), ("1001", ""), ("--", "1"), ("1" * 65, "1"), ("1", " ")]
)
def test_half_an_order_finds_nothing(order: str, postal: str) -> None:
    found = parse_order(order, postal)
    assert isinstance(found, Unreadable)
    assert found.reason.why is Why.RETURN_UNKNOWN


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=50), st.text(max_size=12))
def test_the_one_form_stays_what_it_is(order: str, postal: str) -> None:
    found = parse_order(order, postal)
    if isinstance(found, OrderLookup) and len(found.order_number) <= 64:
        assert parse_order(found.order_number, found.postal_code) == found
