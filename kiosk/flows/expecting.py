"""What scanners look for while a screen is up: only what it can use, or answer at little cost.

A camera pays for every family, in every frame in which something moves; `make bench
ARGS=scan_cost` prints what each set costs. Of what shoppers hold up by mistake, linear codes come
nearly free beside the Code 128 that is looked for anyway, and every carrier's label and all goods
have one. Data Matrix alone costs half as much as all of these together or more, PDF417 and Aztec
less, and none of ours is printed in them: they are on only where a form of the bundle in force says
that its codes come so. ITF and Code 39 stay off: nearly all wrong texts come from them.

A hand-held scanner reads whatever it is pointed at; what it sends is answered all the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.flows.model import ScanFor
from kiosk.ports import Symbology

_RETAIL = frozenset({Symbology.EAN_13, Symbology.EAN_8, Symbology.UPC_A})

# UNKNOWN stays on: a hand-held scanner without identifiers would fall silent otherwise.
_OURS = frozenset({Symbology.QR, Symbology.CODE_128, Symbology.UNKNOWN})

# By the letter of the symbology identifier (ISO/IEC 15424).
_BY_LETTER: dict[str, frozenset[Symbology]] = {
    "A": frozenset({Symbology.CODE_39}),
    "C": frozenset({Symbology.CODE_128}),
    "E": _RETAIL,
    "I": frozenset({Symbology.ITF}),
    "L": frozenset({Symbology.PDF417}),
    "Q": frozenset({Symbology.QR}),
    "U": frozenset({Symbology.MAXICODE}),
    "d": frozenset({Symbology.DATA_MATRIX}),
    "e": frozenset({Symbology.DATABAR, Symbology.DATABAR_EXPANDED}),
    "z": frozenset({Symbology.AZTEC}),
}


def symbologies(scan_for: ScanFor, identifiers: Iterable[str]) -> frozenset[Symbology]:
    """What to look for. `identifiers` are those of the forms in force, as `]z0` or `]z`."""
    match scan_for:
        case ScanFor.RETURN:
            named = (_BY_LETTER.get(one[1:2], frozenset()) for one in identifiers)
            return _OURS | _RETAIL | frozenset[Symbology]().union(*named)
        case ScanFor.BAG:
            # Not the goods' own barcodes: they pass before the camera on their way into the bag.
            return _OURS
        case ScanFor.SERIAL:
            # What makers print serial numbers in. Code 39 is worth its wrong texts only here: the
            # shopper holds the label up, and what was not sold is given back.
            return _OURS | {Symbology.CODE_39, Symbology.DATA_MATRIX}
        case ScanFor.NOTHING:
            return frozenset()
