"""A staff badge: `TU1:`, sixteen characters of Crockford's Base32 (80 random bits), a check.

Who holds the badge has the secret: it is stored hashed, never shown and never logged.
"""

from __future__ import annotations

from kiosk.domain.codes import check32
from kiosk.domain.codes.model import BadgeCode, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

PREFIX = "TU1:"
BITS = 80
_LENGTH = BITS // 5 + 1


def badge_code(value: int) -> str:
    """80 random bits as what a badge shows. ValueError outside the range."""
    return PREFIX + check32.with_check(check32.spell(value, BITS))


def parse(presented: Presented) -> BadgeCode | Unreadable | None:
    """The secret is the sixteen characters, without prefix and check."""
    text = presented.text.strip(" ")
    if not presented.may_be_ours or not text.startswith(PREFIX):
        return None
    data = text.removeprefix(PREFIX)
    if len(data) != _LENGTH or not check32.good(data):
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), "badge")
    return BadgeCode(data[:-1])
