"""The central service as one ASGI application."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException

from kiosk.ports import Clock, Ids
from kiosk.seal.keys import SigningKey
from sync.central import api, keeping, late_photos, pages, sealed
from sync.central.admission import Asgi, Gate, Receive, Scope, Send
from sync.central.centre import CENTRE, Centre, aside, of_request
from sync.central.database import Database, migrate
from sync.central.health import Health
from sync.central.jobs import Jobs
from sync.central.notices import job as notices
from sync.central.pages import astray
from sync.central.pages.turned import Spoken
from sync.central.people.issuers import Issuer
from sync.central.policy import renewing
from sync.central.recheck import job as rechecking
from sync.central.reconcile import job as reconciling
from sync.central.reconcile import uploading
from sync.central.rest import router as rest
from sync.central.rest.problems import Kind, problem
from sync.central.rest.sender import Sender
from sync.central.rest.serving import SERVING, Serving, refuse
from sync.central.rest.targets import Targets
from sync.central.sealing import NONE, Secrets
from sync.central.uploads import Door
from sync.central.watch import measures
from sync.central.watch.requests import Watched

_LOG = logging.getLogger(__name__)

NOTICES_S = 10.0
_FORM = 64 << 10  # round a file: what its columns mean, and what a browser adds

_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        b"frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


# Where there is TLS (RFC 6797): two years, as browsers' lists ask.
_STRICT = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")


class Guarded:
    """ASGI middleware: security headers on every answer, the gate's own included."""

    def __init__(self, app: Asgi, secure: bool = False) -> None:
        self._app = app
        self._headers = (*_HEADERS, _STRICT) if secure else _HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sealed(message: Scope) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *self._headers]
            await send(message)

        await self._app(scope, receive, sealed)


class Lived:
    """ASGI middleware: tells each request which centre is asked, and is awake from the server's
    start to its end."""

    def __init__(
        self,
        app: Asgi,
        told: Mapping[str, object],
        awake: Callable[[], AbstractAsyncContextManager[None]],
    ) -> None:
        self._app = app
        self._told = told
        self._awake = awake

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            scope.update(self._told)
            await self._app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()  # lifespan.startup
        async with self._awake():
            await send({"type": "lifespan.startup.complete"})
            await receive()  # lifespan.shutdown
        await send({"type": "lifespan.shutdown.complete"})


def _failed(request: Request[None, None, State], error: Exception) -> Response[Any]:
    """The last resort: the whole story in our log, none of it to the caller."""
    _LOG.error("%s %s failed", request.method, measures.route_of(request.scope), exc_info=error)
    if rest.speaks_of(request.scope["path"]):
        return refuse(problem(Kind.FAILED))
    if astray.reads_pages(request):
        return astray.failed(request)
    return Response(b'{"kind":"failed"}', status_code=500, media_type="application/json")


def _refused(request: Request[None, None, State], error: HTTPException) -> Response[Any]:
    if rest.speaks_of(request.scope["path"]):
        return rest.unrouted(error)
    if astray.reads_pages(request):
        return astray.missing(request, error.status_code)
    body = b'{"kind":"not_found"}' if error.status_code == 404 else b'{"kind":"bad_request"}'
    return Response(body, status_code=error.status_code, media_type="application/json")


def create_app(
    database_url: str,
    clock: Clock,
    ids: Ids,
    *,
    timezone: str = "UTC",
    secure_cookies: bool = False,
    places: int = 4,
    body_s: float = 10.0,
    bundle_keys: Mapping[str, SigningKey] | None = None,
    webhook_networks: tuple[str, ...] = (),
    by_itself: bool = False,
    issuers: Mapping[str, Issuer] | None = None,
    secrets: Secrets = NONE,
) -> Asgi:
    """The application over an already reachable database, whose schema it brings up to date.

    `timezone` is the back office's (IANA name); `secure_cookies` belongs behind TLS; `places`
    requests are served at once; `body_s` seconds are given to a request's body. With
    `bundle_keys` (by tenant) the policy bundles are renewed before kiosks run out of time;
    `issuers` (by tenant) may say who people are. `secrets` seal what must be known again; raises
    ValueError where something was sealed by a key that is not among them.
    Webhooks go to public addresses and to those in `webhook_networks` (10.1.0.0/16).
    `by_itself` it does its jobs (sync.central.jobs) in the background.
    """
    database = Database(database_url, secrets)
    measures.count_connections(database.engine)
    try:
        migrate(database)
        sealed.begin(database, ids)
    except BaseException:
        database.close()
        raise
    keys, targets = dict(bundle_keys or {}), Targets.of(webhook_networks)
    zone, named = ZoneInfo(timezone), {} if issuers is None else issuers
    centre = Centre(database, clock, ids, zone, secure_cookies, keys, named)

    @asynccontextmanager
    async def awake() -> AsyncIterator[None]:
        sending = asyncio.create_task(Sender(centre, targets).run())
        threads = _threads(centre, by_itself, targets)
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            for thread in threads:
                await aside(thread.stop)
            database.close()

    told = {CENTRE: centre, SERVING: Serving(targets=targets)}
    door = Door("/imports", uploading.LARGEST + _FORM, stall_s=body_s)
    gate = Gate(Lived(_routes(), told, awake), places=places, body_s=body_s, door=door)
    return Watched(Guarded(Health(Spoken(gate), database), secure_cookies), clock, ids)


def _threads(centre: Centre, by_itself: bool, targets: Targets) -> tuple[Jobs, ...]:
    """What this worker does by itself, if no other is at it. Bundles are looked after wherever the
    keys are, and at once: those of a centre that was away may be old."""
    signing = (Jobs(centre, (renewing.JOB,), first_s=0.0),) if centre.bundle_keys else ()
    others = reconciling.JOB, rechecking.JOB, late_photos.JOB, keeping.JOB
    if not by_itself:
        return signing
    # A slow mail server delays no other job.
    return (*signing, Jobs(centre, others), Jobs(centre, notices.jobs(targets), look_s=NOTICES_S))


@cache
def _routes() -> Asgi:
    """Every path with its handler, laid out once a process: it takes longer than most requests.
    Which centre is meant comes with each request."""
    app = Litestar(
        route_handlers=[api.router, pages.router, rest.router],
        dependencies={"centre": Provide(of_request, sync_to_thread=False)},
        exception_handlers={HTTPException: _refused, Exception: _failed},
        openapi_config=None,
        logging_config=None,
        request_max_body_size=1 << 20,
    )
    return cast(Asgi, app)


__all__ = ["create_app"]
