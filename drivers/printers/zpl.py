"""Documents and bitmaps as ZPL II, the language of most label printers. Pure.

A label is one format (`^XA` to `^XZ`) with one graphic field, so that every script looks the same
on every printer; the printer's own letters are what remains when nothing can be drawn. Source:
Zebra's ZPL II programming guide (^GF with its alternative data compression, ^FO, ^A0, ^FB, ^PW,
^LL, ^MN, ^PQ).

Commands begin with a caret or a tilde, wherever they stand: neither is ever sent as data.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import assert_never

from drivers.printers import native
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

MM_PER_INCH = 25.4
CANCEL = b"~JA"
"""Everything in the printer's buffer, and a picture that broke off half-way, is dropped."""
ASK = b"~HS"

_LETTERS_MM = {
    TextSize.SMALL: 2.7,
    TextSize.BODY: 3.3,
    TextSize.LARGE: 4.3,
    TextSize.HUGE: 7.2,
    TextSize.GIANT: 14.0,
}
_LEADING = 1.25
_QR_MM = 25.0


class Media(StrEnum):
    """How the printer finds where a label ends. SET: as it was set up at the printer."""

    SET = "set"
    GAP = "gap"
    MARK = "mark"
    CONTINUOUS = "continuous"


_TRACKING = {Media.SET: "", Media.GAP: "^MNY", Media.MARK: "^MNM", Media.CONTINUOUS: "^MNN"}


@dataclass(frozen=True, slots=True)
class Stock:
    """The labels in the printer: `width` and `height` in dots; height 0 for one as long as what is
    on it."""

    width: int
    dpi: int
    height: int = 0
    media: Media = Media.SET

    def dots(self, mm: float) -> int:
        return round(mm * self.dpi / MM_PER_INCH)


def encode_bitmap(picture: Bitmap, stock: Stock) -> bytes:
    """A whole label; a picture lower than the label stands in its middle."""
    top = max(0, (stock.height - picture.height) // 2)
    return _label([_graphic(picture, 0, top)], stock, stock.height or picture.height)


def encode_text(document: Document, stock: Stock) -> bytes:
    """The same label in the printer's own letters (font 0), the QR still as a picture."""
    fields: list[str] = []
    top = stock.dots(3)  # accents of capitals stand above their line
    for block in document.blocks:
        drawn, height = _block(block, top, stock, document.right_to_left)
        fields += drawn
        top += height
    return _label(fields, stock, stock.height or top)


def plain(text: str) -> str:
    """What may stand in a field: no caret, no tilde, no control characters, one line."""
    return "".join(
        " " if c in "^~" or unicodedata.category(c).startswith("C") else c for c in text
    ).strip()


def compressed(picture: Bitmap) -> str:
    """The rows in hexadecimal with ZPL's own compression: `:` is the row before, a comma the rest
    of the row white, an exclamation mark the rest black, G to Y 1 to 19 and g to z 20 to 400 times
    the digit that follows."""
    stride = (picture.width + 7) // 8
    rows, before = [], ""
    for at in range(0, len(picture.rows), stride):
        row = picture.rows[at : at + stride].hex().upper()
        rows.append(":" if row == before else _row(row))
        before = row
    return "".join(rows)


def _row(row: str) -> str:
    for digit, end in (("0", ","), ("F", "!")):
        if row.endswith(digit):
            return _runs(row.rstrip(digit)) + end
    return _runs(row)


def _runs(digits: str) -> str:
    return "".join(_run(digit, len(list(group))) for digit, group in groupby(digits))


def _run(digit: str, count: int) -> str:
    """A digit so many times; alone it stands for itself."""
    if count == 1:
        return digit
    text = ""
    while count >= 20:
        twenties = min(count // 20, 20)
        text += chr(ord("g") + twenties - 1)
        count -= 20 * twenties
    if count:
        text += chr(ord("G") + count - 1)
    return text + digit


def _label(fields: list[str], stock: Stock, height: int) -> bytes:
    length = f"^LL{height}" if stock.height or stock.media is Media.CONTINUOUS else ""
    head = f"^XA^CI28^LH0,0^PW{stock.width}{_TRACKING[stock.media]}{length}"
    return (head + "".join(fields) + "^PQ1^XZ\n").encode()


def _graphic(picture: Bitmap, left: int, top: int) -> str:
    stride = (picture.width + 7) // 8
    total = stride * picture.height
    return f"^FO{left},{top}^GFA,{total},{total},{stride},{compressed(picture)}^FS"


# --- the printer's own letters -------------------------------------------------------------------


def _block(block: Block, top: int, stock: Stock, right_to_left: bool) -> tuple[list[str], int]:
    """The fields of a block at a distance from the top, and how high it is."""
    match block:
        case Text(text, size, _, align):
            return _text(text, size, _side(align, right_to_left), top, stock)
        case Emblem(name=name):
            return _text(name, TextSize.LARGE, "C", top, stock)
        case Pair(label, value):
            first, last = (value, label) if right_to_left else (label, value)
            left, high = _text(first, TextSize.BODY, "L", top, stock)
            right, higher = _text(last, TextSize.BODY, "R", top + high, stock)
            return left + right, high + higher
        case Divider():
            return [f"^FO0,{top + stock.dots(1)}^GB{stock.width},2,2^FS"], stock.dots(2)
        case Gap(mm):
            return [], stock.dots(mm)
        case Qr(data, caption):
            picture = native.qr_picture(data, stock.width, stock.dots(_QR_MM))
            below, high = _text(caption, TextSize.BODY, "C", top + picture.height, stock)
            return [_graphic(picture, 0, top), *below], picture.height + high
        case _:
            assert_never(block)


def _text(text: str, size: TextSize, side: str, top: int, stock: Stock) -> tuple[list[str], int]:
    said = plain(text)
    if not said:
        return [], 0
    height = stock.dots(_LETTERS_MM[size])
    if size is TextSize.GIANT:  # on one line, whatever its length
        height = min(height, round(stock.width / (0.7 * len(said))))
    columns = max(1, round(stock.width / (0.6 * height)))
    lines = -(-len(said) // columns)
    field = f"^FO0,{top}^A0N,{height},{height}^FB{stock.width},{lines},0,{side}^FD{said}^FS"
    return [field], round(lines * height * _LEADING)


def _side(align: Align, right_to_left: bool) -> str:
    match align:
        case Align.CENTER:
            return "C"
        case Align.START:
            return "R" if right_to_left else "L"
        case Align.END:
            return "L" if right_to_left else "R"
        case _:
            assert_never(align)
