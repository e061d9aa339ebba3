"""docs/counter.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.counter import saying
from kiosk.domain.counter.conflicts import ConflictKind
from kiosk.domain.counter.table import Table
from tests.domain.counter.tables import TABLES, as_markdown

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "counter.md").read_text(encoding="utf-8")
ROOMS = (ROOT / "kiosk" / "domain" / "counter", ROOT / "kiosk" / "app" / "counter")
CODE = "".join(file.read_text("utf-8") for room in ROOMS for file in sorted(room.rglob("*.py")))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_lifecycle_is_the_one_in_the_document(table: Table[Any]) -> None:
    assert as_markdown(table) in TEXT, "python -m tests.domain.counter.tables prints them"


def test_every_conflict_is_explained() -> None:
    assert re.findall(r"^\| `(\w+)` \|", TEXT, re.M) == [kind.value for kind in ConflictKind]


@pytest.mark.parametrize("kind", [saying.Because, saying.Then])
def test_nothing_is_said_that_nobody_says(kind: Any) -> None:
    """Every reason and every next step is given somewhere: a sentence for each is wanted."""
    unused = [code for code in kind if f"{kind.__name__}.{code.name}" not in CODE]
    assert unused == []
