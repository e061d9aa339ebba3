"""What does not fit, or is too heavy to lift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.turning import OUTCOMES, turn
from kiosk.domain.reasons import Why

MOST_MM, MOST_G = 100_000, 10_000_000


@dataclass(frozen=True, slots=True)
class Oversize(FramedRule):
    """A unit longer than `longest_mm` or than this kiosk's opening, or heavier than `weight_g`:
    `then` = "staff" (default), "refuse" or "review". Both limits may be left out; the opening
    stands. What nobody measured passes: `unknown` in a condition tells of it."""

    tag: ClassVar[str] = "oversize"
    longest_mm: int
    weight_g: int
    then: Outcome

    def speak(self, facts: Facts) -> Finding | None:
        limit = min(self.longest_mm, facts.context.opening_mm or MOST_MM)
        if facts.line.longest_mm > limit:
            return turn(self.then, Why.TOO_LARGE, {"limit": limit})
        if facts.line.weight_g > self.weight_g:
            return turn(self.then, Why.TOO_HEAVY, {"limit": self.weight_g})
        return None

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            longest_mm=reader.integer("longest_mm", 1, MOST_MM, MOST_MM),
            weight_g=reader.integer("weight_g", 1, MOST_G, MOST_G),
            then=reader.choice("then", OUTCOMES, Outcome.STAFF),
        )
