"""Files of a bundle over a line that breaks: resumed, proven whole, and nothing half in force."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kiosk.seal.keys import SigningKey
from kiosk.store import StoreCause, StoreFailed
from kiosk.world import SystemIds
from sync.agent import fetching
from sync.agent.client import Away, Busy, Client
from sync.agent.fetching import Fetching, More
from sync.agent.pushing import Shut
from sync.central import policy
from sync.central.policy import packing
from sync.wire.faults import BundleFault
from sync.wire.messages import BundleFile
from tests.sync.boxes import Box, publish, rejected
from tests.sync.conftest import TENANT, authorisation

DATA = bytes(range(256)) * 40
FILE = BundleFile(name="policy", size=len(DATA), sha256=hashlib.sha256(DATA).hexdigest())
GZIP = "application/gzip"


@dataclass
class Reply:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = GZIP
    promised: int = 0


def ranged(start, end, data=DATA):
    body = data[start:end]
    return Reply(206, body, {"Content-Range": f"bytes {start}-{end - 1}/{len(data)}"})


@dataclass
class Server:
    say: Callable[[int, int], Reply] = ranged
    asked: list[tuple[int, int]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def server():
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            start, last = self.headers["Range"].removeprefix("bytes=").split("-")
            assert self.headers["If-Range"] == f'"{FILE.sha256}"'
            told.asked.append((int(start), int(last) + 1))
            reply = told.say(int(start), int(last) + 1)
            self.close_connection = True
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(reply.promised or len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(reply.body)

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
def fetch(server, clock, tmp_path):
    client = Client(server.url, "dev", SigningKey("", bytes(32)), clock, SystemIds(), "1", 5.0)
    made = Fetching(tmp_path / "incoming", client, 3000)
    yield made
    client.close()


def until_done(fetch, most=40):
    for _ in range(most):
        got = fetch.step(FILE)
        if not isinstance(got, More):
            return got
    raise AssertionError("it never ends")


def test_slices_make_the_whole(server, fetch):
    path = until_done(fetch)
    assert path.read_bytes() == DATA
    assert server.asked == [(0, 3000), (3000, 9000), (9000, len(DATA))]
    assert fetch.step(FILE) == path
    assert len(server.asked) == 3, "what is here is not fetched again"


def test_what_came_before_the_line_broke_is_not_fetched_again(server, fetch):
    def cut(start, _):
        reply = ranged(start, 9000)
        reply.promised = len(DATA)
        return reply

    server.say = cut
    assert isinstance(fetch.step(FILE), Away)
    server.say = ranged
    assert until_done(fetch).read_bytes() == DATA
    assert 0 < server.asked[1][0] <= 9000


def test_a_kiosk_switched_off_half_way_goes_on_from_there(server, fetch):
    assert isinstance(fetch.step(FILE), More)
    again = Fetching(fetch.directory, fetch.client, 3000)
    assert until_done(again).read_bytes() == DATA
    assert server.asked[1][0] == 3000


@pytest.mark.parametrize("left", [3000, len(DATA), len(DATA) + 512])
def test_what_a_power_cut_tore_is_fetched_anew_and_no_fault_of_the_bundle(server, fetch, left):
    """Nobody syncs a download: its size may be on the disk and its bytes not."""
    fetch.directory.mkdir()
    (fetch.directory / FILE.sha256).write_bytes(bytes(left))
    assert until_done(fetch).read_bytes() == DATA


def test_a_slow_line_is_asked_for_less_at_a_time(server, fetch, monkeypatch):
    monkeypatch.setattr(fetching, "SLICE_LEAST", 500)
    server.say = lambda *_: Reply(200, b"", kind="text/html")
    for _ in range(4):
        assert isinstance(fetch.step(FILE), Away)
    assert [end - start for start, end in server.asked] == [3000, 1500, 750, 500]


def test_a_server_without_ranges_sends_the_whole(server, fetch):
    assert isinstance(fetch.step(FILE), More)
    server.say = lambda *_: Reply(200, DATA)
    assert until_done(fetch).read_bytes() == DATA


@pytest.mark.parametrize(
    "reply",
    [
        Reply(206, b"x" * 10, {"Content-Range": "bytes 7000-7009/10240"}),
        Reply(206, b"x" * 10, {"Content-Range": "lines 0-9/10"}),
        Reply(206, b"x" * 10),
        Reply(200, b"<html>", kind="text/html"),
        Reply(200, DATA + b"more"),
        Reply(200, b""),
        Reply(304, b""),
        Reply(302, b"", {"Location": "/login"}),
    ],
    ids=["elsewhere", "unit", "nowhere", "portal", "too much", "nothing", "304", "redirect"],
)
def test_what_is_not_the_file_is_nobody_there(server, fetch, reply):
    server.say = lambda *_: reply
    assert isinstance(fetch.step(FILE), Away)


def test_other_answers_are_what_they_are_anywhere_else(server, fetch):
    server.say = lambda *_: Reply(503, b"", {"Retry-After": "7"})
    assert fetch.step(FILE) == Busy("7", 503)
    server.say = lambda *_: Reply(403, b"", kind="text/plain")
    assert fetch.step(FILE) == Shut(403)
    server.say = lambda *_: Reply(404, b"", kind="text/plain")
    assert isinstance(fetch.step(FILE), Away)


def test_bytes_without_their_hash_are_thrown_away_and_fetched_anew(server, fetch):
    server.say = lambda start, end: ranged(start, end, bytes(len(DATA)))
    assert until_done(fetch) is BundleFault.WRONG_HASH
    assert list(fetch.directory.iterdir()) == []
    server.say = ranged
    assert until_done(fetch).read_bytes() == DATA


def test_no_download_takes_the_room_that_drops_need(fetch, server):
    huge = BundleFile(name="authorisations", size=1 << 60, sha256=FILE.sha256)
    with pytest.raises(StoreFailed) as failure:
        fetch.step(huge)
    assert failure.value.cause is StoreCause.FULL
    assert server.asked == []


def test_what_no_bundle_names_any_more_is_cleared_away(fetch):
    path = until_done(fetch)
    fetch.keep_only([FILE])
    assert path.exists()
    fetch.keep_only(())
    assert not path.exists()


# --- the whole agent and the real centre ---


class TestWithTheCentre:
    @pytest.fixture
    def database_url(self, prepared_file, tmp_path):
        shutil.copy(prepared_file, tmp_path / "centre.db")
        return f"sqlite:///{tmp_path}/centre.db"

    @pytest.fixture
    def box(self, centre, clock, tmp_path, monkeypatch):
        monkeypatch.setattr(fetching, "SLICE_MOST", 200)
        made = Box(centre, clock, tmp_path / "kiosk")
        made.agent._pulling._fetching._slice = 200
        yield made
        made.close()

    def test_in_slices_with_drops_between_them(self, box, centre, drop_of):
        policy.put_authorisations(
            centre.database, TENANT, [authorisation(f"R{n}") for n in range(40)]
        )
        publish(centre)
        slices = 0
        while not box.store.policy.number:
            box.record(drop_of(f"R{slices}"))
            box.agent.turn()
            assert box.store.outbox.position().queued == 0, "the drop goes before the next slice"
            box.agent.turn()
            box.agent.turn()
            slices += 1
            assert slices < 40
        assert slices > 3
        assert box.store.policy.current().find_return("R39") is not None
        assert not any((box.folder / "incoming").iterdir())

    def test_a_centre_that_goes_away_half_way_changes_nothing(
        self, box, centre, monkeypatch, clock
    ):
        policy.put_authorisations(
            centre.database, TENANT, [authorisation(f"R{n}") for n in range(40)]
        )
        publish(centre)
        starts = []
        real = packing.read

        def read(database, tenant, sha256, start, end):
            starts.append((sha256, start))
            return real(database, tenant, sha256, start, end)

        monkeypatch.setattr(packing, "read", read)
        while len(starts) < 4:
            box.agent.turn()
        centre.server.stop()
        box.settle()
        assert box.store.policy.current() is None
        box.close()
        centre.server.start()
        box.open()
        clock.advance(seconds=1)
        box.settle(200)
        assert box.store.policy.current().find_return("R39") is not None
        assert len(starts) == len(set(starts)), "nothing was fetched twice"
        assert rejected(centre) == []


def test_the_centre_answers_ranges(centre, kiosk):
    policy.put_authorisations(centre.database, TENANT, [authorisation("R1")])
    file = publish(centre).files[1]
    path = f"/v1/policy/files/{file.sha256}"
    whole = kiosk.send("GET", path)
    assert (whole.status_code, len(whole.content)) == (200, file.size)
    assert whole.headers["ETag"] == f'"{file.sha256}"'

    def part(asked, **more):
        return kiosk.send("GET", path, headers={"Range": asked, **more})

    middle = part("bytes=10-19")
    assert (middle.status_code, middle.content) == (206, whole.content[10:20])
    assert middle.headers["Content-Range"] == f"bytes 10-19/{file.size}"
    assert part("bytes=10-").content == whole.content[10:]
    assert part(f"bytes=10-{file.size + 99}").content == whole.content[10:]
    assert part(f"bytes={file.size}-").status_code == 416
    for odd in ("bytes=-5", "bytes=9-3", "lines=0-1", "bytes=0-1,4-5", "bytes=a-b"):
        assert part(odd).status_code == 200
    assert part("bytes=0-1", **{"If-Range": '"another"'}).status_code == 200
    assert part("bytes=0-1", **{"If-Range": f'"{file.sha256}"'}).status_code == 206
