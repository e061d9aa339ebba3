"""What must not lie unwatched in a box."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.reasons import Reason, Why


class Then(StrEnum):
    STAFF = "staff"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Hazmat(FramedRule):
    """STAFF or REFUSE for a line of one of `classes` (lithium, aerosol ...), any class where none
    is given; silent for harmless goods. `then` = "staff" (default) or "refuse"."""

    tag: ClassVar[str] = "hazmat"
    classes: tuple[str, ...]
    then: Then

    def speak(self, facts: Facts) -> Finding | None:
        hazard = facts.line.hazard
        if not hazard or (self.classes and hazard not in self.classes):
            return None
        return Finding(Outcome(self.then.value), Reason(Why.HAZARDOUS, {"hazard": hazard}))

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            classes=reader.words("classes"),
            then=reader.choice("then", Then, Then.STAFF),
        )
