"""Faults on the way back: the centre has done it, and the kiosk hears something else."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tests.proxy import messages
from tests.proxy.asking import bent
from tests.proxy.line import Fault, Over, Talk
from tests.proxy.messages import Message


class LostAnswer(Fault):
    """Done at the centre; then the connection is closed without a word."""

    def carry(self, talk: Talk) -> None:
        talk.ask()
        raise Over


@dataclass
class CutAnswer(Fault):
    """Ends in the middle, as if that were the end. `reset` tells by RST that it is not."""

    head: bool
    reset: bool = False

    def carry(self, talk: Talk) -> None:
        told = talk.ask()
        size = len(told.head) // 2 if self.head else len(told.head) + len(told.body) // 2
        talk.say(told.whole[:size])
        if self.reset:
            talk.reset()
        raise Over


@dataclass
class BentAnswer(Fault):
    """One bit of the answer is changed; another each time."""

    head: bool
    seed: int = 1

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def carry(self, talk: Talk) -> None:
        told = talk.ask()
        head, body = told.head, told.body
        if self.head:
            head = bent(head, self._chance)
        elif body:
            body = bent(body, self._chance)
        talk.say(head + body)
        raise Over  # what follows a bent length would be read as the next answer


@dataclass
class BadChunks(Fault):
    """Sent in chunks, whose first size is not one, or not its own."""

    size: bytes

    def carry(self, talk: Talk) -> None:
        body = talk.ask().body
        talk.say(chunked())
        talk.say(self.size + b"\r\n" + body + b"\r\n0\r\n\r\n")
        raise Over


@dataclass
class WrongLength(Fault):
    """A Content-Length that is not that of the body."""

    said: str

    def carry(self, talk: Talk) -> None:
        told = talk.ask()
        true = len(told.body)
        named = {"short": str(true - 9), "long": str(true + 9), "two": f"{true}, {true + 1}"}
        length = named.get(self.said, self.said)
        head = messages.opening(
            ("Content-Type", "application/json"), ("Content-Length", length), status=told.status
        )
        talk.say(head + told.body)
        raise Over


class Repeated(Fault):
    """The answer comes twice on the same connection, which stays open."""

    def carry(self, talk: Talk) -> None:
        told = talk.ask()
        talk.say(told.whole + told.whole)


class FromTheCache(Fault):
    """Somebody on the way answers with what was good before; the centre hears nothing."""

    def carry(self, talk: Talk) -> None:
        kept = talk.line.past.get(talk.asked.path)
        talk.say((kept or messages.answer(404)).whole)


class SilentAfterHead(Fault):
    """Done at the centre; the head comes, the body never."""

    def carry(self, talk: Talk) -> None:
        talk.say(talk.ask().head)
        talk.wait()
        raise Over


class SilentMidBody(Fault):
    """Half of the body comes, and the line stays open."""

    def carry(self, talk: Talk) -> None:
        told = talk.ask()
        talk.say(told.whole[: -len(told.body) // 2])
        talk.wait()
        raise Over


class OneWayThere(Fault):
    """What the kiosk says arrives; what the centre says does not, and nobody hangs up."""

    def carry(self, talk: Talk) -> None:
        talk.ask()
        talk.wait()
        raise Over


class HalfOpen(Fault):
    """Read, and never answered nor passed on."""

    def carry(self, talk: Talk) -> None:
        talk.wait()
        raise Over


def chunked(kind: str = "application/json") -> bytes:
    return messages.opening(("Content-Type", kind), ("Transfer-Encoding", "chunked"))


def chunk(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


@dataclass
class Refusing(Fault):
    """Somebody on the way says no, to whatever it is; the centre hears nothing."""

    status: int

    def carry(self, talk: Talk) -> None:
        talk.say(messages.answer(self.status, b"no", "text/plain").whole)


@dataclass
class Busy(Fault):
    """503 or 429, with the Retry-After that is given, or none."""

    retry_after: str | None
    status: int = 503

    def carry(self, talk: Talk) -> None:
        more = () if self.retry_after is None else (("Retry-After", self.retry_after),)
        talk.say(messages.answer(self.status, b"", "text/plain", *more).whole)


def page(text: str) -> Message:
    return messages.answer(200, text.encode(), "text/html")
