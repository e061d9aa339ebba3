"""Amounts as people write them: "4.95 EUR", "2.5 %", "30 days", "60 cm", made whole numbers.

Nothing is rounded: what does not come out even is told. Decimals have a point; a comma is told,
for it means thousands in one country and cents in the next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from kiosk.domain.policy.schema_org.tables import DIGITS

_TEXT = re.compile(r"\s*([A-Z]{3})?\s*([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*([A-Za-z%]+)?\s*\Z")


class Unit(Enum):
    """What a number counts, with the words for it and how many each is."""

    MONEY = "an amount as 4.95 EUR"
    BASIS_POINTS = "a share as 2.5 %"
    PERCENT = "a share as 20 %"
    DAYS = "days as 30 days"
    MONTHS = "months as 6 months"
    HOURS = "hours as 48 hours"
    GRAMS = "a weight as 2.5 kg"
    MILLIMETRES = "a length as 60 cm"

    @property
    def words(self) -> dict[str, int]:
        return _WORDS[self]


_WORDS: dict[Unit, dict[str, int]] = {
    Unit.MONEY: {},
    Unit.BASIS_POINTS: {"%": 100, "percent": 100},
    Unit.PERCENT: {"%": 1, "percent": 1},
    Unit.DAYS: {"day": 1, "days": 1, "week": 7, "weeks": 7},
    Unit.MONTHS: {"month": 1, "months": 1, "year": 12, "years": 12},
    Unit.HOURS: {"hour": 1, "hours": 1, "day": 24, "days": 24},
    Unit.GRAMS: {"g": 1, "kg": 1000},
    Unit.MILLIMETRES: {"mm": 1, "cm": 10, "m": 1000},
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """`currency` is "" for what is no money."""

    number: int
    currency: str = ""


def read(text: str, unit: Unit) -> Quantity | str:
    """The exact number, in minor units or the unit's smallest; or what is wrong."""
    if "," in text:
        return f"{text!r} has a comma; write {unit.value}, with a point"
    found = _TEXT.match(text)
    if found is None:
        return f"{text!r} cannot be read; write {unit.value}"
    before, number, after = found[1] or "", Decimal(found[2]), found[3] or ""
    if unit is Unit.MONEY:
        return _money(number, before, after)
    times = unit.words.get(after)
    if before or times is None:
        return f"{text!r} lacks its unit; write {unit.value}"
    whole = number * times
    if whole != int(whole):
        return f"{text!r} does not come out even: {whole.normalize():f} of the smallest unit"
    return Quantity(int(whole))


def _money(number: Decimal, before: str, after: str) -> Quantity | str:
    if bool(before) == bool(after):
        return "an amount has one currency; write it as 4.95 EUR"
    code = before or after
    digits = DIGITS.get(code)
    if digits is None:
        return f"{code} is no currency with a known minor unit; write minor units and `currency`"
    minor = number.scaleb(digits)
    if minor != int(minor):
        return f"{number} {code} is finer than the currency, which has {digits} decimals"
    return Quantity(int(minor), code)
