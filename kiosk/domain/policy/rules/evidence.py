"""What a shopper must show: pictures, or the serial number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import AnswerKind, EvidenceKind, Facts, Finding, Outcome, Question
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.turning import OUTCOMES, turn
from kiosk.domain.reasons import Why

CANNOT = "none"  # the answer of who cannot show it
ANY_SERIAL = "?"  # what to try when asking whether the question matters
MOST_PHOTOS = 4
_DROPPED = str.maketrans("", "", " -./")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def serial(text: str) -> str:
    """A serial number as it is compared: capitals, without blanks, hyphens, dots and slashes."""
    return text.upper().translate(_DROPPED)


def photos_in(answer: str) -> tuple[str, ...]:
    """The different pictures that an answer names, by their SHA-256; () for any other answer."""
    named = tuple(dict.fromkeys(answer.split(",")))
    return named if all(_SHA256.fullmatch(one) for one in named) else ()


def any_photos(count: int) -> str:
    """An answer of so many pictures, to try when asking whether the question matters."""
    return ",".join(f"{number:064x}" for number in range(count))


@dataclass(frozen=True, slots=True)
class Evidence(FramedRule):
    """`evidence` = "photo" or "serial". Asked where this kiosk can take it; without: `then` =
    "staff" (default), "review" or "refuse". A kiosk that cannot take it answers STAFF.

    `photos` (1 to 4, default 1) is how many different pictures must be taken of a line.

    Where the merchant tells the serial numbers sold, as many different ones of them must be
    given as units are brought, separated by commas; otherwise `then` again. Silent if all is
    well."""

    tag: ClassVar[str] = "evidence"
    evidence: EvidenceKind
    then: Outcome
    photos: int

    def speak(self, facts: Facts) -> Finding | Question | None:
        question = f"evidence_{self.evidence.value}"
        given = facts.answers.get(question)
        if given is None and self.evidence not in facts.context.evidence:
            return self._missing(Outcome.STAFF)
        if given is None:
            return self._question(question, facts)
        if given in ("", CANNOT) or not self._enough(given):
            return self._missing(self.then)
        if self.evidence is EvidenceKind.SERIAL and not self._sold(given, facts):
            return turn(self.then, Why.SERIAL_DIFFERS)
        return None

    def _missing(self, outcome: Outcome) -> Finding:
        return turn(outcome, Why.EVIDENCE_NEEDED, {"evidence": self.evidence.value})

    def _question(self, question: str, facts: Facts) -> Question:
        if self.evidence is EvidenceKind.PHOTO:
            probes = (any_photos(self.photos), CANNOT)
            return Question(question, (CANNOT,), AnswerKind.PHOTO, probes, self.photos)
        good = ",".join(facts.line.serials[: max(1, facts.brought)]) or ANY_SERIAL
        return Question(question, (CANNOT,), AnswerKind.SERIAL, (good, ANY_SERIAL, CANNOT))

    def _enough(self, given: str) -> bool:
        return self.evidence is EvidenceKind.SERIAL or len(photos_in(given)) >= self.photos

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
            photos=reader.integer("photos", 1, MOST_PHOTOS, 1),
        )
