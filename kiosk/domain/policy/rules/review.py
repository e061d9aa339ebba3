"""What is taken, and looked at before it is paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.reasons import Reason, Why


@dataclass(frozen=True, slots=True)
class Review(FramedRule):
    """REVIEW wherever it applies; no parameters of its own."""

    tag: ClassVar[str] = "review"

    @property
    def of_return(self) -> bool:
        return True

    def speak(self, facts: Facts) -> Finding:  # noqa: ARG002 - the same for every line
        return Finding(Outcome.REVIEW, Reason(Why.CHECKED_LATER))

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:  # noqa: ARG003 - takes no parameters
        return cls(frame)
