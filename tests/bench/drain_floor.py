"""`python -m tests.bench.drain_floor`: what no centre can beat over HTTP, uvicorn with an
application that reads each request and answers at once."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from sync.central.admission import Asgi, Receive, Scope, Send
from sync.central.serve import Serving

ANSWER = b'{"cursor":0}'


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    while (await receive()).get("more_body", False):
        pass
    headers = [(b"content-type", b"application/json"), (b"content-length", b"12")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWER})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message: Any = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def main(app: Asgi = nothing) -> None:
    server = Serving(lambda: app)
    server.start()
    print(json.dumps({"serving": server.url}), flush=True)
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.stop()


if __name__ == "__main__":
    main()
