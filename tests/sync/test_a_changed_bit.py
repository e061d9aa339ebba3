"""What a disk has changed is never told as a fact; the rest of the queue goes on."""

from __future__ import annotations

import pytest

from kiosk.store.recovery.places import LEDGER
from sync.central.tables import cases, drops, events


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


@pytest.fixture
def change(box):
    """Something in the row of the n-th event changes while nobody looks."""
    import sqlcipher3.dbapi2 as driver

    def do(sql):
        box.close()
        connection = driver.connect(str(box.folder / LEDGER))
        connection.execute(sql)
        connection.commit()
        connection.close()
        box.open()
        box.agent.wake()

    return do


AMOUNT = "UPDATE events SET data = replace(data, '\"refund\":7', '\"refund\":1') WHERE number = 1"
FORM = "UPDATE events SET data = substr(data, 2) WHERE number = 1"
LINK = "UPDATE outbox SET chain = replace(chain, substr(chain, 1, 4), 'ffff') WHERE event = 1"


def taken(centre):
    return {row["return_id"] for row in centre.rows(drops)}


@pytest.mark.parametrize("damage", [AMOUNT, FORM], ids=["amount", "form"])
def test_a_changed_body_stays_here_and_opens_a_case(box, centre, drop_of, change, damage):
    box.record(drop_of("R1"))
    box.record(drop_of("R2"))
    change(damage)
    box.settle()
    assert box.store.outbox.position().queued == 0
    assert taken(centre) == {"R2"}
    assert "withheld: damaged" in [row["cause"] for row in centre.rows(events)]
    assert [row["kind"] for row in centre.rows(cases)] == ["quarantined_event"]
    assert not box.agent.state.forked


@pytest.mark.parametrize("damage", [AMOUNT, FORM], ids=["amount", "form"])
def test_a_new_epoch_makes_no_truth_of_it(box, centre, drop_of, change, damage):
    box.record(drop_of("R1"))
    box.record(drop_of("R2"))
    change(damage)
    for _ in range(2):
        box.agent._pushing.new_epoch()
        box.agent.wake()
        box.settle()
    assert taken(centre) == {"R2"}
    assert sum(row["refund"] for row in centre.rows(drops)) == 7990


def test_what_the_centre_has_already_stays_as_it_was(box, centre, drop_of, change):
    box.record(drop_of("R1"))
    box.settle()
    change(AMOUNT)
    box.agent._pushing.new_epoch()
    box.agent.wake()
    box.settle()
    assert [row["refund"] for row in centre.rows(drops)] == [7990]
    assert [row["cause"] for row in centre.rows(events) if row["cause"]] == []


def test_a_changed_link_costs_a_new_epoch_and_nothing_else(box, centre, drop_of, change):
    box.record(drop_of("R1"))
    box.record(drop_of("R2"))
    change(LINK)
    box.settle()
    assert box.agent.state.forked
    assert taken(centre) == {"R1", "R2"}
    assert box.store.outbox.damaged() == ()
