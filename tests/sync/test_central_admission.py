"""The gate in front: how many, how large, how slow; and that heartbeats keep their lane."""

from __future__ import annotations

import asyncio
import shutil
import socket

import pytest
import requests

from kiosk.world import SystemIds
from sync.central.admission import Gate
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


async def call(app, path="/v1/x", messages=({"type": "http.request", "body": b""},)):
    pending, sent = list(messages), []

    async def receive():
        if pending:
            return pending.pop(0)
        return await asyncio.Future()

    async def send(message):
        sent.append(message)

    await app({"type": "http", "path": path}, receive, send)
    return sent


def status(sent):
    return sent[0]["status"] if sent else None


def test_beyond_its_places_the_gate_says_when_to_come_back():
    async def scene():
        handler = Handler()
        gate = Gate(handler, places=2, beats=1)
        first = [asyncio.create_task(call(gate)) for _ in range(2)]
        beat = asyncio.create_task(call(gate, "/v1/devices/x/heartbeat"))
        while handler.served < 3:
            await asyncio.sleep(0)
        away = await call(gate)
        assert status(away) == 503
        assert int(dict(away[0]["headers"])[b"retry-after"]) >= 1
        assert status(await call(gate, "/v1/devices/y/heartbeat")) == 503
        handler.go.set()
        assert [status(await task) for task in (*first, beat)] == [200, 200, 200]
        assert status(await call(gate)) == 200

    asyncio.run(scene())


def test_the_longer_the_line_the_later_one_is_told_to_come():
    async def scene():
        handler = Handler()
        gate = Gate(handler, places=0, per_second=10)
        told = [dict((await call(gate))[0]["headers"])[b"retry-after"] for _ in range(30)]
        assert int(told[-1]) > int(told[0])

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
    assert requests.get(small.url + "/v1/secret", timeout=10).json() == {"kind": "not_found"}
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
