"""OnTrac: C or D and fourteen digits; the letter counts in the check digit as it does with UPS."""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row, Wrong

ROWS: tuple[Row, ...] = (
    Row(
        "OnTrac",
        "OnTrac",
        ("letter:[CD]1 serial:n13 check:n1",),
        rule=checks.UPS_MOD_10,
        covers="{letter}{serial}",
        wrong=Wrong.TELLS,
    ),
)
