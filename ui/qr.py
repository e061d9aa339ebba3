"""A QR code as a QML item: black on white whatever the theme, with its quiet zone of four."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import Property, QObject, QRect, QRectF, Qt, Signal
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
    """Draws `text` as large as fits, every edge on a whole pixel."""

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
        side = min(width, height)
        left, top = round((width - side) / 2), round((height - side) / 2)
        edge = [round(i * side / len(rows)) for i in range(len(rows) + 1)]
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                if dark:
                    box = QRect(
                        left + edge[x], top + edge[y], edge[x + 1] - edge[x], edge[y + 1] - edge[y]
                    )
                    painter.fillRect(box, Qt.GlobalColor.black)


TYPES: tuple[type[QObject], ...] = (QrImage,)
