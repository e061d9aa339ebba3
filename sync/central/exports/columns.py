"""What a column holds, and a row's cells before any form writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache

from babel.numbers import get_currency_precision

Cell = str | int | bool | Decimal | datetime | None
Row = Sequence[Cell]
"""A cell for each column: str, int, bool, Decimal (money) or aware datetime, as its kind says;
None where nothing is known."""

# Control characters and halves of surrogate pairs have no place in any of our forms.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Kind(Enum):
    TEXT = "text"
    WHOLE = "whole number"
    MONEY = "amount"
    MOMENT = "moment"
    FLAG = "yes or no"


@dataclass(frozen=True, slots=True)
class Column:
    """`meaning` is for whoever reads the file: plain English, in docs and in Excel's last sheet."""

    name: str
    kind: Kind
    meaning: str


def text(value: object) -> str:
    """Text as every form can carry it; what none can is U+FFFD."""
    return _NO_TEXT.sub("\ufffd", str(value))


def money(minor: int | None, currency: str) -> Decimal | None:
    """Minor units as an amount with the digits that its currency has; None without a currency,
    as of a line that nobody priced."""
    if minor is None or not currency:
        return None
    return Decimal(minor).scaleb(-digits(currency))


@cache
def digits(currency: str) -> int:
    """After the point, as everywhere in this house (CLDR): 2 for EUR, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency) if len(currency) == 3 else 2
