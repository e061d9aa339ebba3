"""DHL: Express waybills and pieces, parcels in Germany and the Netherlands, eCommerce.

An Express waybill ends with its first nine (or ten) digits modulo 7. German parcels have twenty
digits (a GS1 SSCC under DHL's own prefix) or the twelve of an Identcode; beside it stands a
Leitcode, which says where the parcel goes and not which it is. Pieces are ISO 15459 licence
plates, which begin with J; their carriers publish no check digit. eCommerce hands parcels to USPS
under a mailer number of its own.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row, Wrong

_PLATES = (9, 10, 13, 18, 19, 20, 21, 22, 23, 24)  # digits behind JJD; sixteen are Yodel's
_ROUTED = ("", "=420 zip:n5 ", "=420 zip:n5 =<GS> ", "=420 zip:n9 ", "=420 zip:n9 =<GS> ")

ROWS: tuple[Row, ...] = (
    Row(
        "DHL Express",
        "DHL",
        ("serial:n9 check:[0123456]1",),
        rule=checks.MOD_7,
        covers="{serial}",
        service="Express",
        wrong=Wrong.ALONE,
    ),
    Row(
        "DHL Express, eleven digits",
        "DHL",
        ("serial:n10 check:[0123456]1",),
        rule=checks.MOD_7,
        covers="{serial}",
        service="Express",
    ),
    Row(
        "DHL piece",
        "DHL",
        (
            *(f"=JJD serial:n{count}" for count in _PLATES),
            *(f"=JVGL serial:n{count}" for count in (9, 10, *range(16, 21))),
            "=JD serial:n18",
        ),
        service="Piece",
    ),
    Row(
        "DHL Paket",
        "DHL",
        ("=0034043 serial:n12 check:n1",),
        rule=checks.GS1_MOD_10,
        covers="0034043{serial}",
        service="Paket",
        wrong=Wrong.TELLS,
        gs1=True,
        interleaved=True,
    ),
    Row(
        "DHL Identcode",
        "DHL",
        ("centre:n2 customer:n3 serial:n6 check:n1",),
        rule=checks.IDENTCODE,
        covers="{centre}{customer}{serial}",
        service="Paket",
        interleaved=True,
    ),
    Row(
        "DHL Leitcode",
        "DHL",
        ("postal:n5 street:n3 house:n3 product:n2 check:n1",),
        rule=checks.IDENTCODE,
        covers="{postal}{street}{house}{product}",
        service="Leitcode",
        interleaved=True,
    ),
    Row(
        "DHL parcel, Benelux",
        "DHL",
        ("=3S customer:a3 serial:n10",),
        service="Parcel",
    ),
    Row(
        "DHL eCommerce",
        "DHL",
        (
            *(f"=GM serial:n{count}" for count in range(16, 21)),
            "=GM first:n1 serial:h19",
            "=6012 serial:n10",
            "=5108 serial:n10",
        ),
        service="eCommerce",
    ),
    Row(
        "DHL eCommerce by USPS",
        "DHL",
        tuple(
            routing + "ai=92 service=612 mailer=903361287 serial:n7 check:n1" for routing in _ROUTED
        ),
        rule=checks.GS1_MOD_10,
        covers="{ai}{service}{mailer}{serial}",
        number="{ai}{service}{mailer}{serial}{check}",
        service="eCommerce",
        gs1=True,
    ),
)
