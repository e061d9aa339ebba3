"""Batches by what the line bears, a breaker that says where it stands, and turns behind a queue."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from kiosk.domain.events import KioskStarted
from kiosk.seal.keys import SigningKey
from kiosk.store import open_store
from kiosk.world import SystemIds
from sync.agent import client as clients
from sync.agent.agent import Agent, LinkError
from sync.agent.circuit import Breaker, Circuit
from sync.agent.client import Away, Busy, Ok
from sync.agent.fetching import More
from sync.agent.pace import Pace
from sync.agent.pulling import Pulling
from sync.agent.sizing import FIRST, LEAST, MOST_PLAIN, Sizing
from sync.wire import codec
from sync.wire.messages import Heartbeat, HeartbeatReply, Problem, Push, Pushed

IDS = SystemIds()
TIMEOUT_S = 10.0


class Line:
    """Stands in for `client.exchange`: an honest, small centre behind a line of so many bytes a
    second, which cuts what takes longer than the time-out. Time passes by the test's clock."""

    def __init__(self, clock, monkeypatch):
        self.clock, self.speed, self.wait = clock, 1e9, 0.01
        self.down = False
        self.busy = ""
        self.asked: list[str] = []
        self.sent: list[tuple[int, int, float]] = []  # events, bytes, seconds
        self.cuts = 0
        self.beats: list[Heartbeat] = []
        self.acked = 0
        self.since = 0.0  # when the first batch got through
        monkeypatch.setattr(clients, "exchange", self.exchange)

    def exchange(self, _session, _method, url, body, _headers, clock, timeout_s, _limit):
        what = re.sub(r".*/", "", url)
        self.asked.append(what)
        if self.down:
            return Away("ConnectionError")
        if self.busy:
            return Busy(self.busy)
        took = self.wait + len(body) / self.speed
        clock.advance(seconds=min(took, timeout_s))
        if took > timeout_s:
            self.cuts += 1
            return Away("ReadTimeout", cut=True)
        if what == "events":
            push = codec.decode(codec.unpack(body, 1 << 24), Push)
            self.sent.append((len(push.events), len(body), took))
            self.since = self.since or clock.monotonic()
            last = push.events[-1]
            self.acked = max(self.acked, last.sequence)
            told = Pushed(
                epoch=push.epoch,
                cursor=last.sequence,
                chain_head=last.chain,
                server_time=clock.now(),
            )
            return Ok(200, codec.encode(told))
        if what == "heartbeat":
            self.beats.append(codec.decode(codec.unpack(body, 1 << 20), Heartbeat))
            reply = HeartbeatReply(server_time=clock.now(), cursor=self.acked)
            return Ok(200, codec.encode(reply))
        return clients.Refused(404, Problem(kind="no_policy"))


@pytest.fixture
def line(clock, monkeypatch):
    return Line(clock, monkeypatch)


@pytest.fixture
def store(tmp_path, clock):
    made = open_store(tmp_path / "kiosk", clock, IDS)
    yield made
    made.close()


def make_agent(store, clock, states):
    return Agent(
        store,
        "http://centre.invalid",
        "dev-1",
        SigningKey("", bytes(range(32))),
        {},
        clock,
        IDS,
        "1.0",
        TIMEOUT_S,
        states.append,
        tenant="acme",
        pace=Pace(first_contact=0.0),
    )


@pytest.fixture
def states():
    return []


@pytest.fixture
def agent(store, clock, line, states):
    made = make_agent(store, clock, states)
    yield made
    made.stop()


def record(store, count):
    """In one transaction: it is the line that is looked at."""

    def task(work):
        for n in range(count):
            work.record(KioskStarted(f"{n:x}" * 20, n, n), "kiosk")

    store.run(task)


def drain(agent, clock):
    """Until nothing waits, letting the agent's own waits pass."""
    for _ in range(1000):
        wait = agent.turn()
        if not agent.state.queued:
            return
        pause(clock, wait)
    raise AssertionError("it does not drain")


def pause(clock, wait):
    """A little longer: sums of seconds are not exact."""
    clock.advance(seconds=wait + 0.001)


# --- sizes ---


@pytest.mark.parametrize("speed", [1_000, 4_000, 1e9])
def test_a_batch_takes_a_few_seconds_whatever_the_line(agent, store, line, clock, speed):
    """Once a slow line is known it is never met by its time-out, and nothing is sent in crumbs."""
    line.speed = speed
    record(store, 400)
    drain(agent, clock)
    assert line.cuts <= 5  # from the first size down to what a thousand bytes a second bear
    known = line.sent[line.cuts + 1 :]
    assert all(took <= TIMEOUT_S / 2 for _, _, took in known)
    if speed == 1_000:
        full = [size for _, size, _ in known[:-1]]
        assert len(full) > 2
        assert min(full) >= LEAST


def test_a_fast_line_takes_hundreds_at_once(agent, store, line, clock):
    record(store, 1100)
    drain(agent, clock)
    assert len(line.sent) <= 6
    assert max(count for count, _, _ in line.sent) >= 400


def test_what_counts_is_what_travels_compressed(store):
    sizing = Sizing(store, TIMEOUT_S)
    sizing.went(100_000, 10_000, 1.0)
    assert sizing.plain == 10 * sizing.most
    sizing.went(10_000, 10_000, 1.0)
    assert sizing.plain == sizing.most


def test_a_cut_line_halves_and_success_doubles(store):
    sizing = Sizing(store, TIMEOUT_S)
    sizing.broke(1 << 20, FIRST)
    sizing.broke(1_600, 800)  # one small drop: not so much smaller
    assert sizing.most == FIRST // 4
    sizing.went(1 << 20, FIRST // 4, 1.0)
    assert sizing.most == FIRST // 2
    sizing.went(2_000, 1_000, 1.0)  # a small batch says nothing of a large one
    assert sizing.most == FIRST // 2
    sizing.went(1 << 20, FIRST // 2, 4.0)  # neither quick nor slow
    assert sizing.most == FIRST // 2
    for _ in range(30):
        sizing.broke(8 * sizing.most, sizing.most)
    assert sizing.most == LEAST
    for _ in range(30):
        sizing.went(8 * sizing.most, sizing.most, 0.1)
    assert sizing.most == MOST_PLAIN >= sizing.plain


def test_a_slow_line_is_remembered_over_a_restart_and_a_fast_one_found_again(store):
    sizing = Sizing(store, TIMEOUT_S)
    for _ in range(3):
        sizing.broke(8 * sizing.most, sizing.most)
    assert Sizing(store, TIMEOUT_S).most == sizing.most == FIRST // 8
    for _ in range(10):
        sizing.went(8 * sizing.most, sizing.most, 0.1)
    assert sizing.most > FIRST
    assert Sizing(store, TIMEOUT_S).most == FIRST
    store.meta.set("push.bytes", "much")
    assert Sizing(store, TIMEOUT_S).most == FIRST


def test_nobody_there_says_nothing_about_sizes(agent, store, line, clock):
    line.down = True
    record(store, 300)
    for _ in range(5):
        pause(clock, agent.turn())
    line.down = False
    drain(agent, clock)
    assert line.sent[0][0] >= 300 or line.sent[0][1] > FIRST / 3


# --- the breaker ---


def test_it_opens_at_the_first_failure_and_lets_one_try_through(agent, store, line, clock, states):
    line.down = True
    record(store, 3)
    wait = agent.turn()
    assert agent.state.circuit is Circuit.OPEN
    asked = len(line.asked)
    agent.wake()
    assert agent.turn() == pytest.approx(wait)
    assert len(line.asked) == asked
    pause(clock, wait)
    agent.turn()
    assert len(line.asked) == asked + 1
    told = [state.circuit for state in states]
    assert told[-3:] == [Circuit.OPEN, Circuit.HALF_OPEN, Circuit.OPEN]
    line.down = False
    pause(clock, agent.turn())
    agent.turn()
    assert (agent.state.circuit, agent.state.error) == (Circuit.CLOSED, LinkError.NONE)


def test_a_restart_does_not_close_it(agent, store, line, clock):
    line.down = True
    record(store, 1)
    agent.turn()
    again = make_agent(store, clock, [])
    again.turn()
    assert again.state.circuit is Circuit.OPEN
    again.stop()


def test_what_the_centre_asks_for_is_how_long_it_stays_open(agent, store, line, clock):
    line.busy = "120"
    record(store, 1)
    wait = agent.turn()
    assert 120 <= wait <= 145
    clock.advance(seconds=119)
    agent.turn()
    assert len(line.asked) == 1
    assert agent.state.circuit is Circuit.OPEN


def test_a_heartbeat_tells_how_often_the_line_failed_before_it(agent, store, line, clock):
    line.down = True
    while len(line.asked) < 3:
        pause(clock, agent.turn())
    line.down = False
    while not line.beats:
        pause(clock, agent.turn())
    assert line.beats[0].missed == 3
    assert Circuit(line.beats[0].circuit) is not Circuit.OPEN
    while len(line.beats) < 2:
        pause(clock, agent.turn())
    assert (line.beats[1].missed, line.beats[1].circuit) == (0, Circuit.CLOSED)


def test_closing_is_news_only_once(clock):
    breaker = Breaker(clock, Pace(), IDS)
    assert not breaker.close()
    breaker.trip(5.0)
    assert breaker.state() is Circuit.OPEN
    clock.advance(seconds=5)
    assert breaker.state() is Circuit.HALF_OPEN
    assert breaker.close()
    assert not breaker.close()


# --- turns ---


def test_behind_a_long_queue_heartbeats_and_policy_still_go(agent, store, line, clock):
    """Hundreds of events over a line of 800 bytes a second: minutes. Drops go first, and in between
    the kiosk is heard of about once a minute and asks for rules."""
    line.speed = 800
    record(store, 900)
    drain(agent, clock)
    took = clock.monotonic() - line.since  # before that the breaker had its own pauses
    assert took > 60
    assert line.asked[0] == "events"
    last = max(place for place, what in enumerate(line.asked) if what == "events")
    during = line.asked[:last]
    assert max(1, took // 90) <= during.count("heartbeat") <= 3 + took / 40
    assert "manifest" in during[: 6 + line.cuts]
    assert all(  # never two others in a row while drops wait
        "events" in pair for pair in pairwise(during)
    )


def test_a_download_in_many_slices_does_not_silence_the_kiosk(agent, line, clock, monkeypatch):
    """Rules come over a slow line; whoever looks at the fleet still sees it, and a drop goes at
    once."""

    def slice_of_a_minute(_self):
        clock.advance(seconds=40)
        line.asked.append("slice")
        return More()

    monkeypatch.setattr(Pulling, "step", slice_of_a_minute)
    for _ in range(12):
        agent.turn()
    assert line.asked.count("heartbeat") >= 3
    assert line.asked.count("slice") >= 6
    record(agent._store, 700)
    agent.wake()
    before = len(line.asked)
    agent.turn()
    assert line.asked[before:] == ["events"]
    line.speed = 4_000  # and with a queue beside it, all three take turns
    for _ in range(20):
        pause(clock, agent.turn())
    assert {"events", "heartbeat", "slice"} <= set(line.asked[before + 1 :])


def test_what_is_recorded_behind_a_long_queue_is_known_to_come_late(agent, store, line, clock):
    assert agent.state.behind  # nobody has answered yet
    record(store, 600)
    agent.turn()
    assert agent.state.behind == (agent.state.queued > 500)
    drain(agent, clock)
    assert not agent.state.behind
