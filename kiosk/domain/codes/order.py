"""The order look-up: what a shopper types from an e-mail, brought to one form.

The store files authorisations under the same form: whoever indexes or searches calls
`normalise`.
"""

from __future__ import annotations

import unicodedata

from kiosk.domain.codes.model import OrderLookup, Unreadable
from kiosk.domain.reasons import Reason, Why

LONGEST = 64


def normalise(text: str) -> str:
    """Upper case, letters and digits only, every script's digits as 0-9, widths and ligatures
    folded (NFKC); "" for a text longer than 64 characters."""
    if len(text) > LONGEST:
        return ""
    if text.isascii():  # nothing to fold, and ten million of them to file
        return "".join(filter(str.isalnum, text)).upper()
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(_plain(c) for c in folded if c.isalnum())


def _plain(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def parse_order(order_number: str, postal_code: str) -> OrderLookup | Unreadable:
    """Both parts are needed: the number alone could be guessed."""
    found = OrderLookup(normalise(order_number), normalise(postal_code))
    if not found.order_number or not found.postal_code:
        return Unreadable(Reason(Why.RETURN_UNKNOWN), "incomplete")
    return found
