"""GLS: the parcel number with its check digit, and the Track ID.

The check digit is mod 10 with weights 3 and 1, one added to the sum (GLS Uni-Box documentation,
3.2.1). A Track ID is eight letters and digits without a check; only those are read that begin
with X, Y or Z and hold a digit: eight other characters may be anything. Longer numbers (fourteen,
twenty digits) are in use and their form is not public: they are not read.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row

ROWS: tuple[Row, ...] = (
    Row(
        "GLS parcel number",
        "GLS",
        ("depot:n2 kind:n2 serial:n7 check:n1",),
        rule=checks.GLS,
        covers="{depot}{kind}{serial}",
        interleaved=True,
    ),
    Row(
        "GLS Track ID",
        "GLS",
        tuple(
            " ".join(
                part
                for part in (
                    "first:[XYZ]1",
                    f"before:x{place}" if place else "",
                    "digit:n1",
                    f"after:x{6 - place}" if place < 6 else "",
                )
                if part
            )
            for place in range(7)
        ),
    ),
)
