"""One world for all pages and one browser at a time, in whatever process tests them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.chromium import CHROMIUM, running
from tests.pages.world import World, opened
from tests.sync.conftest import prepare

# tests/conftest.py says so.
collect_ignore = [] if CHROMIUM else [one.name for one in Path(__file__).parent.glob("test_*.py")]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path = tmp_path_factory.mktemp("pages") / "centre.db"
    prepare(f"sqlite:///{path}")
    with opened(f"sqlite:///{path}") as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """For a module: what drives it holds this thread's loop of asyncio meanwhile."""
    with running() as started:
        yield started
