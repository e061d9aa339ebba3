"""What was wrong with a kiosk is kept, from when to when, and since when it is in touch."""

from __future__ import annotations

import pytest

from sync.central.database import Database
from sync.central.fleet import spans
from sync.central.tables import device_spans, devices
from tests.sync.fleet.conftest import Fleet


@pytest.fixture
def fleet(database_url, clock):
    """On each database: what an update compares with is the row before it."""
    database = Database(database_url)
    yield Fleet(database, clock)
    database.close()


def told(fleet, device_id):
    """Newest first: code and minutes, None for what goes on."""
    with fleet.database.reading() as c:
        rows = spans.latest(c, device_id, 50)
    return [
        (row["code"], row["ended_at"] and (row["ended_at"] - row["began_at"]).seconds // 60)
        for row in rows
    ]


def row(fleet, device_id):
    with fleet.database.reading() as c:
        query = devices.select().where(devices.c.device_id == device_id)
        return c.execute(query).mappings().one()


def test_a_trouble_is_kept_from_its_first_heartbeat_to_the_first_without_it(fleet, clock):
    box, other = fleet.join(), fleet.join("K2")
    fleet.beat(box)
    for troubles in ((), ("paper_low",), ("paper_low",), ("paper_out", "offline"), ()):
        clock.advance(minutes=1)
        fleet.beat(box, troubles=troubles)
    fleet.beat(other, troubles=("paper_low",))
    assert told(fleet, box) == [("paper_out", 1), ("paper_low", 2)]
    assert told(fleet, other) == [("paper_low", None)]


def test_a_silence_is_kept_once_the_kiosk_is_back(fleet, clock):
    box = fleet.join()
    fleet.beat(box)
    began = clock.now()
    clock.advance(minutes=2)
    fleet.beat(box)
    assert row(fleet, box)["here_since"] == began
    clock.advance(minutes=40)
    fleet.beat(box, troubles=("paper_out",))
    assert row(fleet, box)["here_since"] == clock.now()
    assert told(fleet, box) == [("paper_out", None), ("silent", 40)]


def test_it_is_known_since_when_a_kiosk_decides_by_its_rules(fleet, clock):
    box = fleet.join()
    fleet.beat(box, policy_number=4)
    began = clock.now()
    clock.advance(minutes=1)
    fleet.beat(box, policy_number=4)
    assert row(fleet, box)["policy_since"] == began
    clock.advance(minutes=1)
    fleet.beat(box, policy_number=5)
    assert row(fleet, box)["policy_since"] == clock.now()


def test_what_ended_a_year_ago_is_kept_no_longer(fleet, clock):
    box = fleet.join()
    fleet.beat(box, troubles=("paper_out",))
    clock.advance(minutes=1)
    fleet.beat(box)
    clock.advance(days=366)
    fleet.beat(box, troubles=("paper_low",))
    with fleet.database.reading() as c:
        kept = set(c.execute(device_spans.select()).scalars().all())
        codes = {one.code for one in c.execute(device_spans.select())}
    assert kept == {box}
    assert codes == {"paper_low", "silent"}
