"""docs/exports.md names every column, in its order, with its kind and what it means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sync.central.exports.sheets import SHEETS

DOCS = (Path(__file__).parents[3] / "docs" / "exports.md").read_text("utf-8")


@pytest.mark.parametrize("what", SHEETS)
def test_columns(what):
    part = DOCS.split(f"### {what.value}\n")[1].split("\n#")[0]
    told = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", part, re.MULTILINE)
    assert told == [(one.name, one.kind.value, one.meaning) for one in SHEETS[what].columns]
