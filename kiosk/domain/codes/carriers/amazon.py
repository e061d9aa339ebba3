"""Amazon's own carriers: TB and the letter of the country. No check digit is published."""

from __future__ import annotations

from kiosk.domain.codes.carriers.engine import Row

ROWS: tuple[Row, ...] = (
    Row("Amazon Logistics", "Amazon", ("=TB country=A|C|M serial:n12",), service="Logistics"),
    Row("Amazon International", "Amazon", ("=C1 serial:n9",), service="International"),
)
