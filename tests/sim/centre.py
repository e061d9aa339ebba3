"""The real centre in this process: its ASGI application over a SQLite file, without sockets.

It is asked through the same application object that uvicorn serves, and may die at any statement
or just before any commit; what it had committed stays, as after a kill.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import sqlalchemy as sa

from kiosk.seal.keys import SigningKey
from sync.central import api
from sync.central import app as central_app
from sync.central.database import Database
from tests.sim.ports import SimIds, SimTime

T = TypeVar("T")
_FILES = ("", "-wal", "-shm")


class Died(BaseException):
    """The process is gone at this very point. No handler may catch it."""


async def _inline(work: Callable[[], T]) -> T:
    """In place of the pool of threads."""
    return work()


@contextmanager
def without_threads() -> Iterator[None]:
    with mock.patch.object(api, "aside", _inline):
        yield


class SimCentre:
    """`fuse` counts down with every statement and commit; at 0 the centre dies. While `down` is
    set, nobody listens. `losses` counts how often committed rows were lost."""

    def __init__(
        self, path: Path, time: SimTime, ids: SimIds, bundle_keys: Mapping[str, SigningKey]
    ) -> None:
        self.path = path
        self.database = Database(f"sqlite:///{path}")
        with mock.patch.object(central_app, "Database", return_value=self.database):
            self._app = central_app.create_app("", time, ids, bundle_keys=bundle_keys)
        self._loop = asyncio.new_event_loop()
        self.fuse: int | None = None
        self.down = False
        self.losses = 0
        self.backup: Path | None = None
        sa.event.listen(self.database.engine, "before_cursor_execute", self._burn)
        sa.event.listen(self.database.engine, "commit", self._burn)

    def _burn(self, *_: object) -> None:
        if self.fuse is None:
            return
        self.fuse -= 1
        if self.fuse <= 0:
            self.fuse = None
            raise Died

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes] | None:
        """Status, headers and body; None where the centre died before it could answer."""
        try:
            return self._loop.run_until_complete(self._ask(method, path, headers, body))
        except Died:
            self.restart()
            return None

    async def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        said: list[Any] = []
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            "client": ("10.0.0.1", 1),
            "server": ("centre", 80),
            "state": {},
        }

        done = asyncio.Event()
        whole = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if not whole:
                await done.wait()  # the other side stays until it has all
                return {"type": "http.disconnect"}
            return whole.pop()

        async def send(message: Any) -> None:
            said.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                done.set()

        await self._app(scope, receive, send)
        told = {k.decode(): v.decode() for k, v in said[0]["headers"]}
        return said[0]["status"], told, b"".join(part.get("body", b"") for part in said[1:])

    # --- misfortunes ---

    @contextmanager
    def by_hand(self) -> Iterator[Database]:
        """What a person does there, who would see that it died and do it again."""
        fuse, self.fuse = self.fuse, None
        try:
            yield self.database
        finally:
            self.fuse = fuse

    def restart(self) -> None:
        """As after a kill: open transactions are gone."""
        self.fuse = None
        self.database.engine.dispose()

    def keep_backup(self, folder: Path) -> None:
        self.restart()
        self.backup = folder / "centre-backup.db"
        shutil.copyfile(self.path, self.backup)

    def put_back(self, source: Path) -> None:
        """Another file in place of ours: a backup, or the beginning of a new history."""
        self.restart()
        for end in _FILES:
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        shutil.copyfile(source, self.path)
        self.losses += 1

    # --- looking in ---

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        fuse, self.fuse = self.fuse, None
        try:
            with self.database.reading() as c:
                return [tuple(row) for row in c.execute(sa.text(sql), values)]
        finally:
            self.fuse = fuse

    def close(self) -> None:
        self.database.close()
        self._loop.close()
