"""People at the counter: why staff are refused, what to do next, reasons of an override, acts."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.counter.commands import ReopenContainer, ReportLost, Role, VoidDrop, VoidManifest
from kiosk.domain.staff.overrides import OverrideReason
from kiosk.domain.staff.permits import Act
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.words.voice import Voice


def sentence(w: Voice, refused: Refused) -> str:
    """Why, and what to do: two short sentences."""
    return f"{because(w, refused)} {then(w, refused)}"


def because(w: Voice, refused: Refused) -> str:
    """Why, in one plain sentence that tells nothing of other people."""
    match refused.because:
        case Because.SIGN_IN_NOT_GOOD:
            return w.t("That did not work.")
        case Because.TOO_MANY_TRIES:
            return w.t("Too many wrong tries.")
        case Because.SESSION_OVER:
            return w.t("Your session has ended.")
        case Because.PIN_TO_CHOOSE:
            return w.t("You need a PIN of your own first.")
        case Because.PIN_LENGTH:
            least, most = _number(refused, "least"), _number(refused, "most")
            return w.t("A PIN has {least} to {most} digits.", least=least, most=most)
        case Because.PIN_NOT_DIGITS:
            return w.t("A PIN has digits only.")
        case Because.PIN_TOO_EASY:
            return w.t("This PIN is too easy to guess.")
        case Because.NOT_ALLOWED:
            return w.t("You may not do this by yourself.")
        case Because.NOT_RECORDED:
            return w.t("This could not be recorded.")
        case Because.IN_TRAINING:
            return w.t("This cannot be practised.")
        case Because.REASON_MISSING:
            return w.t("The reason is missing.")
        case Because.NOTE_MISSING:
            return w.t("The note is missing.")
        case Because.NOTE_TOO_LONG:
            return w.t("The note has more than {most} letters.", most=_number(refused, "most"))
        case Because.NOTE_NOT_PLAIN:
            return w.t("The note has signs that cannot be kept.")
        case Because.AMOUNT_NOT_GOOD:
            return w.t("This amount cannot be right.")
        case Because.SECOND_IS_THE_SAME:
            return w.t("You cannot sign for yourself.")
        case Because.SECOND_NOT_ALLOWED:
            return w.t("Only a supervisor can sign for this.")
        case Because.SECOND_FOR_SOMETHING_ELSE:
            return w.t("The signature was for something else.")
        case Because.SECOND_TOO_LATE:
            return w.t("The signature came too late.")
        case Because.SECOND_WITHOUT_PROOF:
            return w.t("Badge and PIN are both needed.")
        case Because.ROSTER_OLD:
            return w.t("This list of staff is older than the one in use.")
        case Because.ROSTER_CHANGED:
            return w.t("This list of staff does not fit its number.")
        case Because.ROSTER_WRONG:
            return w.t("This list of staff has an entry that cannot be right.")
        case _:
            assert_never(refused.because)


def then(w: Voice, refused: Refused) -> str:
    """The one next step."""
    match refused.then:
        case Then.TRY_AGAIN_OR_ASK:
            return w.t("Try again, or ask a supervisor.")
        case Then.WAIT:
            seconds = _number(refused, "seconds")
            return w.t("Wait {seconds} s, then try again.", seconds=seconds)
        case Then.SIGN_IN:
            return w.t("Please sign in again.")
        case Then.CHOOSE_PIN:
            return w.t("Please choose another one.")
        case Then.ASK_SUPERVISOR:
            return w.t("Ask a supervisor.")
        case Then.ASK_CENTRE:
            return w.t("Ask the back office.")
        case Then.LEAVE_TRAINING:
            return w.t("End training first.")
        case Then.GIVE_REASON:
            return w.t("Choose a reason.")
        case Then.WRITE_NOTE:
            return w.t("Write what happened.")
        case Then.ENTER_AMOUNT:
            return w.t("Enter the amount again.")
        case Then.ASK_SOMEBODY_ELSE:
            return w.t("Ask another supervisor.")
        case Then.SIGN_AGAIN:
            return w.t("Sign again.")
        case _:
            assert_never(refused.then)


def reason(w: Voice, reason: OverrideReason) -> str:
    """A reason as its key reads."""
    match reason:
        case OverrideReason.GOODWILL:
            return w.t("Goodwill")
        case OverrideReason.DAMAGED_IN_SHOP:
            return w.t("Damaged here in the shop")
        case OverrideReason.WRONG_DECISION:
            return w.t("The machine decided wrongly")
        case OverrideReason.MACHINE_FAULT:
            return w.t("The machine does not work")
        case OverrideReason.TAKEN_BY_MISTAKE:
            return w.t("Taken by mistake")
        case OverrideReason.CUSTOMER_CHANGED_MIND:
            return w.t("The customer changed their mind")
        case OverrideReason.CARRIER_ASKED:
            return w.t("The carrier asked for it")
        case OverrideReason.OTHER:
            return w.t("Something else")
        case _:
            assert_never(reason)


def role(w: Voice, role: Role) -> str:
    """What somebody is at the counter."""
    match role:
        case Role.ASSOCIATE:
            return w.t("Associate")
        case Role.SUPERVISOR:
            return w.t("Supervisor")
        case Role.ENGINEER:
            return w.t("Engineer")
        case Role.HOUSE:
            return w.t("The shop itself")
        case _:
            assert_never(role)


def act(w: Voice, act: Act) -> str:
    """What a reason or a second person is asked for, as a heading."""
    names: dict[Act, str] = {
        VoidDrop: w.t("Give the goods of a drop back"),
        ReopenContainer: w.t("Open a closed container"),
        ReportLost: w.t("Report a container lost"),
        VoidManifest: w.t("Cancel a hand-over list"),
    }
    return names.get(act, w.t("Make an exception"))


def _number(refused: Refused, name: str) -> int:
    """A value that did not come counts as none; a sentence must never fail for it."""
    value = refused.values.get(name, 0)
    return value if isinstance(value, int) else 0
