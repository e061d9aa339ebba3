"""What a person sees whom the gate turns away: a page, instead of the gate's word for machines.

The gate (sync.central.admission) judges by the head alone and must stay cheap: so these pages are
made once for each language, when the centre starts, and only their bytes are sent. They say
nothing of the moment; Retry-After stays as the gate gave it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kiosk import words
from sync.central.admission import MACHINES, Asgi, Message, Receive, Scope, Send
from sync.central.pages.shared import language_of, prepared

_TEMPLATES: Final = {503: "busy.html", 408: "too_slow.html"}
_JSON: Final = b"application/json"
_LEFT_OUT: Final = (b"content-type", b"content-length")
Headers = Iterable[tuple[bytes, bytes]]


class Spoken:
    """ASGI middleware round the gate."""

    def __init__(self, app: Asgi) -> None:
        self._app = app
        self._pages = {
            (status, language): prepared(template, language)
            for status, template in _TEMPLATES.items()
            for language in words.languages()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _reads_pages(scope):
            await self._app(scope, receive, send)
            return
        page: list[bytes] = []

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_gates(message):
                wishes = _header(scope["headers"], b"accept-language")
                page.append(self._pages[message["status"], language_of(wishes.decode("latin-1"))])
                message = {**message, "headers": _headers(message["headers"], len(page[0]))}
            elif page:
                message = {**message, "body": page[0]}
            await send(message)

        await self._app(scope, receive, told)


def _reads_pages(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["path"].startswith(MACHINES):
        return False
    return b"text/html" in _header(scope["headers"], b"accept")


def _is_gates(message: Message) -> bool:
    """The pages' own 503 is a page already."""
    return message["status"] in _TEMPLATES and _header(message["headers"], b"content-type") == _JSON


def _header(headers: Headers, name: bytes) -> bytes:
    return next((value for key, value in headers if key == name), b"")


def _headers(given: Headers, size: int) -> list[tuple[bytes, bytes]]:
    return [
        *((name, value) for name, value in given if name not in _LEFT_OUT),
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(size).encode()),
        (b"cache-control", b"no-store"),
    ]
