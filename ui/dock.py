"""The dev dock: the hands, the shop and the paper around a kiosk that has none of them.

Shown by `takeback demo` beside the kiosk's own window. It only offers verbs; what they do (hold a
picture before the virtual camera, stop the centre, tear the paper) is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot
from PySide6.QtQml import QQmlComponent, QQmlEngine
from PySide6.QtQuick import QQuickWindow

QML = Path(__file__).parent / "qml"


@dataclass(frozen=True, slots=True)
class Card:
    """Something that can be held before the camera; `picture` is an image file."""

    key: str
    title: str
    detail: str
    picture: Path
    group: str  # returns | bags | other


@dataclass(frozen=True, slots=True)
class Lever:
    """A fault or a switch that a person in the shop could cause: `on` and `off` name its sides."""

    key: str
    on: str
    off: str


class Dock(QObject):
    """Model and verbs of the dock. `hold` gets a card's key or "" for hands off, `pull` a lever's
    key and its side. Call `paper_came` and `status_is` from any thread."""

    paperChanged = Signal()
    statusChanged = Signal()
    heldChanged = Signal()
    _paper_came = Signal(str)
    _status_is = Signal(str)

    def __init__(
        self,
        cards: tuple[Card, ...],
        levers: tuple[Lever, ...],
        hold: Callable[[str], None],
        pull: Callable[[str, bool], None],
    ) -> None:
        super().__init__()
        self._cards = cards
        self._levers = levers
        self._hold = hold
        self._pull = pull
        self._paper: list[str] = []
        self._status = ""
        self._held = ""
        self._paper_came.connect(self._add_paper)
        self._status_is.connect(self._set_status)

    def paper_came(self, picture: Path) -> None:
        self._paper_came.emit(QUrl.fromLocalFile(str(picture)).toString())

    def status_is(self, text: str) -> None:
        self._status_is.emit(text)

    @Slot(str)
    def _add_paper(self, url: str) -> None:
        self._paper.insert(0, url)
        self.paperChanged.emit()

    @Slot(str)
    def _set_status(self, text: str) -> None:
        if text != self._status:
            self._status = text
            self.statusChanged.emit()

    @Slot(str)
    def hold(self, key: str) -> None:
        """Hold this card up; the same card again takes it away."""
        self._held = "" if key == self._held else key
        self._hold(self._held)
        self.heldChanged.emit()

    @Slot(str, bool)
    def pull(self, key: str, on: bool) -> None:
        self._pull(key, on)

    def _card_list(self) -> list[Mapping[str, str]]:
        return [
            {
                "key": c.key,
                "title": c.title,
                "detail": c.detail,
                "group": c.group,
                "picture": QUrl.fromLocalFile(str(c.picture)).toString(),
            }
            for c in self._cards
        ]

    cards = Property(list, _card_list, constant=True)
    levers = Property(
        list,
        lambda self: [{"key": v.key, "on": v.on, "off": v.off} for v in self._levers],
        constant=True,
    )
    paper = Property(list, lambda self: self._paper, notify=paperChanged)
    status = Property(str, lambda self: self._status, notify=statusChanged)
    held = Property(str, lambda self: self._held, notify=heldChanged)


def open_window(engine: QQmlEngine, dock: Dock, x: int, width: int, height: int) -> QQuickWindow:
    """The dock's window beside the kiosk's. Raises RuntimeError with QML's own words."""
    component = QQmlComponent(engine, QUrl.fromLocalFile(str(QML / "Takeback/dock/DockWindow.qml")))
    window = component.createWithInitialProperties(
        {"dock": dock, "x": x, "width": width, "height": height}
    )
    if not isinstance(window, QQuickWindow):
        raise RuntimeError("; ".join(e.toString() for e in component.errors()))
    window.show()
    return window
