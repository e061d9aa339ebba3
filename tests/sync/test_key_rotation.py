"""A kiosk changes its key: whatever is lost or dies on the way, one key works at the end."""

from __future__ import annotations

import shutil

import pytest

from kiosk.seal.keys import SigningKey
from kiosk.store import device_key
from kiosk.store.switching import Wanted, settle
from kiosk.world import SystemIds
from sync.agent.client import Away, Client, Ok, Refused
from sync.agent.device_keys import DeviceKeys
from sync.agent.enrol import Identity, enrol, load_identity
from sync.agent.rotation import RotateFault, rotate
from sync.central.audit import at_console
from sync.central.devices import create_enrolment, revoke
from sync.central.tables import devices, old_keys
from sync.wire import codec
from sync.wire.messages import Heartbeat, Rotate

IDS = SystemIds()


class Kiosk:
    """A data directory, and clients that start in it as a process would."""

    def __init__(self, centre, clock, data):
        self.centre, self.clock, self.data = centre, clock, data
        code = create_enrolment(centre.database, clock, IDS, "acme", "Street 1", "K1")
        made = enrol(centre.url, code, data, clock, IDS)
        assert isinstance(made, Identity)
        self.keys = DeviceKeys(data, made.device_id)
        self.clients: list[Client] = []

    def start(self, kind: type[Client] = Client, data=None) -> Client:
        data = data or self.data
        who = load_identity(data)
        assert isinstance(who, Identity), who
        keys = DeviceKeys(data, who.device_id)
        client = kind(
            self.centre.url, who.device_id, who.key, self.clock, IDS, "1", 10.0, keys=keys
        )
        self.clients.append(client)
        return client

    def works(self, client: Client) -> bool:
        told = Heartbeat(
            time=self.clock.now(), version="1", epoch="e", cursor=0, chain_head="", queued=0
        )
        return isinstance(client.post(f"/v1/devices/{client.device_id}/heartbeat", told), Ok)

    def in_force(self) -> str:
        [row] = self.centre.rows(devices)
        return row["public_key"]


class LosesReplies(Client):
    """The question arrives, its answer does not."""

    def post(self, path, message):
        super().post(path, message)
        return Away("lost")


class NeverArrives(Client):
    def post(self, path, message):
        return Away("nobody there")


@pytest.fixture
def box(centre, clock, tmp_path):
    kiosk = Kiosk(centre, clock, tmp_path / "data")
    yield kiosk
    for client in kiosk.clients:
        client.close()


def next_key(box):
    return box.data / device_key.NEXT_FILE


def test_a_new_key_takes_the_place_of_the_old(box):
    old = box.in_force()
    client = box.start()
    new = rotate(client, box.keys, IDS)
    assert isinstance(new, SigningKey)
    assert box.in_force() == new.public.hex() != old
    assert not next_key(box).exists()
    assert (box.data / "device.key").stat().st_mode & 0o777 == 0o600
    assert client.key == new
    assert box.works(client)
    assert box.works(box.start())


def test_the_old_key_lets_in_for_the_overlap_and_not_after(box, clock):
    running = box.start()
    running.keys = None  # a program from before, that looks for no other key
    rotate(box.start(), box.keys, IDS)
    assert box.works(running)
    clock.advance(days=6, hours=23)
    assert box.works(running)
    clock.advance(hours=2)
    assert not box.works(running)
    assert box.works(box.start())


def test_a_running_kiosk_finds_the_new_key_by_itself(box, clock):
    running = box.start()
    new = rotate(box.start(), box.keys, IDS)
    clock.advance(days=8)
    assert box.works(running)
    assert running.key.public == new.public


def test_a_question_that_never_arrives_changes_nothing(box):
    old = box.in_force()
    assert rotate(box.start(NeverArrives), box.keys, IDS) is RotateFault.CENTRE_AWAY
    assert box.in_force() == old
    assert box.works(box.start())
    assert isinstance(rotate(box.start(), box.keys, IDS), SigningKey)


@pytest.mark.parametrize("days", [0, 30])
def test_a_lost_reply_is_mended_by_asking_again(box, clock, days):
    """Within the overlap by the old key, after it by the new one that is on the disk."""
    assert rotate(box.start(LosesReplies), box.keys, IDS) is RotateFault.CENTRE_AWAY
    offered = device_key.read(box.data, device_key.NEXT_FILE)
    clock.advance(days=days)
    new = rotate(box.start(), box.keys, IDS)
    assert isinstance(new, SigningKey)
    assert new.public.hex() == box.in_force()
    if days == 0:
        assert new.private == offered
    assert box.works(box.start())


def test_a_kiosk_that_died_before_the_new_key_took_its_place_gets_in(box, clock):
    rotate(box.start(LosesReplies), box.keys, IDS)
    clock.advance(days=30)
    client = box.start()
    assert box.works(client)
    assert client.key.public.hex() == box.in_force()
    assert not next_key(box).exists(), "the coming key has come"
    assert box.works(box.start())


def test_killed_at_every_step(box, tmp_path, clock, monkeypatch):
    """The data directory as it is after each change of the disk and each word with the centre."""
    seen = []

    def note(step):
        seen.append(step)
        shutil.copytree(box.data, tmp_path / f"killed-{len(seen)}")

    class Noting(Client):
        def post(self, path, message):
            note("before the centre knows")
            answer = super().post(path, message)
            note("after the centre knows")
            return answer

    write = device_key.write
    monkeypatch.setattr(
        device_key, "write", lambda *a: [note("before"), write(*a), note("written")]
    )
    rotate(box.start(Noting), box.keys, IDS)
    note("placed")
    monkeypatch.undo()
    assert len(seen) == 5
    for later in (0, 8):  # within the overlap, and after it
        clock.advance(days=later)
        for number in range(5, 0, -1):
            data = tmp_path / f"killed-{number}"
            knows = number > 1  # the very first state never had the key that is in force now
            if later and not knows:
                continue
            assert box.works(box.start(data=data)), (later, seen[number - 1])


def test_the_new_key_must_be_held_by_who_brings_it(box):
    client, stranger = box.start(), SigningKey("", bytes(32))
    old, public = box.in_force(), stranger.public.hex()
    elsewhere = stranger.sign(Rotate.proven("another kiosk", public)).hex()
    for proof in ("", "00" * 64, "junk", elsewhere):
        ask = Rotate(public_key=public, proof=proof)
        answer = client.post(f"/v1/devices/{client.device_id}/key", ask)
        assert isinstance(answer, Refused)
    assert box.in_force() == old


def test_an_old_key_makes_no_new_one_and_none_comes_back(box):
    thief = box.start()
    thief.keys = None
    stolen = thief.key
    rotate(box.start(), box.keys, IDS)
    current = box.in_force()
    for key in (SigningKey("", bytes(32)), stolen):
        public = key.public.hex()
        proof = key.sign(Rotate.proven(thief.device_id, public)).hex()
        path = f"/v1/devices/{thief.device_id}/key"
        answer = thief.post(path, Rotate(public_key=public, proof=proof))
        assert isinstance(answer, Refused)
        assert (answer.status, answer.problem.kind) == (409, "superseded")
    assert box.in_force() == current


def test_a_kiosk_cannot_change_the_key_of_another(box, enrolled):
    other = enrolled("K2")
    client = box.start()
    answer = client.post(
        f"/v1/devices/{other.device_id}/key", Rotate(public_key="00" * 32, proof="")
    )
    assert isinstance(answer, Refused)
    assert answer.status == 401


def test_a_revoked_kiosk_gets_no_new_key(box, centre):
    client = box.start()
    revoke(centre.database, centre.clock, at_console("acme"), client.device_id, "lost")
    assert rotate(client, box.keys, IDS) is RotateFault.REFUSED
    assert centre.rows(old_keys) == []


def test_the_new_key_is_wrapped_where_the_store_is_encrypted(box, tmp_path, monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    wanted = Wanted(encrypted=True, key_file=tmp_path / "keys" / "store.key")
    rotate(box.start(LosesReplies), box.keys, IDS)
    coming = device_key.read(box.data, device_key.NEXT_FILE)
    assert settle(box.data, wanted, IDS) is None
    for name in ("device.key", device_key.NEXT_FILE):
        assert (box.data / name).read_text().startswith("wrapped:")
    new = rotate(box.start(), box.keys, IDS)
    assert isinstance(new, SigningKey)
    assert new.private == coming
    assert coming.hex() not in (box.data / "device.key").read_text()
    again = rotate(box.start(), box.keys, IDS)
    assert isinstance(again, SigningKey)
    assert again.private.hex() not in (box.data / "device.key").read_text()
    assert box.works(box.start())


def test_the_message_reads_as_it_was_written():
    ask = Rotate(public_key="00" * 32, proof="11" * 64)
    assert codec.decode(codec.encode(ask), Rotate) == ask
