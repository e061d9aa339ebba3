"""Why staff are refused, and what to do next: closed codes, never sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Because(StrEnum):
    """Every reason of a refusal. A comment names the values that its sentence needs."""

    # signing in
    SIGN_IN_NOT_GOOD = "sign_in_not_good"  # unknown, wrong, locked and revoked alike
    TOO_MANY_TRIES = "too_many_tries"  # seconds
    SESSION_OVER = "session_over"  # ended
    PIN_TO_CHOOSE = "pin_to_choose"
    PIN_LENGTH = "pin_length"  # least, most
    PIN_NOT_DIGITS = "pin_not_digits"
    PIN_TOO_EASY = "pin_too_easy"
    # what may be done
    NOT_ALLOWED = "not_allowed"
    IN_TRAINING = "in_training"
    NOT_RECORDED = "not_recorded"  # the disk took nothing of it
    # overrides
    REASON_MISSING = "reason_missing"
    NOTE_MISSING = "note_missing"
    NOTE_TOO_LONG = "note_too_long"  # most
    NOTE_NOT_PLAIN = "note_not_plain"
    AMOUNT_NOT_GOOD = "amount_not_good"
    SECOND_IS_THE_SAME = "second_is_the_same"
    SECOND_NOT_ALLOWED = "second_not_allowed"
    SECOND_FOR_SOMETHING_ELSE = "second_for_something_else"
    SECOND_TOO_LATE = "second_too_late"
    SECOND_WITHOUT_PROOF = "second_without_proof"
    # the roster
    ROSTER_OLD = "roster_old"  # number, held
    ROSTER_CHANGED = "roster_changed"  # number
    ROSTER_WRONG = "roster_wrong"  # member


class Then(StrEnum):
    """The one next step that a refusal names."""

    TRY_AGAIN_OR_ASK = "try_again_or_ask"
    WAIT = "wait"
    SIGN_IN = "sign_in"
    CHOOSE_PIN = "choose_pin"
    ASK_SUPERVISOR = "ask_supervisor"
    ASK_CENTRE = "ask_centre"
    LEAVE_TRAINING = "leave_training"
    GIVE_REASON = "give_reason"
    WRITE_NOTE = "write_note"
    ENTER_AMOUNT = "enter_amount"
    ASK_SOMEBODY_ELSE = "ask_somebody_else"
    SIGN_AGAIN = "sign_again"


@dataclass(frozen=True, slots=True)
class Refused:
    """Not done: why, and the next step. Values are str or int and survive JSON unchanged."""

    because: Because
    then: Then
    values: dict[str, str | int] = field(default_factory=dict, hash=False)


NOT_RECORDED = Refused(Because.NOT_RECORDED, Then.TRY_AGAIN_OR_ASK)
"""The answer where the disk took nothing of it: then it was not done."""
