"""Amounts as people write them, exactly or not at all."""

from __future__ import annotations

import pytest

from kiosk.domain.policy.file.quantities import Quantity, Unit, read


@pytest.mark.parametrize(
    ("text", "unit", "number", "currency"),
    [
        ("4.95 EUR", Unit.MONEY, 495, "EUR"),
        ("EUR 4.95", Unit.MONEY, 495, "EUR"),
        ("4.9EUR", Unit.MONEY, 490, "EUR"),
        ("1250 JPY", Unit.MONEY, 1250, "JPY"),
        ("1.250 KWD", Unit.MONEY, 1250, "KWD"),
        ("2.5 %", Unit.BASIS_POINTS, 250, ""),
        ("0.01%", Unit.BASIS_POINTS, 1, ""),
        ("20 percent", Unit.PERCENT, 20, ""),
        ("30 days", Unit.DAYS, 30, ""),
        ("2 weeks", Unit.DAYS, 14, ""),
        ("1 year", Unit.MONTHS, 12, ""),
        ("2 days", Unit.HOURS, 48, ""),
        ("0.5 kg", Unit.GRAMS, 500, ""),
        ("60.5 cm", Unit.MILLIMETRES, 605, ""),
    ],
)
def test_exact(text, unit, number, currency):
    assert read(text, unit) == Quantity(number, currency)


@pytest.mark.parametrize(
    ("text", "unit", "says"),
    [
        ("4,95 EUR", Unit.MONEY, "comma"),
        ("1,000.00 EUR", Unit.MONEY, "comma"),
        ("4.955 EUR", Unit.MONEY, "finer than the currency"),
        ("10.5 JPY", Unit.MONEY, "0 decimals"),
        ("4.95", Unit.MONEY, "one currency"),
        ("EUR 4.95 EUR", Unit.MONEY, "one currency"),
        ("4.95 EURO", Unit.MONEY, "no currency"),
        ("4 XXX", Unit.MONEY, "no currency"),
        ("-4 EUR", Unit.MONEY, "cannot be read"),
        ("", Unit.MONEY, "cannot be read"),
        ("1e3 EUR", Unit.MONEY, "cannot be read"),
        ("٤ EUR", Unit.MONEY, "cannot be read"),
        ("0.001 %", Unit.BASIS_POINTS, "come out even"),
        ("30", Unit.DAYS, "lacks its unit"),
        ("30 EUR", Unit.DAYS, "lacks its unit"),
        ("EUR 30 days", Unit.DAYS, "lacks its unit"),
        ("1 year", Unit.DAYS, "lacks its unit"),
    ],
)
def test_never_guessed(text, unit, says):
    found = read(text, unit)
    assert isinstance(found, str)
    assert says in found
