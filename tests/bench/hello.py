"""A bare Qt Quick window, the yardstick for the kiosk's cold start. Prints when it was drawn."""

from __future__ import annotations

import sys

import PySide6.QtQuick  # noqa: F401 - so that the window is wrapped as a QQuickWindow
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine

QML = b"""
import QtQuick
Window { visible: true; width: 1080; height: 1920
    Text { anchors.centerIn: parent; text: "Hello" } }
"""


def main() -> None:
    app = QGuiApplication(sys.argv)
    engine = QQmlApplicationEngine()
    engine.loadData(QML)
    window = engine.rootObjects()[0]

    def drawn() -> None:
        print("drawn", flush=True)
        app.quit()

    window.frameSwapped.connect(drawn, Qt.ConnectionType.QueuedConnection)
    app.exec()


if __name__ == "__main__":
    main()
