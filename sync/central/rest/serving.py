"""From a request to its answer: the key, how often, what it may, and only then the content.

A write and what an Idempotency-Key remembers of it are one transaction. A request that was refused
leaves nothing behind, so it may be mended and sent again with the same Idempotency-Key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from types import NoneType
from typing import Any, get_args

import msgspec
import sqlalchemy as sa
from litestar import Request, Response
from litestar.datastructures import State

from sync.central import audit
from sync.central.centre import Centre, aside
from sync.central.database import insert_new
from sync.central.rest import feed, keys
from sync.central.rest.calls import Answer, Call, Operation
from sync.central.rest.keys import Key
from sync.central.rest.limits import Limits
from sync.central.rest.problems import MEDIA_TYPE, Kind, Problem, problem
from sync.central.rest.shapes import ID
from sync.central.rest.targets import Targets
from sync.central.tables import api_answers
from sync.central.watch import logs

Web = Request[None, None, State]
REMEMBERED = timedelta(hours=24)
LONGEST_IDEMPOTENCY_KEY = 200
_IDEMPOTENCY_KEY = re.compile(rf"[!-~]{{1,{LONGEST_IDEMPOTENCY_KEY}}}")  # as openapi says
_NO_IDEMPOTENCY_KEY = (
    f"An Idempotency-Key has 1 to {LONGEST_IDEMPOTENCY_KEY} characters of ASCII, without spaces."
)
_JSON = "application/json"
_VARIABLE = re.compile(ID)


@dataclass(frozen=True, slots=True)
class Serving:
    """What the handlers of one application share."""

    limits: Limits = field(default_factory=Limits)
    targets: Targets = field(default_factory=Targets)

    async def serve(self, operation: Operation, request: Web, centre: Centre) -> Response[bytes]:
        authorization = request.headers.get("authorization", "")
        key, wait = await aside(lambda: self._known(centre, authorization))
        if key is None:
            return refuse(problem(Kind.NO_KEY), {"www-authenticate": "Bearer"})
        logs.note(tenant=key.tenant)
        if wait:
            return refuse(problem(Kind.TOO_MANY), {"retry-after": str(wait)})
        call = self._read(operation, request, await request.body(), key, centre)
        if isinstance(call, Problem):
            return refuse(call)
        told = call
        return await aside(lambda: _run(operation, request, told, centre))

    def _known(self, centre: Centre, authorization: str) -> tuple[Key | None, int]:
        """Whose key it is, and for how many seconds it is to wait."""
        database, clock = centre.database, centre.clock
        key = keys.find(database, clock, authorization)
        if key is None:
            return None, 0
        return key, self.limits.wait(database, clock, f"{key.tenant} {key.account}")

    def _read(
        self, operation: Operation, request: Web, body: bytes, key: Key, centre: Centre
    ) -> Call | Problem:
        if found := _may(operation, key):
            return found
        path = {name: str(value) for name, value in request.path_params.items()}
        if not all(_VARIABLE.fullmatch(value) for value in path.values()):
            return problem(Kind.NOT_FOUND)
        query = _query(operation, request)
        if isinstance(query, Problem):
            return query
        content = _content(operation, request, body)
        if isinstance(content, Problem):
            return content
        return Call(
            key=key,
            path=path,
            query=query,
            body=content,
            now=centre.clock.now(),
            ids=centre.ids,
            targets=self.targets,
            source=request.client.host if request.client else "",
            if_match=request.headers.get("if-match", ""),
            if_none_match=request.headers.get("if-none-match", ""),
        )


SERVING = "takeback.rest"
"""Where a request's scope names it."""


def of_request(request: Web) -> Serving:
    found = request.scope[SERVING]  # type: ignore[literal-required]
    assert isinstance(found, Serving)
    return found


def refuse(found: Problem, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    return Response(
        msgspec.json.encode(found),
        status_code=found.status,
        media_type=MEDIA_TYPE,
        headers={"cache-control": "no-store", **(headers or {})},
    )


def _answer(answer: Answer) -> Response[bytes]:
    body = b"" if answer.value is None else msgspec.json.encode(answer.value)
    return _said(answer.status, body, answer.etag)


def _said(status: int, body: bytes, etag: str) -> Response[bytes]:
    headers = {"cache-control": "no-store"} | ({"etag": etag} if etag else {})
    return Response(body, status_code=status, media_type=_JSON, headers=headers)


# --- reading a request ---------------------------------------------------------------------------


def _may(operation: Operation, key: Key) -> Problem | None:
    if key.role not in operation.roles:
        return problem(Kind.NOT_ALLOWED, f"A key of role {key.role} does not open this.")
    if key.read_only and operation.writes:
        return problem(Kind.NOT_ALLOWED, "This key is for reading.")
    return None


def _query(operation: Operation, request: Web) -> Any | Problem:
    told: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in told:
            return problem(Kind.NOT_READABLE, f"The query names {name[:100]!r} twice.")
        told[name] = value
    if operation.query is None:
        why = "This takes no query; it has {!r}."
        return problem(Kind.NOT_READABLE, why.format(next(iter(told))[:100])) if told else None
    for name in _left_out(operation.query) & told.keys():
        if told[name].lower() == "null":  # msgspec would read it as nothing
            why = f"The query is not as described: {name} cannot be null; leave it out instead."
            return problem(Kind.NOT_READABLE, why)
    try:
        return msgspec.convert(told, type=operation.query, strict=False)
    except msgspec.ValidationError as error:
        return problem(Kind.NOT_READABLE, f"The query is not as described: {error}.")


@cache
def _left_out(query: type[msgspec.Struct]) -> frozenset[str]:
    """What of a query may be left out for nothing."""
    fields = msgspec.structs.fields(query)
    return frozenset(one.encode_name for one in fields if NoneType in get_args(one.type))


def _content(operation: Operation, request: Web, body: bytes) -> Any | Problem:
    if operation.body is None:
        return None
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != _JSON or request.headers.get("content-encoding", "identity") != "identity":
        return problem(Kind.MEDIA_TYPE)
    try:
        told = plain(msgspec.json.decode(body))
        return msgspec.convert(told, type=operation.body)
    except Nul:
        return problem(Kind.UNFIT, "A text holds a character that none may hold.")
    except msgspec.ValidationError as error:
        return problem(Kind.NOT_READABLE, f"The body is not as described: {error}.")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return problem(Kind.NOT_READABLE, "The body is no JSON.")


class Nul(ValueError):
    """PostgreSQL has no text with one, and nobody has a use for it."""


def plain(value: Any) -> Any:
    """JSON as Python would write it: 12.0 is a whole number there as 12 is (JSON Schema, 6.1.1),
    and some languages write all theirs so. Raises Nul."""
    match value:
        case str() if "\0" in value:
            raise Nul
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {plain(name): plain(one) for name, one in value.items()}
        case list():
            return [plain(one) for one in value]
        case _:
            return value


# --- doing what it asks --------------------------------------------------------------------------


def _run(operation: Operation, request: Web, call: Call, centre: Centre) -> Response[bytes]:
    if not operation.writes:
        if operation.run is feed.page:
            feed.number(centre.database, centre.ids, call.key.tenant)
        with centre.database.reading() as c:
            found = operation.run(c, call)
        return refuse(found) if isinstance(found, Problem) else _answer(found)
    idempotency_key = request.headers.get("idempotency-key")
    if idempotency_key is None:
        done = centre.database.write(lambda c: _whole(c, operation, call))
        return refuse(done) if isinstance(done, Problem) else _answer(done)
    if _IDEMPOTENCY_KEY.fullmatch(idempotency_key) is None:
        return refuse(problem(Kind.NOT_READABLE, _NO_IDEMPOTENCY_KEY))
    once = _Once(call, idempotency_key, _fingerprint(request, call))
    return centre.database.write(lambda c: once.run(c, operation))


def _whole(c: sa.Connection, operation: Operation, call: Call) -> Answer | Problem:
    """What was refused is taken back wholly, whatever the operation did before it knew."""
    step = c.begin_nested()
    found = operation.run(c, call)
    if isinstance(found, Problem):
        step.rollback()
        return found
    if found.changed:
        key = call.key
        actor = audit.Actor(key.tenant, f"key:{key.prefix}", call.source, key.account)
        subject = "/".join(call.path.values()) or key.account
        audit.changed(c, actor, call.now, f"api.{operation.name}", subject)
    step.commit()
    return found


def _fingerprint(request: Web, call: Call) -> str:
    told = [request.method, request.scope["path"], call.if_match, call.if_none_match]
    body = None if call.body is None else msgspec.to_builtins(call.body)
    return hashlib.sha256(msgspec.json.encode([*told, body])).hexdigest()


@dataclass(frozen=True, slots=True)
class _Once:
    """A write that has one effect however often it comes. Who is second waits at the unique key
    until the first is done."""

    call: Call
    idempotency_key: str
    fingerprint: str

    def run(self, c: sa.Connection, operation: Operation) -> Response[bytes]:
        table, key, now = api_answers, self.call.key, self.call.now
        its = sa.and_(table.c.tenant == key.tenant, table.c.account == key.account)
        c.execute(table.delete().where(its, table.c.at < now - REMEMBERED))
        row = {
            "tenant": key.tenant,
            "account": key.account,
            "idempotency_key": self.idempotency_key,
            "fingerprint": self.fingerprint,
            "status": 0,
            "etag": "",
            "body": "",
            "at": now,
        }
        this = sa.and_(its, table.c.idempotency_key == self.idempotency_key)
        if not insert_new(c, table, row):
            return self._again(c.execute(sa.select(table).where(this)).one())
        found = _whole(c, operation, self.call)
        if isinstance(found, Problem):
            c.execute(table.delete().where(this))
            return refuse(found)
        body = "" if found.value is None else msgspec.json.encode(found.value).decode()
        told = {"status": found.status, "etag": found.etag, "body": body}
        c.execute(table.update().where(this).values(told))
        return _answer(found)

    def _again(self, row: sa.Row[Any]) -> Response[bytes]:
        if row.fingerprint != self.fingerprint:
            return refuse(problem(Kind.KEY_REUSED))
        answer = _said(row.status, row.body.encode(), row.etag)
        answer.headers["idempotency-replayed"] = "true"
        return answer
