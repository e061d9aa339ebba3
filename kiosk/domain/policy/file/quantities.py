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
from kiosk.domain.sentences import Sentence

_TEXT = re.compile(r"\s*([A-Z]{3})?\s*([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*([A-Za-z%]+)?\s*\Z")


class Unit(Enum):
    """What a number counts, with the words for it and how many each is."""

    MONEY = Sentence("an amount as {example}", example="4.95 EUR")
    BASIS_POINTS = Sentence("a share as {example}", example="2.5 %")
    PERCENT = Sentence("a share as {example}", example="20 %")
    DAYS = Sentence("days as {example}", example="30 days")
    MONTHS = Sentence("months as {example}", example="6 months")
    HOURS = Sentence("hours as {example}", example="48 hours")
    GRAMS = Sentence("a weight as {example}", example="2.5 kg")
    MILLIMETRES = Sentence("a length as {example}", example="60 cm")

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


def read(text: str, unit: Unit) -> Quantity | Sentence:
    """The exact number, in minor units or the unit's smallest; or what is wrong."""
    if "," in text:
        return Sentence(
            "{value} has a comma; write {form}, with a point", value=repr(text), form=unit.value
        )
    found = _TEXT.match(text)
    if found is None:
        return Sentence("{value} cannot be read; write {form}", value=repr(text), form=unit.value)
    before, number, after = found[1] or "", Decimal(found[2]), found[3] or ""
    if unit is Unit.MONEY:
        return _money(number, before, after)
    times = unit.words.get(after)
    if before or times is None:
        return Sentence("{value} lacks its unit; write {form}", value=repr(text), form=unit.value)
    whole = number * times
    if whole != int(whole):
        return Sentence(
            "{value} does not come out even: {number} of the smallest unit",
            value=repr(text),
            number=f"{whole.normalize():f}",
        )
    return Quantity(int(whole))


def _money(number: Decimal, before: str, after: str) -> Quantity | Sentence:
    if bool(before) == bool(after):
        return Sentence("an amount has one currency; write it as {example}", example="4.95 EUR")
    code = before or after
    digits = DIGITS.get(code)
    if digits is None:
        return Sentence(
            "{code} is no currency with a known minor unit; write minor units and {key}",
            code=code,
            key="`currency`",
        )
    minor = number.scaleb(digits)
    if minor != int(minor):
        return Sentence(
            "{amount} is finer than the currency, which has {digits} decimals",
            amount=f"{number} {code}",
            digits=digits,
        )
    return Quantity(int(minor), code)
