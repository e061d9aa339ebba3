"""Australia Post: the article of a parcel, alone and in its GS1 barcodes.

The article is the place that lodges it (three characters, or five), seven digits of consignment,
two of count (from 01), five of product (000 and two), two of service, one of postage and a check
digit, in which letters count as the last digit of their ASCII code. The barcodes put Australia
Post's own GTIN and `91` in front; the square one adds the postal code and the time of printing.
Source: Australia Post, Parcel Post and Express Post label specification.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row, Wrong

_COUNTS = "|".join(f"{count:02}" for count in range(1, 100))
_ARTICLES = tuple(
    f"lodged:x{size} consignment:n7 count={_COUNTS} =000 product:n2 class:n2 postage:n1 check:n1"
    for size in (3, 5)
)
_BARCODES = tuple(f"=0199312650999998 =91 {article}" for article in _ARTICLES)
_MATRICES = tuple(
    f"{barcode}{gs} =420 postal:n4{gs} =8008 printed:n12"
    for barcode in _BARCODES
    for gs in ("", " =<GS>")
)
_COVERS = "{lodged}{consignment}{count}000{product}{class}{postage}"

ROWS: tuple[Row, ...] = (
    Row(
        "Australia Post article",
        "Australia Post",
        _ARTICLES,
        rule=checks.AUSPOST,
        covers=_COVERS,
        service="Parcel",
    ),
    Row(
        "Australia Post barcode",
        "Australia Post",
        (*_BARCODES, *_MATRICES),
        rule=checks.AUSPOST,
        covers=_COVERS,
        number=_COVERS + "{check}",
        service="Parcel",
        wrong=Wrong.TELLS,
        gs1=True,
    ),
)
