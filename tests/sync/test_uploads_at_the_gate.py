"""Few large files are under way at once; the gate itself, without a centre behind it."""

from __future__ import annotations

import asyncio
from typing import Any

from sync.central.admission import Gate
from sync.central.uploads import TOO_SLOW, Door

DOOR = Door("/imports", 1 << 22, body_s=60.0, stall_s=60.0)


def scope(length: int) -> dict[str, Any]:
    headers = [(b"content-length", str(length).encode())]
    return {"type": "http", "method": "POST", "path": "/imports", "headers": headers}


async def asked(gate: Gate, length: int, receive) -> list[Any]:
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    await gate(scope(length), receive, send)
    return told


def test_a_second_large_file_is_told_when_to_come_again():
    went_on = asyncio.Event()
    inside = asyncio.Event()

    async def app(_scope, receive, send):
        await receive()
        inside.set()
        await went_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def body():
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def both():
        gate = Gate(app, door=DOOR)
        first = asyncio.create_task(asked(gate, 1 << 21, body))
        await inside.wait()
        [second, _] = await asked(gate, 1 << 21, body)
        went_on.set()
        [whole] = await first
        [third] = await asked(gate, 1 << 21, body)
        return second, whole, third

    second, whole, third = asyncio.run(both())
    assert second["status"] == 503
    assert (b"retry-after", b"30") in second["headers"]
    assert whole["status"] == third["status"] == 200
    assert (b"connection", b"close") not in whole["headers"]


def test_a_drip_is_cut_off_at_the_end_of_its_time():
    """Each piece is in time, and all of them are not."""
    quick = Door("/imports", 1 << 22, body_s=0.05, stall_s=60.0)
    asked_with = scope(1 << 21)

    async def app(_scope, receive, _send):
        while (await receive())["more_body"]:
            pass

    async def drip():
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    asyncio.run(Gate(app, door=quick)(asked_with, drip, app))
    assert TOO_SLOW in asked_with
