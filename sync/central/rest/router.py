"""The machines' API as routes of the application, and what it says of itself."""

from __future__ import annotations

import msgspec
from litestar import Request, Response, Router, delete, get, post, put
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from sync.central.centre import Shared
from sync.central.rest import openapi, operations, problems
from sync.central.rest.calls import Operation
from sync.central.rest.problems import Kind, problem
from sync.central.rest.serving import of_request, refuse

Web = Request[None, None, State]
OPENAPI = "/v1/openapi.json"
_DEVICES = ("/v1/devices/", "/v1/policy/", "/v1/enrol")
_METHODS = {"GET": get, "PUT": put, "POST": post, "DELETE": delete}
_STATUSES = {
    400: Kind.NOT_READABLE,
    404: Kind.NOT_FOUND,
    405: Kind.NO_SUCH_METHOD,
    413: Kind.TOO_LARGE,
    500: Kind.FAILED,
}


@get(OPENAPI)
async def description() -> Response[bytes]:
    """What every machine can ask here, OpenAPI 3.1."""
    headers = {"cache-control": "public, max-age=300"}
    return Response(openapi.document(), media_type="application/json", headers=headers)


@get("/v1/problems/{kind:str}")
async def meaning(kind: FromPath[str]) -> Response[bytes]:
    """What a problem's `type` means: the path is that type."""
    if kind not in set(Kind):
        return refuse(problem(Kind.NOT_FOUND))
    body = msgspec.json.encode(problems.meaning(Kind(kind)))
    headers = {"cache-control": "public, max-age=300"}
    return Response(body, media_type="application/json", headers=headers)


def _handler(operation: Operation) -> HTTPRouteHandler:
    async def endpoint(request: Web, centre: Shared) -> Response[bytes]:
        return await of_request(request).serve(operation, request, centre)

    path = operation.path.replace("}", ":str}")
    route = _METHODS[operation.method](path, name=operation.name, status_code=200)
    made: HTTPRouteHandler = route(endpoint)
    return made


router = Router("/", route_handlers=[description, meaning, *map(_handler, operations.ALL)])


def speaks_of(path: str) -> bool:
    """Whether whoever asks for this path expects problem details: all machines but kiosks."""
    return path.startswith("/v1/") and not path.startswith(_DEVICES)


def unrouted(error: HTTPException) -> Response[bytes]:
    """An answer of the framework itself, as a problem."""
    found = problem(_STATUSES.get(error.status_code, Kind.NOT_READABLE))
    return refuse(found, dict(error.headers or {}))
