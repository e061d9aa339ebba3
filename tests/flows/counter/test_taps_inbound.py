"""As few touches as design/product.md wants, counted on walks that are really taken."""

from __future__ import annotations

import pytest

from tests.flows.counter import taps_inbound
from tests.flows.counter.taps import Row, counted, table

SCANS_EACH = {"put a parcel on a shelf": 2, "move a parcel": 2}
"""Parcel and shelf; where several go onto one shelf, the shelf is scanned once."""


@pytest.mark.parametrize("row", taps_inbound.ROWS, ids=lambda row: row.job)
def test_a_job_takes_no_more_touches_than_it_should(row: Row) -> None:
    assert counted(row).within


def test_scans_are_of_the_things_themselves() -> None:
    """No job asks for a scan that tells nothing new."""
    for row in taps_inbound.ROWS:
        told = counted(row)
        assert told.scans <= SCANS_EACH.get(row.job, row.of + 2), row.job


def test_the_table_has_a_line_for_each_job() -> None:
    lines = table().splitlines()
    assert "| put a parcel on a shelf | 0 | 2 | 0 |" in lines
    assert len(lines) >= 2 + len(taps_inbound.ROWS)
