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
        return _close(given, listed)
    if "whole number" in why:
        unit = unit_of(tag, key) if len(names) == 2 else None
        if key in ("min", "max") and len(names) > 2:
            unit = DIMENSION_UNITS.get(names[-2])
        return f"or write {unit.value}" if unit else ""
    return ""


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
