"""Every request from outside: its id, how long it took, and one line about it.

    X-Request-Id    taken over from a caller or a proxy where it is short and plain; told back

Plain ASGI in front of everything, so that what is turned away at the door is counted, too.
"""

from __future__ import annotations

import logging
import re
from typing import Final

from kiosk.ports import Clock, Ids
from sync.central.admission import Asgi, Receive, Scope, Send
from sync.central.watch import logs, measures

_LOG: Final = logging.getLogger("takeback.request")
_NAME: Final = b"x-request-id"
_GOOD: Final = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:-]{7,99}")
_QUIET: Final = (
    "/healthz",
    "/readyz",
    "/v1/devices/{device_id}/heartbeat",
    "/v1/devices/{device_id}/time",
    "/v1/policy/manifest",
    "/v1/policy/keys",
    "/static/{file_path}",
)
"""What is asked all day long: told at level debug while all is well."""


class Watched:
    """ASGI middleware, the outermost."""

    def __init__(self, app: Asgi, clock: Clock, ids: Ids) -> None:
        self._app, self._clock, self._ids = app, clock, ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        noted = logs.Noted(self._id_of(scope))
        began, status = self._clock.monotonic(), 0

        async def told(message: Scope) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                named = (_NAME, noted.request_id.encode())
                message["headers"] = [*message.get("headers", ()), named]
            await send(message)

        before = logs.HERE.set(noted)
        try:
            await self._app(scope, receive, told)
        finally:
            seconds = self._clock.monotonic() - began
            measures.answered(scope, status, seconds)
            _tell(scope, status, seconds)
            logs.HERE.reset(before)

    def _id_of(self, scope: Scope) -> str:
        for name, value in scope.get("headers", ()):
            if name == _NAME and _GOOD.fullmatch(value):
                return str(value.decode())
        return self._ids.uuid()


def _tell(scope: Scope, status: int, seconds: float) -> None:
    """Status 0: whoever asked was gone before there was an answer."""
    route = measures.route_of(scope)
    if status >= 500 and status != 503:
        level = logging.ERROR
    else:
        level = logging.DEBUG if route in _QUIET and status < 400 else logging.INFO
    if not _LOG.isEnabledFor(level):
        return
    told = {
        "method": measures.method_of(scope),
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
    _LOG.log(level, "request", extra={logs.FIELDS: told})
