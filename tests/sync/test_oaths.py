"""Kiosk and centre swear to the chain: neither can later show another history."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from kiosk import audit
from kiosk.domain.events import KioskStarted
from kiosk.seal import sworn
from kiosk.seal.keys import SigningKey
from kiosk.seal.sworn import Kind
from kiosk.store import beside
from kiosk.world import SystemIds
from sync.agent.beating import Beating
from sync.agent.client import Ok
from sync.central import heads, ingest
from sync.central.devices import Device
from sync.central.serve import CentralServer
from sync.central.tables import heads as kept_heads
from sync.wire import codec
from sync.wire.messages import Pushed
from tests.sync.boxes import Box
from tests.sync.conftest import BUNDLE_KEY, TENANT, Centre
from tests.sync.conftest import Database as CentralDatabase

IDS = SystemIds()
STRANGER = SigningKey("bundle-1", bytes(range(50, 82)))
UNKNOWN = SigningKey("bundle-9", bytes(range(50, 82)))


@pytest.fixture
def swearing(database_url, clock):
    """A centre that holds its key, and so swears."""
    server = CentralServer(database_url, clock, IDS, bundle_keys={TENANT: BUNDLE_KEY})
    server.start()
    database = CentralDatabase(database_url)
    yield Centre(server, database, clock)
    database.close()
    server.stop()


@pytest.fixture
def box(swearing, clock, tmp_path):
    box = Box(swearing, clock, tmp_path / "kiosk")
    box.settle()
    yield box
    box.close()


def history(box) -> audit.Proven:
    with beside.look(box.folder) as connection:
        lines = audit.export(connection, box.me.device_id, box.clock.now(), box.me.key)
        given = audit.Given(
            frozenset({box.me.key.public}), frozenset({BUNDLE_KEY.public, UNKNOWN.public})
        )
        found = audit.check(lines, given)
    assert isinstance(found, audit.Proven), found
    return found


def tell(box) -> None:
    box.record(KioskStarted("1", 0, 0))
    box.settle()


def test_what_was_acknowledged_is_sworn_to_by_both(box, swearing):
    tell(box)
    found = history(box)
    assert found.vouched is not None
    assert found.vouched.after == 0
    with swearing.database.reading() as c:
        ((told, public),) = heads.of_device(c, box.me.device_id)
    assert sworn.holds(Kind.HEAD, told, bytes.fromhex(public))
    assert (told.chain, told.sequence) == (found.newest, found.vouched.sequence)


def test_one_oath_a_day_is_kept_on_both_sides(box, swearing, clock):
    for _ in range(3):
        tell(box)
    clock.advance(days=1)
    tell(box)
    assert history(box).anchors == 2
    assert len(swearing.rows(kept_heads)) == 2


def test_an_oath_of_before_proves_a_shortened_history(box, clock):
    tell(box)
    clock.advance(days=31)
    box.store.outbox.prune(clock.now())
    tell(box)
    found = history(box)
    assert [note.kind for note in found.notes] == ["shortened"]
    assert found.vouched.after == 0


def answering(box, change):
    """The box hears the centre's answers to its batches changed."""
    post = box.agent._pushing.client.post

    def changed(path, message):
        answer = post(path, message)
        if not isinstance(answer, Ok) or not path.endswith("/events"):
            return answer
        told = codec.decode(answer.body, Pushed)
        return Ok(answer.status, codec.encode(change(told)), answer.etag)

    pushing = box.agent._pushing
    pushing.client = Speaking(pushing.client, changed)


class Speaking:
    """A client with another `post`."""

    def __init__(self, client, post):
        self._client = client
        self.post = post

    def __getattr__(self, name):
        return getattr(self._client, name)


def resworn(told, key, **changes):
    said = told.anchor
    place = {
        "device": said.device,
        "epoch": said.epoch,
        "sequence": said.sequence,
        "link": said.chain,
        "at": told.server_time,
    }
    anchor = sworn.swear(Kind.ANCHOR, key, **(place | changes))
    return msgspec.structs.replace(told, anchor=anchor)


WRONG = {
    "forged": lambda told: resworn(told, STRANGER),
    "of another kiosk": lambda told: resworn(told, BUNDLE_KEY, device="device-2"),
    "of another epoch": lambda told: resworn(told, BUNDLE_KEY, epoch="another"),
    "of an earlier place": lambda told: resworn(told, BUNDLE_KEY, sequence=1),
    "of another link": lambda told: resworn(told, BUNDLE_KEY, link="ab" * 32),
}


@pytest.mark.parametrize("how", list(WRONG))
def test_an_answer_with_a_wrong_oath_is_not_believed(box, how):
    before = box.store.outbox.position().cursor
    answering(box, WRONG[how])
    tell(box)
    position = box.store.outbox.position()
    assert (position.cursor, position.queued) == (before, 1)
    assert not box.agent.state.online
    # Once the centre speaks true again, nothing was lost.
    box.agent._pushing.client = box.agent._client
    box.wait_out()
    assert box.store.outbox.position().queued == 0
    assert history(box).vouched.after == 0


def test_a_sworn_history_that_is_not_ours_is_a_fork(box):
    """The whole answer agrees with itself, and not with us."""

    def another(told):
        lie = msgspec.structs.replace(told, chain_head="ab" * 32)
        return resworn(lie, BUNDLE_KEY, link="ab" * 32)

    first = box.store.outbox.position().epoch
    answering(box, another)
    tell(box)
    assert box.agent.state.forked
    assert box.store.outbox.position().epoch != first


def test_an_oath_by_a_key_not_yet_known_is_no_fault_and_no_proof(box, monkeypatch):
    monkeypatch.setattr(Beating, "_witness", lambda *_: None)  # with heartbeats there is none
    anchors = history(box).anchors
    answering(box, lambda told: resworn(told, UNKNOWN))
    box.clock.advance(days=1)
    tell(box)
    assert box.store.outbox.position().queued == 0
    assert history(box).anchors == anchors


def test_a_centre_without_a_key_swears_nothing(centre, clock, tmp_path):
    box = Box(centre, clock, tmp_path / "kiosk")
    box.settle()
    tell(box)
    assert box.store.outbox.position().queued == 0
    assert history(box).vouched is None
    box.close()


@pytest.mark.parametrize("how", ["another key", "another place", "another link"])
def test_a_head_that_does_not_hold_is_told_and_not_kept(kiosk, centre, clock, how):
    event = kiosk.record(KioskStarted("1", 0, 0))
    place = {"epoch": event.epoch, "sequence": event.sequence, "link": event.chain}
    key = kiosk.key
    match how:
        case "another key":
            key = STRANGER
        case "another place":
            place["sequence"] += 1
        case _:
            place["link"] = "ab" * 32
    head = sworn.swear(Kind.HEAD, key, kiosk.device_id, at=clock.now(), **place)
    ask = msgspec.structs.replace(kiosk.message([event], None), head=head)
    device = Device(kiosk.device_id, TENANT, False)
    told = ingest.push(centre.database, clock, device, codec.as_told(ask), BUNDLE_KEY)
    assert isinstance(told, Pushed)  # the event itself is taken all the same
    assert [notice.kind for notice in told.notices] == ["head"]
    assert centre.rows(kept_heads) == []
    assert told.cursor == event.sequence


def test_a_head_never_passes_for_an_anchor(clock):
    told = sworn.swear(Kind.HEAD, BUNDLE_KEY, "d", "e", 1, "ab" * 32, clock.now())
    known = {BUNDLE_KEY.kid: BUNDLE_KEY.public}
    assert sworn.fault(Kind.HEAD, told, known) is None
    assert sworn.fault(Kind.ANCHOR, told, known) is sworn.Fault.BAD_SIGNATURE
    assert sworn.fault(Kind.HEAD, told, {}) is sworn.Fault.UNKNOWN_KEY


def test_anchors_are_bounded(box, clock, monkeypatch):
    from kiosk.store import anchors

    monkeypatch.setattr(anchors, "MOST", 3)
    for _ in range(6):
        clock.advance(days=1)
        tell(box)
    found = history(box)
    assert found.anchors == 3
    assert found.vouched.time.startswith(str((clock.now() - timedelta()).date()))
