"""Looks at a window as it is laid out: text that is cut, things that overlap, small targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtQml import QQmlExpression, qmlContext
from PySide6.QtQuick import QQuickItem, QQuickWindow

_SLACK = 1.5  # device pixels: rounding of scaled text
_LEAST_TARGET = 96  # design pixels (experience.md)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one item; `what` names it by its text."""

    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


@dataclass(frozen=True, slots=True)
class _Seen:
    item: QQuickItem
    text: str
    box: QRectF
    layer: int


def findings(window: QQuickWindow) -> list[Finding]:
    """Everything wrong with the window now; device pixels throughout."""
    texts = list(_texts(window.contentItem(), 0))
    return [*_cut(texts), *_outside(texts, window), *_overlapping(texts), *_targets(window)]


def walk(item: QQuickItem) -> Iterator[QQuickItem]:
    """Every visible item below, in drawing order; delegates included."""
    for child in item.childItems():
        if child.isVisible() and child.opacity() > 0:
            yield child
            yield from walk(child)


def _texts(item: QQuickItem, layer: int) -> Iterator[_Seen]:
    for child in item.childItems():
        if not child.isVisible() or child.opacity() == 0:
            continue
        above = layer + 1 if child.property("overlay") else layer
        if child.inherits("QQuickText") and child.property("text"):
            yield _Seen(child, str(child.property("text")), _painted(child), above)
        yield from _texts(child, above)


def _painted(item: QQuickItem) -> QRectF:
    """Where the letters really are, in the window."""
    width, height = float(item.property("contentWidth")), float(item.property("contentHeight"))
    x, y = 0.0, 0.0
    across, down = _number(item, "effectiveHorizontalAlignment"), _number(item, "verticalAlignment")
    if across == Qt.AlignmentFlag.AlignRight.value:
        x = item.width() - width
    elif across == Qt.AlignmentFlag.AlignHCenter.value:
        x = (item.width() - width) / 2
    if down == Qt.AlignmentFlag.AlignVCenter.value:
        y = (item.height() - height) / 2
    return item.mapRectToScene(QRectF(x, y, width, height))


def _number(item: QQuickItem, expression: str) -> int:
    """An enumeration of QQuickText: Python has no converter for it, QML has."""
    context = qmlContext(item)
    if context is None:
        return 0
    value, _ = QQmlExpression(context, item, f"{expression} + 0").evaluate()
    return int(value)


def _cut(texts: list[_Seen]) -> Iterator[Finding]:
    for seen in texts:
        item = seen.item
        if item.property("truncated"):
            yield Finding("cut", seen.text)
        elif float(item.property("contentWidth")) > item.width() + _SLACK:
            yield Finding("too wide", seen.text)
        elif float(item.property("contentHeight")) > item.height() + _SLACK:
            yield Finding("too high", seen.text)


def _outside(texts: list[_Seen], window: QQuickWindow) -> Iterator[Finding]:
    whole = QRectF(0, 0, window.width(), window.height()).adjusted(-1, -1, 1, 1)
    for seen in texts:
        if not whole.contains(seen.box):
            yield Finding("outside the window", seen.text)
            continue
        around: QQuickItem | None = seen.item.parentItem()
        while around is not None:
            holds = around.property("touchTarget") or around.clip()
            box = around.mapRectToScene(QRectF(0, 0, around.width(), around.height()))
            if holds and not box.adjusted(-2, -2, 2, 2).contains(seen.box):
                yield Finding("outside its key", seen.text)
                break
            around = around.parentItem()


def _overlapping(texts: list[_Seen]) -> Iterator[Finding]:
    """Lines may touch (ascents are generous); they may not lie in one another."""
    for index, one in enumerate(texts):
        for other in texts[index + 1 :]:
            common = one.box.intersected(other.box)
            if one.layer == other.layer and common.width() > 4 and common.height() > 6:
                yield Finding("overlapping", f"{one.text!r} and {other.text!r}")


def _targets(window: QQuickWindow) -> Iterator[Finding]:
    keys = [item for item in walk(window.contentItem()) if item.property("touchTarget")]
    unit = min(window.width(), window.height()) / 1080
    boxes = []
    for key in keys:
        box = key.mapRectToScene(QRectF(0, 0, key.width(), key.height()))
        name = str(key.property("label"))
        if min(box.width(), box.height()) < _LEAST_TARGET * unit - 1:
            yield Finding("small target", f"{name} {box.width():.0f} x {box.height():.0f}")
        if not QRectF(-1, -1, window.width() + 2, window.height() + 2).contains(box):
            yield Finding("target outside", name)
        boxes.append((name, box, _layer(key)))
    for index, (one, box, layer) in enumerate(boxes):
        for other, second, on in boxes[index + 1 :]:
            common = box.intersected(second)
            if layer == on and common.width() > 2 and common.height() > 2:
                yield Finding("overlapping keys", f"{one!r} and {other!r}")


def _layer(item: QQuickItem) -> int:
    depth = 0
    around: QQuickItem | None = item.parentItem()
    while around is not None:
        depth += bool(around.property("overlay"))
        around = around.parentItem()
    return depth


def centre(item: QQuickItem) -> QPointF:
    """The middle of an item in the window, for a finger."""
    return item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
