"""A driver's round: who comes to bring and fetch, and how much their own books say.

`TR1:` and four fields with a full stop between them, then two check characters:

    TR1:ROYAL-MAIL.R7-0412.38.12.MN      brings 38, fetches 12
    TR1:DPD.A1...X5                      says neither

1. the carrier's key: its name in capitals and digits, every run of anything else one hyphen
   (`carrier_key`), 1 to 24 characters; 2. the round's own name, 1 to 24 capitals, digits and inner
   hyphens; 3. and 4. counts of parcels brought and of pieces fetched, 0 to 9999 without leading
   zeros, or nothing where the driver's books do not say.

Anybody can print such a code: it names a carrier and opens nothing. What leaves the shop leaves by
the signatures of two people, and what comes in is scanned piece by piece.

The check is over all that follows the prefix: each character's place in Base45's alphabet times a
power of ten, modulo 1021. 1021 is prime and 10 a primitive root of it, so every wrong character
and every exchange of two characters is caught; the rest that makes the sum zero is two characters
of Crockford's Base32.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from kiosk.domain.codes import base45, check32
from kiosk.domain.codes.model import RoundCode, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

PREFIX = "TR1:"
LONGEST_NAME = 24
MOST = 9999
LONGEST_TEXT = len(PREFIX) + 2 * (LONGEST_NAME + 1) + 2 * (len(str(MOST)) + 1) + 2
_MODULUS, _ROOT = 1021, 10
_NAME = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
_VALUE = {character: value for value, character in enumerate(base45.ALPHABET)}


def round_code(
    carrier: str, round_id: str, brings: int | None = None, fetches: int | None = None
) -> str:
    """What a driver's app shows. `carrier` is a name or its key. ValueError for what no such code
    can hold."""
    key = carrier_key(carrier)
    counted = all(count is None or 0 <= count <= MOST for count in (brings, fetches))
    if not (_is_name(key) and _is_name(round_id) and counted):
        raise ValueError(
            f"a round has a carrier and a name of 1 to {LONGEST_NAME} capitals, digits and inner "
            f"hyphens, and counts up to {MOST}"
        )
    body = f"{key}.{round_id}.{_spelled(brings)}.{_spelled(fetches)}."
    return PREFIX + body + _check(body)


def parse(presented: Presented) -> RoundCode | Unreadable | None:
    """Whatever begins with the prefix is a round, or one that was read or made wrong."""
    text = presented.text.strip(" ")
    if not presented.may_be_ours or not text.startswith(PREFIX):
        return None
    if len(text) > LONGEST_TEXT:
        return Unreadable(Reason(Why.CODE_TOO_LONG), "round")
    body, check = text[len(PREFIX) : -2], text[-2:]
    if any(character not in _VALUE for character in body) or _check(body) != check:
        return Unreadable(Reason(Why.CODE_WRONG_CHECK), "round")
    return _read(body.split(".")) or Unreadable(Reason(Why.CODE_UNREADABLE), "round")


def carrier_key(name: str) -> str:
    """A carrier's name as a code can hold it: `Österreichische Post` is OSTERREICHISCHE-POST; ""
    for a name without a letter or digit of ASCII. Longer ones are cut at 24."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").upper()
    spaced = "".join(character if character in _NAME else "-" for character in plain)
    return "-".join(part for part in spaced.split("-") if part)[:LONGEST_NAME].rstrip("-")


def carrier_named(key: str, known: Iterable[str]) -> str | None:
    """The one carrier of `known` that has this key; None for none of them, or several."""
    found = {name for name in known if carrier_key(name) == key}
    return found.pop() if len(found) == 1 else None


def _read(fields: list[str]) -> RoundCode | None:
    if len(fields) != 5 or fields[4] or not (_is_name(fields[0]) and _is_name(fields[1])):
        return None
    counts = [_count(field) for field in fields[2:4]]
    brings, fetches = counts
    if brings == -1 or fetches == -1:
        return None
    return RoundCode(fields[0], fields[1], brings, fetches)


def _spelled(count: int | None) -> str:
    return "" if count is None else str(count)


def _count(field: str) -> int | None:
    """-1 for what is no count in its one form."""
    if not field:
        return None
    plain = field.isascii() and field.isdigit() and len(field) <= len(str(MOST))
    return int(field) if plain and str(int(field)) == field else -1


def _is_name(name: str) -> bool:
    if not 1 <= len(name) <= LONGEST_NAME or any(character not in _NAME for character in name):
        return False
    return name[0] != "-" and name[-1] != "-"


def _check(body: str) -> str:
    total = 0
    for character in body:
        total = (total + _VALUE[character]) * _ROOT % _MODULUS
    high, low = divmod(-total % _MODULUS, 32)
    return check32.ALPHABET[high] + check32.ALPHABET[low]
