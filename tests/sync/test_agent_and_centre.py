"""The real agent over a real store against a real centre: what is recorded arrives, once."""

from __future__ import annotations

import shutil
import threading
import time
from datetime import timedelta

import pytest

from kiosk.domain.events import KioskStarted
from kiosk.domain.policy.bundle import CodeKey
from kiosk.seal.keys import SigningKey
from kiosk.world import SystemClock
from sync.agent.agent import LinkError
from sync.central import devices, policy
from sync.central.audit import at_console
from sync.central.serve import CentralServer
from sync.central.tables import bundle_chunks, bundles, cases, drops, events
from sync.wire import bundle
from tests.sync.boxes import IDS, Box, publish, rejected
from tests.sync.conftest import BUNDLE_KEY


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


# --- events ---


def test_a_drop_arrives_and_the_queue_is_empty(box, centre, drop_of):
    box.record(drop_of("R1"))
    box.settle()
    assert [row["return_id"] for row in centre.rows(drops)] == ["R1"]
    assert box.store.outbox.position().queued == 0
    assert box.agent.state.online
    assert box.states[-1].queued == 0


def test_what_was_recorded_offline_arrives_when_the_centre_is_back(box, centre, drop_of):
    centre.server.stop()
    box.record(drop_of("R1"))
    box.settle()
    assert (box.agent.state.online, box.agent.state.error) == (False, LinkError.AWAY)
    box.record(drop_of("R2"))
    box.settle()
    assert box.agent.state.queued == 2
    centre.server.start()
    box.wait_out()
    assert {row["return_id"] for row in centre.rows(drops)} == {"R1", "R2"}
    assert (box.agent.state.online, box.agent.state.queued) == (True, 0)


def test_a_restart_of_the_kiosk_keeps_queue_and_patience(box, centre, drop_of):
    centre.server.stop()
    box.record(drop_of("R1"))
    box.settle()
    before = box.store.outbox.schedule()
    assert before.failures > 0
    box.close()
    box.open()
    assert box.store.outbox.schedule() == before
    centre.server.start()
    box.wait_out()
    assert len(centre.rows(drops)) == 1
    assert box.store.outbox.schedule().failures == 0


def test_a_wall_clock_set_far_back_does_not_put_the_agent_to_sleep(box, centre, clock, drop_of):
    centre.server.stop()
    box.record(drop_of("R1"))
    box.settle()
    box.close()
    clock.jump(days=-3650)
    box.open()
    assert box.agent.turn() <= 2 * 3600


def test_a_kiosk_whose_clock_is_wrong_still_delivers(box, centre, drop_of):
    class Wrong:
        def now(self):
            return centre.clock.now() - timedelta(hours=5)

        monotonic = centre.clock.monotonic

    box.close()
    box.clock = Wrong()
    box.open()
    box.record(drop_of("R1"))
    box.settle()
    [row] = centre.rows(drops)
    assert row["corrected_at"] - row["told_at"] == timedelta(hours=5)


def test_a_store_restored_from_a_backup_begins_anew_and_loses_nothing(box, centre, drop_of):
    box.record(drop_of("R1"))
    box.settle()
    box.close()
    shutil.copytree(box.folder, box.folder.with_name("backup"))
    box.open()
    box.record(drop_of("R2"))
    box.settle()
    box.close()
    shutil.rmtree(box.folder)
    shutil.copytree(box.folder.with_name("backup"), box.folder)
    box.open()
    box.record(drop_of("R3"))
    box.settle()
    assert {row["return_id"] for row in centre.rows(drops)} == {"R1", "R2", "R3"}
    assert box.agent.state.forked
    assert [row["kind"] for row in centre.rows(cases)] == ["fork"]


def test_a_copied_box_and_its_original_both_deliver(box, centre, clock, drop_of):
    box.record(drop_of("R1"))
    box.settle()
    box.close()
    copied = Box.__new__(Box)
    copied.__dict__.update(box.__dict__, folder=box.folder.with_name("copy"), states=[])
    shutil.copytree(box.folder, copied.folder)
    box.open()
    copied.open()
    for turn in range(3):
        for one, name in ((box, "A"), (copied, "B")):
            one.record(drop_of(f"R-{name}{turn}"))
            one.settle()
    copied.close()
    told = {row["return_id"] for row in centre.rows(drops)}
    assert told == {"R1", *(f"R-{name}{turn}" for name in "AB" for turn in range(3))}


def test_a_centre_restored_from_a_backup_is_told_again(box, centre, clock, tmp_path, drop_of):
    """Even with nothing new to send: the heartbeat shows it."""
    box.record(drop_of("R1"))
    box.settle()
    file = tmp_path / "centre.db"
    centre.server.stop()
    centre.database.close()
    shutil.copy(file, tmp_path / "kept.db")
    centre.server.start()
    box.record(drop_of("R2"))
    box.settle()
    centre.server.stop()
    centre.database.close()
    for part in tmp_path.glob("centre.db*"):
        part.unlink()
    shutil.copy(tmp_path / "kept.db", file)
    centre.server.start()
    assert {row["return_id"] for row in centre.rows(drops)} == {"R1"}
    clock.advance(minutes=2)
    box.settle()
    assert {row["return_id"] for row in centre.rows(drops)} == {"R1", "R2"}


def test_a_revoked_kiosk_hears_it_and_still_delivers(box, centre, clock, drop_of):
    box.settle()
    devices.revoke(centre.database, centre.clock, at_console("acme"), box.me.device_id, "lost")
    box.record(drop_of("R1"))
    clock.advance(minutes=2)
    box.settle()
    assert box.agent.state.revoked
    assert [row["cause"] for row in centre.rows(events)] == ["revoked"]
    assert box.store.outbox.position().queued == 0


def test_hundreds_of_events_go_in_batches_and_in_order(box, centre):
    for n in range(620):
        box.store.record(KioskStarted("1", n, 0), "kiosk")
    box.settle()
    rows = sorted(centre.rows(events), key=lambda row: row["sequence"])
    assert [row["sequence"] for row in rows] == list(range(1, 621))


def test_on_its_own_thread_a_wake_delivers_and_stop_ends_it(centre, tmp_path, drop_of):
    clock = SystemClock()
    arrived = threading.Event()
    made = Box(centre, centre.clock, tmp_path / "kiosk")
    made.close()
    made.clock = clock
    made.open()
    centre.clock.jump(seconds=(clock.now() - centre.clock.now()).total_seconds())

    def changed(state):
        if state.online and state.queued == 0 and centre.rows(drops):
            arrived.set()

    made.agent._changed = changed
    made.agent.start()
    made.record(drop_of("R1"))
    assert arrived.wait(30)
    made.close()
    assert not any(thread.name == "agent" for thread in threading.enumerate())


# --- policy ---


def test_a_published_bundle_is_in_force_and_is_not_fetched_twice(box, centre, clock, authorised):
    authorised("R1")
    publish(centre)
    box.settle()
    assert box.store.policy.highest() == 1
    assert box.store.policy.current().find_return("R1").order_number == "ORDER-R1"
    assert box.agent.state.policy_number == 1
    clock.advance(minutes=20)
    box.settle()
    told = [row["type"] for row in centre.rows(events)]
    assert told == ["takeback.policy.activated.v1"]


def test_a_new_bundle_is_found_by_the_next_heartbeat(box, centre, clock, authorised):
    publish(centre)
    box.settle()
    authorised("R2")
    publish(centre)
    clock.advance(seconds=75)
    box.settle()
    assert box.store.policy.highest() == 2


def test_a_bundle_signed_by_a_stranger_is_refused_once_and_the_old_one_serves(box, centre, clock):
    publish(centre)
    box.settle()
    policy.publish(centre.database, clock, "acme", SigningKey("bundle-1", bytes(32)))
    for _ in range(3):
        clock.advance(minutes=7)
        box.settle()
    assert rejected(centre) == [(0, "bad_signature")]
    assert box.store.policy.current().number == 1


def test_an_older_bundle_is_never_taken_back(box, centre, clock):
    publish(centre)
    publish(centre)
    box.settle()
    centre.database.write(lambda c: c.execute(bundles.delete().where(bundles.c.number == 2)))
    clock.advance(minutes=7)
    box.settle()
    assert rejected(centre) == [(1, "rollback")]
    assert box.store.policy.current().number == 2


def test_an_expired_bundle_is_not_taken(box, centre, clock):
    publish(centre, accept_until=timedelta(hours=1))
    clock.advance(hours=2)
    box.settle()
    assert rejected(centre) == [(1, "expired")]
    assert box.store.policy.current() is None


def test_another_tenants_bundle_is_not_taken(centre, clock, tmp_path):
    made = Box(centre, clock, tmp_path / "kiosk", tenant="somebody else")
    publish(centre)
    made.settle()
    assert rejected(centre) == [(1, "wrong_tenant")]
    made.close()


def test_a_torn_file_is_not_taken_and_is_fetched_again(box, centre, clock, authorised):
    authorised("R1")
    manifest = publish(centre)
    name = bundle.plan(manifest, 0).files[0].sha256
    [whole] = [row["data"] for row in centre.rows(bundle_chunks, sha256=name)]

    def put(data):
        change = bundle_chunks.update().where(bundle_chunks.c.sha256 == name).values(data=data)
        centre.database.write(lambda c: c.execute(change))

    put(whole[:-3] + b"xyz")
    box.settle()
    assert rejected(centre) == [(1, "wrong_hash")]
    put(whole)
    clock.advance(seconds=75)
    box.settle()
    assert box.store.policy.current().number == 1


def test_rules_that_a_kiosk_would_not_understand_are_not_published(centre, clock):
    from kiosk.domain.returns import Merchant

    shop = Merchant("m", "M", "", "UTC")
    policy.put_merchant(centre.database, "acme", shop, [{"rule": "wndow", "id": "w"}])
    made = policy.publish(centre.database, clock, "acme", BUNDLE_KEY)
    assert isinstance(made, policy.NotPublished)
    assert "m, rule 1" in made.problems[0]
    assert centre.rows(bundles) == []


def test_a_bundle_getting_old_is_renewed_and_a_fresh_one_is_not(centre, clock):
    assert policy.renew(centre.database, clock, "acme", BUNDLE_KEY).number == 1
    assert policy.renew(centre.database, clock, "acme", BUNDLE_KEY) is None
    clock.advance(hours=7)
    assert policy.renew(centre.database, clock, "acme", BUNDLE_KEY).number == 2


def test_a_running_centre_with_the_key_publishes_by_itself(centre, database_url, clock):
    keeper = CentralServer(database_url, clock, IDS, bundle_keys={"acme": BUNDLE_KEY})
    keeper.start()
    ends = time.monotonic() + 30
    while not centre.rows(bundles) and time.monotonic() < ends:
        time.sleep(0.01)
    keeper.stop()
    assert [row["number"] for row in centre.rows(bundles)] == [1]


def test_keys_and_revocations_travel_in_the_bundle(box, centre, clock):
    key = CodeKey("k1", "00" * 32, "linden", clock.now(), clock.now() + timedelta(days=9))
    policy.put_code_key(centre.database, "acme", key)
    policy.revoke_code(centre.database, "acme", "stolen")
    policy.revoke_code(centre.database, "acme", "stolen")
    publish(centre)
    box.settle()
    content = box.store.policy.current().content
    assert content.code_keys == (key,)
    assert content.revoked_codes == ("stolen",)
    assert content.audience == "acme-kiosks"
