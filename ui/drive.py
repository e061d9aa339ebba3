"""A finger and an eye for the kiosk's window: presses what a person would see, takes pictures.

Used by `takeback demo --journey` and by tests. Presses are real mouse events at the middle of the
key that carries the label, so a key that is hidden, covered or out of the window is not pressed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QPointF, Qt, QTimer
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

from kiosk.words.shelf import languages
from ui.actions import LANGUAGE


class Hand:
    """Works one window on the GUI thread."""

    def __init__(self, window: QQuickWindow, props: Callable[[], dict[str, Any]]) -> None:
        self._window = window
        self._props = props

    def press(self, action: str, value: str = "") -> bool:
        """Press the key whose action is this, by its label; False where there is none to see."""
        if action == LANGUAGE:
            label = languages().get(value)  # languages are on many screens and in no screen's props
        else:
            label = label_of(self._props(), action, value)
        return label is not None and self._press(label)

    def touch(self, label: str) -> bool:
        """Press the key that says so, as a digit does; False where there is none to see."""
        return self._press(label)

    def press_comfort(self, which: str) -> bool:
        """Open the sheet of comforts ("label"), or leave it ("close"); False where it is not."""
        label = self._props().get("comfort", {}).get(which)
        return isinstance(label, str) and self._press(label)

    def _press(self, label: str) -> bool:
        item = self._find(label)
        if item is None:
            return False
        middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
        QTest.mouseClick(self._window, Qt.MouseButton.LeftButton, pos=middle)
        return True

    def picture(self, file: Path) -> None:
        """Save what the window shows."""
        self._window.grabWindow().save(str(file))

    def _find(self, label: str) -> QQuickItem | None:
        for item in _visible(self._window.contentItem()):
            if item.isEnabled() and item.property("label") == label and _within(item, self._window):
                return item
        return None


def label_of(props: Any, action: str, value: str) -> str | None:
    """The label that goes with an action in a screen's props, however deep it lies."""
    if isinstance(props, dict):
        if props.get("action") == action and value in ("", props.get("value"), props.get("id")):
            label = props.get("label") or props.get("spoken")
            return label if isinstance(label, str) else None
        props = list(props.values())
    if isinstance(props, list):
        for inner in props:
            found = label_of(inner, action, value)
            if found is not None:
                return found
    return None


def _visible(item: QQuickItem) -> Iterator[QQuickItem]:
    # Delegates are no QObject children: only childItems() knows them.
    if item.isVisible():
        yield item
        for child in item.childItems():
            yield from _visible(child)


def _within(item: QQuickItem, window: QQuickWindow) -> bool:
    middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
    return 0 <= middle.x() < window.width() and 0 <= middle.y() < window.height()


class Pulse(QObject):
    """Calls back every so often on the GUI thread, until stopped."""

    def __init__(self, milliseconds: int, callback: Callable[[], None]) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(callback)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
