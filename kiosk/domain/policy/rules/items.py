"""How many items may come at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.quantity import MOST_UNITS
from kiosk.domain.policy.rules.turning import OUTCOMES, turn
from kiosk.domain.reasons import Why
from kiosk.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Items(FramedRule):
    """At least `at_least` and at most `at_most` units of all lines of the return in one visit;
    otherwise `then` = "staff" (default), "refuse" or "review"."""

    tag: ClassVar[str] = "items"
    at_least: int
    at_most: int
    then: Outcome

    @property
    def of_return(self) -> bool:
        return True

    def speak(self, facts: Facts) -> Finding | None:
        units = facts.together.units
        if units > self.at_most:
            return turn(self.then, Why.TOO_MANY_ITEMS, {"limit": self.at_most})
        if units < self.at_least:
            return turn(self.then, Why.TOO_FEW_ITEMS, {"limit": self.at_least})
        return None

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        rule = cls(
            frame,
            at_least=reader.integer("at_least", 0, MOST_UNITS, 0),
            at_most=reader.integer("at_most", 0, MOST_UNITS, MOST_UNITS),
            then=reader.choice("then", OUTCOMES, Outcome.STAFF),
        )
        if not reader.has("at_least") and not reader.has("at_most"):
            reader.wrong("at_most", Sentence("or {key} must be given", key="at_least"))
        if rule.at_least > rule.at_most:
            reader.wrong("at_least", Sentence("is above {key}", key="at_most"))
        return rule
