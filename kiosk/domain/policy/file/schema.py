"""The policy file's JSON Schema (2020-12), made of what the rules themselves read.

    python -m kiosk.domain.policy.file.schema > assets/schemas/policy.schema.json

Editors complete and check by it. It says of every key and every value what may stand there;
`takeback policy check` also knows what depends on another key: an amount that a fee needs, a name
that names nothing, a limit in other units, the 29th of February.
"""

from __future__ import annotations

import inspect
import json

from kiosk.domain.policy.dimensions import AMOUNTS, CLOSED, DAYS, FLAGS, NUMBERS, WEEKDAYS, WORDS
from kiosk.domain.policy.file import parameters
from kiosk.domain.policy.file.looks_schema import looks
from kiosk.domain.policy.file.parameters import Kind, Parameter
from kiosk.domain.policy.file.quantities import Unit
from kiosk.domain.policy.file.rewriting import ALIASES, DIMENSION_UNITS, unit_of
from kiosk.domain.policy.frame import MOST_PRIORITY
from kiosk.domain.policy.model import Instead
from kiosk.domain.policy.rules import RULES
from kiosk.domain.policy.spelling import DIMENSIONS

Schema = dict[str, object]
WORD: Schema = {"type": "string", "minLength": 1, "maxLength": 200}
_OF_YEAR = (
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|[12][0-9]))"
)
_YEAR = "(?!0000)[0-9]{4}-"
DAY: Schema = {"type": "string", "pattern": f"^{_YEAR}{_OF_YEAR}$"}
NAMED_DAY: Schema = {"type": "string", "pattern": f"^({_YEAR})?{_OF_YEAR}$"}
_NUMBER = "[0-9]{1,15}(\\.[0-9]{1,9})?"
MOST_WEEKEND = 6  # a week has a day on which a window may end
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$"}
CONDITION: Schema = {"$ref": "#/$defs/condition"}


def schema() -> Schema:
    """The whole document."""
    said = {"id": WORD, "name": WORD, "support": WORD, "timezone": WORD}
    merchant = {**said, **looks(), "rules": _list("rule")}
    tables = {
        "rules": _list("rule"),
        "merchant": {
            "type": "array",
            "items": {"type": "object", "properties": merchant, "required": ["id"]},
        },
        "where": {"type": "object", "additionalProperties": CONDITION},
        "calendars": {"type": "object", "additionalProperties": _calendar()},
        "third_party": {"type": "array"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Takeback policy file",
        "type": "object",
        "properties": tables,
        "additionalProperties": False,
        "$defs": {
            "rule": {"oneOf": [{"$ref": f"#/$defs/rule-{tag}"} for tag in sorted(RULES)]},
            "condition": _condition(),
            "where": {"anyOf": [WORD, {"type": "array", "items": WORD, "minItems": 1}, CONDITION]},
            **{f"rule-{tag}": _rule(tag) for tag in sorted(RULES)},
        },
    }


def _list(name: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def _words(options: tuple[str, ...] = ()) -> Schema:
    one: Schema = {"enum": list(options)} if options else WORD
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}]}


def _weekend() -> Schema:
    one: Schema = {"enum": list(WEEKDAYS)}
    several = {"type": "array", "items": one, "maxItems": MOST_WEEKEND, "uniqueItems": True}
    return {"anyOf": [one, {**several, "minItems": 1}]}


def _text(unit: Unit | None) -> Schema:
    """A quantity as people write it: its unit stands beside it, and a point in it."""
    if unit is None:
        return {"type": "string"}
    if unit is Unit.MONEY:
        amount = f"([A-Z]{{3}}\\s*{_NUMBER}|{_NUMBER}\\s*[A-Z]{{3}})"
    else:
        amount = f"{_NUMBER}\\s*({'|'.join(sorted(unit.words))})"
    return {"type": "string", "pattern": f"^\\s*{amount}\\s*$"}


def _calendar() -> Schema:
    days = {"anyOf": [NAMED_DAY, {"type": "array", "items": NAMED_DAY, "minItems": 1}]}
    properties = {"weekend": _weekend(), "holidays": days}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _rule(tag: str) -> Schema:
    own = parameters.of(tag)
    properties: Schema = {
        "rule": {"const": tag},
        "id": {**WORD, "description": "its name in verdicts and reports"},
        "priority": _integer(-MOST_PRIORITY, MOST_PRIORITY, None),
        "when": {"$ref": "#/$defs/where"},
        "unless": {"$ref": "#/$defs/where"},
        "instead": _words(tuple(way.value for way in Instead)),
        **{name: _parameter(tag, one) for name, one in own.items()},
    }
    for alias, key in ALIASES.items():
        if key in own and alias not in own:
            properties[alias] = {**_text(unit_of(tag, key)), "description": _unit(tag, key)}
    if "holidays" in own:
        properties["calendar"] = {**WORD, "description": "the name of one of `calendars`"}
    # An amount that is written as a text brings its currency; an alias stands for its parameter.
    replaced = {"currency", *ALIASES.values()}
    always = [one.name for one in own.values() if one.needed and one.always]
    return {
        "type": "object",
        "description": inspect.cleandoc(RULES[tag].__doc__ or "").replace("\n", " "),
        "properties": properties,
        "required": ["rule", "id", *(name for name in always if name not in replaced)],
        "additionalProperties": False,
    }


def _unit(tag: str, key: str) -> str:
    unit = unit_of(tag, key)
    return unit.value if unit else ""


def _integer(low: int, high: int, unit: Unit | None) -> Schema:
    whole: Schema = {"type": "integer", "minimum": low, "maximum": high}
    if unit is None:
        return whole
    return {"anyOf": [whole, _text(unit)], "description": unit.value}


def _parameter(tag: str, one: Parameter) -> Schema:
    match one.kind:
        case Kind.INTEGER:
            return _integer(one.low, one.high, unit_of(tag, one.name))
        case Kind.WORD:
            return WORD
        case Kind.WORDS if one.name in ("weekend", "holidays"):
            calendar = _calendar()["properties"]
            assert isinstance(calendar, dict)
            found: Schema = calendar[one.name]
            return found
        case Kind.WORDS:
            return _words()
        case Kind.CHOICE:
            return {"enum": list(one.options)}
        case Kind.CHOICES:
            return _words(one.options)
        case Kind.CURRENCY:
            return CURRENCY
        case Kind.DAY:
            return DAY
        case Kind.FLAG:
            return {"type": "boolean"}
        case Kind.TABLES:
            inner = {part.name: NAMED_DAY for part in one.inner}
            table = {"type": "object", "properties": inner, "required": sorted(inner)}
            return {"type": "array", "items": {**table, "additionalProperties": False}}


def _condition() -> Schema:
    nested = {"type": "array", "items": {"anyOf": [WORD, CONDITION]}, "minItems": 1}
    answers = {"type": "object", "additionalProperties": _words(), "minProperties": 1}
    properties: Schema = {
        **{key: _words(tuple(sorted(CLOSED.get(key, ())))) for key in WORDS},
        **{key: _range(key, False) for key in NUMBERS},
        **{key: _range(key, True) for key in AMOUNTS},
        **{key: _days() for key in DAYS},
        **{key: {"type": "boolean"} for key in FLAGS},
        "any": nested,
        "all": nested,
        "not": {"anyOf": [WORD, CONDITION]},
        "answer": answers,
        "unknown": _words(DIMENSIONS),
        "where": _words(),
    }
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
    }


def _range(key: str, amount: bool) -> Schema:
    end = _integer(0, 10**12, DIMENSION_UNITS.get(key))
    properties = {"min": end, "max": end, **({"currency": CURRENCY} if amount else {})}
    texts: Schema = {"properties": {"min": {"type": "string"}, "max": {"type": "string"}}}
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
        # Minor units are of some currency; an amount that is written as a text brings its own.
        **({"anyOf": [{"required": ["currency"]}, texts]} if amount else {}),
    }


def _days() -> Schema:
    properties = {"from": DAY, "to": DAY}
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
    }


def text() -> str:
    """As it is published."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(text(), end="")
