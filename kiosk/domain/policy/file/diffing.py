"""What two lists of rules say differently, rule by rule, in sentences.

Rules are told apart by their ids; their order never matters. A rule that only spells its defaults
out says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from kiosk.domain.policy.file.quantities import Unit
from kiosk.domain.policy.file.rewriting import DIMENSION_UNITS, unit_of
from kiosk.domain.policy.rules import build
from kiosk.domain.policy.schema_org.tables import DIGITS
from kiosk.domain.sentences import Sentence, at

Spec = Mapping[str, object]


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule. `details` are sentences, one a parameter (kiosk.domain.sentences)."""

    rule: str
    change: Change
    details: tuple[str, ...]


def differences(old: Sequence[Spec], new: Sequence[Spec]) -> Iterator[Difference]:
    """By rule id: removed, changed, added."""
    before = {str(spec.get("id", "")): spec for spec in old}
    after = {str(spec.get("id", "")): spec for spec in new}
    for rule_id in sorted(before.keys() | after.keys()):
        first, second = before.get(rule_id), after.get(rule_id)
        if first is None and second is not None:
            yield Difference(rule_id, Change.ADDED, _whole(second))
        elif second is None and first is not None:
            yield Difference(rule_id, Change.REMOVED, _whole(first))
        elif first is not None and second is not None and build(first) != build(second):
            yield Difference(rule_id, Change.CHANGED, tuple(_changes(first, second)))


def _whole(spec: Spec) -> tuple[str, ...]:
    """A rule as it stands."""
    flat = {key: text for key, text in _flat(spec).items() if key not in ("id", "currency")}
    return tuple(at(key, text) for key, text in flat.items())


def _changes(first: Spec, second: Spec) -> Iterator[str]:
    old, new = _flat(first), _flat(second)
    for key in dict.fromkeys([*old, *new]):
        was, now = old.get(key), new.get(key)
        if was == now or key in ("id", "currency"):
            continue
        if was is not None and now is not None:
            yield _change(key, was, now)
        elif now is not None:
            yield at(key, Sentence("now {value}", value=now))
        elif was is not None:
            yield at(key, Sentence("no longer {value}", value=was))


def _change(key: str, was: str, now: str) -> str:
    """Lists by what came and what went."""
    olds, news = was.split(", "), now.split(", ")
    if len(olds) == len(news) == 1:
        return at(key, Sentence("{before} -> {after}", before=was, after=now))
    come = ", ".join(word for word in news if word not in olds)
    gone = ", ".join(word for word in olds if word not in news)
    also, gone_by = Sentence("also {value}", value=come), Sentence("no longer {value}", value=gone)
    if come and gone:
        return at(key, Sentence("{one}, {other}", one=also, other=gone_by))
    return at(key, also if come else gone_by)


def _flat(spec: Spec) -> dict[str, str]:
    """Every parameter by its path, as a person reads it."""
    tag = str(spec.get("rule", ""))
    found: dict[str, str] = {}
    for key, value in spec.items():
        _flatten(key, value, unit_of(tag, key), str(spec.get("currency", "")), found)
    return found


def _flatten(
    path: str, value: object, unit: Unit | None, currency: str, found: dict[str, str]
) -> None:
    if isinstance(value, Mapping):
        inside = DIMENSION_UNITS.get(path.rpartition(".")[2])
        own = str(value.get("currency", ""))
        for key, inner in value.items():
            if key != "currency":
                ends = inside if key in ("min", "max") else None
                _flatten(f"{path}.{key}", inner, ends, own, found)
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for place, one in enumerate(value):
            _flatten(f"{path}[{place + 1}]", one, None, currency, found)
    elif isinstance(value, list):
        found[path] = ", ".join(sorted(map(str, value)))
    else:
        found[path] = _told(value, unit, currency)


def _told(value: object, unit: Unit | None, currency: str) -> str:
    if isinstance(value, bool):
        return Sentence("yes") if value else Sentence("no")
    if not isinstance(value, int) or unit is None:
        return str(value)
    match unit:
        case Unit.MONEY if currency in DIGITS:
            return f"{Decimal(value).scaleb(-DIGITS[currency])} {currency}"
        case Unit.MONEY:
            return f"{value} {currency}"
        case Unit.BASIS_POINTS:
            return f"{Decimal(value) / 100:f} %"
        case Unit.PERCENT:
            return f"{value} %"
        case Unit.DAYS:
            return Sentence("{count} days", count=value)
        case Unit.MONTHS:
            return Sentence("{count} months", count=value)
        case Unit.HOURS:
            return Sentence("{count} hours", count=value)
        case Unit.GRAMS:
            return f"{value} g"
        case Unit.MILLIMETRES:
            return f"{value} mm"
