"""An answer goes out in two parts, head and body: the second does not wait for the caller."""

from __future__ import annotations

import asyncio
import socket

import pytest

from sync.central import serve


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_no_answer_waits_for_the_callers_acknowledgement(host) -> None:
    """Nagle's waiting is off on what asyncio accepts from our socket: with a caller that delays
    its acknowledgements it would cost 40 ms a request."""

    async def scene() -> int:
        heard = asyncio.get_running_loop().create_future()

        class Ear(asyncio.Protocol):
            def connection_made(self, transport) -> None:
                mine = transport.get_extra_info("socket")
                heard.set_result(mine.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
                transport.abort()

        listening = serve.listen(host, 0)
        server = await asyncio.get_running_loop().create_server(Ear, sock=listening)
        port = listening.getsockname()[1]
        _, writer = await asyncio.open_connection(host, port)
        try:
            return await heard
        finally:
            writer.transport.abort()
            server.close()
            await server.wait_closed()

    assert asyncio.run(scene())
