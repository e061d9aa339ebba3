"""Österreichische Post: sixteen or twenty-two digits, product inside, GS1 check digit at the end.

Only the products of the post's labelling manual ("Belabelungs- und Avisodatenfibel") are read:
digits alone say too little, and twenty-two that begin
with 9 are USPS's and FedEx's. Thirteen characters are UPU S10.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row

SERVICES = {
    "01": "Paket Österreich",
    "02": "Paket Premium Select",
    "03": "Premium Light",
    "05": "Paket Postfiliale",
    "07": "Retourpaket",
    "08": "Paket Premium",
    "10": "EMS",
    "12": "Combi-freight",
    "29": "Same Day",
    "30": "Next Day",
    "33": "Päckchen M",
    "36": "Paket Light International",
    "39": "Paket Plus International",
}
_PRODUCTS = "|".join(SERVICES)

ROWS: tuple[Row, ...] = (
    Row(
        "Österreichische Post",
        "Österreichische Post",
        (
            f"first:n1 customer:n3 service={_PRODUCTS} serial:n9 check:n1",
            f"first:[012345678]1 customer:n14 service={_PRODUCTS} serial:n4 check:n1",
        ),
        rule=checks.GS1_MOD_10,
        covers="{first}{customer}{service}{serial}",
        services=SERVICES,
    ),
)
