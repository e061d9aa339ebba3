"""What one answer may cost the kiosk at most, and that no answer at all can break its client."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from kiosk.seal.keys import SigningKey
from kiosk.world import SystemClock, SystemIds
from sync.agent import secure
from sync.agent.client import Away, Busy, Client, Ok, Refused
from sync.agent.pace import Pace, told_to_wait
from sync.agent.secure import Tls
from tests.proxy import messages
from tests.proxy.line import Fault, Line, Over, Talk
from tests.proxy.strangers import Bomb, Cookies, Portal, Redirect, endless, garbled

MEGABYTE = 1 << 20
SHORT = {"page", "chunks", "a chunk of minus one", "headers"}


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line(lambda: 0)
    yield made
    made.close()


@pytest.fixture
def client(line: Line) -> Iterator[Client]:
    key = SigningKey("", bytes(32))
    session = secure.session(Tls())
    made = Client(line.url, "d", key, SystemClock(), SystemIds(), "1", 0.4, session=session)
    yield made
    made.close()


def peak_of(client: Client, line: Line) -> tuple[object, int]:
    """An answer, and the bytes of memory that it took at most."""
    met = line.phase.met
    tracemalloc.start()
    try:
        answer, peak = client.get("/v1/policy/manifest"), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert line.phase.met > met
    return answer, peak


@pytest.mark.parametrize(
    "what",
    [pytest.param(what, marks=[] if what in SHORT else [pytest.mark.long]) for what in endless()],
)
def test_an_endless_answer_takes_little_memory(client, line, what) -> None:
    line.meets(endless()[what])
    answer, peak = peak_of(client, line)
    assert isinstance(answer, Away)
    assert peak < 8 * MEGABYTE


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_and_no_page_read_on_the_way(client, line, status) -> None:
    fault = Redirect(status, endless=True)
    line.meets(fault)
    answer, peak = peak_of(client, line)
    assert isinstance(answer, Away)
    assert peak < 8 * MEGABYTE
    assert fault.followed == []


def test_what_unpacks_to_a_hundred_megabytes_is_not_unpacked(client, line) -> None:
    line.meets(Bomb())
    client.get("/v1/policy/manifest")  # so that the bomb itself is there
    answer, peak = peak_of(client, line)
    assert isinstance(answer, Away)
    assert peak < 8 * MEGABYTE


def test_no_page_is_remembered(client, line) -> None:
    fault = Cookies()
    line.meets(fault)
    for _ in range(3):
        client.get("/v1/policy/manifest")
    line.meets(Portal())
    client.get("/v1/policy/manifest")
    assert fault.given == 3
    assert [asked.header("Cookie") for asked in line.requests] == [""] * 4
    assert list(client.session.cookies) == []


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("0", None),
        ("-5", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Mon, 04 May 2026 09:30:00 GMT", None),  # now
        ("Fri, 31 Dec 99999999999999 23:59:59 GMT", None),
        ("Mon, 99 Xyz 2026 25:61:61 +9999", None),
        ("1", 1.0),
        ("Mon, 04 May 2026 09:30:40 GMT", 40.0),
        ("99999999999999999999", 3600.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600.0),
    ],
)
def test_nobody_makes_the_agent_call_without_a_pause_or_never_again(said, waits) -> None:
    """None: its own patience, which grows."""
    now = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
    told = told_to_wait(said, now, Pace(), SystemIds())
    if waits is None:
        assert told is None
    else:
        assert told is not None
        assert waits <= told <= 1.2 * waits


GOOD = [
    messages.answer(200, b'{"epoch":"e","cursor":1,"chain_head":"00"}'),
    messages.answer(409, b'{"kind":"gap","cursor":1}'),
    messages.answer(503, b"", "text/plain", ("Retry-After", "7")),
    messages.answer(304),
    messages.Message(
        messages.opening(("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")),
        b'6\r\n{"a":1\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n',
    ),
]


@dataclass
class _Noise(Fault):
    """Good answers, garbled. No kind of its own: see strangers.Garbled."""

    chance: random.Random
    said: list[bytes] = field(default_factory=list)

    def carry(self, talk: Talk) -> None:
        self.said.append(garbled(self.chance.choice(GOOD).whole, self.chance))
        talk.say(self.said[-1])
        raise Over


def hears_noise(client: Client, line: Line, seed: int, count: int) -> None:
    noise = _Noise(random.Random(seed))
    line.meets(noise)
    kinds = set()
    for _ in range(count):
        answer = client.get("/v1/policy/manifest")
        kinds.add(type(answer))
        match answer:
            case Ok() | Refused() | Away():
                pass
            case Busy():
                assert len(answer.retry_after) < MEGABYTE
            case _:
                raise AssertionError((answer, noise.said[-1]))
    assert kinds == {Ok, Refused, Busy, Away}


def test_no_answer_breaks_the_client(client, line) -> None:
    hears_noise(client, line, 1, 150)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 10))
def test_no_answer_of_thousands_breaks_the_client(client, line, seed) -> None:
    hears_noise(client, line, seed, 1500)
