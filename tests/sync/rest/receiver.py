"""A merchant's receiver of webhooks: a real HTTP server on loopback that does as it is told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Got:
    """A request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.body)

    def signed_with(self, secret: str) -> bool:
        """As Standard Webhooks says a receiver is to check it."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        head = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}."
        made = hmac.digest(key, head.encode() + self.body, hashlib.sha256)
        return self.headers["webhook-signature"] == "v1," + base64.b64encode(made).decode()


class Receiver:
    """`then(...)` names what the next requests meet: a status, ("after", n) for 503 with
    Retry-After, "reset", "silent", "junk", "elsewhere"; after those all is 200."""

    def __init__(self) -> None:
        self.got: queue.Queue[Got] = queue.Queue()
        self._script: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._ends = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["content-length"])
                told = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.put(Got(told, self.rfile.read(size)))
                receiver._act(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hooks?from=takeback"

    def then(self, *steps: Any) -> None:
        for one in steps:
            self._script.put(one)

    def forget(self) -> None:
        """What was said of the next requests: all is 200 from now on."""
        while not self._script.empty():
            self._script.get()

    def all(self) -> list[Got]:
        """What came since the last time."""
        found = []
        while not self.got.empty():
            found.append(self.got.get())
        return found

    def _act(self, handler: BaseHTTPRequestHandler) -> None:
        step = 200 if self._script.empty() else self._script.get()
        handler.close_connection = True
        match step:
            case "reset":
                return
            case "junk":
                handler.wfile.write(b"\x00\x01 hello\r\n\r\n")
            case "silent":
                self._ends.wait(30)
            case "elsewhere":
                handler.send_response(302)
                handler.send_header("location", self.url)
                handler.end_headers()
            case ("after", seconds):
                handler.send_response(503)
                handler.send_header("retry-after", str(seconds))
                handler.end_headers()
            case int():
                handler.send_response(step)
                handler.end_headers()

    def stop(self) -> None:
        self._ends.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
