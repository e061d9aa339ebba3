"""What a text may be, as a list for whoever looks at it: `takeback code` prints it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from kiosk.domain.codes import check32, iso15434, labels, mailmark, maxicode, pick_up, short
from kiosk.domain.codes.model import (
    Candidate,
    CarrierLabel,
    Code,
    ThirdPartyReturn,
    Tracking,
    Unreadable,
)
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Why

# What an answer with a bad check was meant to be. The carriers' come from their table, with names.
_FAMILIES = {kind.family: kind for kind in get_args(Code) if kind is not CarrierLabel}
_MEANT = {"signed": "signed_return", "ean": "gs1"}


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
            return [Candidate(code.family, form, "", "", True)]
        case _:
            return [Candidate(code.family, "", "", code.number, True)]


def _wrong(presented: Presented, answer: Unreadable) -> list[Candidate]:
    """Ours or GS1, misread; its number is shown unless it is a secret. Of two networks' forms that
    both fit, each."""
    if answer.reason.why is Why.CODE_AMBIGUOUS:
        names = str(answer.reason.values["forms"]).split(", ")
        return [Candidate(ThirdPartyReturn.family, name, "", "", True) for name in names]
    kind = _FAMILIES.get(_MEANT.get(answer.kind, answer.kind))
    if kind is None or answer.reason.why is Why.CODE_FOREIGN:
        return []
    number = "" if kind.hidden else presented.text.strip(" ")
    return [Candidate(kind.family, "", "", number, False)]


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
    yield from mailmark.readings_of(presented)
    yield from labels.readings_of(presented)


def _carrier(reading: Tracking) -> Candidate:
    return Candidate("carrier", reading.carrier, reading.service, reading.number, reading.valid)
