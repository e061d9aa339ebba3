"""The gate in front: how many, how large, how slow; and that heartbeats keep their lane."""

from __future__ import annotations

import asyncio
import shutil
import socket

import pytest
import requests

from kiosk.world import SystemIds
from sync.central.admission import Gate, lane_of
from sync.central.lanes import LATE, Lane, Turned
from sync.central.serve import CentralServer

IDS = SystemIds()


class Handler:
    """An application that waits until it is let go."""

    def __init__(self):
        self.go = asyncio.Event()
        self.served = 0

    async def __call__(self, scope, receive, send):
        await receive()
        self.served += 1
        await self.go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


BACKLOG = "/v1/devices/x/events"
BEAT = "/v1/devices/x/heartbeat"


async def call(app, path=BACKLOG, messages=({"type": "http.request", "body": b""},), size=500_000):
    pending, sent = list(messages), []

    async def receive():
        if pending:
            return pending.pop(0)
        return await asyncio.Future()

    async def send(message):
        sent.append(message)

    headers = [(b"content-length", str(size).encode())]
    await app({"type": "http", "path": path, "headers": headers}, receive, send)
    return sent


def status(sent):
    return sent[0]["status"] if sent else None


def told(sent):
    assert status(sent) == 503
    return int(dict(sent[0]["headers"])[b"retry-after"])


async def filled(gate, handler, paths):
    """The gate with a request under way in each of these places."""
    tasks = [asyncio.create_task(call(gate, path)) for path in paths]
    while handler.served < len(paths):
        await asyncio.sleep(0)
    return tasks


def test_beyond_its_places_and_its_line_the_gate_says_when_to_come_back():
    async def scene():
        handler = Handler()
        gate = Gate(handler, places=2, beats=1, patience_s=0)
        under_way = await filled(gate, handler, [BACKLOG, BACKLOG, BEAT])
        assert told(await call(gate)) >= 1
        assert told(await call(gate, BEAT)) >= 1
        handler.go.set()
        assert [status(await task) for task in under_way] == [200, 200, 200]
        assert status(await call(gate)) == 200

    asyncio.run(scene())


def test_a_drop_of_this_minute_and_a_page_do_not_wait_behind_backlogs():
    async def scene():
        handler = Handler()
        gate = Gate(handler, places=1, patience_s=0)
        await filled(gate, handler, [BACKLOG])
        assert told(await call(gate, "/v1/devices/y/events")) >= 1
        assert told(await call(gate, "/v1/policy/files/abc")) >= 1
        handler.go.set()
        assert status(await call(gate, "/v1/devices/y/events", size=900)) == 200
        assert status(await call(gate, "/drops", size=0)) == 200

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("path", "headers", "lane"),
    [
        ("/v1/devices/x/heartbeat", {b"content-length": b"400"}, "beat"),
        ("/v1/policy/manifest", {}, "beat"),
        ("/v1/devices/x/events", {b"content-length": b"12288"}, "live"),
        ("/v1/devices/x/events", {b"content-length": b"12289"}, "bulk"),
        ("/v1/devices/x/events", {b"content-length": b"99999999999"}, "bulk"),
        ("/v1/devices/x/events", {b"content-length": b"-5"}, "bulk"),
        ("/v1/devices/x/events", {b"transfer-encoding": b"chunked"}, "bulk"),
        ("/v1/anything/large", {b"content-length": b"80000"}, "bulk"),
        ("/v1/devices/x/photos/ab12/0", {b"content-length": b"4096"}, "bulk"),
        ("/photos/ab12", {}, "live"),
        ("/v1/policy/files/abc", {}, "bulk"),
        ("/login", {b"content-length": b"40"}, "live"),
        ("/", {}, "live"),
    ],
)
def test_the_lane_is_told_by_path_and_announced_size(path, headers, lane):
    assert lane_of({"path": path, "headers": [*headers.items()]}) == lane


def test_whoever_may_wait_a_moment_stands_in_line_and_gets_in():
    async def scene():
        handler = Handler()
        gate = Gate(handler, places=1, patience_s=1, per_second=10)
        under_way = await filled(gate, handler, [BACKLOG])
        line = [asyncio.create_task(call(gate)) for _ in range(10)]
        for _ in range(5):
            await asyncio.sleep(0)
        assert handler.served == 1
        assert told(await call(gate)) >= 1
        handler.go.set()
        assert {status(await task) for task in (*under_way, *line)} == {200}

    asyncio.run(scene())


def test_the_longer_the_line_the_later_one_is_told_to_come():
    async def scene():
        gate = Gate(Handler(), places=0, patience_s=0, per_second=10)
        waits = [told(await call(gate, f"/v1/devices/k{n}/events")) for n in range(30)]
        assert waits == sorted(waits)
        assert waits[-1] > waits[0]

    asyncio.run(scene())


def test_who_asks_too_early_keeps_the_slot_and_moves_nobody_elses():
    lane = Lane(0, patience_s=0, interval=10.0)
    first = lane.enter("a", 0.0).retry_after
    assert lane.enter("a", first / 2).retry_after == round(first / 2)
    again = [lane.enter("a", first / 2).retry_after for _ in range(50)]
    assert set(again) == {round(first / 2)}
    assert lane.enter("b", 0.0).retry_after == round(20 / LATE)


def test_who_comes_at_the_time_that_was_told_gets_in_where_others_are_turned_away():
    lane = Lane(1, patience_s=2.0, interval=1.0)
    assert [lane.enter("", 0.0) for _ in range(3)] == [None] * 3
    slot = lane.enter("k1", 0.0)
    assert isinstance(slot, Turned)
    assert isinstance(lane.enter("k2", float(slot.retry_after)), Turned)
    assert lane.enter("k1", float(slot.retry_after)) is None


def test_a_lane_learns_its_pace_only_while_all_its_places_are_taken(monkeypatch):
    async def scene():
        lane = Lane(1, patience_s=5.0, interval=1.0)
        now = [100.0]
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(loop, "time", lambda: now[0])

        async def serve(seconds):
            async with lane.place():
                now[0] += seconds
            lane.leave()

        assert lane.enter("", now[0]) is None
        await serve(5)
        assert lane.interval > 1.0
        before = lane.interval
        now[0] += 1000  # nobody there: says nothing
        assert lane.enter("", now[0]) is None
        await serve(before)
        assert lane.interval == pytest.approx(before)
        for _ in range(200):
            assert lane.enter("", now[0]) is None
            await serve(0.25)
        assert lane.interval == pytest.approx(0.25, rel=0.05)

    asyncio.run(scene())


def test_a_body_too_large_or_dripping_is_cut_short_and_the_place_is_free_again():
    async def scene():
        handler = Handler()
        handler.go.set()
        gate = Gate(handler, places=1, max_body=10, body_s=0.05)
        part = {"type": "http.request", "body": b"123456", "more_body": True}
        assert status(await call(gate, messages=[part, part])) == 413
        assert status(await call(gate, messages=[part])) == 408
        assert status(await call(gate, messages=[{"type": "http.disconnect"}])) is None
        assert handler.served == 0
        assert status(await call(gate)) == 200

    asyncio.run(scene())


@pytest.fixture
def small(prepared_file, tmp_path, clock):
    """A centre with little patience."""
    shutil.copy(prepared_file, tmp_path / "centre.db")
    server = CentralServer(f"sqlite:///{tmp_path}/centre.db", clock, IDS, body_s=0.2)
    server.start()
    yield server
    server.stop()


def test_a_slow_drip_over_a_real_socket_is_answered_408(small):
    with socket.create_connection((small.host, small.port), timeout=20) as line:
        line.sendall(b"POST /v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
        assert line.recv(100).startswith(b"HTTP/1.1 408")


def test_a_path_that_is_not_there_and_a_method_that_is_not_tell_nothing(small):
    kiosks = small.url + "/v1/devices/K-1/secret"
    assert requests.get(kiosks, timeout=10).json() == {"kind": "not_found"}
    others = requests.get(small.url + "/v1/secret", timeout=10)
    assert (others.status_code, "secret" in others.text) == (404, False)
    assert requests.delete(small.url + "/v1/enrol", timeout=10).status_code == 405


def test_the_centre_can_stop_and_come_back_at_the_same_address(small):
    url = small.url
    small.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(url + "/login", timeout=5)
    small.start()
    assert small.url == url
    assert requests.get(url + "/login", timeout=10).status_code == 200


def test_a_second_centre_at_the_same_address_is_told(small, prepared_file, clock):
    other = CentralServer(f"sqlite:///{prepared_file}", clock, IDS, port=small.port)
    with pytest.raises(OSError, match="in use"):
        other.start()
