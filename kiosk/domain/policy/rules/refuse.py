"""What never comes back, for a reason of the merchant's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Refuse(FramedRule):
    """REFUSE wherever it applies; no parameters of its own, so it needs a `when`: a slip must not
    close a whole range."""

    tag: ClassVar[str] = "refuse"

    @property
    def of_return(self) -> bool:
        return True

    def speak(self, facts: Facts) -> Finding:  # noqa: ARG002 - the same for every line
        return Finding(Outcome.REFUSE, Reason(Why.NOT_RETURNABLE))

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        if frame.when.empty:
            reader.wrong("when", Sentence("must say what does not come back"))
        return cls(frame)
