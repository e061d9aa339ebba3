"""Royal Mail's Mailmark as a 4-state scanner gives it; its parcels have UPU S10 numbers.

Barcode C has 22 places and L 26: format, version, class, the supply chain (two digits, or six),
eight digits of the item, and the destination: a postcode with its delivery point in one of six
shapes, or XY11 for abroad. The bars carry a Reed-Solomon code, the text no check digit. Source:
Royal Mail, "Mailmark barcode C (L) encoding and decoding instructions". The square Mailmark is
`kiosk.domain.codes.mailmark`.
"""

from __future__ import annotations

from kiosk.domain.codes.carriers.engine import Row

_HEAD = "format:[01234]1 version:[1234]1 class:[0123456789ABCDE]1"
_UNIT = "ABDEFGHJLNPQRSTUWXYZ"  # letters of a postcode's last two places, and of a delivery point
_SHAPES = ("ANAN", "AANN", "AANNN", "AANAN", "ANN", "ANNN")  # up to and with the sector's digit


def _destination(shape: str) -> str:
    outward = " ".join(f":{place.lower()}1" for place in shape)
    return f"{outward} :[{_UNIT}]2 :n1 :[{_UNIT}]1"


_DESTINATIONS = (*map(_destination, _SHAPES), "=XY11")

ROWS: tuple[Row, ...] = (
    Row(
        "Royal Mail Mailmark",
        "Royal Mail",
        tuple(
            f"{_HEAD} supply:n{size} item:n8 {place}" for size in (2, 6) for place in _DESTINATIONS
        ),
        number="{supply}{item}",
        service="Mailmark",
    ),
)
