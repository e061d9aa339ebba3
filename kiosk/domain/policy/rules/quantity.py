"""How many units of a line may come back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.reasons import Reason, Why

MOST_UNITS = 1_000_000


class Then(StrEnum):
    REFUSE = "refuse"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Quantity(FramedRule):
    """Never more than authorised, over all drops of the line together; silent within.

    `at_most` lowers the number of units further; `then` = "refuse" (default) or "staff".
    The evaluator itself refuses what exceeds the authorisation, with or without this rule.
    """

    tag: ClassVar[str] = "quantity"
    at_most: int
    then: Then

    def speak(self, facts: Facts) -> Finding | None:
        authorised = min(facts.line.quantity, self.at_most)
        if 0 <= facts.brought <= authorised - facts.already_dropped:
            return None
        values: dict[str, str | int] = {
            "authorised": authorised,
            "dropped": facts.already_dropped,
        }
        return Finding(Outcome(self.then.value), Reason(Why.QUANTITY_EXCEEDED, values))

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            at_most=reader.integer("at_most", 0, MOST_UNITS, MOST_UNITS),
            then=reader.choice("then", Then, Then.REFUSE),
        )
