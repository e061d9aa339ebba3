"""Where Prometheus asks: an address of its own, apart from kiosks and people.

    GET /metrics    the text form, or OpenMetrics where the asker prefers it

There is no key to it, as is usual: whoever can reach the address may read, so it is the loopback
or a network of the house. Nothing in it tells of a tenant, a kiosk or a person.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from anyio import to_thread
from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from kiosk.ports import Clock
from sync.central.admission import Asgi, Receive, Scope, Send
from sync.central.database import Database
from sync.central.watch.measures import REGISTRY, SHARED
from sync.central.watch.standing import Standing


class _Here(Collector):
    """What this process counts."""

    def collect(self) -> Iterable[Metric]:
        return REGISTRY.collect()

    def describe(self) -> Iterable[Metric]:
        return ()


def registry(database: Database, clock: Clock) -> CollectorRegistry:
    """All there is to tell: of every worker where several share a folder."""
    made = CollectorRegistry()
    made.register(Standing(database, clock))
    if SHARED in os.environ:
        MultiProcessCollector(made)  # type: ignore[no-untyped-call]
    else:
        made.register(_Here())
        ProcessCollector(registry=made)
    return made


def app(told: CollectorRegistry) -> Asgi:
    """ASGI: one path."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["path"] != "/metrics":
            await _say(send, 404, b"text/plain", b"/metrics\n")
        elif scope["method"] not in ("GET", "HEAD"):
            await _say(send, 405, b"text/plain", b"GET\n")
        else:
            accept = b",".join(value for name, value in scope["headers"] if name == b"accept")
            encode, kind = choose_encoder(accept.decode("latin-1"))
            await _say(send, 200, kind.encode(), await to_thread.run_sync(encode, told))

    return answer


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def _say(send: Send, status: int, kind: bytes, body: bytes) -> None:
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
