"""One window for all pictures of the counter's screens, with words that are longer than English."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

sys.path.insert(0, str(Path(__file__).parents[1]))

from voices import voice

from ui.counter.shots import Studio


@pytest.fixture(scope="module")
def studio(qapp: QCoreApplication) -> Iterator[Studio]:
    made = Studio(voice)
    yield made
    made.kiosk.close()
