"""FedEx: Express (12 digits), Ground (15), and what their barcodes carry around them.

The Express barcodes of 34 and 32 digits and the Ground one of `96` hold the number that FedEx
tracks by; only that part has a check digit. Ground Economy (SmartPost) carries USPS numbers under
FedEx's own mailer numbers; they are printed with or without their `92`.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row, Wrong

_MAILERS = ("909834979", "927007687", "999988208")  # FedEx's, as USPS knows it
_ROUTED = ("", "=420 zip:n5 ", "=420 zip:n5 =<GS> ", "=420 zip:n9 ", "=420 zip:n9 =<GS> ")

ROWS: tuple[Row, ...] = (
    Row(
        "FedEx Express",
        "FedEx",
        ("serial:n11 check:n1",),
        rule=checks.FEDEX_MOD_11,
        covers="{serial}",
        service="Express",
        wrong=Wrong.ALONE,
    ),
    Row(
        "FedEx Express barcode",
        "FedEx",
        ("=1 kind:n14 zip:n5 =00 serial:n11 check:n1",),
        rule=checks.FEDEX_MOD_11,
        covers="{serial}",
        number="{serial}{check}",
        service="Express",
        wrong=Wrong.TELLS,
        gs1=True,
    ),
    Row(
        "FedEx ASTRA barcode",
        "FedEx",
        ("=3 kind:n15 serial:n11 check:n1 form:n4",),
        rule=checks.FEDEX_MOD_11,
        covers="{serial}",
        number="{serial}{check}",
        service="Express",
    ),
    Row(
        "FedEx Ground",
        "FedEx",
        ("serial:n14 check:n1",),
        rule=checks.GS1_MOD_10,
        covers="{serial}",
        service="Ground",
        wrong=Wrong.ALONE,
    ),
    Row(
        "FedEx Ground 96",
        "FedEx",
        ("=96 kind:n2 class:n3 serial:n14 check:n1",),
        rule=checks.GS1_MOD_10,
        covers="{serial}",
        number="{serial}{check}",
        service="Ground",
        wrong=Wrong.TELLS,
        gs1=True,
    ),
    Row(
        "FedEx Ground GSN",
        "FedEx",
        ("=96 kind:n2 class:n5 gsn:n10 form:n1 =00 serial:n11 check:n1",),
        rule=checks.FEDEX_MOD_11,
        covers="{serial}",
        number="{serial}{check}",
        service="Ground",
        wrong=Wrong.TELLS,
        gs1=True,
    ),
    Row(
        "FedEx Ground SSCC",
        "FedEx",
        ("container=00|01|02|04 serial:n15 check:n1",),
        rule=checks.GS1_MOD_10,
        covers="{container}{serial}",
        service="Ground",
        gs1=True,
    ),
    Row(
        "FedEx Ground Economy",
        "FedEx",
        (
            *(
                f"{routing}ai=92 service=612 mailer={'|'.join(_MAILERS)} serial:n7 check:n1"
                for routing in _ROUTED
            ),
        ),
        rule=checks.GS1_MOD_10,
        covers="{ai}{service}{mailer}{serial}",
        number="{ai}{service}{mailer}{serial}{check}",
        service="Ground Economy",
        gs1=True,
    ),
    Row(
        "FedEx Ground Economy, 92 left out",
        "FedEx",
        ("service=612 mailer=9 serial:n15 check:n1",),
        rule=checks.GS1_MOD_10,
        covers="92{service}{mailer}{serial}",
        service="Ground Economy",
    ),
)
