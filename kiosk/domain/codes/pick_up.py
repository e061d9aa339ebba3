"""A recipient's pick-up code: eight characters of Crockford's Base32 (40 random bits), a check.

On a phone it is `TP1:` and the nine characters; typed it is the nine alone, shown in threes as
`ABC-DEF-GHJ`. Nine, so that it is neither a short code (eight) nor an enrolment code (ten). Both
forms hold the same secret, the eight characters. It is stored hashed, with a pepper, for one use,
and tries are counted: 40 bits stand against guessing at a counter, not against a stolen table.
"""

from __future__ import annotations

from kiosk.domain.codes import check32
from kiosk.domain.codes.model import PickUpCode, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

PREFIX = "TP1:"
BITS = 40
LENGTH = BITS // 5 + 1
LONGEST_TYPED = 40


def pick_up_code(value: int) -> str:
    """40 random bits as what a QR code holds. ValueError outside the range."""
    return PREFIX + check32.with_check(check32.spell(value, BITS))


def typed_pick_up_code(value: int) -> str:
    """The same 40 bits as a person types them: `ABC-DEF-GHJ`."""
    text = check32.with_check(check32.spell(value, BITS))
    return "-".join(text[at : at + 3] for at in range(0, LENGTH, 3))


def parse(presented: Presented) -> PickUpCode | Unreadable | None:
    """A scanned code. The nine characters without the prefix are nobody's: they must be typed."""
    text = presented.text.strip(" ")
    if not presented.may_be_ours or not text.startswith(PREFIX):
        return None
    return _read(text.removeprefix(PREFIX))


def parse_pick_up(text: str) -> PickUpCode | Unreadable:
    """A typed code, with the alphabet's own forgiveness, or the scanned form. One kind for every
    slip: the answer does not tell how near it was."""
    if len(text) > LONGEST_TYPED:
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), "pick_up")
    upper = "".join(c.upper() if c.isascii() else c for c in text).strip(" ")
    return _read(check32.fold(upper.removeprefix(PREFIX)))


def _read(data: str) -> PickUpCode | Unreadable:
    if len(data) != LENGTH or not check32.good(data):
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), "pick_up")
    return PickUpCode(data[:-1])
