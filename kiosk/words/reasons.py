"""Why something was decided: a sentence for every code of `Why`, split by what it is about."""

from __future__ import annotations

from kiosk.domain.reasons import Reason, Why
from kiosk.words import rules
from kiosk.words.values import amount, day, name, text
from kiosk.words.voice import Voice


def sentence(w: Voice, reason: Reason) -> str:
    """One plain sentence, at most twelve words. The last resort is for a code without a
    sentence, which a test refuses."""
    code = _code(w, reason) or _elsewhere(w, reason)
    return code or _line(w, reason) or _rest(w, reason) or last_resort(w)


def last_resort(w: Voice) -> str:
    return w.t("Something is not right with this return.")


def _line(w: Voice, reason: Reason) -> str:
    """What the policy says of an item."""
    match reason.why:
        case Why.WITHIN_POLICY:
            return w.t("This item can be returned.")
        case Why.WINDOW_CLOSED:
            if closed := day(w, reason, "closed_on"):
                return w.t("Returns for this item closed on {day}.", day=closed)
            return w.t("The time to return this item is over.")
        case Why.NOT_DELIVERED_YET:
            return w.t("The shop does not show this item as delivered yet.")
        case Why.FINAL_SALE:
            return w.t("This item was sold as final sale.")
        case Why.CONDITION_NOT_MET:
            return w.t("The shop does not take this item back in this condition.")
        case Why.VALUE_ABOVE_LIMIT:
            if limit := amount(w, reason, "limit"):
                return w.t("This item is worth more than {limit}.", limit=limit)
            return w.t("This item is worth more than this kiosk may take.")
        case Why.FEE_APPLIES:
            if fee := amount(w, reason, "fee"):
                return w.t("The shop keeps a return fee of {fee}.", fee=fee)
            return w.t("The shop keeps a return fee.")
        case Why.KEEP_IT:
            return w.t("The shop does not need this item back.")
        case Why.DONATE_IT:
            return w.t("The shop asks you to give this item away.")
        case Why.RECYCLE_IT:
            return w.t("The shop asks you to recycle this item.")
        case Why.CHECKED_LATER:
            return w.t("The shop checks this item before it refunds you.")
        case Why.HAZARDOUS:
            return _hazard(w, text(reason, "hazard"))
        case Why.QUANTITY_EXCEEDED:
            return w.t("More of this item is here than the return allows.")
        case Why.RULE_UNKNOWN | Why.NO_RULES:
            return w.t("This kiosk cannot decide about this item.")
        case _:
            return rules.sentence(w, reason)


def _hazard(w: Voice, hazard: str) -> str:
    match hazard:
        case "lithium":
            return w.t("This item has a lithium battery.")
        case "aerosol":
            return w.t("This item is under pressure.")
        case "flammable":
            return w.t("This item can catch fire.")
        case _:
            return w.t("This item needs special care.")


def _code(w: Voice, reason: Reason) -> str:
    """What is wrong with a code."""
    match reason.why:
        case Why.CODE_UNREADABLE:
            return w.t("This code cannot be read.")
        case Why.CODE_FOREIGN:
            return w.t("This code is not from a return.")
        case Why.CODE_TOO_LONG:
            return w.t("This code is too long for a return code.")
        case Why.CODE_AMBIGUOUS:
            return w.t("This code may belong to more than one return service.")
        case Why.CODE_FORGED:
            return w.t("This code could not be confirmed.")
        case Why.CODE_EXPIRED:
            if expired := day(w, reason, "expired_on"):
                return w.t("This code was valid until {day}.", day=expired)
            return w.t("This code is no longer valid.")
        case Why.CODE_NOT_YET_VALID:
            return w.t("This code is not valid yet.")
        case Why.CODE_WRONG_CHECK:
            return w.t("This code is not complete or not right.")
        case Why.CODE_NOT_A_BAG if text(reason, "held") == "return":
            return w.t("This is a return code, not the code of a bag.")
        case Why.CODE_NOT_A_BAG:
            return w.t("This is not the code of a bag.")
        case Why.CODE_NOT_A_RETURN:
            return w.t("This is not the code of a return.")
        case _:
            return ""


def _elsewhere(w: Voice, reason: Reason) -> str:
    """A good code that belongs somewhere else: what it is."""
    match reason.why:
        case Why.CODE_CARRIER:
            if carrier := name(reason, "carrier"):
                return w.t("This is a parcel label from {carrier}.", carrier=carrier)
            return w.t("This is a parcel label.")
        case Why.CODE_MAYBE_CARRIER:
            return w.t("This looks like a parcel label, but its number is wrong.")
        case Why.CODE_PRODUCT:
            return w.t("This is the barcode of a product.")
        case Why.CODE_PICK_UP:
            return w.t("This is a code to pick up a parcel.")
        case Why.CODE_FOR_STAFF:
            return w.t("This code is for the staff.")
        case Why.CODE_RECEIPT:
            if dropped := day(w, reason, "dropped_on"):
                return w.t("This is your receipt from {day}.", day=dropped)
            return w.t("This is a receipt, not a return code.")
        case Why.CODE_BAG_FIRST:
            return w.t("This is the code of a bag.")
        case _:
            return ""


def _rest(w: Voice, reason: Reason) -> str:
    """What stands in the way of a return, a bag or the whole kiosk."""
    match reason.why:
        case Why.RETURN_UNKNOWN:
            return w.t("This kiosk does not know this return.")
        case Why.RETURN_NOT_HERE:
            return w.t("This return belongs to another service.")
        case Why.RETURN_ALREADY_DROPPED:
            if dropped := day(w, reason, "dropped_on"):
                return w.t("This return was already dropped off on {day}.", day=dropped)
            return w.t("This return was already dropped off.")
        case Why.RETURN_NOT_AUTHORISED:
            return w.t("The shop has not agreed to this return yet.")
        case Why.RETURN_CANCELLED:
            return w.t("This return was cancelled.")
        case Why.RETURN_EXPIRED:
            if expired := day(w, reason, "expired_on"):
                return w.t("This return was possible until {day}.", day=expired)
            return w.t("The time for this return is over.")
        case Why.RETURN_OPEN_ELSEWHERE:
            return w.t("This return is open at another place right now.")
        case Why.NOTHING_BROUGHT:
            return w.t("No item is marked as brought.")
        case Why.BAG_IN_USE:
            return w.t("This bag already belongs to another return.")
        case Why.POLICY_MISSING:
            return w.t("This kiosk has no return rules yet.")
        case Why.POLICY_EXPIRED:
            return w.t("The return rules of this kiosk are too old.")
        case Why.PHOTO_FAILED:
            return w.t("That photo did not work.")
        case Why.STORE_FAILED:
            return w.t("This kiosk cannot save your return right now.")
        case Why.TOO_MANY_TRIES:
            return w.t("This kiosk pauses typed codes for a while.")
        case Why.HELP_WANTED:
            return w.t("You asked for help.")
        case _:
            return ""
