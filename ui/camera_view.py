"""What the camera sees, as a small mirrored picture: bytes in, no numpy, no video pipeline.

The software renderer shows VideoOutput black, so the frame is painted by hand.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPainterPath
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

QML_IMPORT_NAME = "Takeback.Native"
QML_IMPORT_MAJOR_VERSION = 1

STALE_MS = 2000


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture: `channels` is 1 (grey) or 3 (RGB), rows without padding."""

    pixels: bytes
    width: int
    height: int
    channels: int

    def image(self) -> QImage:
        """The frame as a Qt image that owns its pixels; null where the sizes do not fit."""
        if self.channels not in (1, 3):
            return QImage()
        line = self.width * self.channels
        if line <= 0 or len(self.pixels) < line * self.height:
            return QImage()
        kind = (
            QImage.Format.Format_Grayscale8 if self.channels == 1 else QImage.Format.Format_RGB888
        )
        return QImage(self.pixels, self.width, self.height, line, kind).copy()


class Newest(QObject):
    """Carries frames from any thread to the GUI thread; a frame not yet drawn is replaced.

    Each frame is announced, at most ten a second: one that came while no screen looked must not
    silence those after it.
    """

    arrived = Signal()
    veil = Signal()  # drawn or lifted

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self.hidden = False

    @contextmanager
    def veiled(self) -> Iterator[None]:
        """While it lasts no view shows any frame, though it goes on. GUI thread."""
        self.hidden = True
        self.veil.emit()
        try:
            yield
        finally:
            self.hidden = False
            self.veil.emit()

    def push(self, frame: Frame) -> None:
        self._frame = frame
        self.arrived.emit()

    def take(self) -> Frame | None:
        frame, self._frame = self._frame, None
        return frame


@QmlElement
class CameraView(QQuickPaintedItem):
    """Shows the newest frame mirrored, cropped to fill, with rounded corners of `radius` px."""

    liveChanged = Signal()
    radiusChanged = Signal()
    sourceChanged = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._radius = 0.0
        self._source: Newest | None = None
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setInterval(STALE_MS)
        self._silence.timeout.connect(self._went_dark)

    @Slot()
    def _went_dark(self) -> None:
        """No picture for a while: an old one must not pass for what the camera sees."""
        self._image = QImage()
        self.liveChanged.emit()
        self.update()

    def _get_live(self) -> bool:
        return not self._image.isNull()

    live = Property(bool, _get_live, notify=liveChanged)

    def _get_radius(self) -> float:
        return self._radius

    def _set_radius(self, radius: float) -> None:
        self._radius = radius
        self.radiusChanged.emit()

    radius = Property(float, _get_radius, _set_radius, notify=radiusChanged)

    def _get_source(self) -> QObject | None:
        return self._source

    def _set_source(self, source: QObject | None) -> None:
        if isinstance(source, Newest) and source is not self._source:
            self._source = source
            source.arrived.connect(self._look, Qt.ConnectionType.QueuedConnection)
            source.veil.connect(self._draw_again)
            self.sourceChanged.emit()

    source = Property(QObject, _get_source, _set_source, notify=sourceChanged)

    @Slot()
    def _look(self) -> None:
        frame = self._source.take() if self._source else None
        if frame is None or (self._get_live() and not self.isVisible()):
            return
        self._silence.start()
        before, self._image = self._get_live(), frame.image()
        if before != self._get_live():
            self.liveChanged.emit()
        self.update()

    @Slot()
    def _draw_again(self) -> None:
        self.update()

    def paint(self, painter: QPainter) -> None:
        if self._image.isNull() or (self._source is not None and self._source.hidden):
            return
        _draw(painter, self, self._image, self._radius, mirrored=True)


@QmlElement
class StillView(QQuickPaintedItem):
    """Shows a photograph as it was taken (not mirrored), cropped to fill. `picture` is its file in
    base64, "" for none."""

    pictureChanged = Signal()
    radiusChanged = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._picture = ""
        self._image = QImage()
        self._radius = 0.0

    def _get_picture(self) -> str:
        return self._picture

    def _set_picture(self, picture: str) -> None:
        if picture == self._picture:
            return
        self._picture = picture
        try:
            self._image = QImage.fromData(base64.b64decode(picture, validate=True))
        except (binascii.Error, ValueError):
            self._image = QImage()
        self.pictureChanged.emit()
        self.update()

    picture = Property(str, _get_picture, _set_picture, notify=pictureChanged)

    def _get_radius(self) -> float:
        return self._radius

    def _set_radius(self, radius: float) -> None:
        self._radius = radius
        self.radiusChanged.emit()

    radius = Property(float, _get_radius, _set_radius, notify=radiusChanged)

    def paint(self, painter: QPainter) -> None:
        if not self._image.isNull():
            _draw(painter, self, self._image, self._radius, mirrored=False)


def _draw(
    painter: QPainter, item: QQuickItem, image: QImage, radius: float, *, mirrored: bool
) -> None:
    """The middle of the picture, as much as has the item's shape."""
    box = QRectF(0, 0, item.width(), item.height())
    scale = max(box.width() / image.width(), box.height() / image.height())
    seen = QRectF(0, 0, box.width() / scale, box.height() / scale)
    seen.moveCenter(QRectF(image.rect()).center())
    rounded = QPainterPath()
    rounded.addRoundedRect(box, radius, radius)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(rounded)
    if mirrored:
        painter.translate(box.width(), 0)
        painter.scale(-1, 1)
    painter.drawImage(box, image, seen)
