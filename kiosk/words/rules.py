"""Why a merchant's rule does not simply take an item: a sentence for each code of such rules."""

from __future__ import annotations

from kiosk.domain.reasons import Reason, Why
from kiosk.words.values import text
from kiosk.words.voice import Voice


def sentence(w: Voice, reason: Reason) -> str:
    """One plain sentence, at most twelve words; "" for a code of something else."""
    return _merchant(w, reason) or _goods(w, reason) or _kiosk(w, reason)


def _merchant(w: Voice, reason: Reason) -> str:
    """What the shop does not do."""
    match reason.why:
        case Why.NOT_RETURNABLE:
            return w.t("The shop does not take this item back.")
        case Why.COUNTRY_NOT_SERVED:
            return w.t("The shop does not take returns from this country here.")
        case Why.ZONE_NOT_SERVED:
            return w.t("The shop does not take returns from this region here.")
        case Why.CHANNEL_NOT_SERVED:
            return w.t("Items bought this way cannot be returned here.")
        case Why.SEGMENT_NOT_SERVED:
            return w.t("The shop looks after this return itself.")
        case Why.METHOD_NOT_OFFERED:
            return w.t("The shop does not offer this way to return.")
        case Why.REASON_NOT_ACCEPTED:
            return w.t("The shop does not take it back for this reason.")
        case Why.DISCOUNTED:
            return w.t("The shop does not take reduced items back here.")
        case Why.TOO_MANY_RETURNS:
            return w.t("The shop limits how much can be returned.")
        case _:
            return ""


def _goods(w: Voice, reason: Reason) -> str:
    """What the goods are, or are not."""
    match reason.why:
        case Why.TOO_MANY_ITEMS:
            return w.t("These are more items than can be returned at once.")
        case Why.TOO_FEW_ITEMS:
            return w.t("These are fewer items than the shop takes.")
        case Why.ONLY_WHOLE:
            return w.t("The shop takes these items only all together.")
        case Why.EVIDENCE_NEEDED:
            if text(reason, "evidence") == "serial":
                return w.t("The shop asks for the serial number of this item.")
            return w.t("The shop asks for a photo of this item.")
        case Why.SERIAL_DIFFERS:
            return w.t("The serial number is not the one that was sold.")
        case Why.HYGIENE:
            return w.t("For hygiene, the shop takes this item only sealed.")
        case Why.AGE_RESTRICTED:
            return w.t("This item needs an age check.")
        case Why.PACKAGING_MISSING:
            return w.t("The shop takes this item only in its original packaging.")
        case Why.WEIGHT_DIFFERS:
            return w.t("The weight does not fit this item.")
        case _:
            return ""


def _kiosk(w: Voice, reason: Reason) -> str:
    """What this kiosk cannot do."""
    match reason.why:
        case Why.TOO_LARGE:
            return w.t("This item is too large for this kiosk.")
        case Why.TOO_HEAVY:
            return w.t("This item is too heavy for this kiosk.")
        case Why.BIN_FULL:
            return w.t("There is no room left in this kiosk.")
        case Why.STAFF_DECIDES | Why.VALUE_UNKNOWN:
            return w.t("This kiosk cannot decide about this item.")
        case Why.POLICY_OLD:
            return w.t("The return rules of this kiosk are too old.")
        case _:
            return ""
