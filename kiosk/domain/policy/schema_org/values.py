"""Single values of a policy, read exactly or not at all.

Each reader answers a value, or a Doubt that says in a sentence why there is none: nothing is
rounded, completed or guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from kiosk.domain.policy.schema_org.graph import Literal, Node, Value
from kiosk.domain.policy.schema_org.tables import COUNTRIES, DIGITS, DISPUTED
from kiosk.domain.policy.schema_org.vocabulary import SUPERSEDED, local

MOST_DAYS = 36_500
MOST_EXPONENT = 15
MOST_DIGITS = 25  # what Decimal reckons with, without rounding
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?\Z")
_DURATION = re.compile(
    r"P(?:([0-9]{1,5})Y)?(?:([0-9]{1,5})M)?(?:([0-9]{1,5})W)?(?:([0-9]{1,5})D)?\Z"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?\Z"
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a value could not be read."""

    why: str


@dataclass(frozen=True, slots=True)
class Span:
    """So many days, or months."""

    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True)
class On:
    """A day; `of_moment` if a time of the day stood with it."""

    day: date
    of_moment: bool = False


def show(value: Value) -> str:
    """A value as a person finds it again in the file."""
    if isinstance(value, Literal):
        return repr(str(value.value)[:80])
    return repr(value.id[:80]) if value.id else "an object"


def frozen(value: Value, depth: int = 3) -> object:
    """A value to compare with others by what it says."""
    if isinstance(value, Literal):
        return value.iri or str(value.value)
    if depth == 0 or value.id:
        return value.id or id(value)
    inner = value.properties.items()
    return {term: [frozen(one, depth - 1) for one in ones[:100]] for term, ones in inner}


def name(value: Value) -> str:
    """The schema.org word that a value is, however written: an IRI, a prefix, the bare word."""
    if isinstance(value, Node):
        found = local(value.id)
        if found or value.id:
            return found or SUPERSEDED.get(value.id, value.id)
        inner = value.get("name")
        return name(inner[0]) if len(inner) == 1 and isinstance(inner[0], Literal) else ""
    if not isinstance(value.value, str):
        return ""
    text = value.value.strip()
    return local(value.iri) or SUPERSEDED.get(text, text)


def choices(values: Sequence[Value], table: Mapping[str, str]) -> tuple[str, ...] | Doubt:
    """All values as words of the table, in the table's order."""
    found = set()
    for value in values:
        word = name(value)
        if word not in table:
            return Doubt(f"{show(value)} is not one of {', '.join(table)}")
        found.add(table[word])
    return tuple(word for word in table.values() if word in found)


def decimal(value: Value) -> Decimal | Doubt:
    """A number, or a text that spells one with a point."""
    if isinstance(value, Node):
        inner = value.get("value")
        return decimal(inner[0]) if len(inner) == 1 else Doubt(f"{show(value)} is no number")
    given = value.value
    if isinstance(given, bool):
        return Doubt(f"{given} is no number")
    if isinstance(given, str) and not _NUMBER.match(given.strip()):
        return Doubt(f"{show(value)} is no number; write digits, with a point for decimals")
    found = Decimal(given.strip()) if isinstance(given, str) else Decimal(given)
    exact = found.as_tuple()
    if not found.is_finite() or len(exact.digits) > MOST_DIGITS:
        return Doubt(f"{show(value)} is beyond all measure")
    if found and abs(found.adjusted()) > MOST_EXPONENT:
        return Doubt(f"{show(value)} is beyond all measure")
    return found


def whole(value: Decimal, digits: int) -> int | None:
    """`value` in units of 10**-digits, None where it does not come out even."""
    exact = value.normalize().as_tuple()
    if not isinstance(exact.exponent, int) or -exact.exponent > digits:
        return None
    return int(value.scaleb(digits))


def span(value: Value) -> Span | On | Doubt:
    """merchantReturnDays: a number of days, a last day, or a duration of ISO 8601."""
    if isinstance(value, Node):
        return _quantity(value)
    text = value.value.strip() if isinstance(value.value, str) else ""
    if text and not _NUMBER.match(text):
        found = _duration(text)
        return day(value) if found is None else found
    number = decimal(value)
    if isinstance(number, Doubt):
        return number
    days = whole(number, 0)
    if days is None or not 0 <= days <= MOST_DAYS:
        return Doubt(f"{show(value)} is no whole number of days from 0 to {MOST_DAYS}")
    return Span(days)


def _quantity(node: Node) -> Span | On | Doubt:
    units = [name(unit) for unit in (*node.get("unitCode"), *node.get("unitText"))]
    if any(unit.lower() not in ("day", "days", "d") for unit in units):
        return Doubt(f"its unit is {', '.join(units)}, not DAY")
    inner = node.get("value")
    if len(inner) != 1 or isinstance(inner[0], Node):
        return Doubt(f"{show(node)} is no number of days")
    return span(inner[0])


def _duration(text: str) -> Span | Doubt | None:
    found = _DURATION.match(text)
    if not found or text == "P":
        return Doubt(f"{text!r} is no whole number of days") if text.startswith("P") else None
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    months += 12 * years
    days += 7 * weeks
    if months and days:
        return Doubt(f"{text!r} mixes months and days, which a window cannot count")
    if days > MOST_DAYS or months > MOST_DAYS // 31:
        return Doubt(f"{text!r} is beyond all measure")
    return Span(days, months)


def day(value: Value) -> On | Doubt:
    """A day, or the day of a moment as it is written there."""
    text = (
        value.value.strip() if isinstance(value, Literal) and isinstance(value.value, str) else ""
    )
    moment = _MOMENT.match(text)
    try:
        if moment:
            datetime.fromisoformat(text)
            return On(date.fromisoformat(moment[1]), of_moment=True)
        if _DAY.match(text):
            return On(date.fromisoformat(text))
    except ValueError:
        pass
    return Doubt(f"{show(value)} is no day; write it as 2026-01-31")


def money(value: Value) -> tuple[int, str] | Doubt:
    """Minor units and currency, of a MonetaryAmount or a price."""
    if not isinstance(value, Node):
        return Doubt(f"{show(value)} has no currency; write a MonetaryAmount")
    currencies = [*value.get("currency"), *value.get("priceCurrency")]
    amounts = [*value.get("value"), *value.get("price")]
    if any(value.get(bound) for bound in ("minValue", "maxValue")):
        return Doubt("it is a range; which amount counts?")
    if len(currencies) != 1 or len(amounts) != 1:
        return Doubt("it needs one value and one currency")
    code, number = name(currencies[0]), decimal(amounts[0])
    if isinstance(number, Doubt):
        return number
    if code in DISPUTED:
        return Doubt(f"amounts of {code} are written with and without decimals; which is meant?")
    if code not in DIGITS:
        return Doubt(f"{code[:20]!r} is no currency of ISO 4217, as EUR")
    minor = whole(number, DIGITS[code])
    if minor is None or not 0 <= minor <= 10**12:
        return Doubt(f"{number} {code} is no amount that can be charged")
    return minor, code


def percent(value: Value) -> int | Doubt:
    """Basis points of a number of percent; a % behind it is welcome."""
    if isinstance(value, Literal) and isinstance(value.value, str):
        value = Literal(value.value.strip().removesuffix("%").strip())
    number = decimal(value)
    if isinstance(number, Doubt):
        return number
    if 0 < number < 1:
        return Doubt(f"{number} is less than 1 %; a part of 1 is no percentage. Write 15 for 15 %")
    points = whole(number, 2)
    if points is None or not 0 <= points <= 10_000:
        return Doubt(f"{number} is no percentage from 0 to 100 with two decimals at most")
    return points


def country(value: Value) -> str | Doubt:
    """ISO 3166-1 alpha-2, in capitals."""
    text = name(value).upper()
    if isinstance(value, Node) and not text:
        codes = value.get("identifier")
        text = name(codes[0]).upper() if len(codes) == 1 else ""
    if text in COUNTRIES:
        return text
    hint = "; GB is the code" if text == "UK" else "; write two letters, as DE"
    return Doubt(f"{name(value)[:40] or show(value)} is no country code of ISO 3166-1{hint}")


def flag(value: Value) -> bool | Doubt:
    """A Boolean, however written."""
    if isinstance(value, Literal) and isinstance(value.value, bool):
        return value.value
    known = {"true": True, "false": False}
    word = name(value).lower()
    return known[word] if word in known else Doubt(f"{show(value)} is neither true nor false")
