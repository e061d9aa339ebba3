"""The screen that takes photographs: what is in the frame is what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickItem

from kiosk.flows.model import Comfort
from ui.layout_check import walk

if TYPE_CHECKING:
    from conftest import Visitor

CARDBOARD = QColor("#c89b62")


def view(visitor: Visitor, kind: str) -> QQuickItem:
    items = walk(visitor.window.contentItem())
    return next(item for item in items if item.metaObject().className() == kind)


def place(item: QQuickItem) -> QRectF:
    return item.mapRectToScene(item.boundingRect())


def near(one: QColor, other: QColor) -> bool:
    pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
    return all(abs(a - b) < 25 for a, b in pairs)  # a JPEG is not exact


def colour(picture: QImage, box: QRectF, across: float, down: float) -> QColor:
    return QColor(
        picture.pixel(int(box.left() + across * box.width()), int(box.top() + down * box.height()))
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_photograph_is_shown_as_it_was_taken(visitor: Visitor, language: str) -> None:
    visitor.see("photo-taken", Comfort(language))
    box = place(view(visitor, "StillView"))
    picture = visitor.window.grabWindow()
    assert near(colour(picture, box, 0.65, 0.7), CARDBOARD)
    assert near(colour(picture, box, 0.38, 0.67), QColor("white"))  # its label is left, never right


def test_the_frame_is_a_square_in_both_orientations(visitor: Visitor) -> None:
    for width, height in ((1080, 1920), (1920, 1080)):
        visitor.window.resize(width, height)
        visitor.see("photo-live")
        box = place(view(visitor, "CameraView"))
        assert abs(box.width() - box.height()) < 1
        assert box.width() >= 300


def test_the_live_picture_shows_the_middle_of_the_frame_mirrored(visitor: Visitor) -> None:
    visitor.see("photo-live")
    red, blue, green = b"\xc8\x00\x00", b"\x00\x00\xc8", b"\x00\xc8\x00"
    # Of 32 columns the middle 18 are in the frame: from the left 9 red, then 9 blue.
    row = green * 7 + red * 9 + blue * 9 + green * 7
    visitor.kiosk.camera(row * 18, 32, 18, 3)
    visitor.see("photo-live")
    box = place(view(visitor, "CameraView"))
    picture = visitor.window.grabWindow()
    assert near(colour(picture, box, 0.25, 0.5), QColor(0, 0, 200))
    assert near(colour(picture, box, 0.75, 0.5), QColor(200, 0, 0))


def test_what_is_no_picture_is_drawn_as_nothing(visitor: Visitor) -> None:
    visitor.see("photo-taken")
    still = view(visitor, "StillView")
    for broken in ("????", "AAAA", ""):
        still.setProperty("picture", broken)
        visitor.see_nothing_new()


def test_it_says_what_is_kept_and_for_how_long(visitor: Visitor) -> None:
    visitor.see("photo-live")
    said = " ".join(visitor.texts())
    assert "Only what is inside the frame is kept." in said
    assert "This kiosk deletes it 30 days later." in said
    visitor.see("photo-again")
    assert "Photo 2 of 2" in visitor.texts()
