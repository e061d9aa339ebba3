"""What comes back only all together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from kiosk.domain.policy.dimensions import full
from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.turning import OUTCOMES, turn
from kiosk.domain.reasons import Why


class Of(StrEnum):
    RETURN = "return"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Whole(FramedRule):
    """`of` = "return" (default): everything authorised, over all visits together; "order": the
    whole order, or what was authorised of it where nobody knows how large it was. Partial ones:
    `then` = "refuse" (default), "staff" or "review"."""

    tag: ClassVar[str] = "whole"
    of: Of
    then: Outcome

    @property
    def of_return(self) -> bool:
        return True

    def speak(self, facts: Facts) -> Finding | None:
        complete = facts.together.of_return if self.of is Of.RETURN else full(facts)
        return None if complete else turn(self.then, Why.ONLY_WHOLE, {"of": self.of.value})

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            of=reader.choice("of", Of, Of.RETURN),
            then=reader.choice("then", OUTCOMES, Outcome.REFUSE),
        )
