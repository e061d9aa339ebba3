"""Our own drawings, in the colours of the moment.

QML asks for `image://art/<scheme key>/<drawing>/<role>`: the SVG of assets/icons with its
`currentColor` and `var(--role)` replaced. The software renderer drops colouring effects
silently, so the colour is put in before the drawing is made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickImageProvider

from ui.theme import ASSETS

_ROLE: Final = re.compile(r"var\(--(\w+)\)")
_MISSING: Final = "#FF00FF"
LOGO: Final = "logo"
# QML learns of new colours before it learns that the logo is gone, and asks once more for it.
_BLANK: Final = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


def recoloured(svg: str, roles: Mapping[str, str], role: str) -> str:
    """The SVG with every role's colour in place; `role` is what `currentColor` means."""
    named = _ROLE.sub(lambda match: roles.get(match[1], _MISSING), svg)
    return named.replace("currentColor", roles.get(role, _MISSING))


def _ours(drawing: str) -> str:
    return (ASSETS / "icons" / f"{drawing}.svg").read_text("utf-8")


class Art(QQuickImageProvider):
    """The provider; `use` tells it which roles the next pictures are drawn in."""

    def __init__(self) -> None:
        super().__init__(QQuickImageProvider.ImageType.Image)
        self._schemes: dict[str, tuple[Mapping[str, str], str]] = {}

    def use(self, key: str, roles: Mapping[str, str], logo: str = _BLANK) -> None:
        """`logo` is an SVG of the merchant whose scheme it is, drawn as `logo`."""
        self._schemes[key] = roles, logo

    def requestImage(self, id: str, size: QSize, requestedSize: QSize) -> QImage:  # noqa: ARG002 - Qt's names
        """Draw it into the requested size, keeping its proportions."""
        from PySide6.QtSvg import QSvgRenderer

        key, drawing, role = [*id.split("/"), "", ""][:3]
        roles, logo = self._schemes.get(key, ({}, _BLANK))
        told = logo if drawing == LOGO else _ours(drawing)
        svg = recoloured(told, roles, role)
        renderer = QSvgRenderer(QByteArray(svg.encode()))
        natural = renderer.defaultSize()
        target = natural
        if requestedSize.width() > 0 or requestedSize.height() > 0:
            limit = QSize(requestedSize.width() or 10_000, requestedSize.height() or 10_000)
            target = natural.scaled(limit, Qt.AspectRatioMode.KeepAspectRatio)
        image = QImage(target, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter, QRectF(0, 0, target.width(), target.height()))
        painter.end()
        return image
