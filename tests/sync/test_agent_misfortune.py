"""The agent before a server that misbehaves: nothing is lost, nothing is believed too early."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kiosk.domain.events import KioskStarted
from kiosk.seal.keys import SigningKey
from kiosk.store import open_store
from kiosk.world import SystemIds
from sync.agent import pace as paces
from sync.agent.agent import Agent
from sync.agent.pace import Pace
from sync.agent.state import LinkError
from sync.wire import codec
from sync.wire.messages import HeartbeatReply, Problem, Push, Pushed

IDS = SystemIds()
PATIENT = Pace(beat=60, first_contact=0, retry_least=1, retry_most=300)


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False  # promise more than comes
    hold: threading.Event | None = None  # wait for this after the headers
    drop: bool = False  # close the line without a word


JSON = {"Content-Type": "application/json"}


@dataclass
class Server:
    """Answers as `say` says; remembers what it was asked."""

    say: Callable[[str, Push | None], Reply]
    asked: list[str] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def server():
    told = Server(lambda _path, _push: Reply(503))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args):
            pass

        def _answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            told.asked.append(self.path)
            push = None
            if self.path.endswith("/events"):
                push = codec.decode(codec.unpack(body, 1 << 24), Push)
                told.pushes.append(push)
            reply = told.say(self.path, push)
            self.close_connection = True
            if reply.drop:
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + (9 if reply.cut else 0)))
            self.send_header("Connection", "close")
            self.end_headers()
            if reply.hold is not None:
                reply.hold.wait(20)
            self.wfile.write(reply.body)

        do_GET = do_POST = _answer

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,))
    thread.start()
    told.url = f"http://127.0.0.1:{httpd.server_port}"
    yield told
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.fixture
def store(tmp_path, clock):
    made = open_store(tmp_path / "kiosk", clock, IDS)
    yield made
    made.close()


@pytest.fixture
def agent(server, store, clock):
    made = make_agent(server, store, clock)
    yield made
    made.stop()


def make_agent(server, store, clock, timeout_s=5.0):
    key = SigningKey("", bytes(range(32)))
    return Agent(
        store,
        server.url,
        "dev-1",
        key,
        {},
        clock,
        IDS,
        "1.0",
        timeout_s,
        lambda _: None,
        tenant="acme",
        pace=PATIENT,
    )


def record(store, agent, count=1):
    for n in range(count):
        store.record(KioskStarted("1", n, 0), "kiosk")
    agent.wake()


def settle(agent, turns=60):
    for _ in range(turns):
        wait = agent.turn()
        if wait > 0:
            return wait
    raise AssertionError("the agent does not come to rest")


def good(path, push):
    """An honest, small centre."""
    at = datetime(2026, 5, 4, tzinfo=UTC)
    if push is not None and push.events:
        last = push.events[-1]
        body = Pushed(epoch=push.epoch, cursor=last.sequence, chain_head=last.chain, server_time=at)
        return Reply(200, codec.encode(body), JSON)
    if path.endswith("/heartbeat"):
        return Reply(200, codec.encode(HeartbeatReply(server_time=at)), JSON)
    return Reply(404, codec.encode(Problem(kind="no_policy")), JSON)


def test_503_without_retry_after_backs_off_and_a_wake_does_not_break_it(server, store, agent):
    record(store, agent)
    wait = settle(agent)
    assert 1 <= wait <= 300
    asked = len(server.asked)
    for _ in range(5):
        agent.wake()
        agent.turn()
    assert len(server.asked) == asked
    assert agent.state.error is LinkError.BUSY


def test_retry_after_is_never_undercut_and_at_most_a_fifth_overdrawn(server, store, agent, clock):
    server.say = lambda *_: Reply(503, headers={"Retry-After": "40"})
    record(store, agent)
    assert 40 <= settle(agent) <= 48.1
    clock.advance(seconds=39.9)
    asked = len(server.asked)
    agent.turn()
    assert len(server.asked) == asked


@pytest.mark.parametrize(
    "value", ["-5", "1e99", "99999999999999999999", "soon", "", "Fri, 31 Dec 9999 23:59:59 GMT"]
)
def test_an_absurd_retry_after_neither_ends_nor_hurries_the_agent(server, store, agent, value):
    server.say = lambda *_: Reply(429, headers={"Retry-After": value})
    record(store, agent)
    assert 0 < settle(agent) <= 3600 * 1.2 + 1


def test_a_retry_after_in_the_past_is_no_busy_loop(server, store, agent, clock):
    server.say = lambda *_: Reply(503, headers={"Retry-After": "0"})
    record(store, agent)
    assert settle(agent) > 0


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html>Welcome to our Wi-Fi</html>", {"Content-Type": "text/html"}),
        Reply(200, b'{"hello": 1}', JSON),
        Reply(200, b"{", JSON),
        Reply(200, b'{"epoch"', JSON, cut=True),
        Reply(302, b"", {"Location": "/login"}),
        Reply(500, b"oops", {"Content-Type": "text/plain"}),
        Reply(200, b"[" * (2 << 20), JSON),
    ],
    ids=["portal", "other-json", "torn-json", "cut", "redirect", "500", "endless"],
)
def test_what_is_not_the_centres_word_acknowledges_nothing(server, store, agent, reply, clock):
    server.say = lambda *_: reply
    record(store, agent, 3)
    assert settle(agent) > 0
    assert store.outbox.position().queued == 3
    assert (agent.state.online, agent.state.error) == (False, LinkError.AWAY)
    server.say = good
    clock.advance(seconds=301)
    settle(agent)
    assert store.outbox.position().queued == 0
    assert agent.state.online


def test_an_answer_that_never_comes_is_given_up(server, store, clock):
    hold = threading.Event()
    server.say = lambda *_: Reply(200, b"{}", JSON, hold=hold)
    agent = make_agent(server, store, clock, timeout_s=0.2)
    record(store, agent)
    settle(agent)
    assert agent.state.error is LinkError.AWAY
    hold.set()
    agent.stop()


def test_nobody_there_at_all(server, store, clock):
    server.url = "http://127.0.0.1:9"
    agent = make_agent(server, store, clock)
    record(store, agent)
    assert 1 <= settle(agent) <= 300
    assert agent.state.error is LinkError.AWAY
    agent.stop()


def test_an_acknowledgement_of_another_chain_is_not_believed(server, store, agent):
    def lie(path, push):
        reply = good(path, push)
        if push is None:
            return reply
        told = codec.decode(reply.body, Pushed)
        import msgspec

        bent = msgspec.structs.replace(told, chain_head="f" * 64)
        return Reply(200, codec.encode(bent), JSON)

    server.say = lie
    record(store, agent, 2)
    settle(agent)
    assert store.outbox.position().queued == 2
    # One new epoch, then patience: a centre that lies for ever must not make us grow for ever.
    assert len({push.epoch for push in server.pushes}) == 2
    server.say = good


def test_one_record_refused_for_good_delays_no_other(server, store, agent):
    """Something on the way refuses every batch with the third event's body in it."""

    def picky(path, push):
        if push and any(e.data.get("abandoned") == 2 for e in push.events):
            return Reply(413, b"too large", {"Content-Type": "text/plain"})
        return good(path, push)

    server.say = picky
    record(store, agent, 7)
    settle(agent)
    assert store.outbox.position().queued == 0
    withheld = [e for push in server.pushes for e in push.events if e.withheld]
    assert [(e.sequence, e.data, e.withheld) for e in withheld] == [(3, {}, "http 413")]


def test_a_door_that_refuses_everything_loses_nothing(server, store, agent, clock):
    server.say = lambda *_: Reply(400, b"", {"Content-Type": "text/plain"})
    record(store, agent, 4)
    assert settle(agent) > 0
    assert store.outbox.position().queued == 4
    assert agent.state.error is LinkError.SHUT
    server.say = good
    clock.advance(seconds=301)
    settle(agent)
    assert store.outbox.position().queued == 0


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_shut_door_keeps_the_queue_whole(server, store, agent, status):
    server.say = lambda *_: Reply(status, codec.encode(Problem(kind="not_signed")), JSON)
    record(store, agent, 4)
    assert settle(agent) > 0
    assert [len(push.events) for push in server.pushes] == [4]
    assert store.outbox.position().queued == 4


def test_a_gap_rewinds_and_an_impossible_gap_begins_anew(server, store, agent):
    server.say = good
    record(store, agent, 3)
    settle(agent)
    told = iter([Reply(409, codec.encode(Problem(kind="gap", cursor=1)), JSON)])

    def behind(path, push):
        return next(told, None) or good(path, push) if push else good(path, push)

    server.say = behind
    record(store, agent)
    settle(agent)
    assert [e.sequence for e in server.pushes[-1].events] == [2, 3, 4]
    assert store.outbox.position().queued == 0
    told = iter([Reply(409, codec.encode(Problem(kind="gap", cursor=-7)), JSON)])
    record(store, agent)
    settle(agent)
    assert [e.sequence for e in server.pushes[-1].events] == [1, 2, 3, 4, 5]
    assert server.pushes[-1].epoch != server.pushes[0].epoch
    assert agent.state.forked


def test_while_nothing_is_queued_a_heartbeat_notices_the_centres_return(
    server, store, agent, clock
):
    settle(agent)
    assert agent.state.error is LinkError.BUSY
    server.say = good
    clock.advance(seconds=301)
    settle(agent)
    assert agent.state.online


def test_full_jitter_stays_in_its_bounds_and_grows():
    pace = Pace()
    for failures in range(40):
        limit = min(300.0, 2.0**failures)
        for _ in range(20):
            assert 1.0 <= paces.back_off(failures, pace, IDS) <= max(limit, 1.0)
    assert max(paces.back_off(12, pace, IDS) for _ in range(200)) > 150


def test_a_line_dropped_once_is_tried_again_at_once_and_not_for_ever(server, store, agent):
    told = iter([Reply(drop=True)])
    server.say = lambda path, push: next(told, None) or good(path, push)
    record(store, agent)
    settle(agent)
    assert store.outbox.position().queued == 0
    server.say = lambda *_: Reply(drop=True)
    before = len(server.pushes)
    record(store, agent)
    assert settle(agent) > 0
    assert len(server.pushes) - before == 2
    assert agent.state.error is LinkError.AWAY


def test_drops_go_before_heartbeats(server, store, agent):
    server.say = good
    record(store, agent)
    settle(agent)
    assert server.asked[0].endswith("/events")
