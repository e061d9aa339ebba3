"""What a rule looked at: facts that remember which of them were read.

A verdict names its inputs by asking its deciding rules once more over facts seen through this
glass, so there is no second list to keep in step with what the rules do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, cast

from kiosk.domain.policy.model import Facts

Seen = dict[str, str | int]


def plain(value: object) -> str | int:
    """A fact as text or whole number: days and instants in ISO 8601, sets sorted and joined by
    commas, what nobody knows as "", a list of records as how many there are."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case int() | str():
            return value
        case None:
            return ""
        case datetime() | date():
            return value.isoformat()
        case frozenset() | tuple() if all(isinstance(part, str) for part in value):
            return ",".join(sorted(str(part) for part in value))
        case frozenset() | tuple() | Mapping():
            return len(value)
        case _:
            return str(value)


class _Glass:
    """Stands before one object; fields of it are noted as they are read. A class of its own for
    each class looked at (`_glass`), as plain properties are read fastest."""

    __slots__ = ("_object", "_path", "_seen")

    def __init__(self, whole: object, path: str, seen: Seen) -> None:
        self._object = whole
        self._path = path
        self._seen = seen

    def note(self, name: str, value: object) -> object:
        """Write down that a field was read, and what it said."""
        kind = type(value)
        path = self._path + name
        if is_dataclass(kind):
            return _glass(kind)(value, path + ".", self._seen)
        if isinstance(value, Mapping):
            return _Shelf(value, path + ".", self._seen)
        self._seen[path] = plain(value)
        return value


@lru_cache(maxsize=64)
def _glass(kind: Any) -> type[_Glass]:
    """The class that stands before a dataclass: a property for each field, and the properties of
    the class itself, so that what those read is noted too."""
    members: dict[str, object] = {"__slots__": ()}
    members |= {name: part for name, part in vars(kind).items() if isinstance(part, property)}
    members |= {field.name: _noting(field.name) for field in fields(kind)}
    return type(f"Watched{kind.__name__}", (_Glass,), members)


def _noting(name: str) -> property:
    def read(glass: _Glass) -> object:
        value = getattr(glass._object, name)
        if type(value) is str or type(value) is int:  # most are; no further call for these
            glass._seen[glass._path + name] = value
            return value
        return glass.note(name, value)

    return property(read)


class _Shelf(Mapping[str, object]):
    """A mapping whose entries are noted as they are looked up, found or not."""

    def __init__(self, whole: Mapping[str, object], path: str, seen: Seen) -> None:
        self._whole = whole
        self._path = path
        self._seen = seen

    def __getitem__(self, key: str) -> object:
        self._seen[f"{self._path}{key}"] = plain(self._whole.get(key))
        return self._whole[key]

    def __iter__(self) -> Any:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)


def watched(facts: Facts) -> tuple[Facts, Seen]:
    """Facts to hand to rules, and what will have been read of them by path."""
    seen: Seen = {}
    return cast(Facts, _glass(Facts)(facts, "", seen)), seen
