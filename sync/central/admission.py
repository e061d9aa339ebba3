"""In front of everything: how many requests may be under way, how large and how slow one may be.

Plain ASGI, outside the framework, so that what is turned away costs next to nothing: it is judged
by its head alone. Three lanes, none of which can fill another's places:

* beats: heartbeats, the time, and whether there is a new policy: what every kiosk asks all day.
  A storm of uploads must not make the fleet look dead.
* live: small batches, as a drop of this minute is, and everything that people ask for.
* bulk: backlogs, photographs, the files of bundles: whatever is large.

Files that people bring are in none of them (sync.central.uploads).

Each lane has places, a line in front of them that is as long as somebody may be left waiting, and
slots: whoever finds the line full is told 503 and the moment at which the lane, at the pace it
keeps, will be free for it. A kiosk that comes at its time gets in, so a storm costs each of them
two requests, seldom three. The moment is told a little early: kiosks come up to a fifth late.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from sync.central.lanes import Lane
from sync.central.uploads import TOO_LARGE, Door, Metered
from sync.central.watch import measures

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

LIVE_BYTES = 12 << 10
"""A batch up to this size, packed, is of today: about thirty events."""


_SIZES = (b"content-length", b"transfer-encoding")
_LOOKS = ("/v1/policy/manifest", "/v1/policy/keys")


MACHINES: Final = "/v1/"
"""Below it machines speak; everything else is for people, and answers them with pages."""
_COME_AGAIN_S = 30


class TooLarge(Exception):
    """The body is beyond what any of our messages needs."""


class Gate:
    """ASGI middleware. `places` requests at once with a backlog, `live` with what is small,
    `beats` heartbeats; `per_second` is what a lane is thought to manage before it has shown what
    it does. Nobody stands in line for more than about `patience_s`. Time is the event loop's.

    Backlogs have few places: more of them under way at once would not be done sooner, and a fresh
    drop waits for all of them."""

    def __init__(
        self,
        app: Asgi,
        *,
        places: int = 4,
        live: int = 8,
        beats: int = 16,
        max_body: int = 1 << 20,
        body_s: float = 10.0,
        patience_s: float = 3.0,
        per_second: float = 50.0,
        door: Door | None = None,
    ) -> None:
        self._app = app
        self._door, self._uploads = door, 0
        self._lanes = {
            name: Lane(count, patience_s, 1 / per_second)
            for name, count in (("bulk", places), ("live", live), ("beat", beats))
        }
        self._max_body = max_body
        self._body_s = body_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        door = self._door
        if door is not None and _is_upload(scope, door, self._max_body):
            await self._upload(door, scope, receive, send)
            return
        name = lane_of(scope)
        lane = self._lanes[name]
        turned = lane.enter(device_of(scope["path"]), asyncio.get_running_loop().time())
        if turned is not None:
            measures.TURNED_AWAY.labels(name).observe(turned.retry_after)
            await _turn_away(send, turned.retry_after)
            return
        inside = measures.INSIDE.labels(name)
        inside.inc()
        try:
            await self._bounded(lane, scope, receive, send)
        finally:
            inside.dec()
            lane.leave()

    async def _upload(self, door: Door, scope: Scope, receive: Receive, send: Send) -> None:
        """In none of the lanes: it may take minutes."""
        if self._uploads >= door.at_once:
            measures.TURNED_AWAY.labels("upload").observe(_COME_AGAIN_S)
            await _turn_away(send, _COME_AGAIN_S)
            return
        if _announced(scope) > door.most:
            scope[TOO_LARGE] = door.most
        self._uploads += 1
        inside = measures.INSIDE.labels("upload")
        inside.inc()
        metered = Metered(door, scope, receive, send)
        try:
            await self._app(scope, metered.receive, metered.send)
        finally:
            inside.dec()
            self._uploads -= 1

    async def _bounded(self, lane: Lane, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the whole body first, within bounds: nobody holds a place by dripping."""
        try:
            body = await asyncio.wait_for(self._read(receive), self._body_s)
        except TooLarge:
            if scope["path"].startswith(MACHINES):
                await _answer(send, 413, b'{"kind":"too_large"}')
                return
            scope[TOO_LARGE], body = self._max_body, b""  # a person gets a page
        except TimeoutError:
            await _answer(send, 408, b'{"kind":"too_slow"}')
            return
        if body is None:
            return  # gone before the end
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        async with lane.place():
            await self._app(scope, replay, send)

    async def _read(self, receive: Receive) -> bytes | None:
        parts: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            part = message.get("body", b"")
            size += len(part)
            if size > self._max_body:
                raise TooLarge
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)


def lane_of(scope: Scope) -> str:
    """By the path and the size that is announced; a body that announces none may be of any."""
    path = scope["path"]
    if path.endswith(("/heartbeat", "/time")) or path in _LOOKS:
        return "beat"
    photo = path.startswith("/v1/devices/") and "/photos/" in path
    if photo or path.startswith("/v1/policy/files/"):
        return "bulk"
    told = [(name, value) for name, value in scope.get("headers", ()) if name in _SIZES]
    return "live" if all(_small(name, value) for name, value in told) else "bulk"


def _small(name: bytes, value: bytes) -> bool:
    return name == b"content-length" and value.isdigit() and int(value[:9]) <= LIVE_BYTES


def _is_upload(scope: Scope, door: Door, usual: int) -> bool:
    """Larger than usual, or of a size that nobody tells."""
    if scope["path"] != door.path or scope["method"] != "POST":
        return False
    return not 0 <= _announced(scope) <= usual


def _announced(scope: Scope) -> int:
    """-1 where no size is told, or none that can be."""
    told = [value for name, value in scope.get("headers", ()) if name == b"content-length"]
    return int(told[0][:18]) if len(told) == 1 and told[0].isdigit() else -1


def device_of(path: str) -> str:
    """Whose path it is, "" for nobody's. Not proven by anything yet: it finds a slot again, and
    opens nothing."""
    parts = path.split("/", 4)
    return parts[3][:100] if path.startswith("/v1/devices/") and len(parts) == 5 else ""


async def _turn_away(send: Send, retry_after: int) -> None:
    seconds = str(retry_after).encode()
    await _answer(send, 503, b'{"kind":"busy"}', (b"retry-after", seconds))


async def _answer(send: Send, status: int, body: bytes, *more: tuple[bytes, bytes]) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
