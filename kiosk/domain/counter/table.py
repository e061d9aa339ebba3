"""A lifecycle as data: which fact leads from which state to which, and what else is answered.

The code, the document and the tests read the same rows. What is not among them is refused, with
the reason and the next step of the state that the thing is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Generic, TypeVar

from kiosk.domain.counter.saying import Because, Refused, Then

State = TypeVar("State", bound=StrEnum)


class Goes(Enum):
    """Where a fact leads that names no state of its own."""

    NOWHERE = "the same"
    """The state stays; something about the thing is known better."""
    BACK = "back"
    """The state that it had before."""


@dataclass(frozen=True, slots=True)
class Row(Generic[State]):
    """`fact` leads from each state of `of` to `to`. `added`: not in the product's lifecycle line
    but in ADR 22, which says why."""

    of: tuple[State, ...]
    fact: type
    to: State | Goes
    added: bool = False


class Table(Generic[State]):
    """One lifecycle. ValueError for two rows that speak of one state and fact."""

    def __init__(
        self,
        name: str,
        states: type[State],
        rows: tuple[Row[State], ...],
        refusals: Mapping[State, tuple[Because, Then]],
    ) -> None:
        self.name, self.states, self.rows = name, states, rows
        self._refusals = refusals
        self._to: dict[tuple[State, type], State | Goes] = {}
        for row in rows:
            for state in row.of:
                if (state, row.fact) in self._to:
                    raise ValueError(f"{name}: {state.value}, {row.fact.__name__}: two rows")
                self._to[state, row.fact] = row.to

    @property
    def facts(self) -> tuple[type, ...]:
        """Every fact that the lifecycle knows, in the order of its rows."""
        return tuple(dict.fromkeys(row.fact for row in self.rows))

    def leads(self, state: State, fact: type) -> State | Goes | None:
        """Where a fact leads from a state; None where that is not listed."""
        return self._to.get((state, fact))

    def refusal(self, state: State) -> Refused:
        """What is said to a fact that the state does not know."""
        because, then = self._refusals[state]
        return Refused(because, then)
