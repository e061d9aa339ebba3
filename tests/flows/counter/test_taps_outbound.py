"""As few touches as design/product.md wants for hand-outs, drops and bags."""

from __future__ import annotations

import pytest

from tests.flows.counter import taps_outbound
from tests.flows.counter.taps import Row, counted


@pytest.mark.parametrize("row", taps_outbound.ROWS, ids=lambda row: row.job)
def test_a_job_takes_no_more_touches_than_it_should(row: Row) -> None:
    assert counted(row).within


def test_a_hand_out_scans_the_code_and_each_parcel() -> None:
    scans = {row.job: counted(row).scans for row in taps_outbound.ROWS}
    assert scans["hand out a parcel for its code"] == 2
    assert scans["hand out three parcels for one code"] == 4
    assert scans["take a customer's labelled parcel"] == 1
    assert scans["put a bag into a container"] == 2
