"""The OpenAPI 3.1 description, made from the operations and the types that requests are read with:
what it says is what is checked."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from kiosk import __version__
from sync.central.rest import device_paths, operations
from sync.central.rest.calls import Operation
from sync.central.rest.problems import MEDIA_TYPE, STATUS, Kind, Meaning, Problem, Turned
from sync.central.rest.shapes import Id

Json = dict[str, Any]
_JSON = "application/json"
_REF = "#/components/schemas/{name}"
_ALWAYS = (Kind.NO_KEY, Kind.NOT_ALLOWED, Kind.NOT_READABLE, Kind.TOO_MANY, Kind.BUSY)
_BODIES = (Kind.MEDIA_TYPE, Kind.TOO_LARGE, Kind.TOO_SLOW)
_ABOUT = (
    "What merchants, hubs and carriers ask of the centre, and what kiosks do. Requests are read "
    "strictly: an unknown field is refused. Answers may gain fields. Amounts are in minor units."
)


@cache
def document() -> bytes:
    """The whole as JSON; the same bytes for the same version."""
    return msgspec.json.encode(_document())


def _document() -> Json:
    paths: dict[str, Json] = {}
    for operation in operations.ALL:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    for path, methods in device_paths.described().items():
        paths.setdefault(path, {}).update(methods)
    paths["/v1/openapi.json"] = {"get": _public("read_description", "This description", None)}
    paths["/v1/problems/{kind}"] = {
        "get": _public("read_problem", "What a problem's type means", Meaning)
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Takeback centre", "version": __version__, "description": _ABOUT},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key of `takeback central key make`.",
                },
                "device": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`Takeback <token>`, signed by the kiosk for this request.",
                },
            },
        },
    }


def _schemas() -> Json:
    types: set[type] = {Problem, Meaning, Turned, *device_paths.types()}
    for operation in operations.ALL:
        types |= {one for one in (operation.answer, operation.body) if one is not None}
    by_name = sorted(types, key=lambda one: one.__name__)
    _, components = msgspec.json.schema_components(by_name, ref_template=_REF)
    return dict(sorted(components.items()))


def _operation(one: Operation) -> Json:
    told: Json = {
        "operationId": one.name,
        "summary": one.summary,
        "tags": [one.path.split("/")[2]],
        "security": [{"key": []}],
        "parameters": [*_variables(one), *_query(one), *_headers(one)],
        "responses": _responses(one),
    }
    if one.body is not None:
        content = {_JSON: {"schema": _ref(one.body)}}
        told["requestBody"] = {"required": True, "content": content}
    return told


def _ref(kind: type) -> Json:
    return {"$ref": _REF.format(name=kind.__name__)}


def _variables(one: Operation) -> list[Json]:
    schema = msgspec.json.schema(Id)
    return [
        {"name": name, "in": "path", "required": True, "schema": schema} for name in one.variables
    ]


def _query(one: Operation) -> list[Json]:
    if one.query is None:
        return []
    _, components = msgspec.json.schema_components([one.query], ref_template=_REF)
    given = components[one.query.__name__]["properties"]
    return [
        {"name": name, "in": "query", "required": False, "schema": _bare(schema)}
        for name, schema in given.items()
    ]


def _bare(schema: Json) -> Json:
    """None stands for a query that does not come; nobody can send it."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    return dict(kinds[0]) if kinds else schema


def _headers(one: Operation) -> list[Json]:
    text = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
    names = ["Idempotency-Key"] if one.writes else []
    names += ["If-Match"] if one.etags and one.writes else []
    names += ["If-None-Match"] if one.etags else []
    return [{"name": name, "in": "header", "required": False, "schema": text} for name in names]


def _responses(one: Operation) -> Json:
    told: Json = {"200": _good(one, "Done" if one.writes else "Found")}
    if one.creates:
        told["201"] = _good(one, "Made")
    if one.etags and not one.writes:
        told["304"] = {"description": "Not changed since If-None-Match"}
    kinds = {*_ALWAYS, *one.problems, Kind.FAILED, *(_BODIES if one.body else ())}
    if one.variables:
        kinds.add(Kind.NOT_FOUND)
    for kind in sorted(kinds):
        told.setdefault(str(STATUS[kind]), _problem(STATUS[kind], kinds))
    return told


def _good(one: Operation, text: str) -> Json:
    told: Json = {"description": text}
    if one.answer is not None:
        told["content"] = {_JSON: {"schema": _ref(one.answer)}}
    if one.etags:
        told["headers"] = {"ETag": {"required": True, "schema": {"type": "string"}}}
    return told


def _problem(status: int, kinds: set[Kind]) -> Json:
    names = sorted(kind.value for kind in kinds if STATUS[kind] == status)
    at_the_door = status in (408, 413, 503)
    content = {_JSON: Turned} if at_the_door else {MEDIA_TYPE: Problem}
    told: Json = {
        "description": " or ".join(names),
        "content": {media: {"schema": _ref(kind)} for media, kind in content.items()},
    }
    if status in (429, 503):
        told["headers"] = {"Retry-After": {"required": True, "schema": {"type": "string"}}}
    if status == 401:
        told["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    return told


def _public(name: str, summary: str, answer: type | None) -> Json:
    schema: Json = {"type": "object"} if answer is None else _ref(answer)
    told: Json = {
        "operationId": name,
        "summary": summary,
        "tags": ["description"],
        "security": [],
        "responses": {"200": {"description": "Found", "content": {_JSON: {"schema": schema}}}},
    }
    if answer is not None:
        kind = {"type": "string"}
        told["parameters"] = [{"name": "kind", "in": "path", "required": True, "schema": kind}]
        told["responses"]["404"] = _problem(404, {Kind.NOT_FOUND})
    return told
