"""The books of a shop are checked, and a shop whose books are wrong is found out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.domain.counter.commands import ContainBag, OpenContainer, ProvideContainer, Receive
from kiosk.domain.counter.deciding.trying import would
from kiosk.domain.counter.index import By
from kiosk.domain.counter.invariants import broken
from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.parcels import ParcelState
from tests.domain.counter.desk import Desk


@pytest.fixture
def shop(desk: Desk) -> Any:
    """One parcel at the desk, one bag in a container. Any, as the tests below reach inside."""
    desk.do(Receive("P1", "dhl"))
    desk.do(ProvideContainer("K1", "TC1", "", 9))
    desk.do(OpenContainer("K1"))
    desk.do(ContainBag("B1", "K1"))
    assert broken(desk.shop) == ()
    return desk.shop


def spoil(things: Any, name: str, **changes: object) -> None:
    entry = things._entries[name]
    entry.thing = replace(entry.thing, **changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"shelf_id": "A1", "container_id": "K1"}, "parcel P1 is on a shelf and in a container"),
        ({"state": ParcelState.COLLECTED}, "parcel P1 (collected) is in no place or in several"),
        ({"state": ParcelState.MISSING}, "parcel P1 is missing from nowhere"),
        ({"until": "2099-01-01"}, "the index of parcel is not what the things are"),
    ],
)
def test_a_parcel_that_cannot_be(shop: Any, changes: dict[str, object], said: str) -> None:
    spoil(shop.parcels, "P1", **changes)
    assert said in broken(shop)


def test_a_bag_contained_nowhere(shop: Any) -> None:
    spoil(shop.bags, "B1", container_id="")
    assert "bag B1 (contained) in container ''" in broken(shop)


def test_a_parcel_in_two_places(shop: Any) -> None:
    shop.parcels.index.move("P1", (), ((By.SHELF, "A1"),))
    assert "1 parcels are here, 2 lie somewhere" in broken(shop)


def test_a_parcel_that_no_count_has(shop: Any) -> None:
    shop.parcels.index.move("P1", ((By.STATE, "received"),), ())
    assert "1 of a kind, 0 by state" in broken(shop)


def test_a_shelf_may_be_set_at_any_time(desk: Desk) -> None:
    assert would(desk.shop, [ShelfSet("A1", "front", 3)]) is None
