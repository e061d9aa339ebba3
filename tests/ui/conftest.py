"""A kiosk window without a screen, and a core that only remembers what it was sent."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")
os.environ.setdefault("QSG_RENDER_LOOP", "basic")
sys.path.insert(0, str(Path(__file__).parent))

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtQuick import QQuickItem
from voices import voice

from kiosk.flows.model import Comfort, FlowEvent, Session
from ui import samples
from ui.app import Kiosk
from ui.face import shopper
from ui.layout_check import centre, walk

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Visitor:
    """Somebody in front of the window: looks for words, touches, presses keys."""

    def __init__(self, qtbot: QtBot) -> None:
        self.sent: list[FlowEvent] = []
        self.qtbot = qtbot
        self.kiosk = Kiosk(
            shopper(),
            self.sent.append,
            voice,
            ("en", "de", "es", "fr", "ar"),
            "takeback",
            2.71,
            size=(1080, 1920),
            reduced_motion=True,
            preload=False,
        )
        self.window = self.kiosk.window

    def see(self, session: Session | str, comfort: Comfort | None = None) -> None:
        """The core shows a session (or a sample by name) and the window has drawn it."""
        if isinstance(session, str):
            session = samples.sessions()[session]
        if comfort is not None:
            session = samples.comforted(session, comfort)
        self.kiosk.show(session)
        self.see_nothing_new()

    def see_nothing_new(self) -> None:
        """Whatever is under way is drawn."""
        for _ in range(8):
            QCoreApplication.processEvents()
            self.window.grabWindow()

    def touchables(self) -> list[QQuickItem]:
        """Everything that can be touched now."""
        items = walk(self.window.contentItem())
        return [i for i in items if i.property("touchTarget") and i.isEnabled()]

    def key(self, label: str) -> QQuickItem:
        found = [item for item in self.touchables() if item.property("label") == label]
        assert found, f"no key {label!r} among {[k.property('label') for k in self.touchables()]}"
        return found[-1]

    def touch(self, label: str) -> None:
        where = centre(self.key(label)).toPoint()
        self.qtbot.mouseClick(self.window, Qt.MouseButton.LeftButton, pos=where)

    def texts(self) -> list[str]:
        items = walk(self.window.contentItem())
        return [str(i.property("text")) for i in items if i.inherits("QQuickText")]

    def focused(self) -> str:
        item = self.window.activeFocusItem()
        return str(item.property("label") or "") if item else ""

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.window, key)
        QCoreApplication.processEvents()

    def close(self) -> None:
        self.kiosk.close()


@pytest.fixture
def visitor(qapp: QCoreApplication, qtbot: QtBot) -> Iterator[Visitor]:
    person = Visitor(qtbot)
    yield person
    person.close()
