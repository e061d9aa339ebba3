"""What kiosks ask, described. Their contract is `sync.wire`; the answers to what goes wrong are
its `Problem`, with a `kind`, and not problem details: kiosks in the field read those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sync.wire import messages
from sync.wire.counter_book import BookAnswer
from sync.wire.messages import (
    CounterFacts,
    Enrol,
    Enrolled,
    Heartbeat,
    HeartbeatReply,
    KeyRings,
    Orders,
    PhotoHeld,
    Push,
    Pushed,
    Recall,
    Recalled,
    Rotate,
    Rotated,
    TimeAsk,
)

Json = dict[str, Any]
_REF = "#/components/schemas/{name}"


class DeviceProblem(messages.Problem, frozen=True, kw_only=True):
    """Anything but success, to a kiosk."""


@dataclass(frozen=True, slots=True)
class _Path:
    """`answer` is a type, or the media type of what is no message; `raw` the media type of a body
    that is none."""

    method: str
    path: str
    name: str
    summary: str
    answer: type | str
    body: type | None = None
    raw: str = ""
    statuses: tuple[int, ...] = ()
    signed: bool = True


_ME = "/v1/devices/{device_id}"
_ENVELOPE = "application/json"
_GZIP = "application/gzip"
_PATHS = (
    _Path(
        "post",
        "/v1/enrol",
        "enrol_kiosk",
        "Trade a one-time code for an identity",
        Enrolled,
        Enrol,
        statuses=(403, 429),
        signed=False,
    ),
    _Path(
        "post",
        f"{_ME}/events",
        "push_events",
        "Tell events, each once",
        Pushed,
        Push,
        statuses=(409,),
    ),
    _Path(
        "post",
        f"{_ME}/recall",
        "recall_events",
        "Hear again what was accepted",
        Recalled,
        Recall,
    ),
    _Path("post", f"{_ME}/key", "rotate_key", "Change the key", Rotated, Rotate, statuses=(409,)),
    _Path(
        "post",
        f"{_ME}/heartbeat",
        "beat",
        "Say how it goes",
        HeartbeatReply,
        Heartbeat,
    ),
    _Path(
        "put",
        f"{_ME}/photos/{{sha256}}/{{start}}",
        "put_photo",
        "A part of a photograph, or of a picture of a screen, that an event names",
        PhotoHeld,
        raw="application/octet-stream",
        statuses=(404, 409, 422),
    ),
    _Path("get", f"{_ME}/orders", "read_orders", "Settings and commands", Orders),
    _Path(
        "get",
        f"{_ME}/counter/facts/{{after}}",
        "hear_counters",
        "What the other counters of the site told",
        CounterFacts,
        statuses=(404,),
    ),
    _Path(
        "post",
        f"{_ME}/time",
        "ask_time",
        "The centre's time, signed",
        _ENVELOPE,
        TimeAsk,
        statuses=(404,),
    ),
    _Path(
        "get",
        "/v1/policy/manifest",
        "read_manifest",
        "The newest bundle, signed",
        _ENVELOPE,
        statuses=(404,),
    ),
    _Path(
        "get",
        "/v1/policy/files/{sha256}",
        "read_policy_file",
        "A file of a bundle, or a range of it",
        _GZIP,
        statuses=(404, 416),
    ),
    _Path("get", "/v1/policy/keys", "read_policy_keys", "Key rings, signed", KeyRings),
    _Path(
        "get",
        f"{_ME}/counter/book",
        "read_counter_book",
        "What the counters of the site go by, signed",
        BookAnswer,
        statuses=(404,),
    ),
)
_ETAGGED = ("read_manifest", "read_counter_book")
_RANGED = ("read_policy_file",)


def types() -> set[type]:
    """Every message that is described."""
    found = {one.answer for one in _PATHS if isinstance(one.answer, type)}
    return {DeviceProblem, *found, *(one.body for one in _PATHS if one.body is not None)}


def described() -> dict[str, Json]:
    """Path to method to operation."""
    paths: dict[str, Json] = {}
    for one in _PATHS:
        paths.setdefault(one.path, {})[one.method] = _described(one)
    return paths


def _described(one: _Path) -> Json:
    told: Json = {
        "operationId": one.name,
        "summary": one.summary,
        "tags": ["kiosks"],
        "security": [{"device": []}] if one.signed else [],
        "parameters": [_variable(part) for part in one.path.split("/") if part.startswith("{")],
        "responses": _responses(one),
    }
    content = _content(one.body or one.raw)
    if content:
        told["requestBody"] = {"required": True, "content": content}
    return told


def _content(kind: type | str) -> Json:
    if isinstance(kind, type):
        return {"application/json": {"schema": {"$ref": _REF.format(name=kind.__name__)}}}
    return {kind: {"schema": {}}} if kind else {}


def _variable(part: str) -> Json:
    name = part.strip("{}")
    kind = {"type": "integer", "minimum": 0} if name == "start" else {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": kind}


def _responses(one: _Path) -> Json:
    told: Json = {"200": {"description": "Done", "content": _content(one.answer)}}
    if one.name in _ETAGGED:
        told["304"] = {"description": "Not changed since If-None-Match"}
    if one.name in _RANGED:
        told["206"] = {"description": "The range", "content": _content(one.answer)}
    bodies = (400, 408, 413, 415) if one.body or one.raw else ()
    for status in sorted({*one.statuses, *bodies, *((401,) if one.signed else ()), 503, 500}):
        told[str(status)] = {"description": "Not done", "content": _content(DeviceProblem)}
    return told
