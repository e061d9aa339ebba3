"""What is refunded without coming back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Disposal, Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.tariff import MOST_MINOR
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.sentences import Sentence


class Then(StrEnum):
    KEEP = "keep"
    DONATE = "donate"
    RECYCLE = "recycle"


_WHY = {Then.KEEP: Why.KEEP_IT, Then.DONATE: Why.DONATE_IT, Then.RECYCLE: Why.RECYCLE_IT}


@dataclass(frozen=True, slots=True)
class Returnless(FramedRule):
    """RETURNLESS for units cheaper than `below`, in the `categories`; silent otherwise.

    Parameters: `below` (minor units, exclusive) with `currency`, `categories`, or both; `then`
    = "keep" (default), "donate" or "recycle". One of `below`, `categories`, `when` must be
    there: a slip must not give a whole range away. The price of one unit counts, so that
    nothing is won by bringing them one by one. Another currency: silent.
    """

    tag: ClassVar[str] = "returnless"
    below: int | None
    currency: str
    categories: tuple[str, ...]
    then: Then

    def speak(self, facts: Facts) -> Finding | None:
        line = facts.line
        if self.categories and line.category not in self.categories:
            return None
        if self.below is not None and not (
            line.price.currency == self.currency and line.price.minor < self.below
        ):
            return None
        disposal = Disposal(self.then.value)
        return Finding(Outcome.RETURNLESS, Reason(_WHY[self.then]), disposal=disposal)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        below = reader.has("below")
        rule = cls(
            frame,
            below=reader.integer("below", 1, MOST_MINOR) if below else None,
            currency=reader.currency() if below else "",
            categories=reader.words("categories"),
            then=reader.choice("then", Then, Then.KEEP),
        )
        if not below and not rule.categories and frame.when.empty:
            why = Sentence(
                "or {one} or {other} must say what need not come back",
                one="categories",
                other="when",
            )
            reader.wrong("below", why)
        return rule
