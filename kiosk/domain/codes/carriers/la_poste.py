"""La Poste (Colissimo and tracked letters) and its express daughter Chronopost.

A digit and a letter of product, ten digits, and a key over those ten. Chronopost writes the UPU's
thirteen characters with a country that no country has.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers import checks
from kiosk.domain.codes.carriers.engine import Row, Wrong

COLISSIMO = ("6A", "6C", "6M", "6Q", "7A", "8L", "8Q", "8R", "8V")
SERVICES = dict.fromkeys(COLISSIMO, "Colissimo")
_PRODUCTS = "|".join(digit + letter for digit in checks.DIGITS for letter in checks.LETTERS)

ROWS: tuple[Row, ...] = (
    Row(
        "La Poste",
        "La Poste",
        (f"service={_PRODUCTS} serial:n10 check:n1",),
        rule=checks.GS1_MOD_10,
        covers="{serial}",
        services=SERVICES,
        wrong=Wrong.TELLS,
    ),
    Row(
        "Chronopost",
        "Chronopost",
        ("service:a2 serial:n8 check:n1 country=JB|JF",),
        rule=checks.S10,
        covers="{serial}",
        wrong=Wrong.TELLS,
    ),
)
