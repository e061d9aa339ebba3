"""What became of a drop's goods: the bag's own facts, those of what it went in, the refund."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from sync.central import views
from sync.central.cases import Evidence, Found, Kind, open_many
from sync.central.database import Database
from sync.central.reconcile.model import Kind as Told
from sync.central.reconcile.model import Movement
from sync.central.reconcile.record import record_many
from tests.sync.exports.world import drop_row, kiosk, put

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CARRIER, HUB, SHOP = "carrier:swift", "hub:north", "shop:street-1"


@pytest.fixture
def database(prepared_file, tmp_path):
    shutil.copy(prepared_file, tmp_path / "centre.db")
    made = Database(f"sqlite:///{tmp_path}/centre.db")
    kiosk(made, "k1")
    yield made
    made.close()


@pytest.fixture
def dropped(database):
    drop = drop_row(1, at=NOON, bag_id="BAG-1", return_id="RMA-1")
    put(database, drop)
    return drop


@pytest.fixture
def told(database):
    """Records movements, told so many hours after noon: (hours, kind, source, names...)."""

    def record(*rows):
        facts = [
            Movement(source, f"m{n}", kind, NOON + timedelta(hours=hours), **names)
            for n, (hours, kind, source, names) in enumerate(rows)
        ]
        made = database.write(lambda c: record_many(c, "acme", facts, NOON))
        assert made.new == len(rows)

    return record


def way(database, drop, merchant=""):
    story = views.story(database, "acme", drop["drop_id"], NOON + timedelta(days=9), merchant)
    return [(one.kind, one.thing, one.name) for one in story.moved]


def test_a_bag_is_followed_into_its_container_and_onto_its_list(database, dropped, told):
    told(
        (1, Told.CONTAINED, SHOP, {"bag_id": "BAG-1", "container_id": "CAGE"}),
        (2, Told.HANDED_OVER, SHOP, {"container_id": "CAGE", "manifest_id": "LIST"}),
        (3, Told.ACKNOWLEDGED, CARRIER, {"manifest_id": "LIST"}),
        (9, Told.RECEIVED, HUB, {"bag_id": "BAG-1", "count": 1}),
        (
            20,
            Told.REFUNDED,
            "merchant:linden",
            {"return_id": "RMA-1", "amount": 7990, "currency": "EUR"},
        ),
    )
    assert way(database, dropped) == [
        ("contained", "bag", "BAG-1"),
        ("handed_over", "container", "CAGE"),
        ("carrier_acknowledged", "manifest", "LIST"),
        ("hub_received", "bag", "BAG-1"),
        ("refunded", "return", "RMA-1"),
    ]


def test_what_a_container_did_before_and_does_later_is_not_this_bags(database, dropped, told):
    told(
        (-50, Told.HANDED_OVER, SHOP, {"container_id": "CAGE"}),
        (-40, Told.RECEIVED, HUB, {"container_id": "CAGE"}),
        (1, Told.CONTAINED, SHOP, {"bag_id": "BAG-1", "container_id": "CAGE"}),
        (2, Told.CONTAINED, SHOP, {"bag_id": "BAG-2", "container_id": "CAGE"}),
        (3, Told.HANDED_OVER, SHOP, {"container_id": "CAGE"}),
        (90, Told.HANDED_OVER, SHOP, {"container_id": "CAGE"}),
    )
    assert way(database, dropped) == [
        ("contained", "bag", "BAG-1"),
        ("handed_over", "container", "CAGE"),
    ]


def test_another_bag_of_the_same_return_is_left_out(database, dropped, told):
    told(
        (
            5,
            Told.RECEIVED,
            HUB,
            {"bag_id": "BAG-2", "return_id": "RMA-1", "line_id": "L1", "count": 1},
        ),
        (6, Told.GRADED, HUB, {"return_id": "RMA-1", "line_id": "L1", "count": 1, "detail": "A"}),
    )
    assert way(database, dropped) == [("graded", "return", "RMA-1")]


def test_a_drop_of_which_nothing_more_was_told_has_no_way(database, dropped):
    assert way(database, dropped) == []


def test_the_story_is_told_in_the_order_in_which_it_happened(database, dropped, told):
    told(
        (1, Told.CONTAINED, SHOP, {"bag_id": "BAG-1", "container_id": "CAGE"}),
        (9, Told.RECEIVED, HUB, {"bag_id": "BAG-1", "count": 2}),
    )
    evidence = Evidence(drops=(dropped["drop_id"],), bags=("BAG-1",))
    at = NOON + timedelta(hours=5)
    found = Found(Kind.COUNT_DIFFERS, "bag", "BAG-1", at, evidence)
    database.write(lambda c: open_many(c, "acme", [found]))
    story = views.story(database, "acme", dropped["drop_id"], NOON)
    assert [(step.kind, step.at) for step in story.steps] == [
        ("moved", NOON + timedelta(hours=1)),
        ("case", at),
        ("moved", NOON + timedelta(hours=9)),
    ]
