"""What to say to a code that is good, and does not belong here.

Shoppers hold up what they have in their hands: the label on the parcel, the barcode on the goods,
the receipt of last week. Each is told apart, so that the sentence says what it is and the step
where it belongs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from kiosk.domain.codes.model import (
    BadgeCode,
    BagCode,
    CarrierLabel,
    Code,
    ContainerCode,
    EnrolmentCode,
    Gs1,
    OrderLookup,
    PickUpCode,
    RoundCode,
    SealCode,
    ShelfCode,
    ShortCode,
    SignedReturn,
    ThirdPartyReturn,
    Tracking,
    Unreadable,
)
from kiosk.domain.reasons import Reason, Why
from kiosk.seal import receipts
from kiosk.seal.receipts import ReceiptClaims


class Wanted(StrEnum):
    """What the screen asks for."""

    RETURN = "return"
    BAG = "bag"


@dataclass(frozen=True, slots=True)
class Place:
    """What an answer depends on beside the code: whether staff stand at a counter near by, whose
    receipts are our own, and how a moment becomes the shopper's calendar day."""

    counter: bool
    public: bytes
    day: Callable[[datetime], str]


# Consignment, shipment, routing and ship-to: what GS1 puts on parcels and pallets (General
# Specifications, section 3). An item's number (01) or its content (02) is on the goods.
_ON_PARCELS = ("00", "400", "401", "402", "403", "410", "413", "420", "421", "4300")
_ON_GOODS = ("01", "02", "8006", "8010")
# The family whose damaged codes are worth another try; of a return, none says that it is one.
_OF_THE_SHOPPER = {Wanted.RETURN: "signed", Wanted.BAG: "bag"}
_NOBODYS = frozenset({"UPU S10"})  # a form, no carrier


def elsewhere(code: Code, wanted: Wanted, place: Place) -> Reason | None:
    """Why a good code leads nowhere on this screen; None for what the screen wants."""
    match code:
        case SignedReturn() | ShortCode() | OrderLookup() | ThirdPartyReturn():
            if wanted is Wanted.RETURN:
                return None
            return Reason(Why.CODE_NOT_A_BAG, {"held": "return"})
        case BagCode():
            return None if wanted is Wanted.BAG else Reason(Why.CODE_BAG_FIRST)
        case CarrierLabel(readings=readings):
            return _told(Why.CODE_CARRIER, wanted, place, carrier=carrier_of(readings))
        case Gs1():
            return _gs1(code, wanted, place)
        case PickUpCode():
            return _told(Why.CODE_PICK_UP, wanted, place)
        case ShelfCode() | ContainerCode() | SealCode() | RoundCode() | EnrolmentCode():
            return _told(Why.CODE_FOR_STAFF, wanted)
        case BadgeCode():
            return _none_of_ours(wanted)  # the sentence must not say that this opens something
        case _:
            assert_never(code)


def unreadable(found: Unreadable, wanted: Wanted, place: Place, text: str) -> Reason:
    """Why a text is none of ours. `text` is what was scanned: a receipt proves itself by it."""
    wrong = found.reason.why is Why.CODE_WRONG_CHECK
    match found.kind:
        case "receipt":
            return _receipt(wanted, place, text)
        case "carrier" if wrong:
            return _told(Why.CODE_MAYBE_CARRIER, wanted, place)
        case "ambiguous" if wanted is Wanted.BAG:
            return Reason(Why.CODE_NOT_A_BAG, {"held": "return"})
        case "ean":
            return _told(Why.CODE_PRODUCT, wanted)
        case kind if wrong and kind != _OF_THE_SHOPPER[wanted]:
            # Somebody else's slip: to try it again would lead nowhere either.
            return _none_of_ours(wanted)
    if wanted is Wanted.RETURN or found.reason.why in (Why.CODE_WRONG_CHECK, Why.CODE_UNREADABLE):
        return found.reason
    return _none_of_ours(wanted)


def carrier_of(readings: tuple[Tracking, ...]) -> str:
    """The carrier that every reading names; "" where they differ: naming one would be a guess."""
    names = {reading.carrier for reading in readings} - _NOBODYS
    return names.pop() if len(names) == 1 else ""


def _gs1(code: Gs1, wanted: Wanted, place: Place) -> Reason:
    if any(code.get(ai) for ai in _ON_PARCELS):
        return _told(Why.CODE_CARRIER, wanted, place)
    if any(code.get(ai) for ai in _ON_GOODS):
        return _told(Why.CODE_PRODUCT, wanted)
    return _none_of_ours(wanted)


def _receipt(wanted: Wanted, place: Place, text: str) -> Reason:
    claims = receipts.verify(text, place.public)
    if not isinstance(claims, ReceiptClaims):
        return _told(Why.CODE_RECEIPT, wanted)
    day = place.day(claims.committed_at)
    return _told(Why.CODE_RECEIPT, wanted, dropped_on=day, drop_number=claims.drop_number)


def _none_of_ours(wanted: Wanted) -> Reason:
    return Reason(Why.CODE_NOT_A_RETURN if wanted is Wanted.RETURN else Why.CODE_NOT_A_BAG)


def _told(why: Why, wanted: Wanted, place: Place | None = None, **values: str) -> Reason:
    """`place` is left out where staff could do nothing about it."""
    counter = "counter" if place is not None and place.counter else ""
    step = "bag" if wanted is Wanted.BAG else counter
    return Reason(why, {key: told for key, told in {**values, "step": step}.items() if told})
