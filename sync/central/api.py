"""The device API, version 1 (see sync.wire.messages). Every answer is one of its messages.

Order of checks: size and time (the gate), signature over the bytes as they came, and only then
unpacking and reading (sync.central.called); single use in the transaction of the work
(sync.central.callers).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator

from litestar import Response, Router, get, post, put
from litestar.params import FromPath
from litestar.response import Stream

from sync.central import (
    beats,
    devices,
    ingest,
    orders,
    photos,
    policy,
    recall,
    rotation,
)
from sync.central.called import Web, called_by, message
from sync.central.callers import Once
from sync.central.centre import Shared, aside
from sync.central.counter import feed
from sync.central.counter_book import delivering
from sync.central.devices import Device, Refused
from sync.central.policy import keyrings as keys
from sync.central.policy import packing
from sync.central.policy.packing import Stored
from sync.wire import codec, rings
from sync.wire.messages import (
    CounterFacts,
    Enrol,
    Heartbeat,
    HeartbeatReply,
    PhotoHeld,
    Problem,
    PushAsTold,
    Pushed,
    Recall,
    Recalled,
    Rotate,
    Rotated,
    TimeAsk,
    TimeTold,
)

_JSON = "application/json"
_GZIP = "application/gzip"
_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")
_LONGEST_NONCE = 64
_HEX = frozenset("0123456789abcdef")
_NOT_FOUND = Refused(404, Problem(kind="not_found"))


def _answer(message: object, status: int = 200) -> Response[bytes]:
    headers = {"cache-control": "no-store"}
    return Response(codec.encode(message), status_code=status, media_type=_JSON, headers=headers)


def _refuse(refused: Refused) -> Response[bytes]:
    return _answer(refused.problem, refused.status)


def _either(answer: object) -> Response[bytes]:
    return _refuse(answer) if isinstance(answer, Refused) else _answer(answer)


@post("/v1/enrol")
async def enrol(request: Web, centre: Shared) -> Response[bytes]:
    encoding = request.headers.get("content-encoding", "")
    ask = message(encoding, await request.body(), Enrol)
    if isinstance(ask, Refused):
        return _refuse(ask)
    source = request.client.host if request.client else ""
    told = ask
    return _either(
        await aside(lambda: devices.enrol(centre.database, centre.clock, centre.ids, told, source))
    )


@post("/v1/devices/{device_id:str}/events")
async def push(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[bytes]:
    def take(device: Device, ask: PushAsTold, once: Once) -> Pushed | Refused:
        key = centre.bundle_keys.get(device.tenant)
        return ingest.push(once, centre.clock, device, ask, key)

    called = await called_by(request, centre, device_id)
    return _either(await aside(lambda: called.told(PushAsTold, take)))


@post("/v1/devices/{device_id:str}/recall")
async def recalled(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[bytes]:
    """What was accepted of this kiosk, for one that has lost it."""

    def page(device: Device, ask: Recall, once: Once) -> Recalled | Refused:
        return recall.page(once, device, ask)

    called = await called_by(request, centre, device_id)
    return _either(await aside(lambda: called.told(Recall, page)))


@post("/v1/devices/{device_id:str}/key")
async def rotate(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[bytes]:
    """A new key for this kiosk, signed by the one in force."""

    def change(device: Device, ask: Rotate, once: Once) -> Rotated | Refused:
        answer = rotation.rotate(once, centre.clock, device_id, device.public_key, ask)
        return Refused(409, answer) if isinstance(answer, Problem) else answer

    called = await called_by(request, centre, device_id)
    return _either(await aside(lambda: called.told(Rotate, change)))


@post("/v1/devices/{device_id:str}/heartbeat")
async def heartbeat(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[bytes]:
    def hear(device: Device, ask: Heartbeat, once: Once) -> HeartbeatReply:
        return beats.beat(once, centre.clock, device, ask, centre.bundle_keys.get(device.tenant))

    called = await called_by(request, centre, device_id)
    return _either(await aside(lambda: called.told(Heartbeat, hear)))


@put("/v1/devices/{device_id:str}/photos/{sha256:str}/{start:int}")
async def photo(
    request: Web,
    centre: Shared,
    device_id: FromPath[str],
    sha256: FromPath[str],
    start: FromPath[int],
) -> Response[bytes]:
    """A part of a photograph that a drop names."""
    called = await called_by(request, centre, device_id)

    def take(device: Device, once: Once) -> PhotoHeld | Refused:
        if not photos.is_hash(sha256):
            return _NOT_FOUND
        return photos.take(once, centre.clock, device.tenant, sha256, start, called.body)

    return _either(await aside(lambda: called.work(take)))


@get("/v1/devices/{device_id:str}/orders")
async def what_is_ordered(
    request: Web, centre: Shared, device_id: FromPath[str]
) -> Response[bytes]:
    """Settings and commands for this kiosk, as they were signed."""
    called = await called_by(request, centre, device_id)
    return _either(
        await aside(
            lambda: called.work(lambda _, once: orders.of_device(once, centre.clock, device_id))
        )
    )


@get("/v1/devices/{device_id:str}/counter/facts/{after:int}")
async def counter_facts(
    request: Web, centre: Shared, device_id: FromPath[str], after: FromPath[int]
) -> Response[bytes]:
    """What the other counters of this kiosk's site told."""

    def page(device: Device, once: Once) -> CounterFacts | Refused:
        if after < 0:
            return _NOT_FOUND
        return feed.page(once, centre.clock, device, after)

    called = await called_by(request, centre, device_id)
    return _either(await aside(lambda: called.work(page)))


@get("/v1/devices/{device_id:str}/counter/book")
async def counter_book(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[bytes]:
    """What the counters of this kiosk's site go by, with the secrets of their digests."""
    called = await called_by(request, centre, device_id)
    found = await aside(lambda: called.work(lambda _, once: delivering.newest(once, device_id)))
    if isinstance(found, Refused):
        return _refuse(found)
    if found is None:
        return _refuse(_NOT_FOUND)
    headers = {"etag": f'"{found.etag}"', "cache-control": "no-store"}
    if request.headers.get("if-none-match", "") == f'"{found.etag}"':
        return Response(b"", status_code=304, headers=headers)
    return Response(codec.encode(found.answer), media_type=_JSON, headers=headers)


@get("/v1/policy/manifest")
async def manifest(request: Web, centre: Shared) -> Response[bytes]:
    called = await called_by(request, centre)
    newest = await aside(
        lambda: called.work(
            lambda device, once: policy.newest(once, device.tenant, device.device_id)
        )
    )
    if isinstance(newest, Refused):
        return _refuse(newest)
    if newest is None:
        return _answer(Problem(kind="no_policy"), 404)
    envelope, etag = newest
    headers = {"etag": f'"{etag}"', "cache-control": "no-cache"}
    if request.headers.get("if-none-match", "") == f'"{etag}"':
        return Response(b"", status_code=304, headers=headers)
    return Response(envelope, media_type=_JSON, headers=headers)


@get("/v1/policy/files/{sha256:str}")
async def policy_file(
    request: Web, centre: Shared, sha256: FromPath[str]
) -> Response[bytes] | Stream:
    def find(device: Device, once: Once) -> tuple[str, Stored] | Refused:
        known = len(sha256) == 64 and _HEX.issuperset(sha256)
        found = packing.find(once, device.tenant, sha256) if known else None
        return _NOT_FOUND if found is None else (device.tenant, found)

    called = await called_by(request, centre)
    named = await aside(lambda: called.work(find))
    if isinstance(named, Refused):
        return _refuse(named)
    tenant, found = named
    # A file is named by its hash: it never changes.
    headers = {
        "etag": f'"{sha256}"',
        "accept-ranges": "bytes",
        "cache-control": "private, max-age=31536000, immutable",
    }
    wanted = _range(request, found)
    if wanted is None:
        start, end, status = 0, found.size, 200
    else:
        start, end, status = *wanted, 206
        if start >= found.size:
            return _answer(Problem(kind="no_such_range"), 416)
        headers["content-range"] = f"bytes {start}-{end - 1}/{found.size}"
    headers["content-length"] = str(end - start)
    parts = packing.read(centre.database, tenant, sha256, start, end)
    return Stream(_sent(parts), status_code=status, media_type=_GZIP, headers=headers)


async def _sent(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (part := await aside(lambda: next(parts, b""))) != b"":
        yield part


def _range(request: Web, found: Stored) -> tuple[int, int] | None:
    """Start and end of the one range that was asked for (RFC 9110, 14); None is the whole: no
    range, one we do not understand, or one of another file."""
    ours = request.headers.get("if-range", "") in ("", f'"{found.sha256}"')
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if not ours or asked is None:
        return None
    start, last = int(asked[1]), int(asked[2] or found.size)
    return None if last < start else (start, min(last + 1, found.size))


@get("/v1/policy/keys")
async def policy_keys(request: Web, centre: Shared) -> Response[bytes]:
    """Key rings: how a kiosk that was away comes to know today's keys."""
    called = await called_by(request, centre)
    found = await aside(
        lambda: called.work(lambda device, once: keys.all_rings(once, device.tenant))
    )
    return _refuse(found) if isinstance(found, Refused) else _answer(rings.answer(found))


@post("/v1/devices/{device_id:str}/time")
async def tell_time(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[bytes]:
    """The time, sworn to: for a kiosk whose clock cannot be believed."""

    def tell(device: Device, ask: TimeAsk, once: Once) -> bytes | Refused:
        once.write(lambda _: None)  # nothing else to do here, and still for one request only
        key = centre.bundle_keys.get(device.tenant)
        if key is None or len(ask.nonce) > _LONGEST_NONCE:
            return _NOT_FOUND
        told = TimeTold(
            tenant=device.tenant, device_id=device_id, nonce=ask.nonce, time=centre.clock.now()
        )
        return rings.tell_time(told, key)

    called = await called_by(request, centre, device_id)
    told = await aside(lambda: called.told(TimeAsk, tell))
    if isinstance(told, Refused):
        return _refuse(told)
    return Response(told, media_type=_JSON, headers={"cache-control": "no-store"})


router = Router(
    "/",
    route_handlers=[
        enrol,
        push,
        recalled,
        rotate,
        heartbeat,
        photo,
        what_is_ordered,
        counter_book,
        counter_facts,
        manifest,
        policy_file,
        policy_keys,
        tell_time,
    ],
)
