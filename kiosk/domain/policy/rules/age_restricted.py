"""What may be handed to grown-ups only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.turning import OUTCOMES, turn
from kiosk.domain.reasons import Why


@dataclass(frozen=True, slots=True)
class AgeRestricted(FramedRule):
    """For goods with an age limit, or only those from `from_age` on: `then` = "staff" (default),
    "refuse" or "review"."""

    tag: ClassVar[str] = "age_restricted"
    from_age: int
    then: Outcome

    def speak(self, facts: Facts) -> Finding | None:
        age = facts.line.age
        return turn(self.then, Why.AGE_RESTRICTED, {"age": age}) if age >= self.from_age else None

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            from_age=reader.integer("from_age", 1, 99, 1),
            then=reader.choice("then", OUTCOMES, Outcome.STAFF),
        )
