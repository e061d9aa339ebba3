"""The bag's licence plate: `TB`, ten digits, a check character.

Thirteen characters of capitals and digits: good in Code 128 and in a QR code's alphanumeric
mode. The tenth digit stands where a postal item number (UPU S10) has a letter, so the two are
never mixed up.
"""

from __future__ import annotations

from kiosk.domain.codes import check32
from kiosk.domain.codes.model import BagCode, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

PREFIX = "TB"
DIGITS = 10
LENGTH = len(PREFIX) + DIGITS + 1


def bag_code(number: int) -> str:
    """A bag's number, 0 to 9,999,999,999, as its licence plate. ValueError outside."""
    if not 0 <= number < 10**DIGITS:
        raise ValueError(f"a bag number has at most {DIGITS} digits")
    digits = f"{number:0{DIGITS}d}"
    return PREFIX + digits + check32.check_character(digits)


def parse(presented: Presented) -> BagCode | Unreadable | None:
    """None for what does not look like a plate; a plate with a wrong check is ours and bad."""
    text = presented.text.strip(" ")
    if not presented.may_be_ours or len(text) != LENGTH or not text.startswith(PREFIX):
        return None
    digits, check = text[len(PREFIX) : -1], text[-1]
    if not (digits.isascii() and digits.isdigit() and check in check32.VALUE):
        return None
    if not check32.good(digits + check):
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), "bag")
    return BagCode(text)
