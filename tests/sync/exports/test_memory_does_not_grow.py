"""Ten times the rows take hardly more memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("peak.py")
MOST_MB = 40  # more than this and something keeps what it should give away


def peaks(form: str, few: int, many: int) -> float:
    """MB between the peaks of both, in a process of its own, as the system counts it: libraries'
    own memory is in it. The database's part is held by the tests of its pages."""
    told = subprocess.run(
        [sys.executable, str(SCRIPT), form, str(few), str(many)],
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = json.loads(told.stdout)
    assert (first["rows"], second["rows"]) == (few, many)
    assert second["bytes"] > first["bytes"] * many / few / 2
    return second["peak_mb"] - first["peak_mb"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_peak_stays_where_it_is(form):
    """6,000 rows kept as cells would be more than this."""
    assert peaks(form, 600, 6_000) < MOST_MB / 4


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_two_hundred_thousand_rows_take_no_more_than_twenty_thousand(form):
    assert peaks(form, 20_000, 200_000) < MOST_MB
