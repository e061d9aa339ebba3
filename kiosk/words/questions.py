"""The policy's questions and answers: the standard catalogue.

Questions are `condition` (unused, opened, used, damaged), `packaging` (original, other, none)
and `complete` (yes, no). A policy may ask others: those read plainly, never wrongly.
"""

from __future__ import annotations

from kiosk.domain.policy.model import Question
from kiosk.words.voice import Voice


def asked(w: Voice, question: Question) -> str:
    """The question, at most twelve words."""
    match question.question_id:
        case "condition":
            return w.t("What is the condition of this item?")
        case "packaging":
            return w.t("How is this item packed?")
        case "complete":
            return w.t("Is everything here that came with this item?")
        case _:
            return w.t("What is right for this item?")


def answer(w: Voice, question_id: str, answer: str) -> str:
    """One answer's key. An answer outside the catalogue reads as its id, made readable."""
    match (question_id, answer):
        case ("condition", "unused"):
            return w.t("New, never used")
        case ("condition", "opened"):
            return w.t("Opened, not used")
        case ("condition", "used"):
            return w.t("Used")
        case ("condition", "damaged"):
            return w.t("Damaged")
        case ("packaging", "original"):
            return w.t("In its original packaging")
        case ("packaging", "other"):
            return w.t("In other packaging")
        case ("packaging", "none"):
            return w.t("Without packaging")
        case (_, "yes"):
            return w.t("Yes")
        case (_, "no"):
            return w.t("No")
        case _:
            return answer.replace("_", " ").replace("-", " ").strip().capitalize()
