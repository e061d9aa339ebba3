"""Canada Post: sixteen digits with a GS1 check digit; thirteen characters are UPU S10."""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row

ROWS: tuple[Row, ...] = (
    Row(
        "Canada Post",
        "Canada Post",
        ("origin:n7 serial:n8 check:n1",),
        rule=checks.GS1_MOD_10,
        covers="{origin}{serial}",
    ),
)
