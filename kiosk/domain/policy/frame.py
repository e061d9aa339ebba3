"""What all rules share: a name, a priority, and where they apply.

Every rule's specification may carry, beside its own parameters:

- `rule`: the tag that chooses the rule (needed);
- `id`: its name in verdicts and reports (needed);
- `priority`: a whole number, the higher speaks first among equals; 0 where not given;
- `when`: a condition (see kiosk.domain.policy.condition); the rule is silent elsewhere;
- `unless`: a condition under which it is silent after all: the rule's own allow-list. (Another
  rule's is `allow_list`, which names the rules it passes over.)
- `instead`: what the shopper can do where this rule stands in the way, best first, of
  kiosk.domain.policy.model.Instead; the usual ways of its reason where not given.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from kiosk.domain.policy import spelling
from kiosk.domain.policy.condition import Condition
from kiosk.domain.policy.dimensions import CLOCK, OF_RETURN
from kiosk.domain.policy.model import Facts, Finding, Instead, Question
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.says import Say
from kiosk.domain.sentences import Sentence

MOST_PRIORITY = 1_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """Who speaks, how loud, and where."""

    rule_id: str
    priority: int = 0
    when: Condition = field(default_factory=Condition)
    unless: Condition | None = None
    instead: tuple[Instead, ...] = ()

    def applies(self, facts: Facts) -> bool:
        return self.when.holds(facts) and not (self.unless and self.unless.holds(facts))

    @property
    def of_return(self) -> bool:
        """Whether it lets all lines of a return pass, or none."""
        parts = (self.when, self.unless)
        return all(OF_RETURN.issuperset(part.dimensions()) for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class FramedRule(ABC):
    """Base of the rules: `judge` asks the frame first, `speak` is the rule itself.

    `timeless` rules must not depend on what waiting alone may change (dimensions.CLOCK): time
    never opens again what they closed.
    """

    tag: ClassVar[str]
    timeless: ClassVar[bool] = False
    frame: Frame

    @property
    def rule_id(self) -> str:
        return self.frame.rule_id

    @property
    def priority(self) -> int:
        return self.frame.priority

    @property
    def of_return(self) -> bool:
        """Whether what it says, its frame aside, looks at nothing of the line (dimensions.OF_RETURN
        tells what else there is) and asks nothing. It is then heard once for all lines."""
        return False

    def judge(self, facts: Facts) -> Say | Question | None:
        frame = self.frame
        if frame.when.tests and not frame.when.holds(facts):
            return None
        if frame.unless is not None and frame.unless.holds(facts):
            return None
        say = self.speak(facts)
        if frame.instead and isinstance(say, Finding):
            return replace(say, instead=frame.instead)
        return say

    @abstractmethod
    def speak(self, facts: Facts) -> Say | Question | None: ...

    @classmethod
    @abstractmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        """The rule out of its specification; the value counts only if `reader` found nothing."""


def _condition(reader: Reader, key: str) -> Condition | None:
    child = reader.child(key)
    if child is None:
        return None
    found = spelling.read(child)
    reader.absorb(child)
    if found.empty and not child.problems:
        reader.wrong(key, Sentence("says nothing; leave it out"))
    return found


def check_timeless(reader: Reader, frame: Frame) -> None:
    """Note where a timeless rule looks at the clock."""
    for key, part in (("when", frame.when), ("unless", frame.unless)):
        clock = sorted(CLOCK.intersection(part.dimensions())) if part else ()
        for dimension in clock:
            why = Sentence("must not be asked here: time would reopen it")
            reader.wrong(f"{key}.{dimension}", why)


def read(reader: Reader) -> Frame:
    """The shared part of a specification."""
    reader.word("rule")
    return Frame(
        rule_id=reader.word("id"),
        priority=reader.integer("priority", -MOST_PRIORITY, MOST_PRIORITY, 0),
        when=_condition(reader, "when") or Condition(),
        unless=_condition(reader, "unless"),
        instead=reader.choices("instead", Instead),
    )
