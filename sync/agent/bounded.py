"""What an answer may cost at most, whatever answers: its time as a whole, and no state after it.

`requests` and `urllib3` bound each wait for a byte, not their sum: one byte every few seconds
would hold the agent for days. They read a redirect's page to its end before they tell of it, read
a chunk of size -1 until somebody hangs up, and keep every cookie that any sign-in page sets.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


class _Timely(io.RawIOBase):
    """A socket's bytes until `ends`, on the machine's own monotonic clock: that is the one that
    time-outs of sockets go by."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, ends: float) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("an answer that drips")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Reader(io.BufferedReader):
    """No answer of the centre asks for all that comes; a broken length does."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            raise OSError("a length that is none")
        return super().read(size)


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *arguments: Any, **more: Any) -> None:
        super().__init__(sock, *arguments, **more)
        patience = sock.gettimeout()
        if patience is not None:
            raw = self.fp.detach()
            self.fp = _Reader(_Timely(raw, sock, time.monotonic() + patience))


class _Connection(HTTPConnection):
    response_class = _Response


class _SecureConnection(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class Adapter(HTTPAdapter):
    """The time-out of a request is that of its whole answer, head and body."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class Session(requests.Session):
    """For the centre and for nobody else."""

    def __init__(self) -> None:
        super().__init__()
        # Neither a .netrc, which would put its own Authorization in place of ours, nor the
        # environment's proxies, nor its authorities in place of a pinned one.
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.mount("http://", Adapter())

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002
        """Nowhere: nobody may send us, and what we signed, elsewhere."""
        return None
