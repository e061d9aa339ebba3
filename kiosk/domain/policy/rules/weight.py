"""Whether what was put in weighs what it should."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.oversize import MOST_G
from kiosk.domain.policy.rules.turning import OUTCOMES, turn
from kiosk.domain.policy.tariff import WHOLE
from kiosk.domain.reasons import Why


@dataclass(frozen=True, slots=True)
class Weight(FramedRule):
    """The measured weight may differ from that of the units brought by `basis_points` of it or by
    `grams`, whichever is more; otherwise `then` = "review" (default), "staff" or "refuse". Silent
    where nothing was measured, or nobody knows what it should weigh."""

    tag: ClassVar[str] = "weight"
    basis_points: int
    grams: int
    then: Outcome

    def speak(self, facts: Facts) -> Finding | None:
        expected, measured = facts.line.weight_g * facts.brought, facts.measured_g
        if measured is None or expected <= 0:
            return None
        if abs(measured - expected) <= max(self.grams, expected * self.basis_points // WHOLE):
            return None
        values: dict[str, str | int] = {"expected": expected, "measured": measured}
        return turn(self.then, Why.WEIGHT_DIFFERS, values)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            basis_points=reader.integer("basis_points", 0, WHOLE, 0),
            grams=reader.integer("grams", 0, MOST_G),
            then=reader.choice("then", OUTCOMES, Outcome.REVIEW),
        )
