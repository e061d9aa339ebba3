"""The remedy for what the rules themselves refuse: what was meant, and what there is."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.policy.file import parameters
from kiosk.domain.policy.file.mistakes import Path, meant
from kiosk.domain.policy.file.rewriting import ALIASES, DIMENSION_UNITS, unit_of
from kiosk.domain.policy.rules import RULES
from kiosk.domain.policy.spelling import DIMENSIONS

TOP = ("rules", "merchant", "third_party", "where", "calendars")
FRAME = ("rule", "id", "priority", "when", "unless", "instead")
CONDITION = (*DIMENSIONS, "any", "all", "not", "answer", "unknown", "where")
CALENDAR = ("weekend", "holidays")
_CONDITIONS = ("when", "unless", "not", "any", "all")


PLAIN = (
    ("time would reopen it", "ask it in a rule of its own, as staff or review"),
    ("is above max", "the least goes into `min`"),
    ("is above at_most", "the least goes into `at_least`"),
    ("is after to", "the earlier day goes into `from`"),
    ("must follow each other", "the earlier day first"),
    ("must be true or false", "without quotes"),
    (" deep", "give a part of it a name, under [where.NAME]"),
    ("must say what does not come back", 'as when = { category = "food" }'),
    ("must say where", 'as when = { segment = "vip" }'),
    ("must name the rules", 'as rules = ["thirty-days"]'),
    ("must name a method", "there is original, store_credit, exchange"),
    ("not empty", "write a word, or leave it out"),
    ("must be a list of 1 to", 'as any = [{ category = "shoes" }]'),
    ("or never must be given", 'as only = ["DE", "AT"]'),
    ("names what only lets pass", "leave it out of one of them"),
    ("or units or value must be given", "as returns = 5"),
    ("answers in all", 'as accept = ["unused"] and refuse = ["used"]'),
    ("one answer in two lists", "leave it out of one of them"),
    ("and not all of them", "leave out a day on which a window may end"),
    ("must be days as", 'as holidays = ["12-25"]'),
    ("must be a day as", "as 2026-12-24"),
    ("three capital letters", 'as currency = "EUR", or an amount as "4.95 EUR"'),
    ("must be a text of 1 to", "write a name in quotes"),
    ("must be an object", 'as when = { category = "shoes" }'),
    ("says nothing", 'or say where, as { category = "shoes" }'),
    ("must say how much", 'as amount = "4.95 EUR" or percent = "10 %"'),
    ("or to must be given", "as from = 2026-11-01"),
    ("or max must be given", "as min = 5"),
    ("or at_least must be given", "as at_most = 5"),
    ("names something twice", "leave it out once"),
    ("need not come back", 'as below = "5 EUR"'),
    ("comparisons", "divide the rule into several"),
    ("must name a question", 'as question = "condition"'),
    ("must be named in", "give it a shorter name"),
    ("holds something that is no", "look at its commas and quotes"),
    ("must all be YYYY-MM-DD", 'as { from = "11-01", to = "12-24", until = "01-31" }'),
)
"""What to write, by words of what a rule refuses; the first that fits."""


def rule_keys(tag: str) -> tuple[str, ...]:
    """Everything that may stand in a rule."""
    own = parameters.of(tag)
    also = tuple(alias for alias, key in ALIASES.items() if key in own and alias not in own)
    more = ("calendar",) if "holidays" in own else ()
    return (*FRAME, *own, *also, *more)


def remedy(path: Path, why: str, spec: Mapping[str, object]) -> str:
    """For a problem at `path`, which begins with what holds it: rule, when or calendar."""
    names = [step for step in path if isinstance(step, str)]
    key, tag = names[-1], str(spec.get("rule", ""))
    if "is not known to this version" in why:
        return meant(tag, RULES)
    if "is not known here" in why:
        return _unknown_key(names, key, tag)
    if "must be one of " in why or "must be of " in why:
        given = _value(path[1:], spec)
        listed = why.partition("must be one of ")[2] or why.partition("must be of ")[2]
        near = _close(given, listed)
        return near or next((remedy for words, remedy in PLAIN if words in why), "take one of them")
    if "whole number" in why:
        unit = unit_of(tag, key) if len(names) == 2 else None
        if key in ("min", "max") and len(names) > 2:
            unit = DIMENSION_UNITS.get(names[-2])
        return f"or write {unit.value}" if unit else "without quotes"
    return next((remedy for words, remedy in PLAIN if words in why), "")


def _unknown_key(names: list[str], key: str, tag: str) -> str:
    if names[0] == "calendar":
        return meant(key, CALENDAR)
    inside = [name for name in names[:-1] if name in _CONDITIONS]
    if not inside:
        return meant(key, rule_keys(tag)) if len(names) == 2 else ""
    holder = names[-2]
    if holder in _CONDITIONS:
        return meant(key, CONDITION)
    return meant(key, ("min", "max", "from", "to", "currency"))


def _value(path: Path, spec: object) -> list[str]:
    for step in path:
        if isinstance(spec, Mapping):
            spec = spec.get(step)
        elif isinstance(spec, list) and isinstance(step, int) and step < len(spec):
            spec = spec[step]
    given = spec if isinstance(spec, list) else [spec]
    return [one for one in given if isinstance(one, str)]


def _close(given: list[str], listed: str) -> str:
    options = [one.strip() for one in listed.split(" and ")[0].split(",")]
    odd = [one for one in given if one not in options]
    near = meant(odd[0], options) if odd else ""
    return near if near.startswith("did") else ""
