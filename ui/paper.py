"""Draws a receipt as dots, so that every script looks the same on every printer.

Sizes are millimetres turned into dots. Qt shapes and falls back between fonts; the result is
thresholded, not dithered: thermal paper shows crisp edges and turns grey into noise. Works on
any thread, given that a QGuiApplication exists.
"""

from __future__ import annotations

import math
import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

import segno
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QImageWriter,
    QPainter,
    QTextLayout,
    QTextOption,
)

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
from ui import emblem

MM_PER_INCH = 25.4
THRESHOLD = 160  # grey below it becomes a black dot

EM_MM = {
    TextSize.SMALL: 2.7,
    TextSize.BODY: 3.3,
    TextSize.LARGE: 4.3,
    TextSize.HUGE: 7.2,
    TextSize.GIANT: 30.0,
}
LEADING = 1.28  # line height in ems, where the script does not need more
MOST_LEADING = 1.45  # fonts for Arabic and Han ask for more than a receipt has to give
EDGE_MM = 1.0  # above the first block and below the last
BLOCK_GAP_MM = 0.7
NOTE_GAP_MM = 0.0  # above small text, which belongs to what it follows
GROUP_GAP_MM = 1.9  # below it, where the next thing begins
DIVIDER_MM = 2.2  # white above and below a divider
LINE_DOTS = 2
COLUMN_GAP_MM = 3.0  # between a label and its value
VALUE_SHARE = 0.42  # of the width; a longer value goes below its label
GIANT_SHARE = 0.95  # of the width, for the largest type: some printers lose the edge
QR_MM = 31.0  # widest symbol, unless its modules would be smaller than a phone can read
QR_LEAST_MODULE_MM = 0.33

CJK = {"ja": "JP", "ko": "KR", "zh-TW": "TC", "zh-Hant": "TC", "zh-HK": "HK", "zh": "SC"}


def rasterise(document: Document, width: int, dpi: int) -> Bitmap:
    """The document for a paper of `width` dots."""
    sheet = _Sheet(document, width, dpi)
    edge = sheet.dots(EDGE_MM)
    pieces: list[tuple[int, _Piece]] = []
    height, above = edge, None
    for block in document.blocks:
        piece = _lay_out(block, sheet)
        height += sheet.dots(_gap_mm(above, block))
        pieces.append((height, piece))
        height, above = height + piece.height, block
    height += edge
    image = QImage(width, max(height, 1), QImage.Format.Format_Grayscale8)
    image.fill(QColor("white"))
    painter = QPainter(image)
    try:
        for top, piece in pieces:
            piece.draw(painter, top)
    finally:
        painter.end()
    return _threshold(image)


def to_png(bitmap: Bitmap) -> bytes:
    """The dots as a picture file, one pixel a dot."""
    stride = (bitmap.width + 7) // 8
    image = QImage(bitmap.rows, bitmap.width, bitmap.height, stride, QImage.Format.Format_Mono)
    image.setColorTable([0xFFFFFFFF, 0xFF000000])
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def application() -> QGuiApplication:
    """The running application, or one without a screen, for commands that only draw paper.

    Keep the result for as long as you draw.
    """
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(["takeback"])


# --- layout --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block that knows its height in dots and how to be drawn at a distance from the top."""

    height: int
    draw: Callable[[QPainter, int], None]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The paper and the document's way of reading."""

    document: Document
    width: int
    dpi: int

    def dots(self, mm: float) -> int:
        return round(mm * self.dpi / MM_PER_INCH)

    def font(self, size: TextSize, *, bold: bool) -> QFont:
        em = self.dots(EM_MM[size])
        font = QFont()
        font.setFamilies(_families(self.document))
        font.setPixelSize(em)
        # Thermal dots bleed less than ink: a regular weight of small text comes out thin.
        font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Medium)
        font.setHintingPreference(QFont.HintingPreference.PreferFullHinting)
        return font

    def side(self, align: Align) -> Qt.AlignmentFlag:
        match align:
            case Align.CENTER:
                return Qt.AlignmentFlag.AlignHCenter
            case Align.START:
                at_right = self.document.right_to_left
            case Align.END:
                at_right = not self.document.right_to_left
            case _:
                assert_never(align)
        return Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft


def _families(document: Document) -> list[str]:
    region = next((r for tag, r in CJK.items() if document.language.startswith(tag)), "")
    if not region:
        region = "JP" if any(_has_kana(block) for block in document.blocks) else "SC"
    return [
        "Inter",
        "Noto Sans",
        "Noto Sans Arabic",
        "Noto Sans Hebrew",
        "Noto Sans Thai",
        "Noto Sans Devanagari",
        f"Noto Sans CJK {region}",
        "sans-serif",
    ]


def _has_kana(block: Block) -> bool:
    match block:
        case Text(text):
            words = text
        case Emblem(name=words):
            pass
        case Pair(label, value):
            words = label + value
        case _:
            words = ""
    return any("\u3040" <= c <= "\u30ff" for c in words)


def _gap_mm(above: Block | None, below: Block) -> float:
    """White between two blocks: what belongs together stands together."""
    if above is None or isinstance(above, Gap | Divider) or isinstance(below, Gap | Divider):
        return 0.0
    if isinstance(below, Text) and below.size is TextSize.SMALL:
        return NOTE_GAP_MM
    if isinstance(above, Text) and above.size is TextSize.SMALL:
        return GROUP_GAP_MM
    return BLOCK_GAP_MM


def _lay_out(block: Block, sheet: _Sheet) -> _Piece:
    match block:
        case Text(text, TextSize.GIANT):
            return _giant(text, sheet)
        case Text(text, size, bold, align):
            lines = _Lines(text, sheet.font(size, bold=bold), sheet, sheet.width, align)
            return _Piece(lines.height, lambda p, top: lines.draw(p, 0, top))
        case Pair():
            return _pair(block, sheet)
        case Divider():
            return _divider(sheet)
        case Gap(mm):
            return _Piece(sheet.dots(mm), lambda _p, _top: None)
        case Qr():
            return _qr(block, sheet)
        case Emblem():
            return _emblem(block, sheet)
        case _:
            assert_never(block)


class _Lines:
    """A paragraph broken into lines within a column; a long word breaks anywhere."""

    def __init__(self, text: str, font: QFont, sheet: _Sheet, width: int, align: Align) -> None:
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(_direction(text, right_to_left=sheet.document.right_to_left))
        option.setAlignment(sheet.side(align) | Qt.AlignmentFlag.AlignAbsolute)
        metrics = QFontMetricsF(font)
        self.longest_word = max((metrics.horizontalAdvance(w) for w in text.split()), default=0.0)
        self._em = font.pixelSize()
        self._left = 0
        self._layout = QTextLayout(text.replace("\n", "\u2028"), font)
        self._layout.setTextOption(option)
        lines = self._break(width)
        if align is Align.CENTER and lines > 1:
            self._balance(width, lines)

    def _break(self, width: int) -> int:
        """Lay out anew in a column of `width`; the number of lines."""
        self.natural = self.ascent = top = 0.0
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width)
            high = min(max(line.height(), self._em * LEADING), self._em * MOST_LEADING)
            line.setPosition(QPointF(0, round(top + (high - line.height()) / 2)))
            self.ascent = self.ascent or line.y() + line.ascent()
            self.natural = max(self.natural, line.naturalTextWidth())
            top += high
        self._layout.endLayout()
        self.height = round(top)
        return self._layout.lineCount()

    def _balance(self, width: int, lines: int) -> None:
        """Centred text in lines of like length, so that no word is left alone."""
        least, most = max(width // 2, min(math.ceil(self.longest_word), width)), width
        if self._break(least) <= lines:
            most = least
        while most - least > self._em // 4:
            middle = (least + most) // 2
            if self._break(middle) > lines:
                least = middle
            else:
                most = middle
        self._break(most)
        self._left = (width - most) // 2

    def draw(self, painter: QPainter, left: int, top: float) -> None:
        self._layout.draw(painter, QPointF(left + self._left, round(top)))


def _direction(text: str, *, right_to_left: bool) -> Qt.LayoutDirection:
    """The document's direction, unless the text has nothing of it: a Latin product name or a
    telephone number on an Arabic receipt keeps its brackets and signs where they belong."""
    kinds = {unicodedata.bidirectional(c) for c in text}
    if right_to_left:
        rtl = bool(kinds & {"R", "AL", "AN"}) or not kinds & {"L", "EN"}
    else:
        rtl = bool(kinds & {"R", "AL"}) and "L" not in kinds
    return Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight


def _pair(pair: Pair, sheet: _Sheet) -> _Piece:
    """One line if it fits; a short value keeps its place beside a label of many lines; a long
    one goes below."""
    font = sheet.font(TextSize.BODY, bold=pair.bold)
    value = _Lines(pair.value, font, sheet, sheet.width, Align.END)
    label = _Lines(pair.label, font, sheet, sheet.width, Align.START)
    room = sheet.width - round(value.natural) - sheet.dots(COLUMN_GAP_MM)
    left = 0
    broken = room < label.longest_word <= sheet.width  # a word that only the full width keeps whole
    if label.natural > room and value.natural <= sheet.width * VALUE_SHARE and not broken:
        label = _Lines(pair.label, font, sheet, room, Align.START)
        left = sheet.width - room if sheet.document.right_to_left else 0
    if label.natural > room:
        drop, height = label.height, label.height + value.height
    else:
        drop = round(label.ascent - value.ascent)  # one baseline, whatever scripts they are in
        height = max(label.height, value.height)

    def draw(painter: QPainter, top: int) -> None:
        label.draw(painter, left, top)
        value.draw(painter, 0, top + drop)

    return _Piece(height, draw)


def _giant(text: str, sheet: _Sheet) -> _Piece:
    """One line as large as the width takes, at most as its step of type says; no white above or
    below the letters, which on a label is room for larger ones."""
    font = sheet.font(TextSize.GIANT, bold=True)
    wide, room = QFontMetricsF(font).horizontalAdvance(text), sheet.width * GIANT_SHARE
    if wide > room:
        font.setPixelSize(max(1, math.floor(font.pixelSize() * room / wide)))
    ink = QFontMetricsF(font).tightBoundingRect(text)
    left = (sheet.width - ink.width()) / 2 - ink.left()

    def draw(painter: QPainter, top: int) -> None:
        painter.setFont(font)
        painter.drawText(QPointF(left, top - ink.top()), text)

    return _Piece(math.ceil(ink.height()), draw)


def _emblem(block: Emblem, sheet: _Sheet) -> _Piece:
    """The mark over the name; the name alone, and larger, where there is nothing to draw."""
    mark = emblem.dots(block, sheet.width, sheet.dpi)
    font = sheet.font(TextSize.BODY if mark else TextSize.LARGE, bold=True)
    name = _Lines(block.name, font, sheet, sheet.width, Align.CENTER)
    if mark is None:
        return _Piece(name.height, lambda p, top: name.draw(p, 0, top))
    below = mark.height() + sheet.dots(BLOCK_GAP_MM)

    def draw(painter: QPainter, top: int) -> None:
        painter.drawImage((sheet.width - mark.width()) // 2, top, mark)
        name.draw(painter, 0, top + below)

    return _Piece(below + name.height, draw)


def _divider(sheet: _Sheet) -> _Piece:
    white = sheet.dots(DIVIDER_MM)

    def draw(painter: QPainter, top: int) -> None:
        painter.fillRect(0, top + white, sheet.width, LINE_DOTS, QColor("black"))

    return _Piece(2 * white + LINE_DOTS, draw)


def _qr(block: Qr, sheet: _Sheet) -> _Piece:
    """Whole dots a module, or edges blur; the quiet zone is part of the picture."""
    code = segno.make(block.data, micro=False, error="m")
    matrix = [bytes(row) for row in code.matrix_iter(border=4)]
    modules = len(matrix)
    wanted = max(sheet.dots(QR_MM) // (modules - 8), sheet.dots(QR_LEAST_MODULE_MM))
    module = max(1, min(wanted, sheet.width // modules))
    size = modules * module
    left = (sheet.width - size) // 2
    font = sheet.font(TextSize.BODY, bold=True)
    caption = _Lines(block.caption, font, sheet, sheet.width, Align.CENTER)

    def draw(painter: QPainter, top: int) -> None:
        for y, row in enumerate(matrix):
            for x, dark in enumerate(row):
                if dark:
                    dot = QRectF(left + x * module, top + y * module, module, module)
                    painter.fillRect(dot, QColor("black"))
        if block.caption:
            caption.draw(painter, 0, top + size)

    return _Piece(size + (caption.height if block.caption else 0), draw)


def _threshold(image: QImage) -> Bitmap:
    width, height, stride = image.width(), image.height(), image.bytesPerLine()
    table = bytes(1 if grey < THRESHOLD else 0 for grey in range(256))
    black = bytes(image.constBits()).translate(table)
    out = bytearray()
    row_bytes = (width + 7) // 8
    for y in range(height):
        bits = black[y * stride : y * stride + width].ljust(row_bytes * 8, b"\0")
        out += int(bits.translate(_DIGITS), 2).to_bytes(row_bytes, "big")
    return Bitmap(width, height, bytes(out))


_DIGITS = bytes.maketrans(b"\0\1", b"01")
