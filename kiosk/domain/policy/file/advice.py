"""The remedy for what the rules themselves refuse: what was meant, and what there is."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.policy.file import parameters
from kiosk.domain.policy.file.mistakes import Path, meant
from kiosk.domain.policy.file.rewriting import ALIASES, DIMENSION_UNITS, unit_of
from kiosk.domain.policy.rules import RULES
from kiosk.domain.policy.spelling import DIMENSIONS
from kiosk.domain.sentences import Sentence

TOP = ("rules", "merchant", "third_party", "where", "calendars")
FRAME = ("rule", "id", "priority", "when", "unless", "instead")
CONDITION = (*DIMENSIONS, "any", "all", "not", "answer", "unknown", "where")
CALENDAR = ("weekend", "holidays")
_CONDITIONS = ("when", "unless", "not", "any", "all")


def _as(example: str) -> Sentence:
    return Sentence("as {example}", example=example)


PLAIN = (
    (
        "time would reopen it",
        Sentence("ask it in a rule of its own, as {one} or {other}", one="staff", other="review"),
    ),
    ("is above max", Sentence("the least goes into {key}", key="`min`")),
    ("is above at_most", Sentence("the least goes into {key}", key="`at_least`")),
    ("is after to", Sentence("the earlier day goes into {key}", key="`from`")),
    ("must follow each other", Sentence("the earlier day first")),
    ("must be true or false", Sentence("without quotes")),
    (" deep", Sentence("give a part of it a name, under {example}", example="[where.NAME]")),
    ("must say what does not come back", _as('when = { category = "food" }')),
    ("must say where", _as('when = { segment = "vip" }')),
    ("must name the rules", _as('rules = ["thirty-days"]')),
    ("must name a method", Sentence("there is {names}", names="original, store_credit, exchange")),
    ("not empty", Sentence("write a word, or leave it out")),
    ("must be a list of 1 to", _as('any = [{ category = "shoes" }]')),
    ("or never must be given", _as('only = ["DE", "AT"]')),
    ("names what only lets pass", Sentence("leave it out of one of them")),
    ("or units or value must be given", _as("returns = 5")),
    ("answers in all", _as('accept = ["unused"], refuse = ["used"]')),
    ("one answer in two lists", Sentence("leave it out of one of them")),
    ("and not all of them", Sentence("leave out a day on which a window may end")),
    ("must be days as", _as('holidays = ["12-25"]')),
    ("must be a day as", _as("2026-12-24")),
    (
        "three capital letters",
        Sentence(
            "as {example}, or an amount as {amount}",
            example='currency = "EUR"',
            amount='"4.95 EUR"',
        ),
    ),
    ("must be a text of 1 to", Sentence("write a name in quotes")),
    ("must be an object", _as('when = { category = "shoes" }')),
    ("says nothing", Sentence("or say where, as {example}", example='{ category = "shoes" }')),
    (
        "must say how much",
        Sentence("as {one} or {other}", one='amount = "4.95 EUR"', other='percent = "10 %"'),
    ),
    ("or to must be given", _as("from = 2026-11-01")),
    ("or max must be given", _as("min = 5")),
    ("or at_least must be given", _as("at_most = 5")),
    ("names something twice", Sentence("leave it out once")),
    ("need not come back", _as('below = "5 EUR"')),
    ("comparisons", Sentence("divide the rule into several")),
    ("must name a question", _as('question = "condition"')),
    ("must be named in", Sentence("give it a shorter name")),
    ("holds something that is no", Sentence("look at its commas and quotes")),
    ("must all be YYYY-MM-DD", _as('{ from = "11-01", to = "12-24", until = "01-31" }')),
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
        return near or next(
            (remedy for words, remedy in PLAIN if words in why), Sentence("take one of them")
        )
    if "whole number" in why:
        unit = unit_of(tag, key) if len(names) == 2 else None
        if key in ("min", "max") and len(names) > 2:
            unit = DIMENSION_UNITS.get(names[-2])
        return Sentence("or write {form}", form=unit.value) if unit else Sentence("without quotes")
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
