"""What happens to an item and its money: a short line for each verdict."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.policy.model import Disposal, Outcome, RefundMethod, Verdict
from kiosk.words import paying
from kiosk.words.voice import Voice


def sentence(w: Voice, verdict: Verdict) -> str:
    """One or two short sentences. A provisional refund says that it is still to be confirmed."""
    match verdict.outcome:
        case Outcome.ACCEPT:
            return paying.promise(w, verdict)
        case Outcome.ACCEPT_WITH_FEE:
            return _after_fee(w, verdict)
        case Outcome.RETURNLESS:
            return f"{_disposal(w, verdict.disposal)} {paying.promise(w, verdict)}"
        case Outcome.REVIEW:
            return _checked(w, verdict)
        case Outcome.STAFF:
            return w.t("A member of staff decides about this item.")
        case Outcome.REFUSE:
            return w.t("This item cannot be returned here.")
        case _:
            assert_never(verdict.outcome)


def _after_fee(w: Voice, verdict: Verdict) -> str:
    if verdict.method is not RefundMethod.ORIGINAL or verdict.bonus is not None:
        return paying.promise(w, verdict)
    refund, fee = w.money(verdict.refund), w.money(verdict.fee)
    if verdict.provisional:
        return w.t(
            "You get {refund} back after a fee of {fee}, to be confirmed.", refund=refund, fee=fee
        )
    return w.t("You get {refund} back after a fee of {fee}.", refund=refund, fee=fee)


def _checked(w: Voice, verdict: Verdict) -> str:
    """The refund waits for a check; what may come of it stands in `withheld` or `refund`."""
    most = w.money(verdict.withheld + verdict.refund)
    return w.t("The shop checks it first. You can get up to {refund}.", refund=most)


def _disposal(w: Voice, disposal: Disposal) -> str:
    match disposal:
        case Disposal.KEEP | Disposal.NONE:
            return w.t("You can keep this item.")
        case Disposal.DONATE:
            return w.t("Please give this item away.")
        case Disposal.RECYCLE:
            return w.t("Please recycle this item.")
        case _:
            assert_never(disposal)
