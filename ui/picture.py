"""Pictures of the screen for whoever is far away, taken while nobody's visit is on it.

The window is drawn once more into memory, without what the camera sees, on the GUI thread; made
small and written as a JPEG on the caller's.
"""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QElapsedTimer, QIODevice, QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtQuick import QQuickWindow

if TYPE_CHECKING:
    from kiosk.ports import Unseen
    from ui.bridge import Bridge

    Asked = Future[QImage | Unseen]

LONGEST: Final = 960  # pixels of the longer side
QUALITY: Final = 70
STILL_MS: Final = 1000  # a screen that came just now is still moving in
PATIENCE_S: Final = 2.0


class Pictures(QObject):
    """Made on the GUI thread. `take` on any other."""

    _asked = Signal(object)

    def __init__(self, window: QQuickWindow, bridge: Bridge, still_ms: int = STILL_MS) -> None:
        super().__init__()
        self._window, self._bridge, self._still_ms = window, bridge, still_ms
        self._screen = bridge.screen
        self._stands = QElapsedTimer()
        self._stands.start()
        bridge.changed.connect(self._changed)
        self._asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def take(self) -> bytes | Unseen:
        """What the screen shows, as a JPEG, or why not now."""
        from kiosk.ports import Unseen  # not before the first frame

        asked: Asked = Future()
        self._asked.emit(asked)
        try:
            found = asked.result(PATIENCE_S)
        except Late:
            asked.cancel()
            return Unseen.SILENT
        return found if isinstance(found, Unseen) else written(found)

    def grab(self) -> QImage | Unseen:
        """GUI thread."""
        from kiosk.ports import Unseen  # not before the first frame

        if not self._bridge.idle or self._stands.elapsed() < self._still_ms:
            return Unseen.BUSY
        with self._bridge.camera_frames.veiled():
            image = self._window.grabWindow()
        return Unseen.FAILED if image.isNull() else image

    @Slot(object)
    def _answer(self, asked: Asked) -> None:
        if not asked.set_running_or_notify_cancel():
            return
        try:
            asked.set_result(self.grab())
        except Exception as error:  # noqa: BLE001 - a slot that raises would close the kiosk
            asked.set_exception(error)

    @Slot()
    def _changed(self) -> None:
        if self._bridge.screen != self._screen:
            self._screen = self._bridge.screen
            self._stands.restart()


def written(image: QImage) -> bytes | Unseen:
    """As a JPEG, no larger than LONGEST. Any thread."""
    from kiosk.ports import Unseen  # not before the first frame

    if max(image.width(), image.height()) > LONGEST:
        image = image.scaled(
            LONGEST,
            LONGEST,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"jpeg")
    writer.setQuality(QUALITY)
    return bytes(buffer.data().data()) if writer.write(image) else Unseen.FAILED
