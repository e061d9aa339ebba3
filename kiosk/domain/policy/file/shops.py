"""What a policy file says of merchants beside their rules: who they are, and how they look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.domain import look
from kiosk.domain.look.model import MOST_ON_PAPER
from kiosk.domain.look.reading import PARTS, Schemes
from kiosk.domain.policy.file.making import Made, Shop
from kiosk.domain.policy.file.mistakes import Level, Mistake, Path, meant
from kiosk.domain.policy.file.source import Source, steps
from kiosk.domain.policy.model import Instead
from kiosk.domain.returns import Merchant
from kiosk.domain.sentences import Sentence, at

_REMEDIES = (
    ("has a contrast of", Sentence("take a darker or a lighter colour")),
    (
        "must be one of panel",
        Sentence("merchants change accent and pictures, never what a colour means"),
    ),
    ("which cannot be printed", Sentence("take it out; it may hide in copied text")),
    (
        "must be an object",
        Sentence("write a table, as {example}", example="[merchant.receipt.header]"),
    ),
    ("language's tag", Sentence("as {example}", example='en = ["..."], pt-BR = ["..."]')),
)


def look_of(table: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a merchant's table that kiosk.domain.look reads. `theme` may name a file."""
    given = {part: table[part] for part in PARTS if part in table}
    if isinstance(given.get("theme"), str):
        del given["theme"]
    return given


def look_mistakes(source: Source, made: Made, house: Schemes) -> list[Mistake]:
    """Whatever a kiosk would leave out."""
    found = []
    for shop in made.shops:
        told, base = look_of(shop.table), _base(source, shop)
        if not shop.merchant_id or not told:
            continue
        for problem in look.read(told, house)[1]:
            where, _, why = problem.partition(": ")
            path = (*base, *steps(where)) if where != "look" else base
            remedy = next((mend for sign, mend in _REMEDIES if sign in why), "")
            found.append(source.mistake(path, shop.merchant_id, problem, remedy))
    return found


def look_warnings(source: Source, made: Made, house: Schemes) -> list[Mistake]:
    """What is good, and yet not to be seen everywhere."""
    found = []
    for shop in made.shops:
        theme = look.read(look_of(shop.table), house)[0].theme
        if theme and theme.logo and theme.logo.weight > MOST_ON_PAPER:
            why = at(
                "theme.logo.paths",
                Sentence(
                    "holds {count} characters, too many for a receipt", count=theme.logo.weight
                ),
            )
            remedy = Sentence(
                "draw it in at most {most}, with fewer points and digits", most=MOST_ON_PAPER
            )
            path = (*_base(source, shop), "theme", "logo", "paths")
            found.append(source.mistake(path, shop.merchant_id, why, remedy, Level.WARNING))
    return found


def merchant_of(source: Source, shop: Shop) -> tuple[Merchant, list[Mistake]]:
    """The merchant of a `[[merchant]]` table. With mistakes it is not to be used."""
    base, table, merchant_id = _base(source, shop), shop.table, shop.merchant_id
    wrong: list[Mistake] = []

    def text(key: str, default: str | None, example: str) -> str:
        value = table.get(key, default)
        if isinstance(value, str) and (value.strip() or default == "") and len(value) <= 200:
            return value
        why = Sentence("must be a text of 1 to {most} characters", most=200)
        if value is None:
            why = Sentence("is missing")
        wrong.append(source.mistake((*base, key), merchant_id, at(key, why), example))
        return ""

    name = text("name", None, _as('name = "Linden & Row"'))
    zone = text("timezone", None, _as('timezone = "Europe/Berlin"'))
    support = text("support", "", _as('support = "help@linden.example"'))
    theme = ""
    if not isinstance(table.get("theme"), Mapping):
        either = Sentence("a name, as {example}, or a table", example='theme = "northwind"')
        theme = text("theme", "", either)
    if zone and not _is_zone(zone):
        wrong.append(source.mistake((*base, "timezone"), merchant_id, *no_zone(zone)))
    instead = table.get("instead", [])
    ways = [way.value for way in Instead]
    if not isinstance(instead, list) or not all(way in ways for way in instead):
        odd = [way for way in instead if way not in ways] if isinstance(instead, list) else []
        why = at("instead", Sentence("must be a list of {options}", options=", ".join(ways)))
        remedy = meant(str(odd[0]), ways) if odd else ""
        wrong.append(source.mistake((*base, "instead"), merchant_id, why, remedy))
        instead = []
    return Merchant(merchant_id, name, support, zone, theme, tuple(instead)), wrong


def _as(example: str) -> Sentence:
    return Sentence("as {example}", example=example)


def no_zone(name: str) -> tuple[Sentence, Sentence]:
    """What is wrong with a time zone that there is not, and what to write."""
    why = at("timezone", Sentence("there is no time zone {zone}", zone=repr(name)))
    standard, example = "IANA", "Europe/Berlin"
    return why, Sentence("an {standard} name such as {example}", standard=standard, example=example)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _base(source: Source, shop: Shop) -> Path:
    """Where the merchant's table stands."""
    if not shop.merchant_id:
        return ()
    place = next(
        (n for n, one in enumerate(source.table.get("merchant", [])) if one is shop.table), 0
    )
    return ("merchant", place)
