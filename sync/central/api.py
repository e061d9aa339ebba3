"""The device API, version 1 (see sync.wire.messages). Every answer is one of its messages.

Order of checks: size and time (the gate), signature over the bytes as they came, single use,
and only then unpacking and reading.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import TypeVar

from litestar import Request, Response, Router, get, post, put
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.response import Stream

from sync.central import (
    beats,
    devices,
    ingest,
    orders,
    photos,
    policy,
    policy_files,
    recall,
    rotation,
)
from sync.central import policy_keys as keys
from sync.central.centre import Shared, aside
from sync.central.devices import Device, Refused
from sync.central.policy_files import Stored
from sync.wire import codec, rings
from sync.wire.messages import (
    Enrol,
    Heartbeat,
    Problem,
    Push,
    Recall,
    Rotate,
    TimeAsk,
    TimeTold,
)

T = TypeVar("T")
Web = Request[None, None, State]

_JSON = "application/json"
_GZIP = "application/gzip"
_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")
_LONGEST_NONCE = 64
_HEX = frozenset("0123456789abcdef")


def _answer(message: object, status: int = 200) -> Response[bytes]:
    headers = {"cache-control": "no-store"}
    return Response(codec.encode(message), status_code=status, media_type=_JSON, headers=headers)


def _refuse(refused: Refused) -> Response[bytes]:
    return _answer(refused.problem, refused.status)


async def _caller(request: Web, centre: Shared, body: bytes, device_id: str) -> Device | Refused:
    authorization = request.headers.get("authorization", "")
    method, path = str(request.method), request.scope["path"]
    return await aside(
        lambda: devices.authenticate(
            centre.database, centre.clock, device_id, authorization, method, path, body
        )
    )


def _message(request: Web, body: bytes, type_: type[T]) -> T | Refused:
    """The body as a message, unpacked within bounds."""
    match request.headers.get("content-encoding", ""):
        case "gzip":
            unpacked = codec.unpack(body, codec.MAX_UNPACKED)
        case "" | "identity":
            unpacked = body
        case _:
            return Refused(415, Problem(kind="bad_request", detail="content-encoding"))
    if unpacked is None:
        return Refused(413, Problem(kind="too_large", detail="cut, or unpacks beyond the limit"))
    message = codec.decode(unpacked, type_)
    if message is None:
        return Refused(400, Problem(kind="bad_request", detail="not this message"))
    return message


@post("/v1/enrol")
async def enrol(request: Web, centre: Shared) -> Response[bytes]:
    ask = _message(request, await request.body(), Enrol)
    if isinstance(ask, Refused):
        return _refuse(ask)
    source = request.client.host if request.client else ""
    told = ask
    answer = await aside(
        lambda: devices.enrol(centre.database, centre.clock, centre.ids, told, source)
    )
    return _refuse(answer) if isinstance(answer, Refused) else _answer(answer)


@post("/v1/devices/{device_id:str}/events")
async def push(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[bytes]:
    body = await request.body()
    caller = await _caller(request, centre, body, device_id)
    if isinstance(caller, Refused):
        return _refuse(caller)
    ask = _message(request, body, Push)
    if isinstance(ask, Refused):
        return _refuse(ask)
    device, told = caller, ask
    answer = await aside(
        lambda: ingest.push(
            centre.database,
            centre.clock,
            centre.ids,
            device,
            told,
            centre.bundle_keys.get(device.tenant),
        )
    )
    return _refuse(answer) if isinstance(answer, Refused) else _answer(answer)


@post("/v1/devices/{device_id:str}/recall")
async def recalled(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[bytes]:
    """What was accepted of this kiosk, for one that has lost it."""
    body = await request.body()
    caller = await _caller(request, centre, body, device_id)
    if isinstance(caller, Refused):
        return _refuse(caller)
    ask = _message(request, body, Recall)
    if isinstance(ask, Refused):
        return _refuse(ask)
    device, told = caller, ask
    answer = await aside(lambda: recall.page(centre.database, device, told))
    return _refuse(answer) if isinstance(answer, Refused) else _answer(answer)


@post("/v1/devices/{device_id:str}/key")
async def rotate(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[bytes]:
    """A new key for this kiosk, signed by the one in force."""
    body = await request.body()
    caller = await _caller(request, centre, body, device_id)
    if isinstance(caller, Refused):
        return _refuse(caller)
    ask = _message(request, body, Rotate)
    if isinstance(ask, Refused):
        return _refuse(ask)
    signed_by, told = caller.public_key, ask
    answer = await aside(
        lambda: rotation.rotate(centre.database, centre.clock, device_id, signed_by, told)
    )
    return _answer(answer, 409 if isinstance(answer, Problem) else 200)


@post("/v1/devices/{device_id:str}/heartbeat")
async def heartbeat(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[bytes]:
    body = await request.body()
    caller = await _caller(request, centre, body, device_id)
    if isinstance(caller, Refused):
        return _refuse(caller)
    ask = _message(request, body, Heartbeat)
    if isinstance(ask, Refused):
        return _refuse(ask)
    device, told = caller, ask
    key = centre.bundle_keys.get(device.tenant)
    return _answer(
        await aside(lambda: beats.beat(centre.database, centre.clock, device, told, key))
    )


@put("/v1/devices/{device_id:str}/photos/{sha256:str}/{start:int}")
async def photo(
    request: Web,
    centre: Shared,
    device_id: FromPath[str],
    sha256: FromPath[str],
    start: FromPath[int],
) -> Response[bytes]:
    """A part of a photograph that a drop names."""
    body = await request.body()
    caller = await _caller(request, centre, body, device_id)
    if isinstance(caller, Refused):
        return _refuse(caller)
    if not photos.is_hash(sha256):
        return _answer(Problem(kind="not_found"), 404)
    tenant = caller.tenant
    answer = await aside(
        lambda: photos.take(centre.database, centre.clock, tenant, sha256, start, body)
    )
    return _refuse(answer) if isinstance(answer, Refused) else _answer(answer)


@get("/v1/devices/{device_id:str}/orders")
async def what_is_ordered(
    request: Web, centre: Shared, device_id: FromPath[str]
) -> Response[bytes]:
    """Settings and commands for this kiosk, as they were signed."""
    caller = await _caller(request, centre, b"", device_id)
    if isinstance(caller, Refused):
        return _refuse(caller)
    return _answer(await aside(lambda: orders.of_device(centre.database, centre.clock, device_id)))


@get("/v1/policy/manifest")
async def manifest(request: Web, centre: Shared) -> Response[bytes]:
    name = request.headers.get(devices.DEVICE_HEADER, "")
    caller = await _caller(request, centre, b"", name)
    if isinstance(caller, Refused):
        return _refuse(caller)
    tenant = caller.tenant
    newest = await aside(lambda: policy.newest(centre.database, tenant))
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
    name = request.headers.get(devices.DEVICE_HEADER, "")
    caller = await _caller(request, centre, b"", name)
    if isinstance(caller, Refused):
        return _refuse(caller)
    if len(sha256) != 64 or not _HEX.issuperset(sha256):
        return _answer(Problem(kind="not_found"), 404)
    tenant = caller.tenant
    found = await aside(lambda: policy_files.find(centre.database, tenant, sha256))
    if found is None:
        return _answer(Problem(kind="not_found"), 404)
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
    parts = policy_files.read(centre.database, tenant, sha256, start, end)
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
    name = request.headers.get(devices.DEVICE_HEADER, "")
    caller = await _caller(request, centre, b"", name)
    if isinstance(caller, Refused):
        return _refuse(caller)
    tenant = caller.tenant
    return _answer(rings.answer(await aside(lambda: keys.all_rings(centre.database, tenant))))


@post("/v1/devices/{device_id:str}/time")
async def tell_time(request: Web, centre: Shared, device_id: FromPath[str]) -> Response[bytes]:
    """The time, sworn to: for a kiosk whose clock cannot be believed."""
    body = await request.body()
    caller = await _caller(request, centre, body, device_id)
    if isinstance(caller, Refused):
        return _refuse(caller)
    ask = _message(request, body, TimeAsk)
    if isinstance(ask, Refused):
        return _refuse(ask)
    key = centre.bundle_keys.get(caller.tenant)
    if key is None or len(ask.nonce) > _LONGEST_NONCE:
        return _answer(Problem(kind="not_found"), 404)
    told = TimeTold(
        tenant=caller.tenant, device_id=device_id, nonce=ask.nonce, time=centre.clock.now()
    )
    headers = {"cache-control": "no-store"}
    return Response(rings.tell_time(told, key), media_type=_JSON, headers=headers)


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
        manifest,
        policy_file,
        policy_keys,
        tell_time,
    ],
)
