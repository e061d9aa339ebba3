"""What was sold too cheaply to come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.turning import OUTCOMES, turn
from kiosk.domain.policy.tariff import WHOLE
from kiosk.domain.reasons import Why


@dataclass(frozen=True, slots=True)
class Discount(FramedRule):
    """Above `above` basis points off the list price (5000 is half): `then` = "refuse" (default),
    "staff" or "review". At the limit all is well."""

    tag: ClassVar[str] = "discount"
    above: int
    then: Outcome

    def speak(self, facts: Facts) -> Finding | None:
        discount = facts.line.discount
        if discount <= self.above:
            return None
        return turn(self.then, Why.DISCOUNTED, {"discount": discount})

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            above=reader.integer("above", 0, WHOLE),
            then=reader.choice("then", OUTCOMES, Outcome.REFUSE),
        )
