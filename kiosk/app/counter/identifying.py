"""What a scan, or a typed text, is at the counter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from kiosk.domain import codes
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
from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.domain.counter import meaning as means
from kiosk.domain.counter import pick_up
from kiosk.domain.counter.meaning import Meaning
from kiosk.domain.counter.shop import Shop
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.staff import badges
from kiosk.domain.staff.people import Roster
from kiosk.ports import Scanned


@dataclass(frozen=True, slots=True)
class Known:
    """What a text is looked up in. `peppers`: the one that new digests are made with first;
    `codes` are those of pick-up codes, which are others in training."""

    shop: Shop
    roster: Roster
    carriers: Iterable[str]
    peppers: Sequence[bytes]
    codes: Sequence[bytes]
    forms: Sequence[ThirdPartyForm] = ()


def identify(scan: Scanned | str, known: Known) -> Meaning:
    """A number that the shop knows is that parcel, whoever's code it looks like."""
    text = (scan if isinstance(scan, str) else scan.text).strip()
    found = _read(scan, known)
    if text in known.shop.parcels:
        return _parcel(text, found, known.shop)
    if isinstance(found, Unreadable):
        return means.NotKnown(found.reason)
    return _meaning(found, known)


def _read(scan: Scanned | str, known: Known) -> Code | Unreadable:
    if not isinstance(scan, str):
        return codes.parse(scan.text, scan.raw, scan.aim, known.forms)
    typed = codes.parse_pick_up(scan)
    return typed if isinstance(typed, PickUpCode) else codes.parse(scan.strip(), b"", "")


def _parcel(text: str, found: Code | Unreadable, shop: Shop) -> Meaning:
    told = Tracking(shop.parcels[text].carrier, "", text)
    if isinstance(found, CarrierLabel):
        others = tuple(one for one in found.readings if one.number != text)
        same = next((one for one in found.readings if one.number == text), told)
        return means.ParcelScanned((same, *others))
    return means.ParcelScanned((told,))


def _meaning(code: Code, known: Known) -> Meaning:
    match code:
        case CarrierLabel(readings=readings):
            return means.ParcelScanned(readings)
        case Gs1():
            return _gs1(code)
        case PickUpCode():
            return _pick_up(code, known)
        case BadgeCode():
            return _badge(code, known)
        case ShelfCode(shelf_id=shelf):
            return means.ShelfScanned(shelf)
        case BagCode(bag_id=bag):
            return means.BagScanned(bag)
        case ContainerCode(container_id=plate):
            return means.ContainerScanned(plate)
        case SealCode(seal_id=seal):
            return means.SealScanned(seal)
        case RoundCode():
            carrier = codes.carrier_named(code.carrier_key, known.carriers)
            if carrier is None:
                return means.NotKnown(Reason(Why.CODE_FOREIGN))
            return means.DriverScanned(carrier, code.round_id, code.brings, code.fetches)
        case SignedReturn() | ShortCode() | OrderLookup() | ThirdPartyReturn():
            return means.ReturnScanned()
        case EnrolmentCode():
            return means.NotKnown(Reason(Why.CODE_FOR_STAFF))
        case _:
            assert_never(code)


def _gs1(code: Gs1) -> Meaning:
    """An SSCC is a parcel without a carrier (GS1 General Specifications, AI 00)."""
    if unit := code.get("00"):
        return means.ParcelScanned((Tracking("", "", unit),))
    if item := code.get("01"):
        return means.ItemScanned(item)
    return means.NotKnown(Reason(Why.CODE_FOREIGN))


def _pick_up(code: PickUpCode, known: Known) -> Meaning:
    """Its digest: under the pepper under which it opens something, else under the newest. All are
    reckoned each time."""
    digests = [pick_up.digest(code, pepper) for pepper in known.codes]
    opening = [one for one in digests if known.shop.of_code(one)]
    return _digested([*opening, *digests], means.PickUpScanned)


def _badge(code: BadgeCode, known: Known) -> Meaning:
    digests = [badges.digest(code, pepper) for pepper in known.peppers]
    whose = [one for one in digests if known.roster.of_badge(one) is not None]
    return _digested([*whose, *digests], means.BadgeScanned)


def _digested(
    digests: list[str], kind: type[means.PickUpScanned] | type[means.BadgeScanned]
) -> Meaning:
    """Without a pepper there is no digest, and the code is nobody's."""
    return kind(digests[0]) if digests else means.NotKnown(Reason(Why.CODE_UNREADABLE))
