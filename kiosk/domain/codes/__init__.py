"""What a scanned or typed text is: a closed union of codes, or why it is none.

Each family has its file and answers None for what is not its own. No text is good in two
families; a test holds every family's vectors against every other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kiosk.domain.codes import bag, foreign, short, signed
from kiosk.domain.codes.bag import bag_code
from kiosk.domain.codes.model import (
    BagCode,
    Code,
    OrderLookup,
    ShortCode,
    SignedReturn,
    Unreadable,
)
from kiosk.domain.codes.order import parse_order
from kiosk.domain.codes.presented import Presented, cut
from kiosk.domain.codes.short import parse_short, short_code
from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.domain.reasons import Reason, Why

__all__ = [
    "FAMILIES",
    "BagCode",
    "Code",
    "OrderLookup",
    "ShortCode",
    "SignedReturn",
    "Unreadable",
    "bag_code",
    "parse",
    "parse_order",
    "parse_short",
    "short_code",
]

LONGEST = 600  # characters; a signed code has its own limit
FAMILIES: tuple[Callable[[Presented], Code | Unreadable | None], ...] = (
    signed.parse,
    bag.parse,
    short.parse,
)


def parse(
    text: str, raw: bytes, aim: str, forms: Sequence[ThirdPartyForm] = ()
) -> Code | Unreadable:
    """What a scan is, by the symbol's own bytes and its identifier (ISO/IEC 15424, "" where the
    scanner sends none). `text` stands in only where a scanner gives no bytes. Never raises."""
    payload = raw or text.encode("utf-8", errors="replace")
    if len(payload) > 4 * signed.LONGEST_TEXT:
        return Unreadable(Reason(Why.CODE_TOO_LONG), "long")
    presented = cut(payload, aim)
    own = len(presented.line) <= LONGEST or presented.text.startswith(signed.PREFIX)
    if not own:
        return Unreadable(Reason(Why.CODE_TOO_LONG), "long")
    for family in FAMILIES:
        found = family(presented)
        if found is not None:
            return found
    return foreign.recognise(presented)
