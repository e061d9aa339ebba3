"""What a text may be, as a list for whoever looks at it: `takeback code` prints it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from kiosk.domain.codes import check32, iso15434, labels, maxicode, pick_up, short
from kiosk.domain.codes.model import (
    BadgeCode,
    BagCode,
    Candidate,
    CarrierLabel,
    Code,
    ContainerCode,
    EnrolmentCode,
    Gs1,
    OrderLookup,
    PickUpCode,
    SealCode,
    ShelfCode,
    ShortCode,
    SignedReturn,
    ThirdPartyReturn,
    Tracking,
    Unreadable,
)
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Why

# What an answer with a bad check was meant to be; its number is shown unless it is a secret.
_FAMILIES = {
    "bag": "bag",
    "container": "container",
    "seal": "seal",
    "shelf": "shelf",
    "badge": "badge",
    "pick_up": "pick_up",
    "enrolment": "enrolment",
    "signed": "signed_return",
    "gs1": "gs1",
    "ean": "gs1",
}
_SECRET = ("badge", "pick_up", "enrolment", "signed_return")


def ranked(presented: Presented, answers: Iterable[Code | Unreadable]) -> tuple[Candidate, ...]:
    """Every family's answer, what only a person types, and the carriers' wrong readings."""
    found: list[Candidate] = []
    for answer in answers:
        found += _wrong(presented, answer) if isinstance(answer, Unreadable) else _right(answer)
    found += _typed(presented)
    found += [_carrier(reading) for reading in _readings(presented) if not reading.valid]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: not one.valid))


def readings(code: Code) -> list[Candidate]:
    """What one code is, as candidates: several where a label has several carriers."""
    return _right(code)


def _right(code: Code) -> list[Candidate]:
    match code:
        case CarrierLabel(readings=readings):
            return [_carrier(reading) for reading in readings]
        case ThirdPartyReturn(form=form):
            return [Candidate("third_party", form, "", "", True)]
        case _:
            family, number = _named(code)
            return [Candidate(family, "", "", number, True)]


def _named(
    code: SignedReturn
    | ShortCode
    | OrderLookup
    | BagCode
    | ShelfCode
    | ContainerCode
    | SealCode
    | BadgeCode
    | PickUpCode
    | EnrolmentCode
    | Gs1,
) -> tuple[str, str]:
    match code:
        case SignedReturn():
            return "signed_return", ""
        case ShortCode(text=number):
            return "short_code", number
        case OrderLookup(order_number=number):
            return "order", number
        case BagCode(bag_id=number):
            return "bag", number
        case ShelfCode(shelf_id=number):
            return "shelf", number
        case ContainerCode(container_id=number):
            return "container", number
        case SealCode(seal_id=number):
            return "seal", number
        case BadgeCode():
            return "badge", ""
        case PickUpCode():
            return "pick_up", ""
        case EnrolmentCode():
            return "enrolment", ""
        case Gs1():
            return "gs1", code.get("00") or code.get("01") or code.elements[0][1]
        case _:
            assert_never(code)


def _wrong(presented: Presented, answer: Unreadable) -> list[Candidate]:
    """Ours or GS1, misread. Carriers' wrong readings come from their table, with their names."""
    family = _FAMILIES.get(answer.kind, "")
    if not family or answer.reason.why is Why.CODE_FOREIGN:
        return []
    number = "" if family in _SECRET else presented.text.strip(" ")
    return [Candidate(family, "", "", number, False)]


def _typed(presented: Presented) -> list[Candidate]:
    """A pick-up code without its prefix, and a short code with a slip."""
    folded = check32.fold(presented.text) if len(presented.text) <= short.LONGEST_TYPED else ""
    if presented.aim or any(character not in check32.VALUE for character in folded):
        return []
    if len(folded) == pick_up.LENGTH and check32.good(folded):
        return [Candidate("pick_up", "", "", "", True)]
    if len(folded) == short.LENGTH and not check32.good(folded):
        return [Candidate("short_code", "", "", folded, False)]
    return []


def _readings(presented: Presented) -> Iterable[Tracking]:
    yield from iso15434.readings_of(presented)[0]
    yield from maxicode.readings_of(presented)
    yield from labels.readings_of(presented)


def _carrier(reading: Tracking) -> Candidate:
    return Candidate("carrier", reading.carrier, reading.service, reading.number, reading.valid)
