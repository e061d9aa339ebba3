"""Somebody else answers: sign-in pages, redirects, and what is meant to cost the reader dearly."""

from __future__ import annotations

import gzip
import random
import zlib
from dataclasses import dataclass, field
from functools import cache

from tests.proxy import messages
from tests.proxy.answering import chunk, chunked, page
from tests.proxy.line import Fault, Over, Talk

_WELCOME = "<!doctype html><title>Welcome</title><form action=/login></form>"
_MEGABYTE = bytes(1 << 20)
_BLOCK = b" " * (64 << 10)


class Portal(Fault):
    """200, and a page to sign in."""

    def carry(self, talk: Talk) -> None:
        talk.say(page(_WELCOME).whole)


class PackedPortal(Fault):
    """The same, packed, though nobody asked for that."""

    def carry(self, talk: Talk) -> None:
        body = gzip.compress(_WELCOME.encode())
        talk.say(messages.answer(200, body, "text/html", ("Content-Encoding", "gzip")).whole)


@dataclass
class Cookies(Fault):
    """A page that wants to be remembered, by another name each time."""

    given: int = 0
    shown: list[str] = field(default_factory=list)

    def carry(self, talk: Talk) -> None:
        self.given += 1
        self.shown.append(talk.asked.header("Cookie"))
        cookie = ("Set-Cookie", f"portal{self.given}={'x' * 2000}; Path=/; Max-Age=999999")
        talk.say(messages.answer(200, _WELCOME.encode(), "text/html", cookie).whole)

    def did_no_harm(self) -> None:
        assert set(self.shown) == {""}


class OtherJson(Fault):
    """200, and somebody else's JSON."""

    def carry(self, talk: Talk) -> None:
        talk.say(messages.answer(200, b'{"hello": 1}').whole)


@dataclass
class Redirect(Fault):
    """Elsewhere, where nobody of ours should go; `endless` with a page that never ends."""

    status: int = 302
    endless: bool = False
    followed: list[str] = field(default_factory=list)
    said: int = 0

    def carry(self, talk: Talk) -> None:
        if talk.asked.path.startswith("/elsewhere"):
            self.followed.append(talk.asked.path)
        to = ("Location", f"{talk.line.url}/elsewhere{talk.asked.path}")
        if not self.endless:
            talk.say(messages.answer(self.status, b"gone", "text/html", to).whole)
            return
        try:
            talk.say(messages.opening(("Content-Type", "text/html"), to, status=self.status))
            talk.for_ever(_BLOCK)
        finally:
            self.said += talk.said

    def did_no_harm(self) -> None:
        assert self.followed == []


@dataclass
class Endless(Fault):
    """`head` once and then `again` for ever, as fast as it is read; or, where `every_s` is given,
    a byte at a time. `said` counts the bytes that were taken."""

    head: bytes
    again: bytes
    every_s: float = 0.0
    said: int = 0

    def carry(self, talk: Talk) -> None:
        try:
            talk.say(self.head)
            if self.every_s:
                talk.drip(self.again, self.every_s)
            else:
                talk.for_ever(self.again)
        finally:
            self.said += talk.said
        raise Over


_JSON = ("Content-Type", "application/json")


def endless() -> dict[str, Endless]:
    """Everything in an answer that can go on for ever."""
    start = b"HTTP/1.1 200 So\r\n"
    return {
        "body": Endless(messages.opening(_JSON), _BLOCK),
        "page": Endless(messages.opening(("Content-Type", "text/html")), _BLOCK),
        "long body": Endless(messages.opening(_JSON, ("Content-Length", str(1 << 40))), _BLOCK),
        "chunks": Endless(chunked(), chunk(_BLOCK)),
        "tiny chunks": Endless(chunked(), chunk(b" ") * 1000),
        "one chunk": Endless(chunked() + b"fffffffffff\r\n", _BLOCK),
        "a chunk of minus one": Endless(chunked() + b"-1\r\n", _BLOCK),
        "a chunk's size": Endless(chunked(), b"0" * 8192),
        "trailers": Endless(chunked() + chunk(b"{}") + b"0\r\n", b"X: y\r\n" * 1000),
        "a header": Endless(start + b"X: ", b"y" * 8192),
        "headers": Endless(start, b"X: y\r\n" * 50),
        "being told to go on": Endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
        "dripping head": Endless(start, b"X: " + b"y" * 60 + b"\r\n", 0.02),
        "dripping body": Endless(messages.opening(_JSON), b" ", 0.02),
        "dripping long body": Endless(
            messages.opening(_JSON, ("Content-Length", "60000")), b" ", 0.02
        ),
        "dripping chunks": Endless(chunked(), chunk(b" "), 0.02),
    }


@dataclass
class Garbled(Fault):
    """The centre's answer with pieces lost, repeated, exchanged and put in, always others."""

    seed: int = 1

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def carry(self, talk: Talk) -> None:
        talk.say(garbled(talk.ask().whole, self._chance))
        raise Over


_PIECES = (
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    b"\0",
    b":",
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/0.9\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Content-Encoding: deflate, gzip, identity\r\n",
    b"Content-Length: 5\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Range: bytes 9-1/*\r\n",
    b"Location: http://[::1\r\n",
    b"Set-Cookie: \xff=\xfe; Max-Age=x\r\n",
    b"Retry-After: Mon, 99 Xyz 2026 25:61:61 +9999\r\n",
    b"\xc3\x28",
    b"-1\r\n",
    b"ffffffff\r\n",
)


def garbled(data: bytes, chance: random.Random) -> bytes:
    """With one to five changes."""
    for _ in range(chance.randrange(1, 6)):
        a, b = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        match chance.randrange(4):
            case 0:
                data = data[:a] + data[b:]
            case 1:
                data = data[:b] + data[a:]
            case 2:
                data = data[:a] + chance.choice(_PIECES) + data[a:]
            case _:
                data = data[:a] + chance.randbytes(min(b - a, 8)) + data[min(b, a + 8) :]
    return data


class Bomb(Fault):
    """A hundred kilobytes that unpack to a hundred megabytes, called JSON."""

    def carry(self, talk: Talk) -> None:
        packed = ("Content-Encoding", "gzip")
        talk.say(messages.answer(200, _bomb(), "application/json", packed).whole)


@cache
def _bomb() -> bytes:
    packer = zlib.compressobj(1, wbits=31)
    return b"".join(packer.compress(_MEGABYTE) for _ in range(100)) + packer.flush()
