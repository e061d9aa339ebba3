"""A file of megabytes by the page: taken from whoever may, asked of nobody else, and never for
longer or in larger pieces than was said."""

from __future__ import annotations

import re
import socket
from email.message import Message
from http.client import HTTPResponse

import pytest

from sync.central.reconcile import uploading
from sync.central.reconcile.model import Kind
from sync.central.roles import Role
from sync.central.serve import CentralServer
from sync.central.tables import imports, movements
from tests.sync.conftest import IDS
from tests.sync.test_books_and_files import MAP
from tests.sync.test_case_pages import sits

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HUGE = 20 << 20


def heads(length: int | None, cookie: str = "", path: str = "/imports") -> bytes:
    """The head of a form with a file, as a browser sends it."""
    size = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: centre",
        "Accept: text/html",
        "Content-Type: multipart/form-data; boundary=x",
        size,
        f"Cookie: takeback_session={cookie}",
    )
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.fixture
def call(centre):
    """Sends bytes, and gives status, headers and text of what is answered to them."""

    def asked(data: bytes, url: str = centre.url) -> tuple[int, Message, str]:
        host, _, port = url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=30) as line:
            line.sendall(data)
            answer = HTTPResponse(line)
            answer.begin()
            return answer.status, answer.headers, answer.read().decode()

    return asked


def cookie_of(desk) -> str:
    return desk.browser.cookies["takeback_session"]


def token_of(desk, page="/imports") -> str:
    return re.search(r'name="csrf" value="(\w+)"', desk.get(page))[1]


def begun(token: str) -> bytes:
    """A form up to within its file."""
    return (
        f'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="scans.csv"\r\n\r\nScan'
    ).encode()


def wide(clock, scans: int) -> str:
    """A file of megabytes: what a hub's machine writes beside each scan."""
    notes = [f"N{number}" for number in range(16)]
    lines = [",".join(["Scan", "Time", "Label", "Pieces", *notes])]
    for number in range(scans):
        cells = [f"S{number}", clock.now().isoformat(), f"B{number}", "1"]
        lines.append(",".join([*cells, *("n" * 60_000 for _ in notes)]))
    return "\n".join(lines)


def test_a_large_file_is_looked_at_and_taken(centre, clock):
    desk = sits(centre, "ada", Role.AGENT)
    token, text = token_of(desk), wide(clock, 2)
    assert len(text) > 1_900_000
    form = {"csrf": token, "columns": MAP}
    looked = desk.browser.post(
        desk.url + "/imports", data=form, files={"file": ("scans.csv", text)}, timeout=60
    )
    assert looked.status_code == 200, looked.text
    [kept] = centre.rows(imports)
    assert (kept["new"], kept["size"]) == (2, len(text))
    assert len(kept["data"]) < 100_000  # packed
    desk.browser.post(looked.url, data={"csrf": token}, timeout=60)
    assert {(row["kind"], row["bag_id"]) for row in centre.rows(movements)} == {
        (Kind.RECEIVED, "B0"),
        (Kind.RECEIVED, "B1"),
    }
    desk.browser.close()


def test_a_stranger_is_answered_before_the_file(centre, call):
    """Nothing of it has been sent when the answer is there."""
    for length in (HUGE, None):
        status, headers, _ = call(heads(length))
        assert (status, headers["location"]) == (303, "/login")


def test_so_is_who_may_only_look_and_who_brings_too_much(centre, call):
    viewer = sits(centre, "vera", Role.VIEWER)
    assert call(heads(HUGE, cookie_of(viewer)))[0] == 403
    agent = sits(centre, "ada", Role.AGENT)
    status, _, told = call(heads(10 * HUGE, cookie_of(agent)))
    assert status == 413
    assert f"{uploading.LARGEST >> 20} MiB" in told
    viewer.browser.close()
    agent.browser.close()


def test_another_path_takes_no_large_body_from_anybody(centre, call):
    desk = sits(centre, "ada")
    body = b"x" * ((1 << 20) + 1)
    assert call(heads(len(body), cookie_of(desk), "/imports/1") + body)[0] == 413
    desk.browser.close()


def test_what_is_sent_without_its_size_is_counted(database_url, centre, call, monkeypatch):
    """A chunk that is larger than all that is taken."""
    desk = sits(centre, "ada", Role.AGENT)
    monkeypatch.setattr(uploading, "LARGEST", 1 << 20)
    server = CentralServer(database_url, centre.clock, IDS)
    server.start()
    part = begun(token_of(desk)) + b"x" * (3 << 19)
    sent = heads(None, cookie_of(desk)) + f"{len(part):x}\r\n".encode() + part + b"\r\n"
    assert call(sent, server.url)[0] == 413
    server.stop()
    desk.browser.close()


def test_a_file_that_does_not_come_is_cut_off(database_url, centre, call):
    desk = sits(centre, "ada", Role.AGENT)
    server = CentralServer(database_url, centre.clock, IDS, body_s=0.5)
    server.start()
    begin = heads(HUGE, cookie_of(desk)) + begun(token_of(desk))
    status, headers, _ = call(begin, server.url)
    assert (status, headers["connection"]) == (408, "close")
    assert centre.rows(imports) == []
    server.stop()
    desk.browser.close()
