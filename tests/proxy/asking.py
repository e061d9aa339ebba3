"""Faults on the way there: what becomes of a request."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.proxy.line import Fault, Over, Talk
from tests.proxy.messages import Message


@dataclass
class Held(Fault):
    """Arrives, but late: when the fault is over."""

    def carry(self, talk: Talk) -> None:
        talk.wait()
        talk.say(talk.ask().whole)


class Drip(Fault):
    """One byte at a time in both directions, and in the end all of it."""

    def carry(self, talk: Talk) -> None:
        talk.say(talk.ask(pieces=1).whole, pieces=1)


class Lost(Fault):
    """Dropped, and the connection closed without a word."""

    def carry(self, talk: Talk) -> None:
        raise Over


class ResetAtOnce(Fault):
    """RST in place of an answer."""

    def carry(self, talk: Talk) -> None:
        talk.reset()


@dataclass
class Twice(Fault):
    """The network repeats it; the second answer comes back."""

    statuses: list[tuple[int, int]] = field(default_factory=list)

    def carry(self, talk: Talk) -> None:
        first, second = talk.ask(), talk.ask()
        self.statuses.append((first.status, second.status))
        talk.say(second.whole)

    def did_no_harm(self) -> None:
        assert all(first < 400 and second == 401 for first, second in self.statuses), self.statuses


@dataclass
class RepeatedLater(Fault):
    """The same, but the first answer comes back, and the copy arrives after it."""

    statuses: list[tuple[int, int]] = field(default_factory=list)

    def carry(self, talk: Talk) -> None:
        first = talk.ask()
        talk.say(first.whole)
        self.statuses.append((first.status, talk.ask().status))

    def did_no_harm(self) -> None:
        assert all(first < 400 and second == 401 for first, second in self.statuses), self.statuses


@dataclass
class FromBefore(Fault):
    """Before each request, the oldest and the newest of its kind arrive once more."""

    statuses: list[int] = field(default_factory=list)

    def carry(self, talk: Talk) -> None:
        path = talk.asked.path
        old = [one for one in talk.line.requests[:-1] if one.path == path]
        for one in old[:1] + old[1:][-1:]:
            self.statuses.append(talk.ask(one.whole).status)
        talk.say(talk.ask().whole)

    def did_no_harm(self) -> None:
        assert set(self.statuses) == {401}, self.statuses


@dataclass
class Overtaken(Fault):
    """Given up by the kiosk, overtaken by the next one, and delivered after it."""

    waiting: list[Message] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def carry(self, talk: Talk) -> None:
        if not self.waiting:
            self.waiting.append(talk.asked)
            talk.wait()
            raise Over
        told = talk.ask()
        if not self.statuses:  # once: a second time its token would be spent
            self.statuses += [talk.ask(one.whole).status for one in self.waiting]
        talk.say(told.whole)

    def did_no_harm(self) -> None:
        # Let in, and nothing came of it.
        assert self.statuses
        assert all(status < 400 for status in self.statuses), self.statuses


@dataclass
class CutAsk(Fault):
    """The centre sees the beginning only. `at` is the share of it."""

    head: bool
    at: float = 0.5

    def carry(self, talk: Talk) -> None:
        asked = talk.asked
        size = len(asked.head) * self.at if self.head else len(asked.head) + 0.5 * len(asked.body)
        talk.line.hurl(asked.whole[: int(size)])
        raise Over


@dataclass
class BentAsk(Fault):
    """One bit of the head or of the packed body arrives changed; another each time."""

    head: bool
    seed: int = 1

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def carry(self, talk: Talk) -> None:
        head, body = talk.asked.head, talk.asked.body
        if self.head:
            head = bent(head, self._chance)
        elif body:
            body = bent(body, self._chance)
        talk.say(talk.ask(head + body).whole)


class ResetMidAsk(Fault):
    """RST while the kiosk still sends: half of the request had arrived."""

    def carry(self, talk: Talk) -> None:
        talk.line.hurl(talk.asked.whole[: len(talk.asked.whole) // 2])
        talk.reset()


def bent(data: bytes, chance: random.Random) -> bytes:
    """With one bit the other way; no line ends because of it, and none goes on."""
    while True:
        at, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
        changed = data[at] ^ bit
        if data[at] not in b"\r\n" and changed not in b"\r\n":
            return data[:at] + bytes((changed,)) + data[at + 1 :]
