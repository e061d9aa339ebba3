"""A counter in the morning."""

from __future__ import annotations

import pytest

from tests.domain.counter.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
