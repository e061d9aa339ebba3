"""After a start, and while serving: what was cut off is put right, and what is wrong is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.app.recover import Recovered, recover
from kiosk.app.service import service
from kiosk.domain.visit import CommittedDrop, OpenDrop
from kiosk.ports import Printed, Trouble
from kiosk.store.outbox import RETENTION


def start_again(kiosk):
    again = kiosk.restart()
    return again, recover(again.store, again.clock)


def troubles(kiosk, online: bool = True) -> set[str]:
    return {trouble.value for trouble in service(kiosk.store, kiosk.clock.now(), online)}


def test_a_clean_end_leaves_nothing_to_do(ready):
    done = ready.drop(1)
    ready.receipts.begin(done.drop_id)
    ready.receipts.settle(done.drop_id, Printed())
    before = ready.types()
    again, recovered = start_again(ready)
    assert recovered == Recovered(0, 0)
    assert again.types() == before
    again.close()


@pytest.mark.parametrize("number", [1, 4])
def test_an_open_drop_is_given_up_after_a_crash(ready, number):
    drop = ready.open(number)
    again, recovered = start_again(ready)
    assert recovered == Recovered(1, 0)
    (fact,) = again.events("drop.abandoned")
    assert (fact["drop_id"], fact["cause"]) == (drop.drop_id, "crashed")
    assert isinstance(again.drop_off.check("visit-9", again.code(number)), OpenDrop)
    assert again.store.outbox.verify() is None
    again.close()


def test_a_promise_is_kept_and_its_bag_stays_taken(ready):
    ready.drop(1, bag=1)
    again, recovered = start_again(ready)
    assert recovered.abandoned == 0
    other = again.open(5, visit="visit-9")
    assert again.drop_off.commit(other, again.bag(1)).reason.why.value == "bag_in_use"
    assert isinstance(again.drop_off.commit(other, again.bag(2)), CommittedDrop)
    again.close()


@pytest.mark.parametrize(("begun", "outcome"), [(False, "failed"), (True, "unconfirmed")])
def test_a_receipt_cut_off_is_told_and_never_printed_by_itself(ready, begun, outcome):
    done = ready.drop(1)
    if begun:
        ready.receipts.begin(done.drop_id)
    again, recovered = start_again(ready)
    assert recovered == Recovered(0, 1)
    (fact,) = again.events("receipt.settled")
    assert (fact["drop_id"], fact["outcome"]) == (done.drop_id, outcome)
    assert recover(again.store, again.clock) == Recovered(0, 0)
    again.receipts.begin(done.drop_id)  # a person may ask
    again.close()


def test_old_acknowledged_events_go_at_the_start(ready):
    ready.drop(1)
    batch = ready.store.outbox.next_batch(100, 1 << 20)
    last = batch.events[-1]
    assert ready.store.outbox.acknowledge(batch.epoch, last.sequence, last.chain)
    ready.clock.pass_time(RETENTION + timedelta(days=1))
    again, _ = start_again(ready)
    assert again.types() == ["receipt.settled"]
    assert again.drop_off.check("visit-9", again.code(1)).reason.why.value == "policy_expired"
    again.install(2)
    assert again.drop_off.check("visit-9", "00000012").reason.why.value == "return_already_dropped"
    again.close()


def test_a_kiosk_in_order_has_no_trouble(ready):
    assert troubles(ready) == set()


def test_each_trouble_has_its_name(ready, tmp_path, make_kiosk):
    assert troubles(ready, online=False) == {"offline"}
    ready.clock.pass_time(timedelta(hours=24))
    assert troubles(ready) == {"policy_stale"}
    ready.clock.pass_time(timedelta(hours=48))
    assert troubles(ready) == {"policy_expired"}
    new = make_kiosk(tmp_path / "new")
    assert troubles(new) == {"policy_missing"}
    new.close()


def test_a_clock_set_back_is_told_and_revives_no_bundle(ready):
    ready.clock.pass_time(timedelta(hours=80))
    assert troubles(ready) == {"policy_expired"}
    again = ready.restart()
    again.clock.wall -= timedelta(hours=79)
    assert troubles(again) == {"policy_expired", "clock_jumped"}
    again.close()


def test_a_small_correction_of_the_clock_is_no_trouble(ready):
    ready.store.now()
    ready.clock.wall -= timedelta(minutes=2)
    assert troubles(ready) == set()


def test_a_disk_in_trouble_is_told_until_a_write_goes_well(ready, caplog):
    assert troubles(ready) == set()
    database = ready.store._database
    database.pragma("query_only=ON")
    ready.drop_off.check("visit-1", ready.code(1))
    assert troubles(ready) == {"store_failed"}
    database.pragma("query_only=OFF")
    assert troubles(ready) == set()  # each look tries to keep the time, and tells what was met
    ledger = [fact for fact in ready.events("device.changed") if fact["device"] == "ledger"]
    assert [(fact["state"], fact["fault"]) for fact in ledger] == [
        ("faulty", "read_only"),
        ("ready", ""),
    ]


def test_a_disk_nearly_full_stops_before_it_is_too_late(ready, monkeypatch):
    monkeypatch.setattr("kiosk.store.store.free_bytes", lambda path: 10 << 20)
    assert Trouble.STORE_FULL in service(ready.store, ready.clock.now(), True)
