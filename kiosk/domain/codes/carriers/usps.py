"""USPS: the Intelligent Mail package barcode, and the forms before it.

The barcode is GS1-128: `420` and the destination's ZIP code (five or nine digits), then, with or
without an FNC1 between, the number itself, which begins with `92` to `95`, three digits of
service and the mailer. A mailer's number has nine digits and begins with 9 (under `92`) or has six
and does not (under `93`). Label printers leave the FNC1 out often enough that both are read. The
check digit covers the number alone. Source: USPS Publication 199; Publications 91 and 109 for
`91` and the twenty digits of the former confirmation services.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row, Wrong

SERVICES = {
    "001": "USPS Tracking",
    "021": "Signature Confirmation",
    "033": "Collect on Delivery",
    "055": "Priority Mail",
    "073": "Certified Mail",
    "088": "Registered Mail",
    "612": "Parcel Select",
    "701": "Priority Mail Express",
}
_CONFIRMED = "Delivery Confirmation"
_SIGNED = "Signature Confirmation"
_RETURNED = "Merchandise Return"
FORMER_SERVICES = {
    **dict.fromkeys(("01", "02", "03", "04", "05", "06", "07", "08", "14"), _CONFIRMED),
    **dict.fromkeys(("21", "22", "23", "24", "25", "26", "34"), _SIGNED),
    **dict.fromkeys(("82", "83", "85"), _RETURNED),
    "70": "Certified Mail",
    "71": "Certified Mail",
    "73": "Insured Mail",
    "77": "Registered Mail",
    "81": "Return Receipt for Merchandise",
}

_ROUTED = ("", "=420 zip:n5 ", "=420 zip:n5 =<GS> ", "=420 zip:n9 ", "=420 zip:n9 =<GS> ")
_ITEMS = (
    "ai=92 service:n3 mailer=9 serial:n15 check:n1",
    "ai=92 service:n3 mailer=9 serial:n19 check:n1",
    "ai=93 service:n3 mailer:[012345678]1 serial:n15 check:n1",
    "ai=93 service:n3 mailer:[012345678]1 serial:n19 check:n1",
    "ai=94|95 service:n3 mailer:n1 serial:n15 check:n1",
    "ai=94|95 service:n3 mailer:n1 serial:n19 check:n1",
    "ai=94 service:n3 mailer:n1 serial:n23 check:n1",
)

ROWS: tuple[Row, ...] = (
    Row(
        "USPS IMpb",
        "USPS",
        (*(routing + item for routing in _ROUTED for item in _ITEMS),),
        rule=checks.GS1_MOD_10,
        covers="{ai}{service}{mailer}{serial}",
        number="{ai}{service}{mailer}{serial}{check}",
        services=SERVICES,
        wrong=Wrong.TELLS,
        gs1=True,
    ),
    Row(
        "USPS 91",
        "USPS",
        (*(routing + "ai=91 service:n2 mailer:n9 serial:n8 check:n1" for routing in _ROUTED),),
        rule=checks.GS1_MOD_10,
        covers="{ai}{service}{mailer}{serial}",
        number="{ai}{service}{mailer}{serial}{check}",
        services=FORMER_SERVICES,
        wrong=Wrong.TELLS,
        gs1=True,
    ),
    Row(
        "USPS 20",
        "USPS",
        (f"service={'|'.join(FORMER_SERVICES)} mailer:n9 serial:n8 check:n1",),
        rule=checks.GS1_MOD_10,
        covers="{service}{mailer}{serial}",
        services=FORMER_SERVICES,
    ),
    Row(
        "USPS 20, 91 left out",
        "USPS",
        (f"service={'|'.join(FORMER_SERVICES)} mailer:n9 serial:n8 check:n1",),
        rule=checks.GS1_MOD_10,
        covers="91{service}{mailer}{serial}",
        services=FORMER_SERVICES,
    ),
)
