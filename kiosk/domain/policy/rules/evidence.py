"""What a shopper must show: a picture, or the serial number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import AnswerKind, EvidenceKind, Facts, Finding, Outcome, Question
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.turning import OUTCOMES, turn
from kiosk.domain.reasons import Why

CANNOT = "none"  # the answer of who cannot show it
ANY_PHOTO, ANY_SERIAL = "0" * 64, "?"  # what to try when asking whether the question matters
_DROPPED = str.maketrans("", "", " -./")


def serial(text: str) -> str:
    """A serial number as it is compared: capitals, without blanks, hyphens, dots and slashes."""
    return text.upper().translate(_DROPPED)


@dataclass(frozen=True, slots=True)
class Evidence(FramedRule):
    """`evidence` = "photo" or "serial". Asked where this kiosk can take it; without: `then` =
    "staff" (default), "review" or "refuse". A kiosk that cannot take it answers STAFF.

    Where the merchant tells the serial numbers sold, as many different ones of them must be
    given as units are brought, separated by commas; otherwise `then` again. Silent if all is
    well."""

    tag: ClassVar[str] = "evidence"
    evidence: EvidenceKind
    then: Outcome

    def speak(self, facts: Facts) -> Finding | Question | None:
        question = f"evidence_{self.evidence.value}"
        given = facts.answers.get(question)
        if given is None and self.evidence not in facts.context.evidence:
            return self._missing(Outcome.STAFF)
        if given is None:
            return self._question(question, facts)
        if given in ("", CANNOT):
            return self._missing(self.then)
        if self.evidence is EvidenceKind.SERIAL and not self._sold(given, facts):
            return turn(self.then, Why.SERIAL_DIFFERS)
        return None

    def _missing(self, outcome: Outcome) -> Finding:
        return turn(outcome, Why.EVIDENCE_NEEDED, {"evidence": self.evidence.value})

    def _question(self, question: str, facts: Facts) -> Question:
        if self.evidence is EvidenceKind.PHOTO:
            return Question(question, (CANNOT,), AnswerKind.PHOTO, (ANY_PHOTO, CANNOT))
        good = ",".join(facts.line.serials[: max(1, facts.brought)]) or ANY_SERIAL
        return Question(question, (CANNOT,), AnswerKind.SERIAL, (good, ANY_SERIAL, CANNOT))

    def _sold(self, given: str, facts: Facts) -> bool:
        if not facts.line.serials:
            return True
        sold = {serial(one) for one in facts.line.serials}
        shown = [serial(one) for one in given.split(",")]
        return len(set(shown)) == len(shown) == facts.brought and sold.issuperset(shown)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            evidence=reader.choice("evidence", EvidenceKind),
            then=reader.choice("then", OUTCOMES, Outcome.STAFF),
        )
