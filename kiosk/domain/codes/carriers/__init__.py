"""Whose a tracking number is: one table a carrier, one engine for all.

To add a carrier: a file with its `ROWS` and one line in `TABLES`. The tests run over every row.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import (
    amazon,
    american,
    australia_post,
    canada_post,
    canadian,
    dhl,
    dpd,
    evri,
    fedex,
    gls,
    la_poste,
    lasership,
    oesterreichische_post,
    ontrac,
    others,
    postnl,
    s10,
    ups,
    usps,
)
from kiosk.domain.codes.carriers.engine import Tables
from kiosk.domain.codes.model import Tracking

__all__ = ["TABLES", "recognise"]

TABLES = Tables(
    (
        s10.ROWS,
        ups.ROWS,
        usps.ROWS,
        fedex.ROWS,
        dhl.ROWS,
        dpd.ROWS,
        gls.ROWS,
        evri.ROWS,
        postnl.ROWS,
        la_poste.ROWS,
        canada_post.ROWS,
        australia_post.ROWS,
        oesterreichische_post.ROWS,
        ontrac.ROWS,
        lasership.ROWS,
        amazon.ROWS,
        canadian.ROWS,
        american.ROWS,
        others.ROWS,
    )
)


def recognise(text: str, aim: str) -> tuple[Tracking, ...]:
    """Every carrier's reading of a text, valid ones first, the better evidence first.

    `aim` is the symbol's identifier (ISO/IEC 15424), "" for what was typed. Spaces, hyphens,
    brackets and lower case do not matter. () for what is no carrier's, or longer than 100
    characters. Never raises.
    """
    return TABLES.recognise(text, aim)
