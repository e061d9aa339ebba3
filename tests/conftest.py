"""What every test may rely on: one kind of Qt application in a process, whoever makes it first."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def qapp_cls() -> object:
    """The product's own: ui.paper makes a QGuiApplication too, and a process has one at most."""
    from PySide6.QtGui import QGuiApplication

    return QGuiApplication
