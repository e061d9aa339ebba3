"""GS1 data in whatever it comes: element strings, retail barcodes, Digital Links, bare digits.

Who says that a symbol is GS1 is the symbol itself (]C1 ]d2 ]Q3 ...), or a GS character (FNC1)
inside its text; digits without either are read only where nothing is left to choose.
"""

from __future__ import annotations

from kiosk.domain.codes import gs1_checks, gs1_elements, gs1_link
from kiosk.domain.codes.gs1_elements import GS, MOST_ELEMENTS, Bad, Elements
from kiosk.domain.codes.model import Gs1, Unreadable
from kiosk.domain.codes.presented import Presented
from kiosk.domain.reasons import Reason, Why

# FNC1 in the first place, by symbology: Code 128, DataMatrix, QR, DotCode, DataBar and composite.
LABELLED = ("]C1", "]d2", "]d5", "]Q3", "]Q4", "]J1", "]J4", "]e0")
RETAIL = "]E"

# What scanners send for FNC1. None of these can be data: they have a character that is not among
# the 82 of element strings. (`<GS>` and the like could be data, so they are not read.)
_STAND_INS = ("\u241d", "^]", "{GS}", "|")
_RETAIL_LENGTHS = (8, 12, 13)


def parse(presented: Presented) -> Gs1 | Unreadable | None:
    """By identifier, by GS characters inside, or a Digital Link. None for what is not GS1."""
    if presented.aim.startswith(RETAIL):
        return _retail(presented)
    if presented.aim in LABELLED:
        return _labelled(presented)
    if not presented.may_be_ours:
        return None
    link = gs1_link.read(presented.line)
    if link is not None:
        return _whole(link)
    if presented.aim == "":
        return _unlabelled(presented.line.strip(" "))
    return None


def parse_digits(presented: Presented) -> Gs1 | None:
    """Bare digits, after every carrier was asked: an SSCC of 18 digits, with or without its
    `00`, and a GTIN of 12 to 14. Eight digits are too few to tell anything by."""
    text = presented.text.strip(" ")
    if presented.aim.startswith("]I"):
        return _gtin(text) if len(text) == 14 else None
    if presented.aim not in ("", "]C0") or not (text.isascii() and text.isdigit()):
        return None
    if len(text) == 20 and text.startswith("00"):
        text = text.removeprefix("00")
    if len(text) == 18:
        return Gs1((("00", text),)) if gs1_checks.mod_10(text) else None
    return _gtin(text) if len(text) in (12, 13, 14) and presented.aim == "" else None


def _labelled(presented: Presented) -> Gs1 | Unreadable:
    text = presented.line.strip(" ")
    if GS not in text:
        for stand_in in _STAND_INS:
            text = text.replace(stand_in, GS)
    found = gs1_elements.split(text)
    if isinstance(found, Bad):
        why = Why.CODE_WRONG_CHECK if found is Bad.CHECK else Why.CODE_FOREIGN
        return Unreadable(Reason(why), "gs1")
    return Gs1(found)


def _unlabelled(text: str) -> Gs1 | None:
    text = text.replace("\u241d", GS)
    if text.startswith("("):
        return _bracketed(text)
    return _whole(gs1_elements.split(text)) if GS in text else None


def _bracketed(text: str) -> Gs1 | None:
    """As printed below a symbol and typed: `(01)04006381333931(10)AB`. A value with a bracket of
    its own could be cut in two ways, so it is not read."""
    found: list[tuple[str, str]] = []
    for part in text.removeprefix("(").split("("):
        ai, closed, value = part.partition(")")
        value = value.rstrip(" ")
        element = gs1_elements.one(ai, value) if closed and ")" not in value else None
        if element is None or len(found) == MOST_ELEMENTS:
            return None
        found.append(element)
    return _whole(gs1_elements.checked(found))


def _whole(found: Elements | Bad) -> Gs1 | None:
    return None if isinstance(found, Bad) else Gs1(found)


def _retail(presented: Presented) -> Gs1 | Unreadable:
    """EAN and UPC (ISO/IEC 15420): 13 digits; 8 are an EAN-8 under ]E4 and a UPC-E elsewhere; an
    add-on of 2 or 5 digits (]E3) is left out. UPC-A comes as 12 from some scanners."""
    text = presented.text.strip(" ")
    if presented.aim == "]E3" and len(text) in (15, 18):
        text = text[:13]
    if not (text.isascii() and text.isdigit() and len(text) in _RETAIL_LENGTHS):
        return Unreadable(Reason(Why.CODE_FOREIGN), "ean")
    if len(text) == 8 and presented.aim != "]E4":
        text = _upc_a(text)
    return _gtin(text) or Unreadable(Reason(Why.CODE_WRONG_CHECK), "ean")


def _upc_a(short: str) -> str:
    """The UPC-A that a UPC-E stands for (GS1 General Specifications, 5.2.2.4): its last digit
    before the check says where the zeros were."""
    system, body, check = short[0], short[1:7], short[7]
    if system not in "01":
        return short
    match body[5]:
        case "0" | "1" | "2":
            number = body[:2] + body[5] + "0000" + body[2:5]
        case "3":
            number = body[:3] + "00000" + body[3:5]
        case "4":
            number = body[:4] + "00000" + body[4]
        case _:
            number = body[:5] + "0000" + body[5]
    return system + number + check


def _gtin(digits: str) -> Gs1 | None:
    if not (digits.isascii() and digits.isdigit() and gs1_checks.mod_10(digits)):
        return None
    return Gs1((("01", digits.zfill(14)),))
