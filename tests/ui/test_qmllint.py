"""The QML is clean, Python types included, with no warning let through."""

from __future__ import annotations

from ui.qmllint import main


def test_qmllint_has_nothing_to_say() -> None:
    assert main() == 0
