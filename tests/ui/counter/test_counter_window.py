"""Somebody at the counter's window: fingers, a keyboard, and a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from voices import voice

from kiosk.flows.counter.model import (
    Chosen,
    CounterEvent,
    Key,
    LanguageChosen,
    Pressed,
    Session,
    Typed,
)
from ui.app import Kiosk
from ui.counter import samples_desk
from ui.counter.face import counter
from ui.layout_check import centre, walk

if TYPE_CHECKING:
    from PySide6.QtQuick import QQuickItem
    from pytestqt.qtbot import QtBot

SAMPLES = samples_desk.sessions()


class Person:
    """Looks for words, touches, presses keys; `sent` is what the core was told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.sent: list[CounterEvent] = []
        self.qtbot = qtbot
        self.kiosk = Kiosk(
            counter(),
            self.sent.append,
            voice,
            ("en", "de", "es", "fr", "ar"),
            "takeback",
            4.03,
            size=(1920, 1080),
            reduced_motion=True,
            preload=False,
        )
        self.window = self.kiosk.window

    def see(self, session: Session | str) -> None:
        self.kiosk.show(SAMPLES[session] if isinstance(session, str) else session)
        for _ in range(8):
            QCoreApplication.processEvents()
            self.window.grabWindow()
        self.sent.clear()

    def touchables(self) -> list[QQuickItem]:
        items = walk(self.window.contentItem())
        return [i for i in items if i.property("touchTarget") and i.isEnabled()]

    def touch(self, label: str) -> None:
        found = [key for key in self.touchables() if key.property("label") == label]
        assert found, f"no key {label!r} among {[k.property('label') for k in self.touchables()]}"
        where = centre(found[-1]).toPoint()
        self.qtbot.mouseClick(self.window, Qt.MouseButton.LeftButton, pos=where)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.qtbot.keyClick(self.window, key)
            QCoreApplication.processEvents()

    def focused(self) -> str:
        item = self.window.activeFocusItem()
        return str(item.property("label") or "") if item else ""


@pytest.fixture
def person(qapp: QCoreApplication, qtbot: QtBot) -> Iterator[Person]:
    somebody = Person(qtbot)
    yield somebody
    somebody.kiosk.close()


def test_fingers(person: Person) -> None:
    person.see("home")
    person.touch("To put on a shelf, 12")
    person.touch("Type a code")
    assert person.sent == [Pressed(Key.TO_SHELVE), Pressed(Key.TYPE_CODE)]
    person.see("to-settle")
    person.touch(
        next(str(k.property("label")) for k in person.touchables() if k.property("chosen"))
    )
    assert person.sent == [Chosen(SAMPLES["to-settle"].screen.missing[0].number)]
    person.see("sign-in")
    person.touch("Français")
    assert person.sent == [LanguageChosen("fr")]


def test_a_pin_is_typed_with_fingers_or_on_a_keyboard(person: Person) -> None:
    person.see("sign-in-pin")
    person.touch("4")
    person.touch("4")
    person.press(Qt.Key.Key_8, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Escape)
    assert person.sent == [
        Typed("4"),
        Typed("4"),
        Typed("8"),
        Pressed(Key.ERASE),
        Pressed(Key.SUBMIT),
        Pressed(Key.BACK),
    ]


def test_where_nothing_is_typed_letters_mean_nothing(person: Person) -> None:
    person.see("home")
    person.press(Qt.Key.Key_8, Qt.Key.Key_Backspace, Qt.Key.Key_Escape)
    assert person.sent == []


def test_everything_can_be_done_by_keyboard(person: Person) -> None:
    person.see("home")
    names = []
    for _ in range(len(person.touchables())):
        person.press(Qt.Key.Key_Tab)
        names.append(person.focused())
    assert set(names) == {str(key.property("label")) for key in person.touchables()}
    person.press(Qt.Key.Key_Return)
    assert len(person.sent) == 1


def test_a_trembling_finger_strikes_once(person: Person) -> None:
    person.see("home-right")
    person.touch("Take back")
    person.touch("Take back")
    assert person.sent == [Pressed(Key.UNDO)]


def test_what_a_screen_reader_finds(person: Person) -> None:
    QAccessible.setActive(True)
    try:
        person.see("home-wrong")
        tree = list(_tree(QAccessible.queryAccessibleInterface(person.window)))
        alerts = [name for role, name in tree if role is QAccessible.Role.AlertMessage]
        assert alerts == ["Stop. Shelf A1 is full. Choose another shelf."]
        assert (QAccessible.Role.Heading, "Scan anything") in tree
        buttons = {name for role, name in tree if role is QAccessible.Role.Button}
        assert buttons == {str(key.property("label")) for key in person.touchables()}
    finally:
        QAccessible.setActive(False)


def test_the_same_scan_twice_is_drawn_twice(person: Person) -> None:
    """The number of the scan is a property, so that the second one is announced and flashes."""
    session = SAMPLES["home-wrong"]
    person.see(session)
    assert session.flash is not None
    before = person.window.property("scan")
    person.see(replace(session, flash=replace(session.flash, scan=session.flash.scan + 1)))
    assert person.window.property("scan") == before + 1


def _tree(
    found: QAccessibleInterface | None,
) -> Iterator[tuple[QAccessible.Role, str]]:
    if found is None or found.state().invisible:
        return
    yield found.role(), found.text(QAccessible.Text.Name)
    for index in range(found.childCount()):
        yield from _tree(found.child(index))
