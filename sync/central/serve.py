"""The centre over HTTP, on a thread: for the command, which waits beside it, and for tests."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Mapping

import uvicorn

from kiosk.ports import Clock, Ids
from kiosk.seal.keys import SigningKey
from sync.central.admission import Asgi
from sync.central.app import create_app
from sync.central.people.issuers import Issuer
from sync.central.sealing import NONE, Secrets

LOOPBACK = "127.0.0.1"
_TURNS = 5  # of the loop, until what was accepted is given away; it takes three


def _config(app: Asgi) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="on",
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=16 << 10,
    )


def listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that port 0 has become a real one before anything else starts."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol by name: asyncio turns Nagle's waiting off only where it reads TCP there, and
    # an answer in two parts would wait 40 ms for the caller's delayed acknowledgement.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Before anybody has a copy: whether to wait is one switch for all workers that share it, and
    # one that waits for a connection which another has taken answers nobody any more.
    made.setblocking(False)
    try:
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made


class _Server(uvicorn.Server):
    """Ends whole. asyncio loses a connection that it has accepted and not yet given away when its
    ear closes: nobody answers it, and nobody ends it. So the ear is deaf first."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        for ear in (one for server in self.servers for one in server.sockets):
            loop.remove_reader(ear.fileno())
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()  # longer than the grace
        await asyncio.sleep(0)


class Serving:
    """An application on a thread of this process, made anew by `make` at each start. `start`
    answers once requests are served; after `stop` the same object may start again on the same
    port, as a centre that was away does."""

    def __init__(
        self,
        make: Callable[[], Asgi],
        *,
        host: str = LOOPBACK,
        port: int = 0,
        listening: socket.socket | None = None,
    ) -> None:
        """With `listening`, that one is served, whatever `host` and `port` say of it; it stays the
        caller's."""
        self._make = make
        self.host = host
        self.port = port if listening is None else listening.getsockname()[1]
        self._given = listening
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return self.address(self.host, self.port)

    @staticmethod
    def address(host: str, port: int) -> str:
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def start(self, patience_s: float = 30.0) -> None:
        """Raises OSError where the address is taken, RuntimeError where it does not come up."""
        if self._thread is not None:
            return
        given = self._given
        listening = listen(self.host, self.port) if given is None else given.dup()
        try:
            server = _Server(_config(self._make()))
        except BaseException:
            listening.close()
            raise
        self.port = listening.getsockname()[1]
        thread = threading.Thread(
            target=self._run, args=(server, listening), name="centre", daemon=True
        )
        thread.start()
        ends = time.monotonic() + patience_s
        while not server.started:
            if not thread.is_alive() or time.monotonic() > ends:
                server.should_exit = True
                raise RuntimeError("the centre did not come up")
            thread.join(0.01)
        self._server, self._thread = server, thread

    @staticmethod
    def _run(server: uvicorn.Server, listening: socket.socket) -> None:
        with listening:
            server.run(sockets=[listening])

    def stop(self) -> None:
        """Ends open connections and waits; may be called twice."""
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is None or thread is None:
            return
        server.should_exit = True
        thread.join(10.0)
        if thread.is_alive():
            server.force_exit = True
            thread.join(10.0)


class CentralServer(Serving):
    """The centre, served. `bundle_keys` are the signing keys by tenant, with which it renews the
    policy bundles. `by_itself` it does its jobs in the background, as the command does."""

    def __init__(
        self,
        database_url: str,
        clock: Clock,
        ids: Ids,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        timezone: str = "UTC",
        secure_cookies: bool = False,
        places: int = 4,
        body_s: float = 10.0,
        bundle_keys: Mapping[str, SigningKey] | None = None,
        webhook_networks: tuple[str, ...] = (),
        issuers: Mapping[str, Issuer] | None = None,
        by_itself: bool = False,
        listening: socket.socket | None = None,
        secrets: Secrets = NONE,
    ) -> None:
        def make() -> Asgi:
            return create_app(
                database_url,
                clock,
                ids,
                timezone=timezone,
                secure_cookies=secure_cookies,
                places=places,
                body_s=body_s,
                bundle_keys=bundle_keys,
                issuers=issuers,
                webhook_networks=webhook_networks,
                by_itself=by_itself,
                secrets=secrets,
            )

        super().__init__(make, host=host, port=port, listening=listening)
