"""UPS: `1Z` numbers and the older waybills of a letter and ten digits.

A `1Z` number is the shipper's account, two characters of service, seven of the package and a
check digit; letters count as digits (A is 2). Mail Innovations hands parcels to USPS under its own
mailer numbers, or has eighteen digits of its own, without a check digit.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row, Wrong

SERVICES = {
    "01": "Next Day Air",
    "02": "2nd Day Air",
    "03": "Ground",
    "12": "3 Day Select",
    "13": "Next Day Air Saver",
    "15": "Next Day Air Early",
    "22": "Ground Returns Plus, three attempts",
    "32": "Next Day Air Early, collect on delivery",
    "33": "Next Day Air Early, Saturday, collect on delivery",
    "41": "Next Day Air Early, Saturday",
    "42": "Ground, signature required",
    "44": "Next Day Air, Saturday",
    "66": "Worldwide Express",
    "72": "Ground, collect on delivery",
    "78": "Ground Returns Plus, one attempt",
    "90": "Ground Returns, label mailed",
    "A0": "Next Day Air Early, adult signature",
    "A1": "Next Day Air Early, Saturday, adult signature",
    "A2": "Next Day Air, adult signature",
    "A8": "Ground, adult signature",
    "A9": "Next Day Air Early, adult signature, collect on delivery",
    "AA": "Next Day Air Early, Saturday, adult signature, collect on delivery",
    "YW": "SurePost",
}

_ROUTED = ("", "=420 zip:n5 ", "=420 zip:n5 =<GS> ", "=420 zip:n9 ", "=420 zip:n9 =<GS> ")
_MAILERS = ("901790175", "909841003", "999964015")  # UPS's, as USPS knows it

ROWS: tuple[Row, ...] = (
    Row(
        "UPS 1Z",
        "UPS",
        ("=1Z account:x6 service:x2 package:x7 check:n1",),
        rule=checks.UPS_MOD_10,
        covers="{account}{service}{package}",
        services=SERVICES,
        wrong=Wrong.TELLS,
    ),
    Row(
        "UPS waybill",
        "UPS",
        ("kind:[AHJKTV]1 serial:n9 check:n1",),
        rule=checks.UPS_MOD_10,
        covers="{serial}",
        wrong=Wrong.TELLS,
    ),
    Row(
        "UPS Mail Innovations",
        "UPS",
        tuple(
            f"{routing}ai=92 service:n3 mailer={'|'.join(_MAILERS)} serial:n{size} check:n1"
            for routing in _ROUTED
            for size in (7, 11)
        ),
        rule=checks.GS1_MOD_10,
        covers="{ai}{service}{mailer}{serial}",
        number="{ai}{service}{mailer}{serial}{check}",
        service="Mail Innovations",
        gs1=True,
    ),
    Row("UPS Mail Innovations package", "UPS", ("=801 serial:n15",), service="Mail Innovations"),
)
