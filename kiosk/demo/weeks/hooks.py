"""Two shops that want to be told: one listens, the other has been in trouble for days."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.ports import Clock, Ids
from sync.central.centre import Centre
from sync.central.database import Database
from sync.central.demo import TENANT
from sync.central.rest import feed, webhooks
from sync.central.rest.calls import Answer, Call
from sync.central.rest.hook_shapes import NewWebhook
from sync.central.rest.keys import Key, Role
from sync.central.rest.sender import Sender
from sync.central.rest.targets import Targets

_LISTENS: Final = "linden"
_IN_TROUBLE: Final = "voltaro"
_TARGETS: Final = Targets.of(("127.0.0.0/8",))


class _Receiver(BaseHTTPRequestHandler):
    """Takes what is sent to the shop that listens."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", "0")))
        self.send_response(204 if self.path.startswith(f"/{_LISTENS}") else 503)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: this is not a server that anybody looks after."""


@contextmanager
def _receiver() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Hooks:
    """Made once, and sent to while the story goes on."""

    def __init__(self, database: Database, clock: Clock, ids: Ids, address: str) -> None:
        centre = Centre(database, clock, ids, ZoneInfo("UTC"))
        self._sender = Sender(centre, _TARGETS)
        feed.number(database, ids, TENANT)  # what was before is not sent
        for shop in (_LISTENS, _IN_TROUBLE):
            key = Key("", TENANT, Role.MERCHANT, shop, False)
            ask = NewWebhook(url=f"{address}/{shop}/returns", types=("drop.committed",))
            call = Call(key, {}, None, ask, clock.now(), ids, _TARGETS)
            made = database.write(lambda c, call=call: webhooks.make(c, call))  # type: ignore[misc]
            assert isinstance(made, Answer), made

    def send(self) -> None:
        """All that is due now."""
        asyncio.run(self._all())

    async def _all(self) -> None:
        while await self._sender.turn():
            pass


@contextmanager
def hooks(database: Database, clock: Clock, ids: Ids) -> Iterator[Hooks]:
    with _receiver() as address:
        yield Hooks(database, clock, ids, address)
