"""Smaller carriers of the United States: Old Dominion, Spee-Dee, GOFO.

Old Dominion's freight numbers have a Luhn check digit; the others publish none.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row

ROWS: tuple[Row, ...] = (
    Row(
        "Old Dominion",
        "Old Dominion",
        ("kind=072|777|778|780 serial:n7 check:n1", "kind=80 serial:n8 check:n1"),
        rule=checks.LUHN,
        covers="{kind}{serial}",
        service="Freight",
    ),
    Row("Spee-Dee", "Spee-Dee", ("=SP serial:n18",)),
    Row("GOFO Express", "GOFO Express", ("=GFUS serial:n14",)),
)
