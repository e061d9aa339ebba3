"""Bodies that are larger than any message needs, to the few paths that take them.

The gate does not read such a body before it is known who sends it: the application asks for it
while it answers, piece by piece, and a stranger has the answer before the first of them. Some are
under way at once and no more, each within bytes and time; nobody holds a place by dripping.

A body that is cut off ends early, and the scope says why: a form that ends early is none, so
whoever reads it lets go of what there was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

TOO_LARGE: Final = "takeback.too_large"
"""In the scope of a request whose body is larger than this many bytes, and was left out."""
TOO_SLOW: Final = "takeback.too_slow"
"""In the scope of a request whose body did not come in its time."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where files are sent to. `most` bytes with the form round them, within `body_s` seconds, and
    never `stall_s` seconds without any of them; `at_once` in one process."""

    path: str
    most: int
    body_s: float = 120.0
    stall_s: float = 10.0
    at_once: int = 1


class Metered:
    """A request whose body is asked for as it comes."""

    def __init__(self, door: Door, scope: Message, receive: Receive, send: Send) -> None:
        self._door, self._scope, self._receive, self._send = door, scope, receive, send
        self._ends = asyncio.get_running_loop().time() + door.body_s
        self._size = 0
        self._over = False

    async def receive(self) -> Message:
        if self._over:
            return await self._receive()
        left = self._ends - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(self._receive(), min(left, self._door.stall_s))
        except TimeoutError:
            self._scope[TOO_SLOW] = True
            return self._cut()
        self._size += len(message.get("body", b""))
        if self._size > self._door.most:
            self._scope[TOO_LARGE] = self._door.most
            return self._cut()
        if message["type"] != "http.request":
            return self._cut()  # they have gone
        self._over = not message.get("more_body", False)
        return message

    def _cut(self) -> Message:
        self._over = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Message) -> None:
        """Who is too slow is cut off with the answer. Anybody else may send the rest into the void:
        an end before that would take the answer from them as well."""
        if message["type"] == "http.response.start" and TOO_SLOW in self._scope:
            message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
        await self._send(message)
