"""The one thing to do now, for every code of `Why`: a reason never comes alone."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.reasons import Reason, Why
from kiosk.words.values import name, text
from kiosk.words.voice import Voice


def sentence(w: Voice, reason: Reason) -> str:
    """One plain instruction, at most twelve words."""
    match reason.why:
        case Why.WITHIN_POLICY | Why.FEE_APPLIES | Why.CHECKED_LATER:
            return w.t("Put the item into the bag.")
        case Why.KEEP_IT:
            return w.t("Take the item home and keep it.")
        case Why.DONATE_IT:
            return w.t("Take the item with you and give it away.")
        case Why.RECYCLE_IT:
            return w.t("Take the item with you and recycle it.")
        case Why.WINDOW_CLOSED | Why.FINAL_SALE:
            return w.t("Keep the item and ask the shop about it.")
        case Why.CONDITION_NOT_MET | Why.QUANTITY_EXCEEDED:
            # A policy may refuse these or refer them: the step must be right for both.
            return w.t("Ask a member of staff, or ask the shop.")
        case Why.VALUE_ABOVE_LIMIT | Why.HAZARDOUS | Why.RULE_UNKNOWN | Why.NO_RULES:
            return w.t("Please take the item to a member of staff.")
        case Why.TOO_MANY_ITEMS:
            return w.t("Bring fewer items, or ask a member of staff.")
        case Why.TOO_FEW_ITEMS | Why.ONLY_WHOLE:
            return w.t("Bring all items together, or ask the shop.")
        case (
            Why.NOT_RETURNABLE
            | Why.STAFF_DECIDES
            | Why.COUNTRY_NOT_SERVED
            | Why.ZONE_NOT_SERVED
            | Why.CHANNEL_NOT_SERVED
            | Why.SEGMENT_NOT_SERVED
            | Why.METHOD_NOT_OFFERED
            | Why.REASON_NOT_ACCEPTED
            | Why.DISCOUNTED
            | Why.TOO_MANY_RETURNS
            | Why.EVIDENCE_NEEDED
            | Why.SERIAL_DIFFERS
            | Why.TOO_LARGE
            | Why.TOO_HEAVY
            | Why.WEIGHT_DIFFERS
            | Why.HYGIENE
            | Why.AGE_RESTRICTED
            | Why.PACKAGING_MISSING
            | Why.BIN_FULL
            | Why.POLICY_OLD
            | Why.VALUE_UNKNOWN
        ):
            return w.t("Ask a member of staff, or ask the shop.")
        case Why.CODE_UNREADABLE:
            return w.t("Hold the code still, or type it instead.")
        case Why.CODE_FOREIGN | Why.CODE_TOO_LONG | Why.CODE_NOT_A_RETURN:
            return w.t("Hold up the code from your return message.")
        case Why.CODE_AMBIGUOUS:
            return w.t("Type the short code instead, or ask a member of staff.")
        case Why.CODE_WRONG_CHECK:
            return w.t("Check the code and try it again.")
        case Why.CODE_NOT_A_BAG:
            return _the_bag(w)
        case (
            Why.CODE_CARRIER
            | Why.CODE_MAYBE_CARRIER
            | Why.CODE_PRODUCT
            | Why.CODE_PICK_UP
            | Why.CODE_FOR_STAFF
            | Why.CODE_RECEIPT
            | Why.CODE_BAG_FIRST
        ):
            return _the_bag(w) if text(reason, "step") == "bag" else _elsewhere(w, reason)
        case Why.BAG_IN_USE:
            return w.t("Take a new bag and hold up its code.")
        case Why.NOTHING_BROUGHT:
            return w.t("Tap the items that you have with you.")
        case Why.RETURN_ALREADY_DROPPED:
            return w.t("Your receipt shows it. Staff can help you find it.")
        case Why.CODE_EXPIRED | Why.RETURN_EXPIRED | Why.CODE_FORGED | Why.RETURN_CANCELLED:
            return w.t("Please ask the shop for a new return code.")
        case Why.RETURN_NOT_AUTHORISED | Why.NOT_DELIVERED_YET | Why.CODE_NOT_YET_VALID:
            return w.t("Please come back later or ask the shop.")
        case Why.RETURN_UNKNOWN:
            return w.t("Check the code, or ask a member of staff.")
        case Why.RETURN_NOT_HERE:
            return w.t("Its message says where to hand it in.")
        case Why.RETURN_OPEN_ELSEWHERE | Why.TOO_MANY_TRIES:
            return w.t("Please wait a few minutes, or ask a member of staff.")
        case Why.PHOTO_FAILED:
            return w.t("Please take it once more.")
        case Why.POLICY_MISSING | Why.POLICY_EXPIRED | Why.STORE_FAILED:
            return w.t("Please keep your items and ask a member of staff.")
        case Why.HELP_WANTED:
            return w.t("Please wait here. A member of staff comes to you.")
        case _:
            assert_never(reason.why)


def _the_bag(w: Voice) -> str:
    return w.t("Hold up the code that is printed on the bag.")


def _elsewhere(w: Voice, reason: Reason) -> str:
    """Where a good code belongs, or what to hold up in its place."""
    counter = text(reason, "step") == "counter"
    match reason.why:
        case Why.CODE_CARRIER if counter:
            return w.t("Hand the parcel to the staff at the counter.")
        case Why.CODE_CARRIER if carrier := name(reason, "carrier"):
            return w.t("Take the parcel to a drop-off point of {carrier}.", carrier=carrier)
        case Why.CODE_CARRIER:
            return w.t("Take the parcel to a drop-off point of its carrier.")
        case Why.CODE_MAYBE_CARRIER if counter:
            return w.t("Show it to the staff at the counter.")
        case Why.CODE_PICK_UP if counter:
            return w.t("Show it at the counter.")
        case Why.CODE_PICK_UP:
            return w.t("Show it where your parcel waits for you.")
        case Why.CODE_RECEIPT if text(reason, "dropped_on"):
            return w.t("Your return is with us. Keep the receipt.")
        case Why.CODE_BAG_FIRST:
            return w.t("First hold up the code from your return message.")
        case _:
            return w.t("Hold up the code from your return message.")
