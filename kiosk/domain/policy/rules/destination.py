"""Where the goods go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.says import Destination as To


@dataclass(frozen=True, slots=True)
class Destination(FramedRule):
    """`to` names the place, as the merchant and the carrier call it. The first by priority counts;
    without one the goods go the usual way. It grants nothing."""

    tag: ClassVar[str] = "destination"
    to: str

    @property
    def of_return(self) -> bool:
        return True

    def speak(self, facts: Facts) -> To:  # noqa: ARG002 - the same for every line
        return To(self.to)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(frame, to=reader.word("to"))
