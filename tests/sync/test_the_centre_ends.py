"""The centre's end: at once, whoever holds a connection to it."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import threading
from contextlib import suppress

import pytest
import sqlalchemy as sa

from sync.central import serve
from sync.central.database import Database
from sync.central.serve import Serving


async def _empty(scope, receive, send) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def _sockets() -> int:
    gc.collect()
    links = (os.readlink(entry.path) for entry in os.scandir("/proc/self/fd"))
    return sum(link.startswith("socket:") for link in _there(links))


def _there(links):
    while True:
        try:
            yield next(links)
        except StopIteration:
            return
        except OSError:
            continue


@pytest.mark.parametrize("turns", range(6))
def test_a_connection_that_comes_while_it_ends_is_ended_too(monkeypatch, turns) -> None:
    """Accepted as the others are told, so many turns of the loop before."""
    shutdown = serve._Server.shutdown
    late: list[socket.socket] = []

    async def busy(self, sockets=None) -> None:
        made = socket.create_connection(("127.0.0.1", serving.port), 5.0)
        made.settimeout(4.0)
        late.append(made)
        for _ in range(turns):
            await asyncio.sleep(0)
        await shutdown(self, sockets)

    monkeypatch.setattr(serve._Server, "shutdown", busy)
    serving = Serving(lambda: _empty)
    before = _sockets()
    serving.start()
    serving.stop()
    (made,) = late
    with suppress(ConnectionResetError):  # where the kernel had it as the ear closed
        assert made.recv(1) == b""
    made.close()
    assert _sockets() == before


@pytest.mark.parametrize("asked", [False, True], ids=["idle", "kept after an answer"])
def test_who_holds_a_connection_does_not_hold_the_centre(asked) -> None:
    serving = Serving(lambda: _empty)
    serving.start()
    held = socket.create_connection(("127.0.0.1", serving.port), 5.0)
    held.settimeout(10.0)
    if asked:
        held.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert held.recv(9) == b"HTTP/1.1 "
    ended = threading.Event()

    def stop() -> None:
        serving.stop()
        ended.set()

    threading.Thread(target=stop).start()
    while held.recv(4096):
        pass
    assert ended.wait(4.0), "the grace of five seconds is for requests that are under way"
    held.close()


def test_what_a_thread_works_with_at_the_end_is_closed_when_it_is_done(
    database_url,
) -> None:
    database = Database(database_url)
    with database.reading() as connection:
        driver = connection.connection.dbapi_connection
        database.close()
        assert connection.execute(sa.text("SELECT 1")).scalar_one() == 1
    with pytest.raises(Exception, match="closed"):
        driver.cursor().execute("SELECT 1")
