"""Where things are found by what they are: a set of names for each value of each key.

The shop is a fold that changes in place. Twenty thousand parcels in frozen maps would mean a copy
of a map for each fact, or a persistent map, which the standard library does not have. The values
in it are frozen, and whoever asks gets views that he cannot change; nothing else writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from enum import StrEnum


class By(StrEnum):
    """What things can be found by."""

    STATE = "state"
    SHELF = "shelf"
    CONTAINER = "container"
    CODE = "code"
    RECIPIENT = "recipient"
    UNTIL = "until"
    PLATE = "plate"
    SEAL = "seal"


Key = tuple[By, str]
_NONE: frozenset[str] = frozenset()


class Index:
    """Names by key and value. Each look-up and each change is one step, however many there are."""

    def __init__(self) -> None:
        self._names: dict[By, dict[str, set[str]]] = {by: {} for by in By}

    def move(self, name: str, old: Iterable[Key], new: Iterable[Key]) -> None:
        """`name` was found by `old` and is found by `new`."""
        before, after = set(old), set(new)
        for by, value in before - after:
            names = self._names[by][value]
            names.discard(name)
            if not names:
                del self._names[by][value]
        for by, value in after - before:
            self._names[by].setdefault(value, set()).add(name)

    def of(self, by: By, value: str) -> Set[str]:
        """The names found by that value now."""
        return self._names[by].get(value, _NONE)

    def values(self, by: By) -> tuple[str, ...]:
        """The values of a key that anything is found by, sorted."""
        return tuple(sorted(self._names[by]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Index) and self._names == other._names
