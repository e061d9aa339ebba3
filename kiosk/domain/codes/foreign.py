"""Somebody else's codes, told apart only well enough to say something helpful.

Nothing here is followed, opened or acted upon; a scanned address is a text like any other. Every
test is a prefix, a length or one pass over the characters: nothing can run away.
"""

from __future__ import annotations

from kiosk.domain.codes import gs1_checks
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
RECEIPT = "RP1:"
HAND_OVER, DELIVERY = "RH1:", "RD1:"
"""What a counter proves to a driver's app (kiosk.seal.hand_overs)."""
_CARRIER_LENGTHS = range(10, 35)


def _digits_kind(text: str) -> str:
    """Digits in a symbol that does not say what they are: a word for them, not a claim."""
    if len(text) in (8, 12, 13, 14) and gs1_checks.mod_10(text):
        return "ean"
    return "carrier" if len(text) in _CARRIER_LENGTHS else "unknown"


def _kind(presented: Presented) -> str:
    text = presented.text
    for kind, beginnings in _BEGINNINGS:
        if text.lstrip(" ").startswith(beginnings):
            return kind
    if presented.aim.startswith("]U") or text.startswith("[)>\x1e"):
        return "carrier"
    if text.isascii() and text.isdigit():
        return _digits_kind(text)
    return "unknown"


def _junk(line: str) -> bool:
    """Control characters, or bytes that were no text."""
    return any(c < " " or c == "\x7f" or c == "\ufffd" or "\x80" <= c < "\xa0" for c in line)


def recognise(presented: Presented) -> Unreadable:
    """Why a text that is none of ours will not do. `kind` never tells the text itself."""
    if not presented.line.strip():
        return Unreadable(Reason(Why.CODE_UNREADABLE), "empty")
    if presented.text.startswith(RECEIPT):
        return Unreadable(Reason(Why.CODE_NOT_A_RETURN), "receipt")
    if presented.text.startswith((HAND_OVER, DELIVERY)):
        return Unreadable(Reason(Why.CODE_NOT_A_RETURN), "hand_over")
    kind = _kind(presented)
    if kind == "unknown" and _junk(presented.line):
        return Unreadable(Reason(Why.CODE_UNREADABLE), "control")
    return Unreadable(Reason(Why.CODE_FOREIGN), kind)
