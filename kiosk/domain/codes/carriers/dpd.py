"""DPD: the parcel number of fourteen digits, alone, with its check, and in the barcode.

The printed line is postal code (seven characters), parcel number, service, country (ISO 3166, three
digits) and a check character over all of it; the barcode has a `%` in front and no check. The bare
number on cards and in mails has its own check character, or none: then only the depot (the first
four digits, never 00xx) speaks for it. Source: DPD parcel label specification.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row, Wrong

SERVICES = {
    "101": "Classic",
    "102": "Classic, hazardous goods",
    "105": "Classic, ex works",
    "106": "Classic, ex works, hazardous goods",
    "109": "Classic, collect on delivery",
    "110": "Classic, collect on delivery, hazardous goods",
    "113": "Classic, exchange",
    "136": "Classic, small parcel",
    "154": "Parcel letter",
    "155": "Guarantee",
    "161": "Guarantee, collect on delivery",
    "179": "10:00",
    "191": "10:00, collect on delivery",
    "225": "12:00",
    "237": "12:00, collect on delivery",
    "350": "8:30",
}
_DEPOTS = "|".join(f"{first:02}" for first in range(1, 20))

ROWS: tuple[Row, ...] = (
    Row(
        "DPD label",
        "DPD",
        ("postal:x7 parcel:n14 service:n3 state:n3 check:x1",),
        rule=checks.ISO_7064_37_36,
        covers="{postal}{parcel}{service}{state}",
        number="{parcel}",
        services=SERVICES,
        wrong=Wrong.TELLS,
    ),
    Row(
        "DPD barcode",
        "DPD",
        ("=% postal:x7 parcel:n14 service:n3 state:n3",),
        number="{parcel}",
        services=SERVICES,
    ),
    Row(
        "DPD parcel number",
        "DPD",
        ("parcel:n14 check:a1",),
        rule=checks.ISO_7064_37_36,
        covers="{parcel}",
        number="{parcel}",
        wrong=Wrong.TELLS,
    ),
    Row(
        "DPD parcel number, digit as check",
        "DPD",
        ("parcel:n14 check:n1",),
        rule=checks.ISO_7064_37_36,
        covers="{parcel}",
        number="{parcel}",
    ),
    Row("DPD parcel number alone", "DPD", (f"depot={_DEPOTS} serial:n12",)),
)
