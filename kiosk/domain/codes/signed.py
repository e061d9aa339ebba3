"""The signed return code: `RK1:` and Base45 of a COSE_Sign1. Here it is only unwrapped."""

from __future__ import annotations

from kiosk.domain.codes import base45
from kiosk.domain.codes.model import SignedReturn, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

PREFIX = "RK1:"
LONGEST = 512  # bytes of COSE
LONGEST_TEXT = len(PREFIX) + LONGEST // 2 * 3


def parse(presented: Presented) -> SignedReturn | Unreadable | None:
    """None for what is not of this family."""
    if not presented.may_be_ours or not presented.text.startswith(PREFIX):
        return None
    if len(presented.text) > LONGEST_TEXT:
        return Unreadable(Reason(Why.CODE_TOO_LONG), "signed")
    try:
        cose = base45.decode(presented.text.removeprefix(PREFIX))
    except ValueError:
        return Unreadable(Reason(Why.CODE_UNREADABLE), "signed")
    return SignedReturn(cose) if cose else Unreadable(Reason(Why.CODE_UNREADABLE), "signed")
