"""Rules that let pass only some, or all but some, of one dimension's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.dimensions import OF_RETURN, WORDS
from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.turning import OUTCOMES, turn
from kiosk.domain.reasons import Why
from kiosk.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Membership(FramedRule):
    """`only` lists what passes, `never` what does not; one of them, or both. `then` = "refuse"
    (default), "staff" or "review" for the others; silent for what passes."""

    dimension: ClassVar[str]
    why: ClassVar[Why]
    only: frozenset[str]
    never: frozenset[str]
    then: Outcome

    def words(self, facts: Facts) -> frozenset[str]:
        return frozenset(WORDS[self.dimension](facts) or ())

    @property
    def of_return(self) -> bool:
        return self.dimension in OF_RETURN

    def speak(self, facts: Facts) -> Finding | None:
        words = self.words(facts)
        if words.isdisjoint(self.never) and (not self.only or words & self.only):
            return None
        return turn(self.then, self.why, {self.dimension: ",".join(sorted(words))})

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        rule = cls(
            frame,
            only=frozenset(reader.words("only")),
            never=frozenset(reader.words("never")),
            then=reader.choice("then", OUTCOMES, Outcome.REFUSE),
        )
        if not rule.only and not rule.never:
            reader.wrong("only", Sentence("or {key} must be given", key="never"))
        if rule.only & rule.never:
            reader.wrong("never", Sentence("names what {key} lets pass", key="only"))
        return rule
