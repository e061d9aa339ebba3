"""What Python paints: a QR code a phone can read, and the camera's picture, mirrored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PySide6.QtGui import QColor, QImage

from kiosk.flows.model import Comfort, Receipt
from ui import samples
from ui.camera_view import Frame
from ui.layout_check import walk
from ui.qr import QUIET_ZONE, modules

if TYPE_CHECKING:
    from conftest import Visitor


def _read(image: QImage) -> list[str]:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = memoryview(grey.constBits()).cast("B", (grey.height(), grey.bytesPerLine()))
    return [code.text for code in zxingcpp.read_barcodes(pixels)]


@pytest.mark.parametrize("contrast", [False, True])
def test_a_phone_reads_the_receipt_off_the_screen(visitor: Visitor, contrast: bool) -> None:
    visitor.see("receipt-failed", Comfort("en", high_contrast=contrast))
    shown = samples.sessions()["receipt-failed"].screen
    assert isinstance(shown, Receipt)
    assert shown.drop.proof in _read(visitor.window.grabWindow())


def test_a_code_keeps_its_quiet_zone() -> None:
    rows = modules("TAKEBACK")
    edge = [*rows[:QUIET_ZONE], *rows[-QUIET_ZONE:]]
    assert not any(any(row) for row in edge)
    assert not any(any(row[:QUIET_ZONE]) for row in rows)


def test_the_camera_shows_the_newest_frame_mirrored(visitor: Visitor) -> None:
    visitor.see("attract")
    view = next(i for i in walk_all(visitor) if i.metaObject().className() == "CameraView")
    assert view.property("live") is False
    left_white = bytes(255 if x < 16 else 0 for _ in range(24) for x in range(32))
    visitor.kiosk.camera(bytes(32 * 24), 32, 24)
    visitor.kiosk.camera(left_white, 32, 24)
    visitor.see("attract")
    assert view.property("live") is True
    box = view.mapRectToScene(view.boundingRect())
    picture, middle = visitor.window.grabWindow(), box.center()
    left = QColor(picture.pixel(int(box.left() + 40), int(middle.y())))
    right = QColor(picture.pixel(int(box.right() - 40), int(middle.y())))
    assert left.lightness() < 40
    assert right.lightness() > 215


def test_a_frame_that_came_while_nobody_looked_does_not_silence_the_next(visitor: Visitor) -> None:
    visitor.see("no-code")  # no camera on this screen
    visitor.kiosk.camera(bytes(32 * 24), 32, 24)
    visitor.see("attract")
    visitor.kiosk.camera(bytes(32 * 24), 32, 24)
    visitor.see("attract")
    view = next(i for i in walk_all(visitor) if i.metaObject().className() == "CameraView")
    assert view.property("live") is True


def walk_all(visitor: Visitor) -> list[object]:
    """Items that are hidden for now included."""
    found, waiting = [], list(visitor.window.contentItem().childItems())
    while waiting:
        item = waiting.pop()
        found.append(item)
        waiting += item.childItems()
    assert len(found) >= len(list(walk(visitor.window.contentItem())))
    return found


@pytest.mark.parametrize(
    "frame",
    [
        Frame(b"", 4, 4, 1),
        Frame(bytes(16), 4, 4, 3),
        Frame(bytes(16), 0, 4, 1),
        Frame(bytes(64), 4, 4, 4),
    ],
)
def test_a_frame_that_is_not_one_is_no_picture(frame: Frame) -> None:
    assert frame.image().isNull()


@pytest.mark.parametrize("size", [(540, 960), (2160, 3840)])
def test_icons_keep_their_size_on_panels_of_other_dots(
    visitor: Visitor, size: tuple[int, int]
) -> None:
    visitor.window.resize(*size)
    for name in ("attract", "items-two"):
        visitor.see(name)
        icons = [i for i in walk_all(visitor) if i.metaObject().className().startswith("Icon_")]
        seen = [i for i in icons if i.isVisible() and i.property("drawing")]
        assert len(seen) >= 3
        assert {(i.width(), i.property("size")) for i in seen} == {
            (i.property("size"), i.property("size")) for i in seen
        }
