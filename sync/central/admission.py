"""In front of everything: how many requests may be under way, how large and how slow one may be.

Plain ASGI, outside the framework, so that what is turned away costs next to nothing. Heartbeats
have places of their own: a storm of uploads must not make the fleet look dead.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]


class TooLarge(Exception):
    """The body is beyond what any of our messages needs."""


class Gate:
    """ASGI middleware. `places` requests at once, `beats` more for heartbeats; the rest is told
    503 and when to come back: the longer the line that was turned away, the later."""

    def __init__(
        self,
        app: Asgi,
        *,
        places: int = 32,
        beats: int = 8,
        max_body: int = 1 << 20,
        body_s: float = 10.0,
        per_second: float = 50.0,
    ) -> None:
        self._app = app
        self._free = {"work": places, "beat": beats}
        self._max_body = max_body
        self._body_s = body_s
        self._per_second = per_second
        self._turned_away = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        lane = "beat" if scope["path"].endswith("/heartbeat") else "work"
        if self._free[lane] <= 0:
            self._turned_away += 1
            await _turn_away(send, 1 + int(self._turned_away / self._per_second))
            return
        self._free[lane] -= 1
        try:
            await self._bounded(scope, receive, send)
        finally:
            self._free[lane] += 1
            self._turned_away = max(0, self._turned_away - 1)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the whole body first, within bounds: nobody holds a worker by dripping."""
        try:
            body = await asyncio.wait_for(self._read(receive), self._body_s)
        except TooLarge:
            await _answer(send, 413, b'{"kind":"too_large"}')
            return
        except TimeoutError:
            await _answer(send, 408, b'{"kind":"too_slow"}')
            return
        if body is None:
            return  # gone before the end
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

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


async def _turn_away(send: Send, seconds: int) -> None:
    await _answer(send, 503, b'{"kind":"busy"}', (b"retry-after", str(seconds).encode()))


async def _answer(send: Send, status: int, body: bytes, *more: tuple[bytes, bytes]) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
