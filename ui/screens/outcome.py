"""How a visit ends: receipt, good-bye, a person's help, or no service at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from kiosk.domain.policy.model import Outcome, Verdict
from kiosk.domain.visit import Item, OpenDrop, methods_of
from kiosk.flows.model import OutOfService, Press, Receipt, Session, StaffCalled
from kiosk.ports import NotPrinted, Printed, PrintOutcome, Unconfirmed
from ui import text
from ui.frame import STEP_RECEIPT, Props, key, progress, theme_of
from ui.screens.goods import line

if TYPE_CHECKING:
    from kiosk.words import Words

NO_BREAK: Final = "\N{NON-BREAKING HYPHEN}"  # a number on two lines is read as two numbers
_PATIENCE_S = 1.0  # after this the screen also says for how long paper has been awaited


def receipt(screen: Receipt, now: float, words: Words) -> Props:
    drop = screen.drop
    waited = int(now - screen.since) if screen.outcome is None else 0
    return {
        **progress(STEP_RECEIPT, words),
        "title": words.t("We have your return"),
        "subtitle": _paper(screen.outcome, words),
        "theme": theme_of(drop.merchant),
        "printing": screen.outcome is None,
        "paper": not isinstance(screen.outcome, NotPrinted),
        "waited": words.n("{n} second so far", "{n} seconds so far", waited)
        if waited > _PATIENCE_S
        else "",
        "numberLabel": words.t("Your number"),
        "number": drop.drop_number.replace("-", NO_BREAK),
        "refundLabel": text.refund_label(methods_of(drop.items), words),
        "refund": words.money(drop.refund + drop.bonus),
        "refundNote": words.t("The shop confirms this amount.") if drop.provisional else "",
        "merchant": drop.merchant.name,
        "qr": drop.proof,
        "qrLabel": words.t("No paper? Take a photo."),
        "spoken": words.t("Receipt code for number {number}", number=drop.drop_number),
        "primary": key(words.t("Finish"), Press.FINISH, "check"),
        "secondary": [key(words.t("Another return"), Press.ANOTHER, "repeat")],
    }


def done(session: Session, words: Words) -> Props:
    count = len(session.drops)
    left = (
        "" if session.deadline is None else str(max(0, round(session.deadline.ends - session.now)))
    )
    return {
        "title": words.t("Thank you!"),
        "subtitle": words.n("Your return is on its way.", "Your returns are on their way.", count),
        "left": left,
        "countdown": {},
        "primary": key(words.t("Another return"), Press.ANOTHER, "repeat"),
        "secondary": [
            key(words.t("Finish"), Press.FINISH, "check"),
            key(words.t("More time"), Press.MORE_TIME, "clock"),
        ],
    }


def staff_called(screen: StaffCalled, words: Words) -> Props:
    drop = screen.drop
    return {
        "title": words.t("Someone is coming to help"),
        "subtitle": words.t("Please wait here."),
        "theme": theme_of(drop.merchant) if drop else "",
        "reason": words.reason(screen.reason),
        "nextStep": _next_step(screen, words),
        "lines": [line(item, words) | {"enabled": False} for item in _concerned(drop)],
        **_onwards(screen, words),
    }


def _next_step(screen: StaffCalled, words: Words) -> str:
    for item in _concerned(screen.drop):
        if isinstance(item.decision, Verdict) and item.decision.reason == screen.reason:
            return words.instead(item.decision)
    return words.next_step(screen.reason)


def _concerned(drop: OpenDrop | None) -> tuple[Item, ...]:
    """The items a person must decide about; all of them where no verdict says so."""
    if drop is None:
        return ()
    named = tuple(item for item, v in drop.verdicts() if v.outcome is Outcome.STAFF)
    return named or drop.items


def _onwards(screen: StaffCalled, words: Words) -> Props:
    """Back to where help was asked for; otherwise the end, or another return meanwhile."""
    finish = key(words.t("Finish"), Press.FINISH, "check", quiet=True)
    if screen.resume is not None:
        return {
            "primary": key(words.t("Go on without help"), Press.BACK, "back", quiet=True),
            "secondary": [finish],
        }
    another = key(words.t("Another return"), Press.ANOTHER, "repeat")
    return {"primary": finish, "secondary": [another]}


def out_of_service(screen: OutOfService, words: Words) -> Props:
    return {
        "title": words.trouble(screen.trouble),
        "subtitle": words.trouble_step(screen.trouble),
        "languageBar": True,
    }


def _paper(outcome: PrintOutcome | None, words: Words) -> str:
    match outcome:
        case None:
            return words.t("Your receipt is printing.")
        case Printed():
            return words.t("Please take your receipt.")
        case Unconfirmed():
            return words.t("Please look for your receipt below.")
        case NotPrinted():
            return words.t("We have no paper. Take a photo instead.")
        case _:
            assert_never(outcome)
