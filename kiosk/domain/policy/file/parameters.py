"""What each rule reads, found out by letting it read: there is no second list to keep.

A rule's `read` is called with a reader that notes what it is asked for and answers something
harmless. Every choice, and every "is it there?", is then answered the other way too, as long as
that brings new parameters to light.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.reading import Choice, Reader
from kiosk.domain.policy.rules import RULES


class Kind(StrEnum):
    """What a parameter holds."""

    INTEGER = "integer"
    WORD = "word"
    WORDS = "words"
    CHOICE = "choice"
    CHOICES = "choices"
    CURRENCY = "currency"
    DAY = "day"
    FLAG = "flag"
    TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Parameter:
    """`needed`: missing, it is a mistake wherever it is read at all; `always`: whatever else the
    rule says, it is read."""

    name: str
    kind: Kind
    low: int = 0
    high: int = 0
    options: tuple[str, ...] = ()
    needed: bool = False
    always: bool = False
    inner: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    there: frozenset[str] = frozenset()
    chosen: tuple[tuple[str, str], ...] = ()


@dataclass
class _Notes:
    found: dict[str, Parameter] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)


class _Noting(Reader):
    """Answers as the plan says, and notes what was asked."""

    def __init__(self, plan: _Plan) -> None:
        super().__init__({})
        self.plan = plan
        self.notes = _Notes()

    def _note(self, key: str, kind: Kind, needed: bool, **more: object) -> None:
        found = Parameter(key, kind, needed=needed)
        self.notes.found[key] = replace(found, **more)  # type: ignore[arg-type] # by field name

    def has(self, key: str) -> bool:
        self.notes.asked.add(key)
        return key in self.plan.there

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        self._note(key, Kind.INTEGER, default is None, low=low, high=high)
        return low if default is None else default

    def word(self, key: str, default: str | None = None) -> str:
        self._note(key, Kind.WORD, default is None)
        return default or ""

    def choice(self, key: str, allowed: Iterable[Choice], default: Choice | None = None) -> Choice:
        options = tuple(allowed)
        names = tuple(option.value for option in options)
        self._note(key, Kind.CHOICE, default is None, options=names)
        wanted = dict(self.plan.chosen).get(key)
        fallback = options[0] if default is None else default
        return next((option for option in options if option.value == wanted), fallback)

    def words(self, key: str) -> tuple[str, ...]:
        self._note(key, Kind.WORDS, False)
        return ()

    def choices(self, key: str, allowed: Iterable[Choice]) -> tuple[Choice, ...]:
        self._note(key, Kind.CHOICES, False, options=tuple(option.value for option in allowed))
        return ()

    def currency(self, key: str = "currency") -> str:
        self._note(key, Kind.CURRENCY, True)
        return ""

    def day(self, key: str) -> date:
        self._note(key, Kind.DAY, True)
        return date.max

    def flag(self, key: str) -> bool | None:
        self._note(key, Kind.FLAG, False)
        return None

    def children(self, key: str, most: int) -> tuple[Reader, ...]:
        child = _Noting(_Plan())
        self._note(key, Kind.TABLES, False, high=most)
        self._children = (key, child)
        return (child,)

    def absorb(self, child: Reader) -> None:
        if isinstance(child, _Noting):
            key, known = self._children
            if known is child:
                inner = tuple(replace(one, always=True) for one in child.notes.found.values())
                self.notes.found[key] = replace(self.notes.found[key], inner=inner)


def _read(kind: type[FramedRule], plan: _Plan) -> _Notes:
    reader = _Noting(plan)
    kind.read(Frame("probe"), reader)
    return reader.notes


@cache
def of(tag: str) -> Mapping[str, Parameter]:
    """A rule's own parameters by name; {} for a tag that nobody knows."""
    kind = RULES.get(tag)
    if kind is None:
        return {}
    found: dict[str, Parameter] = {}
    read_in: dict[str, int] = {}
    plans, runs = [_Plan()], 0
    while plans:
        plan = plans.pop(0)
        notes = _read(kind, plan)
        runs += 1
        for name in notes.found:
            read_in[name] = read_in.get(name, 0) + 1
        fresh = notes.found.keys() - found.keys()
        for name in notes.found:
            found.setdefault(name, notes.found[name])
        if fresh or plan == _Plan():
            plans += _others(plan, notes)
    return {name: replace(one, always=read_in[name] == runs) for name, one in sorted(found.items())}


def _others(plan: _Plan, notes: _Notes) -> list[_Plan]:
    """Every way to answer one more thing differently."""
    there = [replace(plan, there=plan.there | {key}) for key in sorted(notes.asked - plan.there)]
    chosen = dict(plan.chosen)
    return there + [
        replace(plan, chosen=tuple(sorted({**chosen, one.name: option}.items())))
        for one in notes.found.values()
        if one.kind is Kind.CHOICE and one.name not in chosen
        for option in one.options
    ]
