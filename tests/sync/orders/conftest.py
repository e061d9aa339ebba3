"""A kiosk that takes orders, beside a centre that gives them."""

from __future__ import annotations

import pytest

from kiosk.settings import Settings
from kiosk.settings_remote import over
from kiosk.store.orders import Orders
from tests.sync.boxes import Box


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


@pytest.fixture
def judge():
    """Why a kiosk does not take these values, "" where it does."""

    def judged(values):
        found = over(Settings(), values)
        return found if isinstance(found, str) else ""

    return judged


@pytest.fixture
def box(centre, clock, tmp_path, judge):
    made = Box(centre, clock, tmp_path / "kiosk", judge=judge)
    made.settle()
    yield made
    made.close()


@pytest.fixture
def kept(box):
    return Orders(box.store)
