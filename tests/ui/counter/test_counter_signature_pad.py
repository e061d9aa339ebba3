"""A name drawn with a finger on the screen comes to the core as strokes, and is drawn as told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from voices import voice

from kiosk.domain.counter.signature import is_signed
from kiosk.flows.counter.model import CounterEvent, Drawn
from ui.app import Kiosk
from ui.counter import samples_outbound
from ui.counter.face import counter
from ui.counter.shots import PX_PER_MM, SIZE


@pytest.fixture
def posted() -> list[CounterEvent]:
    return []


@pytest.fixture
def kiosk(qapp: QCoreApplication, posted: list[CounterEvent]) -> Iterator[Kiosk]:
    made = Kiosk(
        counter(),
        posted.append,
        voice,
        ("en",),
        "takeback",
        PX_PER_MM,
        size=SIZE,
        reduced_motion=True,
        preload=False,
    )
    made.show(samples_outbound.sessions()["signing"])
    for _ in range(5):
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        made.window.grabWindow()
    yield made
    made.close()


def test_a_line_is_one_stroke_from_where_it_began_to_where_it_ended(
    kiosk: Kiosk, posted: list[CounterEvent]
) -> None:
    window, left = kiosk.window, Qt.MouseButton.LeftButton
    before = window.grabWindow()
    points = [QPoint(300 + 40 * step, 560 + (step % 2) * 30) for step in range(12)]
    QTest.mousePress(window, left, Qt.KeyboardModifier.NoModifier, points[0])
    for point in points[1:]:
        QTest.mouseMove(window, point)
    drawing = window.grabWindow()
    QTest.mouseRelease(window, left, Qt.KeyboardModifier.NoModifier, points[-1])
    (event,) = posted
    assert isinstance(event, Drawn)
    assert is_signed((event.stroke,))
    assert len(event.stroke) == len(points)
    xs = [x for x, _ in event.stroke]
    assert xs == sorted(xs)
    assert 0 <= xs[0] < xs[-1] <= 1000
    assert drawing != before
