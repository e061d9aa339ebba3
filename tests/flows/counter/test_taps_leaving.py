"""As few touches as design/product.md wants for containers and hand-overs."""

from __future__ import annotations

import pytest

from tests.flows.counter import taps_leaving
from tests.flows.counter.taps import Row, counted


@pytest.mark.parametrize("row", taps_leaving.ROWS, ids=lambda row: row.job)
def test_a_job_takes_no_more_touches_than_it_should(row: Row) -> None:
    assert counted(row).within


def test_a_hand_over_scans_the_drivers_code_and_what_goes() -> None:
    scans = {row.job: counted(row).scans for row in taps_leaving.ROWS}
    assert scans["hand over all that waits, and the driver's name"] == 1
    assert scans["hand over some of it, and the driver's name"] == 3
    assert scans["fill a container and seal it"] == 4
