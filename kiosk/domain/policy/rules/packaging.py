"""What comes back only as it was packed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome, Question
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.turning import OUTCOMES, turn
from kiosk.domain.policy.rules.unknown import finding as unknown
from kiosk.domain.reasons import Why

PACKAGING = "packaging"
ORIGINAL, OTHER, NONE = "original", "other", "none"
ANSWERS = (ORIGINAL, OTHER, NONE)


@dataclass(frozen=True, slots=True)
class Packaging(FramedRule):
    """Asks how the item is packed. Not in its original packaging: `then` = "staff" (default),
    "refuse" or "review"; with `"other": true` other packaging is good too, only none is not."""

    tag: ClassVar[str] = "packaging"
    other: bool
    then: Outcome

    def speak(self, facts: Facts) -> Finding | Question | None:
        answer = facts.answers.get(PACKAGING)
        if answer is None:
            return Question(PACKAGING, ANSWERS)
        if answer not in ANSWERS:
            return unknown(self.rule_id)
        if answer == ORIGINAL or (self.other and answer == OTHER):
            return None
        return turn(self.then, Why.PACKAGING_MISSING, {"answer": answer})

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            other=bool(reader.flag("other")),
            then=reader.choice("then", OUTCOMES, Outcome.STAFF),
        )
