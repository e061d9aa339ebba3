"""A document in a printer's own letters: plain, Latin and safe, for the day nothing can be drawn.

Pure. Nothing that a merchant or a shopper wrote can reach the printer as a command: control
characters never leave `plain`.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

import segno

from kiosk.ports import (
    Align,
    Bitmap,
    Block,
    Divider,
    Document,
    Emblem,
    Gap,
    Pair,
    Qr,
    Text,
    TextSize,
)

CODE_PAGE = "cp858"
CELL = 12  # dots a character of font A is wide
LINE_MM = 4.2  # a line feed of 1/6 inch

_MAPPED = str.maketrans(
    {
        "\u202f": " ",  # narrow no-break space, in amounts
        "\u00a0": " ",
        "\u2009": " ",
        "\uffe5": "¥",  # full-width yen, in amounts
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "·": "-",
        "•": "-",
        "−": "-",
    }
)

Side = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; `scale` widens and heightens the letters."""

    text: str
    align: Side = "left"
    bold: bool = False
    scale: int = 1


def plain(text: str) -> str:
    """Only characters of code page 858: accents kept or dropped, the rest a question mark."""
    return "".join(_letter(c) for c in unicodedata.normalize("NFC", text.translate(_MAPPED)))


def _letter(char: str) -> str:
    if unicodedata.category(char).startswith("C"):
        return " " if char in "\n\t" else ""
    for form in (char, unicodedata.normalize("NFKD", char)):
        kept = "".join(c for c in form if not unicodedata.combining(c))
        for text in (form, kept):
            if text and _fits(text):
                return text
    return "" if unicodedata.combining(char) else "?"


def _fits(text: str) -> bool:
    try:
        text.encode(CODE_PAGE)
    except UnicodeEncodeError:
        return False
    return True


def layout(document: Document, width: int) -> Iterator[Line | Bitmap]:
    """Lines and QR pictures for a paper of `width` dots."""
    for block in document.blocks:
        yield from _block(block, width, document.right_to_left)


def _block(block: Block, width: int, right_to_left: bool) -> Iterator[Line | Bitmap]:
    columns = width // CELL
    match block:
        case Text(text, size, bold, align):
            scale = _scale(text, size, columns)
            side = _side(align, right_to_left)
            for line in textwrap.wrap(plain(text), columns // scale) or [""]:
                yield Line(line, side, bold or size is TextSize.LARGE, scale)
        case Emblem(name=name):
            yield from (Line(x, "center", bold=True) for x in textwrap.wrap(plain(name), columns))
        case Pair(label, value, bold):
            yield from _pair(plain(label), plain(value), columns, bold, right_to_left)
        case Divider():
            yield Line("-" * columns)
        case Gap(mm):
            for _ in range(max(1, round(mm / LINE_MM))):
                yield Line("")
        case Qr(data, caption):
            yield qr_picture(data, width)
            if caption:
                yield from (Line(x, "center") for x in textwrap.wrap(plain(caption), columns))
        case _:
            assert_never(block)


def _scale(text: str, size: TextSize, columns: int) -> int:
    """How many times as large; GIANT as large as one line takes, 8 at most."""
    match size:
        case TextSize.GIANT:
            return max(1, min(8, columns // max(1, len(plain(text)))))
        case TextSize.HUGE:
            return 2
        case _:
            return 1


def _pair(
    label: str, value: str, columns: int, bold: bool, right_to_left: bool
) -> Iterator[Line | Bitmap]:
    start, end = ("right", "left") if right_to_left else ("left", "right")
    if len(label) + 1 + len(value) <= columns:
        first, last = (value, label) if right_to_left else (label, value)
        yield Line(first + " " * (columns - len(label) - len(value)) + last, bold=bold)
        return
    for line in textwrap.wrap(label, columns):
        yield Line(line, _named(start), bold)
    for line in textwrap.wrap(value, columns):
        yield Line(line, _named(end), bold)


def _named(side: str) -> Side:
    return "right" if side == "right" else "left"


def _side(align: Align, right_to_left: bool) -> Side:
    match align:
        case Align.CENTER:
            return "center"
        case Align.START:
            return "right" if right_to_left else "left"
        case Align.END:
            return "left" if right_to_left else "right"
        case _:
            assert_never(align)


def qr_picture(data: str, width: int, most: int = 256) -> Bitmap:
    """The code with its quiet zone of four modules, centred, `most` dots wide where it fits."""
    matrix = [list(row) for row in segno.make(data, micro=False, error="m").matrix_iter(border=4)]
    size = len(matrix)
    scale = max(1, min(max(most // size, 3), width // size))
    left = (width - size * scale) // 2
    stride = (width + 7) // 8
    rows = bytearray()
    for modules in matrix:
        dots = "0" * left + "".join(("1" if dark else "0") * scale for dark in modules)
        row = int(dots.ljust(stride * 8, "0"), 2).to_bytes(stride, "big")
        rows += row * scale
    return Bitmap(width, size * scale, bytes(rows))
