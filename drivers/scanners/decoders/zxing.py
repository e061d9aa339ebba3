"""zxing-cpp: the first decoder, and what it saw without being able to read it. The GIL is free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import zxingcpp
from zxingcpp import Binarizer, TextMode

from drivers.scanners.decoders.quads import Point, Quad, sides
from drivers.scanners.decoders.reads import Read
from drivers.scanners.formats import BY_SYMBOLOGY, BY_ZXING, Format, zxing_formats
from drivers.scanners.pictures import Picture
from kiosk.ports import Symbology

_LEAST = 12.0  # pixels; what seems a damaged code and is smaller is texture


@dataclass(frozen=True, slots=True)
class Look:
    """What one call found: codes, and the corners of QR codes that it found and could not read."""

    reads: list[Read]
    broken: list[Quad]


def _corner(point: zxingcpp.Point) -> Point:
    return float(point.x), float(point.y)


def quad_of(position: zxingcpp.Position) -> Quad:
    return (
        _corner(position.top_left),
        _corner(position.top_right),
        _corner(position.bottom_right),
        _corner(position.bottom_left),
    )


def _row(code: zxingcpp.Barcode) -> Format | None:
    """zxing-cpp calls a rune Aztec too; only its identifier tells."""
    if code.symbology_identifier == "]zC":
        return BY_SYMBOLOGY[Symbology.AZTEC_RUNE]
    return BY_ZXING.get(code.format)


def look(
    picture: Picture, formats: Sequence[Format], binarizer: Binarizer = Binarizer.LocalAverage
) -> Look:
    """Codes of the named formats in a grey picture, light on dark and sideways ones too.

    Plain text, because the human-readable form puts brackets round GS1 data. Asking for the
    damaged ones costs nothing; only those of QR mean much, since what looks like a damaged
    DataMatrix or UPC-E is mostly some other thing.
    """
    found = zxingcpp.read_barcodes(
        picture,
        formats=zxing_formats(tuple(formats)),
        text_mode=TextMode.Plain,
        binarizer=binarizer,
        return_errors=True,
    )
    reads, broken = [], []
    for code in found:
        row, quad = _row(code), quad_of(code.position)
        if row is None:
            continue
        if code.valid:
            reads.append(
                Read(row.symbology, code.symbology_identifier, code.text, code.bytes, quad)
            )
        elif row.identifier == "]Q1" and min(sides(quad)) >= _LEAST:
            broken.append(quad)
    return Look(reads, broken)


def read(picture: Picture, formats: Sequence[Format]) -> list[Read]:
    """The codes alone, each place judged by its surroundings."""
    return look(picture, formats).reads


def read_fixed(picture: Picture, formats: Sequence[Format]) -> list[Read]:
    """The codes alone, half of full brightness dividing dark from light: the quickest."""
    return look(picture, formats, Binarizer.FixedThreshold).reads


def read_global(picture: Picture, formats: Sequence[Format]) -> list[Read]:
    """The codes alone, one brightness for the whole picture dividing dark from light."""
    return look(picture, formats, Binarizer.GlobalHistogram).reads
