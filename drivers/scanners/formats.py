"""The one table of barcode families: how each decoder names it and how far a read is trusted.

To widen the kiosk, add a row. The zxing-cpp names are narrow on purpose: a screen that asks for QR
does not want Micro QR and rMQR, nor Aztec runes, which see codes in shop shelves.
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
    TWO_READS = "two looks must say the same"
    ALONE = "two looks must say the same, and nothing stronger lies in the same place"
    ITF = "ITF-14 with its check digit; else two looks, and light at both ends of the bars"


@dataclass(frozen=True, slots=True)
class Format:
    """One family. Asked for `zxing` (and `also`), zxing-cpp may report any of `read_as`; `zbar` is
    None where zbar cannot read the family faithfully; `identifier` is that of the plain form."""

    symbology: Symbology
    zxing: BarcodeFormat
    read_as: tuple[BarcodeFormat, ...]
    zbar: ZBarSymbol | None
    identifier: str
    proof: Proof
    linear: bool
    also: tuple[BarcodeFormat, ...] = ()


_F, _Z, _S = BarcodeFormat, ZBarSymbol, Symbology
_ONE, _TWO, _ALONE = Proof.ONE_READ, Proof.TWO_READS, Proof.ALONE
_STACKED = (_F.DataBar, _F.DataBarOmni, _F.DataBarStk, _F.DataBarStkOmni, _F.DataBarLtd)
_CODE_39 = (_F.Code39, _F.Code39Std, _F.Code39Ext, _F.Code32, _F.PZN)
_AZTEC = (_F.Aztec, _F.AztecCode)
_QR = (_F.QRCode, _F.QRCodeModel2, _F.QRCodeModel1)
_EXPANDED = (_F.DataBarExp, _F.DataBarExpStk)
_TELEPEN = (_F.Telepen, _F.TelepenAlpha, _F.TelepenNumeric)
_EAN_13 = (_F.EAN13, _F.ISBN)
_ITF = (_F.ITF, _F.ITF14)

FORMATS: tuple[Format, ...] = (
    Format(_S.QR, _F.QRCodeModel2, _QR, _Z.QRCODE, "]Q1", _ONE, False, (_F.QRCodeModel1,)),
    Format(_S.DATA_MATRIX, _F.DataMatrix, (_F.DataMatrix,), None, "]d1", _ONE, False),
    Format(_S.AZTEC, _F.AztecCode, _AZTEC, None, "]z0", _TWO, False),
    Format(_S.PDF417, _F.PDF417, (_F.PDF417, _F.CompactPDF417), None, "]L2", _TWO, False),
    Format(_S.MAXICODE, _F.MaxiCode, (_F.MaxiCode,), None, "]U0", _TWO, False),
    Format(_S.CODE_128, _F.Code128, (_F.Code128,), _Z.CODE128, "]C0", _TWO, True),
    Format(_S.CODE_39, _F.Code39, _CODE_39, _Z.CODE39, "]A0", _TWO, True),
    Format(_S.ITF, _F.ITF, _ITF, _Z.I25, "]I0", Proof.ITF, True),
    Format(_S.EAN_13, _F.EAN13, _EAN_13, _Z.EAN13, "]E0", _TWO, True),
    Format(_S.EAN_8, _F.EAN8, (_F.EAN8,), _Z.EAN8, "]E4", _TWO, True),
    Format(_S.UPC_A, _F.UPCA, (_F.UPCA,), None, "]E0", _TWO, True),
    Format(_S.UPC_E, _F.UPCE, (_F.UPCE,), None, "]E0", _ALONE, True),
    Format(_S.DATABAR, _F.DataBar, _STACKED, None, "]e0", _ALONE, True),
    Format(_S.DATABAR_EXPANDED, _F.DataBarExp, _EXPANDED, None, "]e0", _TWO, True),
    Format(_S.CODABAR, _F.Codabar, (_F.Codabar,), None, "]F0", _ALONE, True),
    Format(_S.CODE_93, _F.Code93, (_F.Code93,), _Z.CODE93, "]G0", _ALONE, True),
    Format(_S.TELEPEN, _F.Telepen, _TELEPEN, None, "]B0", _ALONE, True),
    Format(_S.DX_FILM_EDGE, _F.DXFilmEdge, (_F.DXFilmEdge,), None, "]XF", _ALONE, True),
    Format(_S.MICRO_PDF417, _F.MicroPDF417, (_F.MicroPDF417,), None, "]L2", _ALONE, False),
    Format(_S.MICRO_QR, _F.MicroQRCode, (_F.MicroQRCode,), None, "]Q1", _ALONE, False),
    Format(_S.AZTEC_RUNE, _F.AztecRune, (_F.AztecRune,), None, "]zC", _ALONE, False),
    Format(_S.RMQR, _F.RMQRCode, (_F.RMQRCode,), None, "]Q1", _ALONE, False),
)

BY_SYMBOLOGY = {row.symbology: row for row in FORMATS}
BY_ZXING = {name: row for row in FORMATS for name in row.read_as}
BY_ZBAR = {int(row.zbar): row for row in FORMATS if row.zbar is not None}

# What a still picture is searched for. A screen names the few families that it can use.
EVERYDAY = frozenset(BY_SYMBOLOGY)


def rows(symbologies: Iterable[Symbology]) -> tuple[Format, ...]:
    """The rows of these families in the table's order; unknown ones have none."""
    wanted = frozenset(symbologies)
    return tuple(row for row in FORMATS if row.symbology in wanted)


@lru_cache(maxsize=64)
def zxing_formats(formats: tuple[Format, ...]) -> BarcodeFormats:
    """What zxing-cpp is restricted to. `formats` must not be empty: it would read that as all."""
    if not formats:
        raise ValueError("no format named")
    return BarcodeFormats([name for row in formats for name in (row.zxing, *row.also)])


def symbology_of(identifier: str) -> Symbology:
    """The family behind an identifier such as `]C1`; UNKNOWN when no row fits.

    The exact identifier wins (`]E4` is EAN-8), then the letter: modifiers vary within a family.
    """
    for length in (3, 2):
        for row in FORMATS:
            if len(identifier) == 3 and row.identifier[:length] == identifier[:length]:
                return row.symbology
    return Symbology.UNKNOWN
