"""A body that something on the way refused is offered again: the refusal may have been about the
moment, not about the body. And an older disk is seen before it records anything."""

from __future__ import annotations

import shutil

import pytest

from sync.agent.client import Away, Client, Problem, Refused
from sync.agent.pace import Pace
from sync.agent.withheld import FIRST_S, LONGEST_S, Withheld
from sync.central.tables import drops, events
from sync.wire import codec
from sync.wire.messages import Heartbeat, HeartbeatReply
from tests.sync.boxes import Box


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


@pytest.fixture
def refusing(monkeypatch):
    """While `bodies` is set, a proxy answers 413 to every event that has one."""
    from sync.agent import client

    class Proxy:
        bodies = True
        asked = 0

    real = client.Client.post

    def post(self, path, message):
        if path.endswith("/events"):
            Proxy.asked += 1
            if Proxy.bodies and any(event.data for event in message.events):
                return client.Refused(413, client.Problem(kind=""))
        return real(self, path, message)

    monkeypatch.setattr(client.Client, "post", post)
    return Proxy


def withheld(centre):
    return [row["id"] for row in centre.rows(events) if row["cause"].startswith("withheld")]


def pass_time(box, seconds):
    box.clock.advance(seconds=seconds)
    for _ in range(3):
        box.settle()
        box.clock.advance(seconds=90)


def test_a_drop_held_back_by_a_passing_refusal_has_its_effect_in_the_end(
    box, centre, refusing, drop_of
):
    box.record(drop_of("R1"))
    box.settle()
    assert box.store.outbox.position().queued == 0
    assert len(withheld(centre)) == 1
    assert centre.rows(drops) == []
    refusing.bodies = False
    pass_time(box, FIRST_S)
    assert withheld(centre) == []
    assert [row["return_id"] for row in centre.rows(drops)] == ["R1"]
    assert [row["state"] for row in centre.rows(events)] == ["accepted"]


def test_what_refuses_everything_is_asked_ever_more_rarely(
    centre, clock, tmp_path, drop_of, monkeypatch
):
    """A proxy that answers 400 to whatever comes, for an hour: each try to find the one bad record
    looked like an answer of the centre, and the next came a second later."""
    box = Box(centre, clock, tmp_path / "kiosk", pace=Pace(first_contact=0))
    box.record(drop_of("R1"))
    asked = []

    def refuse(*_given):
        asked.append(clock.monotonic())
        return Refused(400, Problem(kind=""))

    with monkeypatch.context() as patch:
        for verb in ("post", "get"):
            patch.setattr(Client, verb, refuse)
        begun = clock.monotonic()
        while clock.monotonic() < begun + 3600:
            wait = box.agent.turn()
            clock.advance(seconds=wait + 0.001)
    assert len(asked) < 200
    assert not box.agent.state.online
    clock.advance(seconds=301)
    box.settle()
    pass_time(box, FIRST_S)
    assert [row["state"] for row in centre.rows(events)] == ["accepted"]
    box.close()


def test_what_is_recorded_later_does_not_wait_for_it(box, centre, refusing, drop_of):
    box.record(drop_of("R1"))
    box.settle()
    refusing.bodies = False
    box.record(drop_of("R2"))
    box.settle()
    assert [row["return_id"] for row in centre.rows(drops)] == ["R2"]


def test_a_body_that_is_refused_for_good_is_offered_ever_more_rarely(
    box, centre, refusing, drop_of
):
    box.record(drop_of("R1"))
    box.settle()
    before = refusing.asked
    for _ in range(16):
        box.clock.advance(hours=3)
        box.settle()
    assert 3 <= refusing.asked - before <= 6
    assert len(withheld(centre)) == 1
    assert box.agent.state.online


def test_a_restart_does_not_forget_it(box, centre, refusing, drop_of):
    box.record(drop_of("R1"))
    box.settle()
    box.close()
    refusing.bodies = False
    box.open()
    pass_time(box, FIRST_S)
    assert len(centre.rows(drops)) == 1


def test_what_is_told_anew_in_another_epoch_waits_no_longer(box, centre, refusing, drop_of):
    box.record(drop_of("R1"))
    box.settle()
    refusing.bodies = False
    box.store.outbox.new_epoch()
    box.agent.wake()
    pass_time(box, LONGEST_S)
    assert Withheld(box.store, box.clock)._waiting == {}
    assert len(centre.rows(drops)) == 1


# --- an older disk ---


def test_a_heartbeat_from_an_older_disk_is_told_so(centre, kiosk):
    for _ in range(3):
        kiosk.push(kiosk.record())
    told = Heartbeat(
        time=centre.clock.now(),
        version="1",
        epoch="e1",
        cursor=1,
        chain_head=kiosk.history[0].chain,
        queued=1,
    )
    answer = kiosk.post("heartbeat", codec.encode(told))
    reply = codec.decode(answer.content, HeartbeatReply)
    assert (reply.fork, reply.cursor) == (True, 3)


def test_a_lost_answer_does_not_look_like_an_older_disk(centre, kiosk):
    for _ in range(3):
        kiosk.push(kiosk.record())
    told = Heartbeat(
        time=centre.clock.now(),
        version="1",
        epoch="e1",
        cursor=1,
        chain_head=kiosk.history[0].chain,
        queued=2,
    )
    answer = kiosk.post("heartbeat", codec.encode(told))
    assert not codec.decode(answer.content, HeartbeatReply).fork


def test_a_restored_disk_begins_anew_before_it_records_anything(box, centre, drop_of):
    box.record(drop_of("R1"))
    box.settle()
    box.close()
    backup = box.folder.with_name("backup")
    shutil.copytree(box.folder, backup)
    box.open()
    box.record(drop_of("R2"))
    box.settle()
    box.close()
    shutil.rmtree(box.folder)
    shutil.copytree(backup, box.folder)
    box.open()
    box.settle()
    assert box.agent.state.forked
    assert len(centre.rows(drops)) == 2


def test_it_is_owed_too_where_an_earlier_batch_brings_the_acknowledgement(
    box, centre, refusing, drop_of, monkeypatch
):
    """The answer to the record without its body was lost; then the kiosk went back, and heard with
    an older record that the centre has this one as well."""
    box.record(drop_of("R1"))
    box.settle()
    pass_time(box, FIRST_S)  # a queue of one more, behind others that are acknowledged
    box.record(drop_of("R2"))
    told = type(box.agent._pushing)._accepted

    def lost(self, batch, body):
        return Away("cut") if batch.events[-1].id in self._withheld else told(self, batch, body)

    with monkeypatch.context() as patch:
        patch.setattr(type(box.agent._pushing), "_accepted", lost)
        for _ in range(4):
            box.wait_out()
    assert len(withheld(centre)) == 2
    box.store.outbox.rewind(0)
    box.agent._pushing._most = 1
    refusing.bodies = False
    box.wait_out()
    assert box.store.outbox.position().queued == 0
    pass_time(box, 2 * FIRST_S)
    pass_time(box, 2 * FIRST_S)
    assert withheld(centre) == []
    assert {row["return_id"] for row in centre.rows(drops)} == {"R1", "R2"}
