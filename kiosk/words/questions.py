"""The policy's questions and answers: the standard catalogue.

Questions are `condition` (unused, opened, used, damaged), `packaging` (original, other, none),
`complete` (yes, no), `sealed` (yes, no), `refund_method` (RefundMethod) and what is to be shown:
`evidence_photo`, `evidence_serial` (or "none": it cannot be shown). A policy may ask others: those
read plainly, never wrongly.
"""

from __future__ import annotations

from kiosk.domain.look.model import Lines, Look
from kiosk.domain.policy.model import REFUND_METHOD, Question, RefundMethod
from kiosk.words import paying
from kiosk.words.voice import Voice

STANDARD = frozenset(
    {
        "condition",
        "packaging",
        "complete",
        "sealed",
        "evidence_serial",
        "evidence_photo",
        REFUND_METHOD,
    }
)
"""What the kiosk has words for in every language."""


def asked(w: Voice, question: Question) -> str:
    """The question, at most twelve words."""
    match question.question_id:
        case "condition":
            return w.t("What is the condition of this item?")
        case "packaging":
            return w.t("How is this item packed?")
        case "complete":
            return w.t("Is everything here that came with this item?")
        case "sealed":
            return w.t("Is the seal of this item unbroken?")
        case "evidence_serial":
            return w.t("Type the serial number of this item")
        case "evidence_photo":
            return w.t("The shop asks for a photo of this item")
        case _ if question.question_id == REFUND_METHOD:
            return w.t("How would you like your refund?")
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
        case (str(asked), str(chosen)) if asked == REFUND_METHOD and chosen in set(RefundMethod):
            return paying.method(w, RefundMethod(chosen))
        case ("evidence_serial", "none"):
            return w.t("I cannot find it")
        case ("evidence_photo", "none"):
            return w.t("I cannot show it")
        case (_, "yes"):
            return w.t("Yes")
        case (_, "no"):
            return w.t("No")
        case _:
            return answer.replace("_", " ").replace("-", " ").strip().capitalize()


def own_asked(w: Voice, question: Question, look: Look) -> str:
    """As `asked`, in the merchant's words where it has any. A question that the catalogue knows is
    not put in a foreign language: then the catalogue's words are better."""
    own = look.question(question.question_id)
    said = _said(own.ask, w, question.question_id) if own else ""
    return said or asked(w, question)


def own_answer(w: Voice, question_id: str, answer: str, look: Look) -> str:
    """As `kiosk.words.questions.answer`, in the merchant's words where it has any."""
    own = look.question(question_id)
    said = _said(own.answer(answer), w, question_id) if own else ""
    return said or _catalogue_answer(w, question_id, answer)


def _said(lines: Lines, w: Voice, question_id: str) -> str:
    found = lines.exactly(w.language) if question_id in STANDARD else lines.anyhow(w.language)
    return found[0] if found else ""


_catalogue_answer = answer
