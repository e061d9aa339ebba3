"""Whether there is room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.turning import turn
from kiosk.domain.reasons import Why


@dataclass(frozen=True, slots=True)
class BinSpace(FramedRule):
    """With less than `below` percent of the bin free: `then` = "staff" (default) or "refuse".
    Silent where the kiosk cannot tell."""

    tag: ClassVar[str] = "bin_space"
    below: int
    then: Outcome

    @property
    def of_return(self) -> bool:
        return True

    def speak(self, facts: Facts) -> Finding | None:
        free = facts.context.bin_free_percent
        return None if free is None or free >= self.below else turn(self.then, Why.BIN_FULL)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            below=reader.integer("below", 1, 100),
            then=reader.choice("then", (Outcome.STAFF, Outcome.REFUSE), Outcome.STAFF),
        )
