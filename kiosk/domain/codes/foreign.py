"""Somebody else's codes, told apart only well enough to say something helpful.

Nothing here is followed, opened or acted upon; a scanned address is a text like any other. Every
test is a prefix, a length or one pass over the characters: nothing can run away.
"""

from __future__ import annotations

from kiosk.domain.codes.model import Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

# What a phone would act upon, by how it begins (upper case).
_BEGINNINGS = (
    ("web", ("HTTP:", "HTTPS:", "WWW.", "URLTO:", "MEBKM:", "FTP:")),
    ("wifi", ("WIFI:",)),
    ("vcard", ("BEGIN:VCARD", "MECARD:", "BIZCARD:")),
    ("calendar", ("BEGIN:VEVENT", "BEGIN:VCALENDAR")),
    ("mail", ("MAILTO:", "MATMSG:", "SMTP:")),
    ("phone", ("TEL:", "SMS:", "SMSTO:", "MMS:", "FACETIME:")),
    ("payment", ("BCD\n", "BCD\r", "SPC\n", "SPC\r", "BITCOIN:", "UPI:")),
    ("place", ("GEO:",)),
    ("secret", ("OTPAUTH:", "FIDO:")),
)
_GS1 = ("]C1", "]E", "]e", "]d2", "]d3", "]Q3", "]J1")
_CARRIER_FORMS = ("1Z", "JJD", "JVGL")
RECEIPT = "RP1:"
_CARRIER_LENGTHS = range(10, 35)


def gs1_check(digits: str) -> bool:
    """The GS1 check digit of a GTIN, GLN or SSCC (GS1 General Specifications, 7.9)."""
    weights = (3 if place % 2 else 1 for place in range(len(digits)))
    pairs = zip(reversed(digits), weights, strict=True)
    return sum(int(digit) * weight for digit, weight in pairs) % 10 == 0


def s10_check(text: str) -> bool:
    """A postal item number: two letters, nine digits, two letters (UPU S10)."""
    if len(text) != 13 or not (text[:2] + text[11:]).isalpha() or not text[2:11].isdigit():
        return False
    total = sum(int(d) * w for d, w in zip(text[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    check = 11 - total % 11
    return int(text[10]) == {10: 0, 11: 5}.get(check, check)


def _digits_kind(text: str) -> str:
    if len(text) in (8, 12, 13, 14) and gs1_check(text):
        return "ean"
    if len(text) == 18 and gs1_check(text):
        return "gs1"
    return "carrier" if len(text) in _CARRIER_LENGTHS else "unknown"


def _kind(presented: Presented) -> str:
    text = presented.text
    for kind, beginnings in _BEGINNINGS:
        if text.lstrip(" ").startswith(beginnings):
            return kind
    if presented.aim.startswith("]E"):
        return "ean"
    if presented.aim.startswith(_GS1):
        return "gs1"
    if presented.aim.startswith("]U") or text.startswith("[)>\x1e"):
        return "carrier"
    if text.isascii() and text.isdigit():
        return _digits_kind(text)
    if text.isascii() and (s10_check(text) or _carrier_form(text)):
        return "carrier"
    return "unknown"


def _carrier_form(text: str) -> bool:
    return text.isalnum() and text.startswith(_CARRIER_FORMS) and len(text) in _CARRIER_LENGTHS


def _junk(line: str) -> bool:
    """Control characters, or bytes that were no text."""
    return any(c < " " or c == "\x7f" or c == "\ufffd" or "\x80" <= c < "\xa0" for c in line)


def recognise(presented: Presented) -> Unreadable:
    """Why a text that is none of ours will not do. `kind` never tells the text itself."""
    if not presented.line.strip():
        return Unreadable(Reason(Why.CODE_UNREADABLE), "empty")
    if presented.text.startswith(RECEIPT):
        return Unreadable(Reason(Why.CODE_NOT_A_RETURN), "receipt")
    kind = _kind(presented)
    if kind == "unknown" and _junk(presented.line):
        return Unreadable(Reason(Why.CODE_UNREADABLE), "control")
    return Unreadable(Reason(Why.CODE_FOREIGN), kind)
