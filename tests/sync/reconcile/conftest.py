"""Two centres of their own, for what must end the same in both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.central.database import Database


@pytest.fixture
def database_pair(prepared_file: Path, tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    files = [tmp_path / "one.db", tmp_path / "other.db"]
    for file in files:
        shutil.copy(prepared_file, file)
    one, other = (Database(f"sqlite:///{file}") for file in files)
    yield one, other
    one.close()
    other.close()
