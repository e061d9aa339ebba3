"""The label of a place where parcels lie: `TS:`, the site's own name of it, a check character.

The name has 1 to 12 capitals, digits and hyphens, the hyphens inside. It may hold the letters
that Crockford's alphabet leaves out, so the check is ISO/IEC 7064 MOD 37-2 with the hyphen as
the 37th data character: 37 is prime and the weights are different powers of 2, so every wrong
character and every exchange of two characters is caught. `*` is the check character 36.
"""

from __future__ import annotations

from kiosk.domain.codes.model import ShelfCode, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

PREFIX = "TS:"
LONGEST = 12

_NAME = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
_CHECK = _NAME[:36] + "*"
_VALUE = {character: value for value, character in enumerate(_NAME)}


def shelf_code(name: str) -> str:
    """What to print on a shelf. ValueError for a name that a site cannot give."""
    if not _is_name(name):
        raise ValueError("a shelf's name has 1 to 12 capitals, digits and inner hyphens")
    return PREFIX + name + _check(name)


def parse(presented: Presented) -> ShelfCode | Unreadable | None:
    """Whatever begins with the prefix is a shelf, or one that was read or printed wrong."""
    text = presented.text.strip(" ")
    if not presented.may_be_ours or not text.startswith(PREFIX):
        return None
    name, check = text[len(PREFIX) : -1], text[-1]
    if not _is_name(name) or _check(name) != check:
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), "shelf")
    return ShelfCode(name)


def _is_name(name: str) -> bool:
    if not 1 <= len(name) <= LONGEST or any(character not in _VALUE for character in name):
        return False
    return name[0] != "-" and name[-1] != "-"


def _check(name: str) -> str:
    total = 0
    for character in name:
        total = (total + _VALUE[character]) * 2 % 37
    return _CHECK[-total % 37]
