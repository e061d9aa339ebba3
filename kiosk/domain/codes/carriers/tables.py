"""The rows of every carrier, in the order in which equal evidence is named.

Apart from `carriers`, because building some 70 rows takes a while: `recognise` asks for them with
the first text, or `prepare` in a quiet moment.
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
    royal_mail,
    s10,
    ups,
    usps,
)
from kiosk.domain.codes.carriers.engine import Tables

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
        royal_mail.ROWS,
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
