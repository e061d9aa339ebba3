"""Whether the centre lives and whether it can serve, for whatever watches it.

    GET /healthz    200 while the process answers: start it anew where this does not come
    GET /readyz     200 while the database answers with the schema of this version, else 503:
                    send nobody here

Plain ASGI in front of the gate: a storm of kiosks must not make a watcher end the process. The
database is asked once in FRESH_S seconds at the most, however often somebody asks here.
"""

from __future__ import annotations

import asyncio
import logging
from functools import cache

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from anyio import to_thread

from sync.central.admission import Asgi, Receive, Scope, Send
from sync.central.database import Database, alembic_config

_LOG = logging.getLogger(__name__)

FRESH_S = 2.0
PATIENCE_S = 3.0
_LIVE = b'{"status":"live"}'
_READY = b'{"status":"ready"}'


@cache
def newest() -> str:
    """The revision that this version's schema has."""
    head = ScriptDirectory.from_config(alembic_config("sqlite://")).get_current_head()
    if head is None:
        raise AssertionError("there are migrations")
    return head


def why_not_ready(database: Database) -> str:
    """ "" where all is well; else `database` or `schema`. Blocking."""
    try:
        with database.reading() as c:
            here = c.execute(sa.text("SELECT version_num FROM alembic_version")).scalars().all()
    except sa.exc.SQLAlchemyError as error:
        _LOG.warning("not ready: %s", type(error).__name__)
        return "database"
    return "" if list(here) == [newest()] else "schema"


class Health:
    """ASGI middleware that answers the two questions itself."""

    def __init__(self, app: Asgi, database: Database) -> None:
        self._app = app
        self._database = database
        self._lock = asyncio.Lock()
        self._asked_at = float("-inf")
        self._why = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        if path in ("/healthz", "/readyz"):
            scope["path_template"] = path  # as if the framework had found it
        if path == "/healthz":
            await _answer(send, 200, _LIVE)
        elif path == "/readyz":
            why = await self._looked()
            body = b'{"status":"not ready","why":"%s"}' % why.encode()
            await _answer(send, *((503, body) if why else (200, _READY)))
        else:
            await self._app(scope, receive, send)

    async def _looked(self) -> str:
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if now >= self._asked_at + FRESH_S:
                self._why = await self._ask()
                self._asked_at = asyncio.get_running_loop().time()
            return self._why

    async def _ask(self) -> str:
        """A database that hangs is none that answers; its thread is left to it."""
        asking = to_thread.run_sync(why_not_ready, self._database, abandon_on_cancel=True)
        try:
            return await asyncio.wait_for(asking, PATIENCE_S)
        except TimeoutError:
            return "database"


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
