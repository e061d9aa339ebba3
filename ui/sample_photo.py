"""A photograph for the sample sessions: a box on a counter, drawn here."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from kiosk.ports import Photo

_SIDE = 360


def photo() -> Photo:
    """The same picture each time."""
    image = QImage(_SIDE, _SIDE, QImage.Format.Format_RGB32)
    image.fill(QColor("#8f9a94"))
    painter = QPainter(image)
    painter.fillRect(QRect(0, 250, _SIDE, 110), QColor("#6b4f3a"))
    painter.fillRect(QRect(90, 120, 190, 170), QColor("#c89b62"))
    painter.fillRect(QRect(170, 120, 30, 170), QColor("#e6d3b3"))
    painter.fillRect(QRect(110, 220, 50, 40), Qt.GlobalColor.white)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG")  # type: ignore[call-overload] # the stubs want bytes for a str
    jpeg = bytes(buffer.data().data())
    return Photo(jpeg, _SIDE, _SIDE, jpeg)
