"""What a person at the kiosk holds up, and whose it is."""

from __future__ import annotations

import pytest

from kiosk.domain.codes.carriers import recognise
from kiosk.domain.codes.model import Tracking


def test_a_label_is_read_as_people_write_it() -> None:
    wanted = (Tracking("UPS", "Ground", "1Z5R89390357567127"),)
    for text in ("1Z5R89390357567127", " 1z 5r8 939 03 5756 712-7 ", "1Z‑5R89390357567127​"):
        assert recognise(text, "") == wanted


@pytest.mark.parametrize("between", ["", "\x1d"])
@pytest.mark.parametrize("postal", ["20166", "201661234"])
def test_the_usps_barcode_with_and_without_fnc1(postal: str, between: str) -> None:
    (reading,) = recognise(f"420{postal}{between}9400111206206406260787", "]C1")
    assert reading == Tracking("USPS", "USPS Tracking", "9400111206206406260787")


def test_a_wrong_check_digit_is_said_where_the_form_tells() -> None:
    (reading,) = recognise("1Z5R89390357567128", "")
    assert (reading.carrier, reading.valid) == ("UPS", False)


@pytest.mark.parametrize(
    "text", ["", " ", "0" * 12, "hello", "ß" * 9, "9" * 101, "\ud800", "١" * 12]
)
def test_what_is_no_number_is_nobodys(text: str) -> None:
    assert recognise(text, "") == ()
