"""Purolator and Canpar, the other carriers of Canada.

Purolator: twelve digits up to 5... with a Luhn check digit, or three letters and nine digits
without. Canpar: a letter and twenty-one digits, no check digit published.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row

ROWS: tuple[Row, ...] = (
    Row(
        "Purolator",
        "Purolator",
        ("first:[012345]1 serial:n10 check:n1",),
        rule=checks.LUHN,
        covers="{first}{serial}",
    ),
    Row("Purolator, letters", "Purolator", ("origin:a3 serial:n9",)),
    Row("Canpar", "Canpar", ("kind:[CDKLSUXZ]1 serial:n21",)),
)
