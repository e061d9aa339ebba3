"""Sentences that belong to the screens alone; everything else is worded by `kiosk.words`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from kiosk.domain.policy.model import Disposal, Outcome, RefundMethod, Verdict
from kiosk.domain.reasons import Reason, Why
from kiosk.ports import HintKind, Service, Trouble

if TYPE_CHECKING:
    from kiosk.words import Words

_BLIND: Final = (Trouble.SCANNER_ABSENT, Trouble.SCANNER_COVERED)

# What a shopper should know before starting. The others are for staff and engineer only.
_FOR_SHOPPERS: Final = (
    Trouble.SCANNER_ABSENT,
    Trouble.SCANNER_COVERED,
    Trouble.PAPER_OUT,
    Trouble.PRINTER_SILENT,
    Trouble.PRINTER_ABSENT,
    Trouble.OFFLINE,
    Trouble.POLICY_STALE,
)

_TROUBLE_ICONS: Final = {
    Trouble.SCANNER_ABSENT: "camera",
    Trouble.SCANNER_COVERED: "camera",
    Trouble.PAPER_OUT: "receipt",
    Trouble.PRINTER_SILENT: "receipt",
    Trouble.PRINTER_ABSENT: "receipt",
    Trouble.OFFLINE: "cloud",
    Trouble.POLICY_STALE: "clock",
}


def hint(kind: HintKind | None, words: Words) -> str:
    """What would help the camera to read the code; "" while nothing would."""
    match kind:
        case None:
            return ""
        case HintKind.HOLD_STILL:
            return words.t("Hold still for a moment")
        case HintKind.CLOSER:
            return words.t("Come a little closer")
        case HintKind.FURTHER:
            return words.t("Move a little away")
        case HintKind.BRIGHTER:
            return words.t("Make your screen brighter")
        case HintKind.GLARE:
            return words.t("Tilt it away from the light")
        case HintKind.TYPE_INSTEAD:
            return words.t("You can also type your code")
        case _:
            assert_never(kind)


def bag_hint(kind: HintKind | None, words: Words) -> str:
    """As `hint`, where the code is a bag's."""
    if kind is HintKind.TYPE_INSTEAD:
        return words.t("You can also type the bag's number")
    return hint(kind, words)


def is_blind(service: Service) -> bool:
    """Whether holding a code up is no use at the moment."""
    return any(trouble in service.troubles for trouble in _BLIND)


def blindness(service: Service, words: Words) -> list[dict[str, object]]:
    """The strip that says so in the middle of a visit; the screen itself says what to do."""
    troubles = [trouble for trouble in _BLIND if trouble in service.troubles][:1]
    return [
        {"icon": _TROUBLE_ICONS[trouble], "text": words.trouble(trouble), "step": ""}
        for trouble in troubles
    ]


def notices(troubles: frozenset[Trouble], words: Words) -> list[dict[str, object]]:
    """At most two calm strips, the one that changes most for the shopper first."""
    relevant = [trouble for trouble in _FOR_SHOPPERS if trouble in troubles]
    without_paper = [t for t in relevant if _TROUBLE_ICONS[t] == "receipt"]
    for repeated in without_paper[1:]:
        relevant.remove(repeated)
    if Trouble.OFFLINE in relevant and Trouble.POLICY_STALE in relevant:
        relevant.remove(Trouble.POLICY_STALE)  # the one is why of the other, and says more
    return [
        {
            "icon": _TROUBLE_ICONS[trouble],
            "text": words.trouble(trouble),
            "step": words.trouble_step(trouble),
        }
        for trouble in relevant[:2]
    ]


def label(verdict: Verdict, words: Words) -> str:
    """A verdict in a few words, for a card that shows the amount beside it."""
    match verdict.outcome:
        case Outcome.ACCEPT:
            return _method_label(verdict.method, words)
        case Outcome.ACCEPT_WITH_FEE:
            return _after_fee_label(verdict.method, words)
        case Outcome.REVIEW:
            return words.t("Refund after a check")
        case Outcome.STAFF:
            return words.t("A person decides")
        case Outcome.REFUSE:
            return words.t("Cannot be returned")
        case Outcome.RETURNLESS:
            return _disposal_label(verdict.disposal, words)
        case _:
            assert_never(verdict.outcome)


def _method_label(method: RefundMethod, words: Words) -> str:
    match method:
        case RefundMethod.ORIGINAL:
            return words.t("Refund")
        case RefundMethod.STORE_CREDIT:
            return words.t("Store credit")
        case RefundMethod.EXCHANGE:
            return words.t("Exchange")
        case _:
            assert_never(method)


def _after_fee_label(method: RefundMethod, words: Words) -> str:
    match method:
        case RefundMethod.ORIGINAL:
            return words.t("Refund minus a fee")
        case RefundMethod.STORE_CREDIT:
            return words.t("Store credit minus a fee")
        case RefundMethod.EXCHANGE:
            return words.t("Exchange minus a fee")
        case _:
            assert_never(method)


def refund_label(methods: frozenset[RefundMethod], words: Words) -> str:
    """What the sum of a return is; plain where its lines are paid back in several ways."""
    match sorted(methods):
        case [RefundMethod.STORE_CREDIT]:
            return words.t("You get store credit")
        case [RefundMethod.EXCHANGE]:
            return words.t("You get an exchange worth")
        case _:
            return words.t("You get back")


def _disposal_label(disposal: Disposal, words: Words) -> str:
    match disposal:
        case Disposal.DONATE:
            return words.t("Give it away, refund")
        case Disposal.RECYCLE:
            return words.t("Recycle it, refund")
        case Disposal.KEEP | Disposal.NONE:
            return words.t("Keep it, refund")
        case _:
            assert_never(disposal)


def tone(verdict: Verdict) -> str:
    """The colour role of a verdict; the icon and the words say the same without colour."""
    match verdict.outcome:
        case Outcome.ACCEPT:
            return "positive"
        case Outcome.RETURNLESS | Outcome.REVIEW:
            return "info"
        case Outcome.ACCEPT_WITH_FEE | Outcome.STAFF:
            return "caution"
        case Outcome.REFUSE:
            return "critical"
        case _:
            assert_never(verdict.outcome)


def icon(verdict: Verdict) -> str:
    match verdict.outcome:
        case Outcome.ACCEPT:
            return "check"
        case Outcome.ACCEPT_WITH_FEE:
            return "coin"
        case Outcome.REVIEW:
            return "search"
        case Outcome.STAFF:
            return "person"
        case Outcome.REFUSE:
            return "close"
        case Outcome.RETURNLESS:
            return _disposal_icon(verdict.disposal)
        case _:
            assert_never(verdict.outcome)


def _disposal_icon(disposal: Disposal) -> str:
    match disposal:
        case Disposal.DONATE:
            return "gift"
        case Disposal.RECYCLE:
            return "recycle"
        case Disposal.KEEP | Disposal.NONE:
            return "heart"
        case _:
            assert_never(disposal)


_KINDS: Final = {
    Why.CODE_CARRIER: "parcel",
    Why.CODE_MAYBE_CARRIER: "parcel",
    Why.CODE_PICK_UP: "parcel",
    Why.CODE_PRODUCT: "barcode",
    Why.CODE_RECEIPT: "receipt",
    Why.CODE_FOR_STAFF: "person",
    Why.CODE_BAG_FIRST: "bag",
    Why.RETURN_NOT_HERE: "parcel",
}


def kind_icon(reason: Reason) -> str:
    """The picture of what was held up by mistake; "" where something is really wrong."""
    return _KINDS.get(reason.why, "")
