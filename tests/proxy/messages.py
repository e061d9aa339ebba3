"""HTTP/1.1 messages as bytes: read whole from a socket, to be passed on, or harmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

_LINE = 64 << 10
_NO_BODY = (b" 204 ", b" 304 ")


@dataclass(frozen=True)
class Message:
    """`head` ends with its empty line; `body` is as it travelled, chunks and all."""

    head: bytes
    body: bytes = b""

    @property
    def whole(self) -> bytes:
        return self.head + self.body

    @property
    def words(self) -> list[str]:
        """The first line's: method and path, or version and status."""
        return self.head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")

    @property
    def path(self) -> str:
        return self.words[1]

    @property
    def status(self) -> int:
        return int(self.words[1])

    def header(self, name: str) -> str:
        """Of several the first; "" for none."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.decode("latin-1").partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return ""


def read(stream: BinaryIO) -> Message | None:
    """The next message; None where the other side has gone before its end."""
    head = _head(stream)
    if head is None:
        return None
    told = Message(head)
    if any(sign in head.split(b"\r\n", 1)[0] + b" " for sign in _NO_BODY):
        return told
    if told.header("Transfer-Encoding").lower() == "chunked":
        body = _chunks(stream)
    else:
        size = int(told.header("Content-Length") or "0")
        body = stream.read(size)
        body = body if len(body) == size else None
    return None if body is None else Message(head, body)


def _head(stream: BinaryIO) -> bytes | None:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline(_LINE)
        if not line:
            return None
        head += line
    return head


def _chunks(stream: BinaryIO) -> bytes | None:
    body = b""
    while True:
        line = stream.readline(_LINE)
        if not line:
            return None
        size = int(line.split(b";")[0], 16)
        part = stream.read(size + 2)
        body += line + part
        if len(part) < size + 2:
            return None
        if size == 0:
            return body


def answer(
    status: int, body: bytes = b"", kind: str = "application/json", *more: tuple[str, str]
) -> Message:
    """A reply of somebody on the way."""
    headers = (("Content-Type", kind), ("Content-Length", str(len(body))), *more)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return Message(f"HTTP/1.1 {status} So\r\n{lines}\r\n".encode("latin-1"), body)


def opening(*headers: tuple[str, str], status: int = 200) -> bytes:
    """The head of a reply that may never end."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status} So\r\n{lines}\r\n".encode("latin-1")
