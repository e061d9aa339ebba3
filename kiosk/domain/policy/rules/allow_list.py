"""The way past a rule that stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.says import Lift
from kiosk.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class AllowList(FramedRule):
    """Where it applies, the rules whose ids `rules` lists are passed over, whatever their
    priority: they say, ask and charge nothing. It grants nothing itself, and passes over neither
    another allow-list nor the evaluator's own guard of the authorised quantity.

    It must not look at the clock, as a window that it passes over would open by waiting.
    """

    tag: ClassVar[str] = "allow_list"
    timeless: ClassVar[bool] = True
    rules: frozenset[str]

    @property
    def of_return(self) -> bool:
        return True

    def speak(self, facts: Facts) -> Lift:  # noqa: ARG002 - the same for every line
        return Lift(self.rules)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        rules = frozenset(reader.words("rules"))
        if not rules:
            reader.wrong("rules", Sentence("must name the rules to pass over"))
        if frame.when.empty:
            why = Sentence("must say where; a rule passed over everywhere can be left out")
            reader.wrong("when", why)
        return cls(frame, rules)
