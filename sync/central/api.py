"""The device API, version 1 (see sync.wire.messages). Every answer is one of its messages.

Order of checks: size and time (the gate), signature over the bytes as they came, single use,
and only then unpacking and reading.
"""

from __future__ import annotations

from typing import TypeVar

from litestar import Request, Response, Router, get, post
from litestar.datastructures import State
from litestar.params import FromPath

from sync.central import beats, devices, ingest, policy
from sync.central.centre import Shared, aside
from sync.central.devices import Device, Refused
from sync.wire import codec
from sync.wire.messages import Enrol, Heartbeat, Problem, Push

T = TypeVar("T")
Web = Request[None, None, State]

_JSON = "application/json"
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
        lambda: ingest.push(centre.database, centre.clock, centre.ids, device, told)
    )
    return _refuse(answer) if isinstance(answer, Refused) else _answer(answer)


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
    return _answer(await aside(lambda: beats.beat(centre.database, centre.clock, device, told)))


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
async def policy_file(request: Web, centre: Shared, sha256: FromPath[str]) -> Response[bytes]:
    name = request.headers.get(devices.DEVICE_HEADER, "")
    caller = await _caller(request, centre, b"", name)
    if isinstance(caller, Refused):
        return _refuse(caller)
    if len(sha256) != 64 or not _HEX.issuperset(sha256):
        return _answer(Problem(kind="not_found"), 404)
    tenant = caller.tenant
    data = await aside(lambda: policy.file(centre.database, tenant, sha256))
    if data is None:
        return _answer(Problem(kind="not_found"), 404)
    # A file is named by its hash: it never changes.
    headers = {"cache-control": "private, max-age=31536000, immutable"}
    return Response(data, media_type="application/gzip", headers=headers)


router = Router("/", route_handlers=[enrol, push, heartbeat, manifest, policy_file])
