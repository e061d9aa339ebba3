"""What a form says of one part of a house: the part, or what is wrong, by the id of the field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from babel.numbers import get_currency_precision, is_currency

from kiosk.domain.codes.carriers.tables import TABLES
from kiosk.domain.counter.book_parts import LEAST_PIN
from kiosk.domain.counter.holding import LONGEST, Counts
from kiosk.domain.counter.proving import Document, Proof
from kiosk.domain.policy import calendar
from kiosk.domain.staff.permits import Limited
from sync.central.counter_book.people import START_DIGITS
from sync.central.counter_book.shelves import BadPattern, named, with_shelves
from sync.wire import counter_book as wire
from sync.wire.counter_book import HouseTold

Form = Mapping[str, str]
Many = Mapping[str, Collection[str]]
"""The boxes of a form that were ticked, by their name."""
T = TypeVar("T")
LONGEST_NAME = 40
MOST_PIN = 12
SIZES = ("small", "medium", "large")


class Wrong(StrEnum):
    """What is wrong with one field."""

    SHELVES = "shelves"  # names no shelves
    TOO_MANY_SHELVES = "too_many_shelves"
    NAME = "name"  # missing, or too long
    NUMBER = "number"
    ZONE = "zone"
    TIME = "time"
    DAYS = "days"
    AMOUNT = "amount"
    CURRENCY = "currency"
    NOTHING = "nothing"  # none of the boxes was ticked


@dataclass(frozen=True, slots=True)
class Fault:
    """`about` is the part of it that is wrong; `least` and `most` bound a number."""

    wrong: Wrong
    about: str = ""
    least: int = 0
    most: int = 0


Faults = dict[str, Fault]


def carriers() -> tuple[str, ...]:
    """Those whose labels are known."""
    found = {name for row in TABLES.rows for name in (row.carrier, *row.carriers.values())}
    return tuple(sorted(found - {""}))


@dataclass(slots=True)
class _Reader:
    form: Form
    faults: Faults

    def number(self, name: str, least: int, most: int) -> int:
        text = self.form.get(name, "").strip()
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        if least <= value <= most:
            return value
        self.faults[name] = Fault(Wrong.NUMBER, text, least, most)
        return least

    def name(self, field: str, longest: int = LONGEST_NAME, *, empty: bool = False) -> str:
        text = self.form.get(field, "").strip()
        if (not text and not empty) or len(text) > longest or (text and not text.isprintable()):
            self.faults[field] = Fault(Wrong.NAME, most=longest)
        return text

    def days(self, field: str) -> tuple[str, ...]:
        parts = self.form.get(field, "").replace("\n", ",").split(",")
        days = tuple(dict.fromkeys(text for part in parts if (text := part.strip())))
        bad = next((one for one in days if calendar.parse(one) is None), None)
        if bad is not None or len(days) > wire.MAX_HOLIDAYS:
            self.faults[field] = Fault(Wrong.DAYS, (bad or "")[:40])
        return days

    def amount(self, field: str, currency: str) -> int | None:
        """Minor units; None for a field that is empty."""
        text = self.form.get(field, "").strip().replace(",", ".")
        if not text:
            return None
        try:
            minor = Decimal(text).scaleb(get_currency_precision(currency or "EUR"))
            whole = int(minor) if minor == minor.to_integral_value() else -1
        except (InvalidOperation, ValueError, OverflowError):
            whole = -1
        if not 0 <= whole <= 10**9:
            self.faults[field] = Fault(Wrong.AMOUNT, text[:20])
        return whole


# --- shelves -----------------------------------------------------------------------------------


def shelves(house: HouseTold, form: Form, ticked: Many) -> HouseTold | Faults:
    """A row of shelves put in, or in the place of those of the same name."""
    read = _Reader(form, {})
    names = _names(form.get("pattern", ""), read.faults)
    zone, room = read.name("zone", empty=True), read.number("room", 1, 10_000)
    known = {one.carrier for one in house.carriers}
    new = tuple(
        wire.ShelfTold(
            shelf_id=name,
            zone=zone,
            room=room,
            carriers=tuple(sorted(known & set(ticked.get("carrier", ())))),
            sizes=tuple(one for one in SIZES if one in ticked.get("size", ())),
            returns="returns" in form,
        )
        for name in names
    )
    every = with_shelves(house, new)
    if len(every) > wire.MAX_SHELVES:
        read.faults["pattern"] = Fault(Wrong.TOO_MANY_SHELVES, most=wire.MAX_SHELVES)
    return read.faults or msgspec.structs.replace(house, shelves=every)


def without_shelves(house: HouseTold, form: Form) -> HouseTold | Faults:
    faults: Faults = {}
    gone = set(_names(form.get("gone", ""), faults, "gone"))
    left = tuple(one for one in house.shelves if one.shelf_id not in gone)
    if not faults and len(left) == len(house.shelves):
        faults["gone"] = Fault(Wrong.SHELVES, form.get("gone", "").strip()[:40])
    return faults or msgspec.structs.replace(house, shelves=left)


def _names(pattern: str, faults: Faults, field: str = "pattern") -> tuple[str, ...]:
    found = named(pattern)
    if isinstance(found, BadPattern):
        many = Fault(Wrong.TOO_MANY_SHELVES, most=wire.MAX_SHELVES)
        faults[field] = Fault(Wrong.SHELVES, found.part) if found.part or not pattern else many
        return ()
    return found


# --- carriers ----------------------------------------------------------------------------------


def carrier(house: HouseTold, form: Form, ticked: Many) -> HouseTold | Faults:
    read = _Reader(form, {})
    name = read.name("carrier")
    ask = tuple(one.value for one in Proof if one.value in ticked.get("ask", ()))
    nothing = "ask_nothing" in form
    if bool(ask) == nothing:
        read.faults["ask"] = Fault(Wrong.NOTHING)
    documents = tuple(one.value for one in Document if one.value in ticked.get("document", ()))
    if Proof.DOCUMENT in ask and not documents:
        read.faults["document"] = Fault(Wrong.NOTHING)
    told = wire.CarrierTold(
        carrier=name,
        name=read.name("shown", empty=True) or name,
        proof=wire.ProofTold(
            ask=ask or ("none",),
            documents=documents or tuple(Document),
            age=read.number("age", 1, 149) if Proof.AGE in ask else 18,
            proxies="proxies" in form,
        ),
        hold=_hold(read) if "own_hold" in form else None,
        room=read.number("room", 1, 10_000),
    )
    others = {one.carrier: one for one in house.carriers}
    if len(others) >= wire.MAX_CARRIERS and name not in others:
        read.faults["carrier"] = Fault(Wrong.NUMBER, most=wire.MAX_CARRIERS)
    every = tuple({**others, name: told}.values())
    return read.faults or msgspec.structs.replace(house, carriers=every)


def without_carrier(house: HouseTold, name: str) -> HouseTold:
    left = tuple(one for one in house.carriers if one.carrier != name)
    return msgspec.structs.replace(house, carriers=left)


def _hold(read: _Reader) -> wire.HoldTold:
    counts = read.form.get("counts", "")
    parts = read.form.get("remind", "").split(",")
    remind = [text for part in parts if (text := part.strip())]
    if not all(one.isascii() and one.isdigit() and int(one) <= LONGEST for one in remind):
        read.faults["remind"] = Fault(Wrong.NUMBER, "", 0, LONGEST)
        remind = []
    return wire.HoldTold(
        days=read.number("days", 1, LONGEST),
        counts=counts if counts in list(Counts) else Counts.DAYS,
        remind=tuple(sorted(map(int, remind), reverse=True)),
        extend_by=read.number("extend_by", 0, LONGEST),
        extensions=read.number("extensions", 0, 100),
    )


# --- hours and rules ---------------------------------------------------------------------------


def hours(house: HouseTold, form: Form, ticked: Many) -> HouseTold | Faults:
    read = _Reader(form, {})
    zone = form.get("zone", "").strip()
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        read.faults["zone"] = Fault(Wrong.ZONE, zone[:40])
    closes = []
    for weekday in range(7):
        text = form.get(f"closes-{weekday}", "").strip()
        if text and not _is_time(text):
            read.faults[f"closes-{weekday}"] = Fault(Wrong.TIME, text[:20])
        elif text:
            closes.append(wire.ClosesTold(weekday=weekday, at=text))
    weekend = tuple(day for day in range(7) if str(day) in ticked.get("weekend", ()))
    if len(weekend) == 7:
        read.faults["weekend"] = Fault(Wrong.NOTHING)
    opening = wire.OpeningTold(
        zone=zone,
        closes=tuple(closes),
        holidays=read.days("holidays"),
        weekend=weekend,
        no_work=read.days("no_work"),
    )
    return read.faults or msgspec.structs.replace(house, opening=opening)


def _is_time(text: str) -> bool:
    try:
        return time.fromisoformat(text).isoformat("minutes") == text
    except ValueError:
        return False


def rules(house: HouseTold, form: Form, languages: Collection[str]) -> HouseTold | Faults:
    """`languages` are those that a counter can speak."""
    read = _Reader(form, {})
    currency = form.get("currency", "").strip().upper()
    limits = []
    for limited in Limited:
        minor = read.amount(limited.value, currency)
        if minor is not None:
            told = wire.LimitTold(limited=limited.value, minor=max(0, minor), currency=currency)
            limits.append(told)
    if limits and not is_currency(currency):
        read.faults["currency"] = Fault(Wrong.CURRENCY, currency[:10])
    least = read.number("least", LEAST_PIN, MOST_PIN)
    most = read.number("most", START_DIGITS, 32)
    language = form.get("language", "")
    made = msgspec.structs.replace(
        house,
        sign_in=wire.SignInTold(
            badge_alone=("associate",) if "badge_alone" in form else (),
            pin_alone=("associate",) if "pin_alone" in form else (),
        ),
        pins=wire.PinsTold(least=least, most=max(most, least)),
        times=wire.TimesTold(
            idle=60 * read.number("idle", 1, 30),
            absolute=3600 * read.number("absolute", 1, 16),
            aside=60 * read.number("aside", 0, 60),
            second=house.times.second,
        ),
        limits=tuple(limits),
        hold=_hold(read),
        language=language if language in languages else house.language,
    )
    return read.faults or made


def amount_text(minor: int, currency: str) -> str:
    """As a form shows it, and reads it again."""
    places = get_currency_precision(currency)
    return f"{Decimal(minor).scaleb(-places):.{places}f}"
