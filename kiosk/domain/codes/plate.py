"""Licence plates: a prefix of two letters, ten digits, a check character.

Thirteen characters of capitals and digits: good in Code 128 and in a QR code's alphanumeric
mode. The tenth digit stands where a postal item number (UPU S10) has a letter, so the two are
never mixed up. The check covers the prefix too, except the bag's, which came first: the sum of
its letters is not zero for any other prefix, so one wrong letter never makes another plate.
"""

from __future__ import annotations

from kiosk.domain.codes import check32
from kiosk.domain.codes.model import Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

BAG, CONTAINER, SEAL = "TB", "TC", "TZ"
DIGITS = 10
LENGTH = 2 + DIGITS + 1
_FAMILY = {BAG: "bag", CONTAINER: "container", SEAL: "seal"}


def plate(prefix: str, number: int) -> str:
    """The plate of a number, 0 to 9,999,999,999. ValueError outside."""
    if not 0 <= number < 10**DIGITS:
        raise ValueError(f"a {_FAMILY[prefix]} number has at most {DIGITS} digits")
    digits = f"{number:0{DIGITS}d}"
    return prefix + digits + check32.check_character(_covered(prefix, digits))


def read(presented: Presented, prefix: str) -> str | Unreadable | None:
    """None for what does not look like such a plate; one with a wrong check is ours and bad."""
    text = presented.text.strip(" ")
    if not presented.may_be_ours or len(text) != LENGTH or not text.startswith(prefix):
        return None
    digits, check = text[len(prefix) : -1], text[-1]
    if not (digits.isascii() and digits.isdigit() and check in check32.VALUE):
        return None
    if not check32.good(_covered(prefix, digits) + check):
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), _FAMILY[prefix])
    return text


def _covered(prefix: str, digits: str) -> str:
    return digits if prefix == BAG else prefix + digits
