"""A person whom the gate turns away reads a page in their language; a machine reads what it did."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.words import languages, words
from sync.central.pages.turned import Spoken

BUSY = {
    "type": "http.response.start",
    "status": 503,
    "headers": [(b"content-type", b"application/json"), (b"retry-after", b"7")],
}


def ask(start, path="/cases", accept=b"text/html,*/*", language=b"de-AT,en;q=0.5"):
    """Status, headers and body of what comes out, where the gate says `start`."""
    sent = []

    async def gate(scope, receive, send):
        await send(start)
        await send({"type": "http.response.body", "body": b'{"kind":"busy"}'})

    async def send(message):
        sent.append(message)

    headers = [(b"accept", accept), (b"accept-language", language)]
    scope = {"type": "http", "path": path, "headers": headers}
    asyncio.run(Spoken(gate)(scope, None, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    ("status", "title"), [(503, "Very busy"), (408, "It took too long")], ids=str
)
def test_a_person_reads_a_page(language, status, title):
    told, headers, body = ask({**BUSY, "status": status}, language=language.encode())
    assert told == status
    assert headers[b"retry-after"] == b"7"
    assert headers[b"content-type"] == b"text/html; charset=utf-8"
    assert headers[b"content-length"] == str(len(body)).encode()
    page = body.decode()
    assert f'<html lang="{language}"' in page
    assert f"<h1>{words(language).t(title)}</h1>" in page


@pytest.mark.parametrize(
    "asked",
    [{"accept": b"*/*"}, {"path": "/v1/devices/x/events"}, {"accept": b"application/json"}],
    ids=str,
)
def test_a_machine_reads_what_it_did(asked):
    _, headers, body = ask(BUSY, **asked)
    assert (headers, body) == (dict(BUSY["headers"]), b'{"kind":"busy"}')


def test_a_page_that_says_busy_itself_stays():
    html = {**BUSY, "headers": [(b"content-type", b"text/html; charset=utf-8")]}
    assert ask(html)[2] == b'{"kind":"busy"}'
