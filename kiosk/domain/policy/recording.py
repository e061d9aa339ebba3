"""What a rule looked at: facts that remember which of them were read.

A verdict names its inputs by asking its deciding rules once more over facts seen through this
glass, so there is no second list to keep in step with what the rules do. That takes as long as
deciding did, and most verdicts are only looked at on a screen: they are named when somebody reads
them (`Named`), by the same rules over the same frozen facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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


class Named(Mapping[str, str | int]):
    """Inputs that are named by `naming` when they are first read, and kept from then on. Nothing
    that `naming` looks at may change, so it does not matter when, or whether two threads do it."""

    __slots__ = ("_named", "_naming")

    def __init__(self, naming: Callable[[], Seen]) -> None:
        self._naming: Callable[[], Seen] | None = naming
        self._named: Seen | None = None

    def _all(self) -> Seen:
        naming = self._naming
        if self._named is None and naming is not None:
            self._named = naming()
            self._naming = None  # the rules of an old bundle need not be kept
        return self._named or {}

    def __getitem__(self, key: str) -> str | int:
        return self._all()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return repr(self._all())


def named(inputs: Mapping[str, str | int]) -> Seen:
    """A copy of a verdict's inputs, as a plain dict: each is not looked up by itself."""
    return dict(inputs._all() if isinstance(inputs, Named) else inputs)


def watched(facts: Facts) -> tuple[Facts, Seen]:
    """Facts to hand to rules, and what will have been read of them by path."""
    seen: Seen = {}
    return cast(Facts, _glass(Facts)(facts, "", seen)), seen
