"""The short code: seven characters of Crockford's Base32 and a check character.

Shown as `ABCD-EFGH`. Read with the alphabet's own forgiveness: hyphens and spaces are nothing, O
is zero, I and L are one; U does not exist.
"""

from __future__ import annotations

from kiosk.domain.codes import check32
from kiosk.domain.codes.model import ShortCode, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

BITS = 35
LENGTH = 8
LONGEST_TYPED = 40


def short_code(value: int) -> str:
    """35 bits as eight characters, the last one the check. ValueError outside the range."""
    return check32.with_check(check32.spell(value, BITS))


def parse(presented: Presented) -> ShortCode | None:
    """A scanned short code. Eight other characters are somebody else's code, not a slip."""
    if not presented.may_be_ours or len(presented.text) > LONGEST_TYPED:
        return None
    folded = check32.fold(presented.text)
    return ShortCode(folded) if _good(folded) else None


def parse_short(text: str) -> ShortCode | Unreadable:
    """A typed short code; anything but a good one is a slip of the finger to look at again."""
    if len(text) > LONGEST_TYPED:
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), "length")
    folded = check32.fold(_capitals(text))
    if len(folded) != LENGTH:
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), "length")
    if any(c not in check32.VALUE for c in folded):
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), "alphabet")
    if not check32.good(folded):
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), "check")
    return ShortCode(folded)


def _capitals(text: str) -> str:
    """Of the letters that are in the alphabet; others have capitals that are in it (U+0131)."""
    if text.isascii():
        return text.upper()
    return "".join(c.upper() if c.isascii() else c for c in text)


def _good(folded: str) -> bool:
    return len(folded) == LENGTH and check32.good(folded)
