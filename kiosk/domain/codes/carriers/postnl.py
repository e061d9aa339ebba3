"""PostNL: `3S`, the customer's four letters and nine digits, or seven for parcels abroad.

There is no check digit. Three letters and ten digits behind `3S` are DHL's in the Benelux: `dhl`.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers.engine import Row

ROWS: tuple[Row, ...] = (
    Row(
        "PostNL",
        "PostNL",
        ("=3S customer:a4 serial:n9", "=3S customer:a4 serial:n7"),
        service="Parcel",
    ),
)
