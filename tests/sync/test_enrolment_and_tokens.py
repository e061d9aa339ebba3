"""How a kiosk becomes known, and how every later request proves who sends it."""

from __future__ import annotations

from kiosk.seal import tokens
from kiosk.seal.keys import SigningKey
from kiosk.world import SystemIds
from sync.agent import enrol as agent_enrol
from sync.agent.enrol import EnrolFault, Identity, enrol, load_identity
from sync.central.audit import at_console
from sync.central.devices import create_enrolment, revoke
from sync.central.tables import devices, enrolments, events
from sync.wire import codec
from sync.wire.messages import Heartbeat, HeartbeatReply

IDS = SystemIds()


def new_code(centre):
    return create_enrolment(centre.database, centre.clock, IDS, "acme", "Street 1", "K7")


def beat(kiosk):
    return codec.encode(
        Heartbeat(
            time=kiosk.clock.now(),
            version="1.0",
            epoch=kiosk.epoch,
            cursor=0,
            chain_head=kiosk.head,
            queued=3,
            troubles=("paper_low",),
        )
    )


def test_a_code_makes_one_kiosk_and_its_key_stays_where_it_was_made(centre, clock, tmp_path):
    made = enrol(centre.url, new_code(centre), tmp_path, clock, IDS)
    assert isinstance(made, Identity)
    assert load_identity(tmp_path) == made
    assert (made.tenant, made.site, made.kiosk_code) == ("acme", "Street 1", "K7")
    assert (tmp_path / "device.key").stat().st_mode & 0o777 == 0o600
    [row] = centre.rows(devices)
    assert row["public_key"] == made.key.public.hex()
    assert made.key.private.hex() not in str(centre.rows(devices))


def test_the_code_is_kept_hashed(centre):
    code = new_code(centre)
    assert code.replace("-", "") not in str(centre.rows(enrolments))


def test_a_code_is_good_once(centre, clock, tmp_path):
    code = new_code(centre)
    assert isinstance(enrol(centre.url, code, tmp_path / "a", clock, IDS), Identity)
    assert enrol(centre.url, code, tmp_path / "b", clock, IDS) is EnrolFault.CODE_REFUSED
    assert len(centre.rows(devices)) == 1


def test_a_lost_reply_is_mended_by_asking_again_with_the_same_key(centre, clock, tmp_path):
    code = new_code(centre)
    first = enrol(centre.url, code, tmp_path, clock, IDS)
    (tmp_path / "identity.toml").unlink()
    again = enrol(centre.url, code.lower().replace("-", " "), tmp_path, clock, IDS)
    assert again == first


def test_a_code_grows_old(centre, clock, tmp_path):
    code = new_code(centre)
    clock.advance(minutes=11)
    assert enrol(centre.url, code, tmp_path, clock, IDS) is EnrolFault.CODE_REFUSED


def test_guessing_codes_is_slowed_down_for_good_codes_too(centre, clock, tmp_path):
    for _ in range(10):
        assert enrol(centre.url, "00000-00000", tmp_path, clock, IDS) is EnrolFault.CODE_REFUSED
    assert enrol(centre.url, new_code(centre), tmp_path, clock, IDS) is EnrolFault.TOO_MANY_TRIES
    clock.advance(minutes=21)
    assert isinstance(enrol(centre.url, new_code(centre), tmp_path, clock, IDS), Identity)


def test_a_kiosk_is_not_enrolled_over_an_earlier_identity(centre, clock, tmp_path):
    enrol(centre.url, new_code(centre), tmp_path, clock, IDS)
    again = enrol(centre.url, new_code(centre), tmp_path, clock, IDS)
    assert again is EnrolFault.ALREADY_ENROLLED


def test_nobody_at_the_address_and_no_identity_yet(clock, tmp_path):
    assert load_identity(tmp_path) is EnrolFault.NOT_ENROLLED
    assert enrol("http://127.0.0.1:9", "X", tmp_path, clock, IDS) is EnrolFault.CENTRE_AWAY


def test_a_damaged_identity_is_named_and_not_guessed_at(centre, clock, tmp_path):
    enrol(centre.url, new_code(centre), tmp_path, clock, IDS)
    (tmp_path / agent_enrol.KEY_FILE).write_text("junk", "ascii")
    assert load_identity(tmp_path) is EnrolFault.UNREADABLE


def test_a_heartbeat_tells_the_back_office_and_hears_where_the_centre_stands(centre, kiosk):
    response = kiosk.post("heartbeat", beat(kiosk))
    reply = codec.decode(response.content, HeartbeatReply)
    assert reply == HeartbeatReply(server_time=centre.clock.now(), cursor=0, knows_offsets=True)
    [row] = centre.rows(devices)
    assert (row["queued"], row["troubles"]) == (3, "paper_low")


def test_a_heartbeat_of_a_revoked_kiosk_hears_so(centre, kiosk):
    revoke(centre.database, centre.clock, at_console("acme"), kiosk.device_id, "lost")
    reply = codec.decode(kiosk.post("heartbeat", beat(kiosk)).content, HeartbeatReply)
    assert reply.revoked


def test_a_heartbeat_shows_a_parted_history(kiosk):
    kiosk.push(kiosk.record())
    told = codec.decode(beat(kiosk), Heartbeat)
    import msgspec

    ours = msgspec.structs.replace(told, cursor=1, chain_head="0" * 64)
    reply = codec.decode(kiosk.post("heartbeat", codec.encode(ours)).content, HeartbeatReply)
    assert reply.fork
    ours = msgspec.structs.replace(told, cursor=1, chain_head=kiosk.head)
    reply = codec.decode(kiosk.post("heartbeat", codec.encode(ours)).content, HeartbeatReply)
    assert not reply.fork


def test_a_token_opens_one_request_only(centre, kiosk):
    path = f"/v1/devices/{kiosk.device_id}/heartbeat"
    token = kiosk.token("POST", path, beat(kiosk))
    assert kiosk.send("POST", path, beat(kiosk), token=token).status_code == 200
    assert kiosk.send("POST", path, beat(kiosk), token=token).status_code == 401


def test_a_token_is_bound_to_body_path_method_and_time(centre, kiosk, clock, enrolled):
    path = f"/v1/devices/{kiosk.device_id}/heartbeat"
    other = enrolled("K2")

    def refused(token, body=b"", where=path):
        return kiosk.send("POST", where, body or beat(kiosk), token=token).status_code == 401

    assert refused(kiosk.token("POST", path, b"another body"))
    assert refused(kiosk.token("POST", f"/v1/devices/{kiosk.device_id}/events", beat(kiosk)))
    assert refused(kiosk.token("GET", path, beat(kiosk)))
    assert refused(other.token("POST", path, beat(kiosk)))
    assert refused("junk")
    old = kiosk.token("POST", path, beat(kiosk))
    body = beat(kiosk)
    clock.advance(minutes=7)
    assert refused(old, body)
    ahead = clock.now().replace(year=clock.now().year + 10)
    assert refused(tokens.issue(kiosk.device_id, "POST", path, body, ahead, "n" * 32, kiosk.key))


def test_a_kiosk_cannot_speak_for_another(centre, kiosk, enrolled):
    other = enrolled("K2")
    path = f"/v1/devices/{other.device_id}/events"
    body = codec.encode(kiosk.message([kiosk.record()]))
    assert kiosk.send("POST", path, body).status_code == 401
    assert centre.rows(events) == []


def test_an_unknown_kiosk_and_a_missing_token_are_met_alike(kiosk):
    stranger = SigningKey("", bytes(32))
    path = "/v1/devices/nobody/events"
    token = tokens.issue("nobody", "POST", path, b"", kiosk.clock.now(), "n" * 32, stranger)
    first = kiosk.send("POST", path, token=token)
    second = kiosk.send("POST", path, headers={"Authorization": "Basic eDp5"})
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.status_code == 401
