"""What was sold for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.reasons import Reason, Why


@dataclass(frozen=True, slots=True)
class FinalSale(FramedRule):
    """REFUSE for a line marked final sale, or bearing one of `tags`; silent otherwise.

    The allow-list is `unless`: `{"reason": ["faulty"]}` lets faulty goods through.
    """

    tag: ClassVar[str] = "final_sale"
    tags: tuple[str, ...]

    def speak(self, facts: Facts) -> Finding | None:
        if facts.line.final_sale or not facts.line.tags.isdisjoint(self.tags):
            return Finding(Outcome.REFUSE, Reason(Why.FINAL_SALE))
        return None

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(frame, tags=reader.words("tags"))
