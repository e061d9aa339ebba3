"""The comparisons a condition is made of: small frozen classes, one a kind of value."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kiosk.domain.policy.condition import Checked, Condition, Truth, every, some
from kiosk.domain.policy.dimensions import AMOUNTS, DAYS, FLAGS, NUMBERS, WORDS, known
from kiosk.domain.policy.model import Facts


@dataclass(frozen=True, slots=True)
class Leaf(ABC):
    """A comparison of one dimension."""

    key: str

    @abstractmethod
    def truth(self, facts: Facts) -> Truth: ...

    @abstractmethod
    def wanted(self) -> str:
        """What it compares with, for whoever asks why."""

    @abstractmethod
    def found(self, facts: Facts) -> str:
        """What is; "" for what nobody knows."""

    def checked(self, facts: Facts, path: str) -> Iterator[Checked]:
        yield Checked(path, self.wanted(), self.found(facts), self.truth(facts))

    def dimensions(self) -> Iterator[str]:
        yield self.key


@dataclass(frozen=True, slots=True)
class OneOf(Leaf):
    words: frozenset[str]

    def truth(self, facts: Facts) -> Truth:
        found = WORDS[self.key](facts)
        return None if found is None else not self.words.isdisjoint(found)

    def wanted(self) -> str:
        return ", ".join(sorted(self.words))

    def found(self, facts: Facts) -> str:
        return ", ".join(sorted(WORDS[self.key](facts) or ()))


@dataclass(frozen=True, slots=True)
class Between(Leaf):
    """Both ends included."""

    low: int
    high: int

    def truth(self, facts: Facts) -> Truth:
        found = NUMBERS[self.key](facts)
        return None if found is None else self.low <= found <= self.high

    def wanted(self) -> str:
        return f"{self.low} to {self.high}"

    def found(self, facts: Facts) -> str:
        found = NUMBERS[self.key](facts)
        return "" if found is None else str(found)


@dataclass(frozen=True, slots=True)
class Worth(Leaf):
    """Both ends included, in minor units of `currency`."""

    low: int
    high: int
    currency: str

    def truth(self, facts: Facts) -> Truth:
        found = AMOUNTS[self.key](facts)
        if found is None or found[1] != self.currency:
            return None
        return self.low <= found[0] <= self.high

    def wanted(self) -> str:
        return f"{self.low} to {self.high} {self.currency}"

    def found(self, facts: Facts) -> str:
        found = AMOUNTS[self.key](facts)
        return "" if found is None else f"{found[0]} {found[1]}"


@dataclass(frozen=True, slots=True)
class Within(Leaf):
    """A day, both ends included."""

    first: date
    last: date

    def truth(self, facts: Facts) -> Truth:
        found = DAYS[self.key](facts)
        return None if found is None else self.first <= found <= self.last

    def wanted(self) -> str:
        return f"{self.first} to {self.last}"

    def found(self, facts: Facts) -> str:
        found = DAYS[self.key](facts)
        return "" if found is None else str(found)


@dataclass(frozen=True, slots=True)
class Is(Leaf):
    flag: bool

    def truth(self, facts: Facts) -> Truth:
        return FLAGS[self.key](facts) is self.flag

    def wanted(self) -> str:
        return "yes" if self.flag else "no"

    def found(self, facts: Facts) -> str:
        return "yes" if FLAGS[self.key](facts) else "no"


@dataclass(frozen=True, slots=True)
class Answered(Leaf):
    """`key` is "answer"; not answered yet is in doubt."""

    question: str
    answers: frozenset[str]

    def truth(self, facts: Facts) -> Truth:
        given = facts.answers.get(self.question)
        return None if given is None else given in self.answers

    def wanted(self) -> str:
        return f"{self.question}: {', '.join(sorted(self.answers))}"

    def found(self, facts: Facts) -> str:
        return facts.answers.get(self.question, "")


@dataclass(frozen=True, slots=True)
class Unknown(Leaf):
    """`key` is "unknown": of one of `names` nobody knows the value."""

    names: tuple[str, ...]

    def truth(self, facts: Facts) -> Truth:
        return not all(known(facts, dimension) for dimension in self.names)

    def wanted(self) -> str:
        return ", ".join(self.names)

    def found(self, facts: Facts) -> str:
        return ", ".join(name for name in self.names if not known(facts, name))

    def dimensions(self) -> Iterator[str]:
        yield from self.names


@dataclass(frozen=True, slots=True)
class _Several:
    parts: tuple[Condition, ...]
    key: ClassVar[str]

    def checked(self, facts: Facts, path: str) -> Iterator[Checked]:
        for place, part in enumerate(self.parts):
            yield from part.checked(facts, f"{path}[{place}]")

    def dimensions(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.dimensions()


@dataclass(frozen=True, slots=True)
class Any(_Several):
    key: ClassVar[str] = "any"

    def truth(self, facts: Facts) -> Truth:
        return some(self.parts, facts)


@dataclass(frozen=True, slots=True)
class All(_Several):
    key: ClassVar[str] = "all"

    def truth(self, facts: Facts) -> Truth:
        return every(self.parts, facts)


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition
    key: ClassVar[str] = "not"

    def truth(self, facts: Facts) -> Truth:
        truth = self.part.truth(facts)
        return None if truth is None else not truth

    def checked(self, facts: Facts, path: str) -> Iterator[Checked]:
        yield from self.part.checked(facts, path)

    def dimensions(self) -> Iterator[str]:
        yield from self.part.dimensions()
