"""Where a rule applies: what a `when` or an `unless` may say about a line.

    {"category": ["shoes", "coats"], "value": {"min": 5000, "currency": "EUR"},
     "any": [{"segment": "vip"}, {"not": {"country": "DE"}}]}

Every dimension given must hold (AND); a dimension with several words holds for any of them. The
dimensions stand in kiosk.domain.policy.dimensions:

- words: a text or a list of texts;
- numbers: `{"min": 1, "max": 5}`, both ends included, either may be left out;
- amounts: `{"min": 1, "max": 5, "currency": "EUR"}` in minor units, both ends included; an amount
  in another currency cannot be compared;
- days: `{"from": "2025-11-01", "to": "2025-12-24"}`, both included, either may be left out;
- flags: true or false.

Beside them `any` is a list of conditions one of which must hold (OR), `all` a list all of which
must, `not` a condition that must not; `answer` maps a question's id to answers one of which was
given; `unknown` lists dimensions of which nobody knows the value. They nest up to four deep. An
empty condition holds always.

**What nobody knows.** A comparison with an unknown value neither holds nor fails, and its `not`
does neither. A rule whose `when` is in doubt does not apply; an `unless` in doubt excepts nothing.
A merchant who means such cases says so with `unknown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from kiosk.domain.policy.model import Facts

Truth = bool | None
MOST_DEPTH = 4
MOST_ALTERNATIVES = 20
MOST_TESTS = 500


@dataclass(frozen=True, slots=True)
class Checked:
    """One comparison as it came out: `path` in the specification, what it wants, what is."""

    path: str
    wanted: str
    found: str
    truth: Truth


class Test(Protocol):
    """One part of a condition."""

    @property
    def key(self) -> str:
        """The dimension, or any, all, not, answer, unknown."""

    def truth(self, facts: Facts) -> Truth: ...

    def checked(self, facts: Facts, path: str) -> Iterator[Checked]: ...

    def dimensions(self) -> Iterator[str]:
        """Every dimension it looks at."""


class Testable(Protocol):
    """What comes out true, false or in doubt of some facts."""

    def truth(self, facts: Facts) -> Truth: ...


def every(parts: Iterable[Testable], facts: Facts) -> Truth:
    """AND: one that fails decides, then one in doubt."""
    doubt = False
    for part in parts:
        truth = part.truth(facts)
        if truth is False:
            return False
        doubt = doubt or truth is None
    return None if doubt else True


def some(parts: Iterable[Testable], facts: Facts) -> Truth:
    """OR: one that holds decides, then one in doubt."""
    doubt = False
    for part in parts:
        truth = part.truth(facts)
        if truth:
            return True
        doubt = doubt or truth is None
    return None if doubt else False


@dataclass(frozen=True, slots=True)
class Condition:
    """One `when`: all `tests` must hold."""

    tests: tuple[Test, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.tests

    def truth(self, facts: Facts) -> Truth:
        tests = self.tests
        return tests[0].truth(facts) if len(tests) == 1 else every(tests, facts)

    def holds(self, facts: Facts) -> bool:
        """As `truth(facts) is True`, which it need not hear to the end."""
        for test in self.tests:  # noqa: SIM110 - a generator would cost more than the tests
            if test.truth(facts) is not True:
                return False
        return True

    def checked(self, facts: Facts, path: str) -> Iterator[Checked]:
        """Every comparison, none passed over: for whoever asks why."""
        for test in self.tests:
            yield from test.checked(facts, f"{path}.{test.key}")

    def dimensions(self) -> Iterator[str]:
        for test in self.tests:
            yield from test.dimensions()
