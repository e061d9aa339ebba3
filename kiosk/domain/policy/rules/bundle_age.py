"""How old the rules may be that a kiosk decides by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.turning import OUTCOMES, turn
from kiosk.domain.reasons import Why

MOST_HOURS = 24 * 366


@dataclass(frozen=True, slots=True)
class BundleAge(FramedRule):
    """Older than `hours`: `then` = "staff" (default), "review" or "refuse". An age that nobody
    knows is too old."""

    tag: ClassVar[str] = "bundle_age"
    hours: int
    then: Outcome

    @property
    def of_return(self) -> bool:
        return True

    def speak(self, facts: Facts) -> Finding | None:
        age = facts.context.policy_age_hours
        if age is not None and age <= self.hours:
            return None
        return turn(self.then, Why.POLICY_OLD, {"hours": self.hours})

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            hours=reader.integer("hours", 0, MOST_HOURS),
            then=reader.choice("then", OUTCOMES, Outcome.STAFF),
        )
