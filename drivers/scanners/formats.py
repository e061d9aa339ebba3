"""The one table of barcode families: how each decoder names it and how far a read is trusted.

To widen the kiosk, add a row. The zxing-cpp names are narrow on purpose: its broad
`QRCode` and `Aztec` also switch on Micro QR, rMQR and Aztec runes, which see codes in shop shelves.
Identifiers are those of ISO/IEC 15424.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from pyzbar.wrapper import ZBarSymbol
from zxingcpp import BarcodeFormat, BarcodeFormats

from kiosk.ports import Symbology


class Proof(Enum):
    """What a read needs before anybody may act on it."""

    ONE_READ = "its error correction makes a wrong text next to impossible"
    TWO_READS = "two frames must say the same"
    ITF_14 = (
        "fourteen digits and a right check digit; any other length may be part of a longer code"
    )


@dataclass(frozen=True, slots=True)
class Format:
    """One family. Asked for `zxing`, zxing-cpp may report any of `read_as`; `zbar` is None where
    zbar cannot read the family faithfully; `identifier` is the plain form's identifier."""

    symbology: Symbology
    zxing: BarcodeFormat
    read_as: tuple[BarcodeFormat, ...]
    zbar: ZBarSymbol | None
    identifier: str
    proof: Proof
    linear: bool


_F, _Z, _S = BarcodeFormat, ZBarSymbol, Symbology
_ONE, _TWO = Proof.ONE_READ, Proof.TWO_READS
_STACKED = (_F.DataBar, _F.DataBarOmni, _F.DataBarStk, _F.DataBarStkOmni, _F.DataBarLtd)
_CODE_39 = (_F.Code39, _F.Code39Std, _F.Code39Ext)
_AZTEC = (_F.Aztec, _F.AztecCode)
_QR = (_F.QRCode, _F.QRCodeModel2)
_EXPANDED = (_F.DataBarExp, _F.DataBarExpStk)

FORMATS: tuple[Format, ...] = (
    Format(_S.QR, _F.QRCodeModel2, _QR, _Z.QRCODE, "]Q1", _ONE, False),
    Format(_S.DATA_MATRIX, _F.DataMatrix, (_F.DataMatrix,), None, "]d1", _ONE, False),
    Format(_S.AZTEC, _F.AztecCode, _AZTEC, None, "]z0", _TWO, False),
    Format(_S.PDF417, _F.PDF417, (_F.PDF417, _F.CompactPDF417), None, "]L2", _TWO, False),
    Format(_S.MAXICODE, _F.MaxiCode, (_F.MaxiCode,), None, "]U0", _TWO, False),
    Format(_S.CODE_128, _F.Code128, (_F.Code128,), _Z.CODE128, "]C0", _TWO, True),
    Format(_S.CODE_39, _F.Code39, _CODE_39, _Z.CODE39, "]A0", _TWO, True),
    Format(_S.ITF, _F.ITF, (_F.ITF, _F.ITF14), _Z.I25, "]I0", Proof.ITF_14, True),
    Format(_S.EAN_13, _F.EAN13, (_F.EAN13,), _Z.EAN13, "]E0", _TWO, True),
    Format(_S.EAN_8, _F.EAN8, (_F.EAN8,), _Z.EAN8, "]E4", _TWO, True),
    Format(_S.UPC_A, _F.UPCA, (_F.UPCA,), None, "]E0", _TWO, True),
    Format(_S.UPC_E, _F.UPCE, (_F.UPCE,), None, "]E0", _TWO, True),
    Format(_S.DATABAR, _F.DataBar, _STACKED, None, "]e0", _TWO, True),
    Format(_S.DATABAR_EXPANDED, _F.DataBarExp, _EXPANDED, None, "]e0", _TWO, True),
    Format(_S.MICRO_QR, _F.MicroQRCode, (_F.MicroQRCode,), None, "]Q1", _TWO, False),
    Format(_S.RMQR, _F.RMQRCode, (_F.RMQRCode,), None, "]Q1", _TWO, False),
)

BY_SYMBOLOGY = {row.symbology: row for row in FORMATS}
BY_ZXING = {name: row for row in FORMATS for name in row.read_as}
BY_ZBAR = {int(row.zbar): row for row in FORMATS if row.zbar is not None}

# Micro QR and rMQR see phantoms on empty shelves, UPC-E in the bars of other retail codes, twice
# over and with a right check digit: only where a screen asks for them by name.
EVERYDAY = frozenset(BY_SYMBOLOGY) - {Symbology.MICRO_QR, Symbology.RMQR, Symbology.UPC_E}


def rows(symbologies: Iterable[Symbology]) -> tuple[Format, ...]:
    """The rows of these families in the table's order; unknown ones have none."""
    wanted = frozenset(symbologies)
    return tuple(row for row in FORMATS if row.symbology in wanted)


@lru_cache(maxsize=64)
def zxing_formats(formats: tuple[Format, ...]) -> BarcodeFormats:
    """What zxing-cpp is restricted to. `formats` must not be empty: it would read that as all."""
    if not formats:
        raise ValueError("no format named")
    return BarcodeFormats([row.zxing for row in formats])


def symbology_of(identifier: str) -> Symbology:
    """The family behind an identifier such as `]C1`; UNKNOWN when no row fits.

    The exact identifier wins (`]E4` is EAN-8), then the letter: modifiers vary within a family.
    """
    for length in (3, 2):
        for row in FORMATS:
            if len(identifier) == 3 and row.identifier[:length] == identifier[:length]:
                return row.symbology
    return Symbology.UNKNOWN
