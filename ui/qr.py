"""A QR code as a QML item: black on white whatever the theme, with its quiet zone of four."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import Property, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

QML_IMPORT_NAME = "Takeback.Native"
QML_IMPORT_MAJOR_VERSION = 1

QUIET_ZONE = 4  # modules, ISO/IEC 18004


@lru_cache(maxsize=8)
def modules(text: str) -> tuple[tuple[int, ...], ...]:
    """The dark (1) and light (0) modules of the code for `text`, quiet zone included."""
    import segno

    code = segno.make_qr(text, error="m", boost_error=False)
    return tuple(tuple(row) for row in code.matrix_iter(border=QUIET_ZONE))


@QmlElement
class QrImage(QQuickPaintedItem):
    """Draws `text` as large as whole pixels allow, centred."""

    textChanged = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._text = ""

    def _get_text(self) -> str:
        return self._text

    def _set_text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.textChanged.emit()
            self.update()

    text = Property(str, _get_text, _set_text, notify=textChanged)

    def paint(self, painter: QPainter) -> None:
        if not self._text:
            return
        rows = modules(self._text)
        width, height = self.width(), self.height()
        painter.fillRect(QRectF(0, 0, width, height), Qt.GlobalColor.white)
        cell = min(width, height) / len(rows)
        if cell >= 2:
            cell = int(cell)
        left, top = (width - cell * len(rows)) / 2, (height - cell * len(rows)) / 2
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    box = QRectF(left + x * cell, top + y * cell, cell, cell)
                    painter.fillRect(box, Qt.GlobalColor.black)


TYPES: tuple[type[QObject], ...] = (QrImage,)
