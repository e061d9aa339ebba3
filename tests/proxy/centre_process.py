"""The centre in a process of its own, which a trap kills at a chosen point of a batch.

`python -m tests.proxy.centre_process DATABASE TRAP` imports everything once and then forks a
centre for each line on its standard input, so that a start costs little; it tells `up PORT`, and
`gone STATUS` when that centre is no more. What stands in the file TRAP is where the centre kills
itself next, with SIGKILL: a word of POINTS.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

import sqlalchemy as sa

from kiosk.world import SystemClock, SystemIds
from sync.central import ingest
from sync.central.serve import CentralServer
from tests.sync.conftest import BUNDLE_KEY, TENANT

POINTS = (
    "before its token is known",
    "after its token is known",
    "while it is stored",
    "before the commit",
    "after the commit",
)


class Trap:
    """Springs once: the file is gone before the process is."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def at(self, point: str) -> None:
        if self._path.exists() and self._path.read_text() == point:
            self._path.unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    def lay(self) -> None:
        push = ingest.push

        def told(*arguments: Any, **more: Any) -> Any:
            answer = push(*arguments, **more)
            self.at("after the commit")
            return answer

        ingest.push = told
        sa.event.listen(sa.Engine, "before_cursor_execute", self._statement)
        sa.event.listen(sa.Engine, "after_cursor_execute", self._stated)
        sa.event.listen(sa.Engine, "commit", self._commit)

    def _statement(self, connection: sa.Connection, _: Any, statement: str, *more: Any) -> None:
        if statement.startswith("INSERT INTO nonces"):
            self.at("before its token is known")
        if statement.startswith("INSERT INTO links"):
            connection.info["batch"] = True
            self.at("while it is stored")

    def _stated(self, _: sa.Connection, __: Any, statement: str, *more: Any) -> None:
        if statement.startswith("INSERT INTO nonces"):
            self.at("after its token is known")

    def _commit(self, connection: sa.Connection) -> None:
        if connection.info.pop("batch", False):
            self.at("before the commit")


def serve(database: str, trap: Path, port: int, told: int, asked_by: int) -> NoReturn:
    forked_by = os.getppid()
    Trap(trap).lay()
    keys = {TENANT: BUNDLE_KEY}
    server = CentralServer(
        f"sqlite:///{database}", SystemClock(), SystemIds(), port=port, bundle_keys=keys
    )
    server.start()
    os.write(told, f"{server.port}\n".encode())
    os.close(told)
    # Nobody is to stay behind where the test itself was killed.
    while os.getppid() == forked_by and Path(f"/proc/{asked_by}").exists():
        time.sleep(1.0)
    os._exit(1)


def main(database: str, trap: str) -> None:
    port, asked_by = 0, os.getppid()
    for _ in sys.stdin:
        reading, telling = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            serve(database, Path(trap), port, telling, asked_by)
        os.close(telling)
        with os.fdopen(reading) as told:
            port = int(told.readline())
        print(f"up {port} {child}", flush=True)
        _, status = os.waitpid(child, 0)
        print(f"gone {os.waitstatus_to_exitcode(status)}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
