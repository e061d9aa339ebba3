"""Carriers with one form and no published check digit: a prefix or a length of their own."""

from __future__ import annotations

from kiosk.domain.codes.carriers.engine import Row

ROWS: tuple[Row, ...] = (
    Row("Landmark Global", "Landmark Global", ("=LTN serial:n8 =N1",)),
    Row("Yodel", "Yodel", ("=JJD000 serial:n13", "=JD000 serial:n13")),
    Row("YunExpress", "YunExpress", ("=YT serial:n16",)),
    Row("bpost", "bpost", ("kind=3232|3299 serial:n20",)),
    Row("InPost", "InPost", ("kind:[56]1 serial:n23",), service="Locker"),
    Row("Posti", "Posti", ("=JJFI serial:n17",)),
    # "4 letters and 10 numbers", says Parcelforce; behind J stand others' licence plates.
    Row("Parcelforce", "Parcelforce", ("first:[ABCDEFGHIKLMNOPQRSTUVWXYZ]1 kind:a3 serial:n10",)),
    Row("Packeta", "Packeta", ("=Z serial:n10",)),
    Row("Poșta Moldovei", "Poșta Moldovei", ("=D kind:a1 serial:n10 end=RR|CC|AS|AR",)),
    Row("Poczta Polska", "Poczta Polska", ("=PX serial:n10",)),
    Row("Swiss Post", "Swiss Post", ("=99 service:n2 customer:n6 serial:n8",)),
)
