"""Evri (Hermes in the United Kingdom) and Hermes in Germany.

Evri writes a letter, two digits, three characters for the client and ten digits, and publishes no
check digit. It calls that its "16-digit number"; sixteen bare digits are not read, as nothing
public tells them from anybody's. Hermes in Germany has fourteen digits with a GS1 check digit, or H
and nineteen digits.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row

ROWS: tuple[Row, ...] = (
    Row("Evri", "Evri", ("kind:a1 depot:n2 client:x3 serial:n10",)),
    Row(
        "Hermes",
        "Hermes",
        ("serial:n13 check:n1",),
        rule=checks.GS1_MOD_10,
        covers="{serial}",
        interleaved=True,
    ),
    Row("Hermes, H", "Hermes", ("=H serial:n19",)),
)
