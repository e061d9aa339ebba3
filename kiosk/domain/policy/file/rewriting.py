"""One rule, or one condition, of a file in the words that the rules read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kiosk.domain.policy.dimensions import AMOUNTS
from kiosk.domain.policy.file import parameters, quantities
from kiosk.domain.policy.file.mistakes import Path, meant
from kiosk.domain.policy.file.quantities import Unit
from kiosk.domain.sentences import Sentence

MOST_DEPTH = 12
NESTING = ("any", "all")

RULE_UNITS: dict[str, Unit] = {
    "amount": Unit.MONEY,
    "limit": Unit.MONEY,
    "value": Unit.MONEY,
    "days": Unit.DAYS,
    "months": Unit.MONTHS,
    "hours": Unit.HOURS,
    "grams": Unit.GRAMS,
    "weight_g": Unit.GRAMS,
    "longest_mm": Unit.MILLIMETRES,
    "basis_points": Unit.BASIS_POINTS,
}
"""What the numbers of rules count, by name."""

OWN_UNITS: dict[tuple[str, str], Unit] = {
    ("returnless", "below"): Unit.MONEY,
    ("bin_space", "below"): Unit.PERCENT,
    ("discount", "above"): Unit.BASIS_POINTS,
    **{
        (tag, key): Unit.MONEY
        for tag in ("fee", "bonus", "serial_limit")
        for key in ("at_least", "at_most")
    },
}
"""The same where it depends on the rule."""

DIMENSION_UNITS: dict[str, Unit] = {
    "discount": Unit.BASIS_POINTS,
    "weight": Unit.GRAMS,
    "measured": Unit.GRAMS,
    "longest": Unit.MILLIMETRES,
    "policy_age": Unit.HOURS,
    "bin_space": Unit.PERCENT,
    **dict.fromkeys(AMOUNTS, Unit.MONEY),
}
"""What the numbers of conditions count."""

ALIASES = {"percent": "basis_points", "longest": "longest_mm", "weight": "weight_g"}
"""Names that read better with a unit beside the number; a text must follow."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """`path` is within the rule or the condition."""

    path: Path
    why: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What a file gives names to, already in the words of the rules."""

    conditions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    calendars: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def unit_of(tag: str, key: str) -> Unit | None:
    """What a rule's parameter counts; None for what is no quantity."""
    if key not in parameters.of(tag):
        return None
    return OWN_UNITS.get((tag, key)) or RULE_UNITS.get(key)


def plain(value: object) -> object:
    """Days of TOML as the texts that rules read; a moment stays, and is told as no day."""
    match value:
        case datetime():
            return value.isoformat()
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case list():
            return [plain(inner) for inner in value]
        case _:
            return value


def rule(spec: Mapping[str, Any], names: Names) -> tuple[dict[str, object], tuple[Wrong, ...]]:
    """A rule's specification, and what is wrong with the parts that only a file knows."""
    tag = str(spec.get("rule", ""))
    made: dict[str, object] = {}
    wrong: list[Wrong] = []
    currencies: dict[str, str] = {}
    for given, value in spec.items():
        if given in ("when", "unless"):
            made[given] = _named(value, names, (given,), wrong)
        elif given == "calendar":
            _calendar(value, spec, names, made, wrong)
        else:
            key = _key(tag, given, value, spec)
            made[key] = _quantity(value, unit_of(tag, key), (given,), currencies, wrong)
    _currency(spec, made, currencies, wrong)
    return made, tuple(wrong)


def _key(tag: str, given: str, value: object, spec: Mapping[str, Any]) -> str:
    alias = ALIASES.get(given, given)
    fits = isinstance(value, str) and alias not in spec and given not in parameters.of(tag)
    return alias if fits and alias in parameters.of(tag) else given


def _quantity(
    value: object, unit: Unit | None, path: Path, currencies: dict[str, str], wrong: list[Wrong]
) -> object:
    if unit is None or not isinstance(value, str):
        return plain(value)
    found = quantities.read(value, unit)
    if isinstance(found, str):
        wrong.append(Wrong(path, found))
        return value
    if found.currency:
        currencies[str(path[-1])] = found.currency
    return found.number


def _currency(
    spec: Mapping[str, Any],
    made: dict[str, object],
    currencies: dict[str, str],
    wrong: list[Wrong],
    path: Path = (),
) -> None:
    """The amounts of one table share their currency."""
    said = set(currencies.values()) | ({spec["currency"]} if _text(spec, "currency") else set())
    if len(said) > 1:
        key = next(iter(currencies))
        why = Sentence("has amounts in {currencies}", currencies=", ".join(sorted(said)))
        remedy = Sentence("a rule is reckoned in one currency")
        wrong.append(Wrong((*path, key), why, remedy))
    elif currencies:
        made["currency"] = said.pop()


def _text(spec: Mapping[str, Any], key: str) -> bool:
    return isinstance(spec.get(key), str)


def _calendar(
    value: object,
    spec: Mapping[str, Any],
    names: Names,
    made: dict[str, object],
    wrong: list[Wrong],
) -> None:
    known = names.calendars.get(value) if isinstance(value, str) else None
    if known is None:
        above = Sentence("write {example} above", example="[calendars.NAME]")
        remedy = meant(str(value), names.calendars) or above
        why = Sentence("{name} names no calendar", name=repr(value))
        wrong.append(Wrong(("calendar",), why, remedy))
        return
    for key, days in known.items():
        if key in spec:
            why = Sentence("and {key} of its own", key=key)
            remedy = Sentence("put the days into the calendar, or leave it out")
            wrong.append(Wrong((key,), why, remedy))
        made[key] = days


def _named(value: object, names: Names, path: Path, wrong: list[Wrong]) -> object:
    """A `when` or an `unless`: names of conditions, or a condition."""
    if isinstance(value, str):
        return _look_up([value], names, path, wrong)
    if isinstance(value, list) and value:
        return _look_up(value, names, path, wrong)
    return _condition(value, names, path, wrong) if isinstance(value, Mapping) else plain(value)


def _look_up(given: list[Any], names: Names, path: Path, wrong: list[Wrong]) -> dict[str, object]:
    """All of the named conditions together."""
    found: list[Mapping[str, Any]] = []
    for name in given:
        if isinstance(name, str) and name in names.conditions:
            found.append(names.conditions[name])
        else:
            above = Sentence("write {example} above", example="[where.NAME]")
            remedy = meant(str(name), names.conditions) or above
            wrong.append(
                Wrong(path, Sentence("{name} names no condition", name=repr(name)), remedy)
            )
    return dict(found[0]) if len(found) == 1 else {"all": found}


def condition(
    table: Mapping[str, Any], names: Names
) -> tuple[dict[str, object], tuple[Wrong, ...]]:
    """A named condition, which may take those above it."""
    wrong: list[Wrong] = []
    return _condition(table, names, (), wrong), tuple(wrong)


def _condition(
    table: Mapping[str, Any], names: Names, path: Path, wrong: list[Wrong]
) -> dict[str, object]:
    made: dict[str, object] = {}
    shared: list[dict[str, object]] = []
    for key, value in table.items():
        at = (*path, key)
        if key == "where":
            given = [value] if isinstance(value, str) else value
            given = given if isinstance(given, list) and given else [given]
            shared.append(_look_up(given, names, at, wrong))
        elif key in NESTING and isinstance(value, list):
            made[key] = [_inner(one, names, (*at, n), wrong) for n, one in enumerate(value)]
        elif key == "not":
            made[key] = _inner(value, names, at, wrong)
        elif key in DIMENSION_UNITS and isinstance(value, Mapping):
            made[key] = _range(value, DIMENSION_UNITS[key], at, wrong)
        else:
            made[key] = plain(value)
    if not shared:
        return made
    if not made:
        return shared[0]
    own = made.pop("all", [])
    made["all"] = [*(own if isinstance(own, list) else []), *shared]
    return made


def _inner(value: object, names: Names, path: Path, wrong: list[Wrong]) -> object:
    if isinstance(value, str):
        return _look_up([value], names, path, wrong)
    if len(path) > MOST_DEPTH * 2:
        return plain(value)
    return _condition(value, names, path, wrong) if isinstance(value, Mapping) else plain(value)


def _range(value: Mapping[str, Any], unit: Unit, path: Path, wrong: list[Wrong]) -> object:
    made: dict[str, object] = {}
    currencies: dict[str, str] = {}
    for key, inner in value.items():
        ends = unit if key in ("min", "max") else None
        made[key] = _quantity(inner, ends, (*path, key), currencies, wrong)
    _currency(value, made, currencies, wrong, path)
    return made
