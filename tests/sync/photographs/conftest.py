"""A kiosk that takes photographs, beside a centre that waits for them."""

from __future__ import annotations

import pytest

from kiosk.store.photos import PhotoFiles
from sync.agent.pace import Pace
from tests.sync.boxes import IDS, Box


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


@pytest.fixture
def files(tmp_path):
    (tmp_path / "kiosk").mkdir()
    return PhotoFiles(tmp_path / "kiosk", IDS, 300 << 20)


@pytest.fixture
def pace():
    """Nothing but photographs is in a hurry."""
    return Pace(
        beat=900, policy=90_000, first_contact=0, retry_least=0.02, retry_most=0.05, photo=0.0
    )


@pytest.fixture
def box(centre, clock, tmp_path, files, pace):
    made = Box(centre, clock, tmp_path / "kiosk", photos=files, pace=pace)
    yield made
    made.close()
