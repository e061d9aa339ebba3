"""What is worn on the skin, and sold again only sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome, Question
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.turning import OUTCOMES, turn
from kiosk.domain.policy.rules.unknown import finding as unknown
from kiosk.domain.reasons import Why

SEALED, YES, NO = "sealed", "yes", "no"


@dataclass(frozen=True, slots=True)
class Hygiene(FramedRule):
    """For hygiene goods, or lines bearing one of `tags`: `then` = "refuse" (default), "staff" or
    "review". With `"ask": true` the shopper is asked whether the seal is whole; if so, silent."""

    tag: ClassVar[str] = "hygiene"
    tags: tuple[str, ...]
    ask: bool
    then: Outcome

    def speak(self, facts: Facts) -> Finding | Question | None:
        if not facts.line.hygiene and facts.line.tags.isdisjoint(self.tags):
            return None
        if not self.ask:
            return turn(self.then, Why.HYGIENE)
        match facts.answers.get(SEALED):
            case None:
                return Question(SEALED, (YES, NO))
            case "yes":
                return None
            case "no":
                return turn(self.then, Why.HYGIENE)
            case _:
                return unknown(self.rule_id)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            tags=reader.words("tags"),
            ask=bool(reader.flag("ask")),
            then=reader.choice("then", OUTCOMES, Outcome.REFUSE),
        )
