"""What counters do with bags moves the drops in the books, and opens no case that is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.counter.outbound_facts import BagCommitted, BagContained
from sync.central.reconcile.run import reconcile
from sync.central.tables import cases, movements
from tests.sync.conftest import TENANT
from tests.sync.counter.lived import FILLED, SIGNED
from tests.sync.goods import drop


@pytest.fixture
def database_url(on_sqlite: str) -> str:
    return on_sqlite


def _booked(centre):
    rows = sorted(centre.rows(movements), key=lambda row: (row["kind"], row["source"]))
    return [(row["kind"], row["bag_id"], row["container_id"], row["count"]) for row in rows]


def test_a_drops_bag_is_contained_and_handed_over_in_the_books(centre, counters):
    one = counters[0]
    one.tells(drop(bag_id="B1", drop_id="d-1"), *FILLED, SIGNED)
    assert _booked(centre) == [("contained", "B1", "C1", -1), ("handed_over", "", "C1", 1)]
    (row,) = [row for row in centre.rows(movements) if row["kind"] == "handed_over"]
    assert (row["manifest_id"], row["site"]) == ("M1", "Street 1")
    one.kiosk.push(*one.kiosk.history)
    assert len(_booked(centre)) == 2
    centre.clock.advance(hours=30)  # too long for a bag that is in no container
    reconcile(centre.database, TENANT, centre.clock.now())
    assert centre.rows(cases) == []


def test_goods_with_a_carriers_own_label_are_no_drop_of_ours(centre, counters):
    counters[0].tells(*FILLED, SIGNED)  # nobody told of drop d-1 but its bag
    assert _booked(centre) == []


def test_a_bag_whose_drop_is_told_later_is_booked(centre, counters):
    one, other = counters
    without = [fact for fact in FILLED if not isinstance(fact, BagCommitted)]
    one.tells(*without)
    assert _booked(centre) == [("contained", "B1", "C1", -1)]
    moved = replace(next(f for f in FILLED if isinstance(f, BagContained)), bag_id="B1")
    other.tells(
        drop(bag_id="B1", drop_id="d-1"), BagCommitted("B1", "d-1", "dhl", "2026-05-04"), moved
    )
    assert len(_booked(centre)) == 2
