"""A picture of the screen for whoever is far away: what a passer-by sees, without the camera."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QImage

from kiosk.flows.model import Attract, OutOfService, Session
from kiosk.ports import Service, Trouble, Unseen
from ui import samples
from ui.picture import LONGEST, Pictures, written

if TYPE_CHECKING:
    from conftest import Visitor
    from pytestqt.qtbot import QtBot

RED = b"\xc8\x00\x00" * (64 * 48)
WRONG = Session(Attract(), service=Service(frozenset({Trouble.PRINTER_SILENT})))


@pytest.fixture
def pictures(visitor: Visitor) -> Pictures:
    """Without the pause after a screen has come."""
    visitor.kiosk.pictures = Pictures(visitor.window, visitor.kiosk._bridge, still_ms=0)
    return visitor.kiosk.pictures


def reds(image: QImage) -> int:
    small = image.scaled(108, 192)
    dots = (QColor(small.pixel(x, y)) for x in range(108) for y in range(192))
    return sum(dot.red() > 150 and dot.green() < 60 and dot.blue() < 60 for dot in dots)


def test_it_shows_the_fault_and_not_what_the_camera_sees(
    visitor: Visitor, pictures: Pictures
) -> None:
    visitor.see(WRONG)
    visitor.kiosk.camera(RED, 64, 48, 3)
    visitor.see_nothing_new()
    assert reds(visitor.window.grabWindow()) > 20  # a passer-by sees himself
    picture = pictures.grab()
    assert isinstance(picture, QImage)
    assert reds(picture) == 0
    assert reds(visitor.window.grabWindow()) > 20  # and goes on to
    assert any("printer" in text for text in visitor.texts())


def test_it_is_small_in_both_orientations(visitor: Visitor, pictures: Pictures) -> None:
    for width, height in ((1080, 1920), (1920, 1080)):
        visitor.window.resize(width, height)
        visitor.see(WRONG)
        picture = pictures.grab()
        assert isinstance(picture, QImage)
        jpeg = written(picture)
        assert isinstance(jpeg, bytes)
        assert len(jpeg) < 100_000
        assert jpeg.startswith(b"\xff\xd8\xff")
        again = QImage.fromData(jpeg)
        assert max(again.width(), again.height()) == LONGEST
        assert (again.width() > again.height()) is (width > height)


def test_no_screen_of_a_visit_is_ever_pictured(visitor: Visitor, pictures: Pictures) -> None:
    seen = set()
    for name, session in samples.sessions().items():
        visitor.kiosk.show(WRONG)
        QCoreApplication.processEvents()
        visitor.kiosk.show(replace(session, visit_id="visit"))
        assert pictures.grab() is Unseen.BUSY, name  # it waits to be drawn
        QCoreApplication.processEvents()
        assert pictures.grab() is Unseen.BUSY, name
        visitor.kiosk.show(replace(session, visit_id="", drops=()))
        QCoreApplication.processEvents()
        if isinstance(pictures.grab(), QImage):
            seen.add(type(session.screen))
            assert getattr(session.screen, "problem", None) is None, name
    assert seen == {Attract, OutOfService}


def test_a_screen_that_has_just_come_is_left_to_come(visitor: Visitor) -> None:
    patient = Pictures(visitor.window, visitor.kiosk._bridge, still_ms=3_600_000)
    visitor.see(WRONG)
    assert patient.grab() is Unseen.BUSY


def test_another_thread_asks_and_waits(visitor: Visitor, pictures: Pictures, qtbot: QtBot) -> None:
    visitor.see(WRONG)
    found: list[bytes | Unseen] = []
    asking = threading.Thread(target=lambda: found.append(pictures.take()))
    asking.start()
    qtbot.waitUntil(lambda: bool(found), timeout=20_000)
    asking.join()
    assert isinstance(found[0], bytes)


def test_a_window_that_hangs_is_not_waited_for_long(
    visitor: Visitor, pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here it is the test that keeps the GUI thread; what was asked for is not done later."""
    visitor.see(WRONG)
    monkeypatch.setattr("ui.picture.PATIENCE_S", 0.05)
    found: list[bytes | Unseen] = []
    asking = threading.Thread(target=lambda: found.append(pictures.take()))
    asking.start()
    asking.join()
    monkeypatch.setattr(pictures, "grab", lambda: pytest.fail("nobody waits for it"))
    QCoreApplication.processEvents()
    assert found == [Unseen.SILENT]
