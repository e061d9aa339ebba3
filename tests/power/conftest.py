"""A place for recordings and restarts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.memory import scratch


@pytest.fixture
def folder() -> Iterator[Path]:
    with scratch() as made:
        yield made
