"""What state the goods are in, as the shopper says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome, Question
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.unknown import finding as unknown
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.sentences import Sentence

FEWEST, MOST = 2, 4  # answers that fit a screen as big keys


@dataclass(frozen=True, slots=True)
class Condition(FramedRule):
    """Asks `question`; the answers in `accept`, `review`, `staff` and `refuse` lead there.

    Two to four answers in all, shown in that order of lists. `question` and the answers are ids
    of texts in kiosk.words. An answer in none of the lists is not guessed at: STAFF.
    """

    tag: ClassVar[str] = "condition"
    question: str
    accept: tuple[str, ...]
    review: tuple[str, ...]
    staff: tuple[str, ...]
    refuse: tuple[str, ...]

    @property
    def answers(self) -> tuple[str, ...]:
        return self.accept + self.review + self.staff + self.refuse

    def speak(self, facts: Facts) -> Finding | Question:
        if self.question not in facts.answers:
            return Question(self.question, self.answers)
        answer = facts.answers[self.question]
        if answer in self.accept:
            return Finding(Outcome.ACCEPT, Reason(Why.WITHIN_POLICY))
        if answer in self.review:
            return Finding(Outcome.REVIEW, Reason(Why.CHECKED_LATER))
        not_met = Reason(Why.CONDITION_NOT_MET, {"answer": answer})
        if answer in self.staff:
            return Finding(Outcome.STAFF, not_met)
        if answer in self.refuse:
            return Finding(Outcome.REFUSE, not_met)
        return unknown(self.rule_id)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        rule = cls(
            frame,
            question=reader.word("question"),
            accept=reader.words("accept"),
            review=reader.words("review"),
            staff=reader.words("staff"),
            refuse=reader.words("refuse"),
        )
        if not FEWEST <= len(rule.answers) <= MOST:
            reader.wrong(
                "question",
                Sentence("needs {fewest} to {most} answers in all", fewest=FEWEST, most=MOST),
            )
        if len(set(rule.answers)) != len(rule.answers):
            reader.wrong("question", Sentence("has one answer in two lists"))
        return rule
