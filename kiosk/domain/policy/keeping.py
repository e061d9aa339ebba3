"""Everything that rules may look at, kept with a drop, so that it can be judged again years later.

A verdict's `inputs` are what its own rules looked at; other rules look at other facts. With each
drop go, in its event, the facts of the return (`of_return`) and those of each line (`of_line`),
by their path in kiosk.domain.policy.model.Facts, after kiosk.domain.policy.whole.prepare:

- what has its usual value (`""`, 0, nobody knows) is left out; FORM says that nothing else is;
- days and instants in ISO 8601, yes and no, lists of words as a JSON list;
- amounts as two facts, `.minor` and `.currency`;
- of the customer's other returns and of this return's earlier drops only how many there are, and
  what they come to: the drops themselves tell the rest, and these sums tell whether they tell all.

Names of goods, pictures, order numbers and postal codes are no rule's business and not kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from enum import Enum
from functools import cache
from typing import Any

from kiosk.domain.money import Money
from kiosk.domain.policy.model import Context, Facts
from kiosk.domain.policy.recording import plain
from kiosk.domain.returns import Authorisation, PastReturn, ReturnLine

Kept = dict[str, str | int]
FORM = "form"
FORM_NOW = 1
OTHER_RETURNS = ("history.returns", "history.units", "history.value")
EARLIER_DROPS = "drops"
BEFORE = ("whole.units_before", "whole.units_authorised", "whole.value_before", "whole.currency")
NO_RULES_BUSINESS = frozenset(
    {"name", "image", "order_number", "postal_code", "short_code", "state", "expires_at"}
    | {"third_party", "lines", "history", "drops", "merchant_id", "return_id"}
)
OF_RETURN = (
    "return_id",
    *(one.name for one in fields(Authorisation) if one.name not in NO_RULES_BUSINESS),
)
"""Fields of an authorisation that are known again: its lines are told by its drops."""


def of_return(facts: Facts) -> Kept:
    """What all lines of a return share. `facts` is any line's, prepared."""
    kept: Kept = {FORM: FORM_NOW, "merchant.timezone": facts.merchant.timezone}
    kept |= _fields("authorisation", facts.authorisation, Authorisation)
    kept |= _fields("context", facts.context, Context)
    together = facts.together
    whole = {f"whole.{name}": getattr(together, name) for name in _names(BEFORE)}
    kept |= {path: value for path, value in whole.items() if value}
    others = other_returns(facts.history, facts.authorisation.return_id)
    kept |= {path: n for path, n in zip(OTHER_RETURNS, others, strict=True) if n}
    if facts.drops:
        kept[EARLIER_DROPS] = len(facts.drops)
    return kept


def of_line(facts: Facts) -> Kept:
    """What is a line's own, beside what LineFact holds already."""
    kept = _fields("line", facts.line, ReturnLine)
    if facts.already_dropped:
        kept["already_dropped"] = facts.already_dropped
    if facts.measured_g is not None:
        kept["measured_g"] = facts.measured_g
    return kept


def other_returns(history: Iterable[PastReturn], own: str) -> tuple[int, int, int]:
    """How many other returns, units, and minor units of all their currencies together: whether a
    history that was put together again is the one that was known."""
    others = [one for one in history if one.return_id != own]
    return len(others), sum(one.units for one in others), sum(one.value.minor for one in others)


def _names(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(path.rpartition(".")[2] for path in paths)


def _fields(part: str, whole: object, kind: Any) -> Kept:
    kept: Kept = {}
    for name, path, usual in _looked_at(part, kind):
        value = getattr(whole, name)
        if value == usual:
            continue
        if isinstance(value, Money):
            kept[f"{path}.minor"], kept[f"{path}.currency"] = value.minor, value.currency
        else:
            kept[path] = _text(value)
    return kept


@cache
def _looked_at(part: str, kind: Any) -> tuple[tuple[str, str, object], ...]:
    """Of each field that is a rule's business its name, its path and its usual value."""
    return tuple(
        (one.name, f"{part}.{one.name}", _usual(one))
        for one in fields(kind)
        if one.name not in NO_RULES_BUSINESS
    )


def _usual(one: Field[Any]) -> object:
    return None if one.default is MISSING else one.default


def _text(value: object) -> str | int:
    if isinstance(value, frozenset | tuple):
        words = [str(word.value) if isinstance(word, Enum) else str(word) for word in value]
        return json.dumps(sorted(words) if isinstance(value, frozenset) else words)
    return plain(value)


def fields_of(part: str, kept: Mapping[str, str | int], kind: Any) -> dict[str, object]:
    """The fields of one object as `of_return` and `of_line` kept them, in JSON's types: for
    whoever makes it again. What was left out is left out."""
    found: dict[str, object] = {}
    for one in fields(kind):
        path = f"{part}.{one.name}"
        if f"{path}.minor" in kept:
            found[one.name] = {
                "minor": kept[f"{path}.minor"],
                "currency": kept[f"{path}.currency"],
            }
        elif path in kept:
            found[one.name] = _value(kept[path], str(one.type))
    return found


def _value(value: str | int, kind: str) -> object:
    if kind.startswith("bool"):
        return value == "yes"
    if "frozenset" in kind or "tuple" in kind:
        return json.loads(str(value))
    return value
