"""What a machine is told where it does not get what it asked for (RFC 9457).

A problem's `type` is a path that this centre answers with what the problem means. It never
changes; the sentence in `detail` may.
"""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus

import msgspec

MEDIA_TYPE = "application/problem+json"
PATH = "/v1/problems/"


class Kind(StrEnum):
    """The last part of a problem's `type`."""

    NO_KEY = "no-key"
    NOT_ALLOWED = "not-allowed"
    NOT_FOUND = "not-found"
    NO_SUCH_METHOD = "no-such-method"
    NOT_READABLE = "not-readable"
    TOO_LARGE = "too-large"
    TOO_SLOW = "too-slow"
    MEDIA_TYPE = "media-type"
    UNFIT = "unfit"
    NOT_POSSIBLE = "not-possible"
    TAKEN = "taken"
    CHANGED = "changed"
    KEY_REUSED = "key-reused"
    TOO_MANY = "too-many"
    FAILED = "failed"
    BUSY = "busy"


STATUS: dict[Kind, int] = {
    Kind.NO_KEY: 401,
    Kind.NOT_ALLOWED: 403,
    Kind.NOT_FOUND: 404,
    Kind.NO_SUCH_METHOD: 405,
    Kind.NOT_READABLE: 400,
    Kind.TOO_LARGE: 413,
    Kind.TOO_SLOW: 408,
    Kind.MEDIA_TYPE: 415,
    Kind.UNFIT: 422,
    Kind.NOT_POSSIBLE: 409,
    Kind.TAKEN: 409,
    Kind.CHANGED: 412,
    Kind.KEY_REUSED: 422,
    Kind.TOO_MANY: 429,
    Kind.FAILED: 500,
    Kind.BUSY: 503,
}

MEANING: dict[Kind, str] = {
    Kind.NO_KEY: "The request bears no key that is good here: none, or one that is unknown, "
    "expired or revoked.",
    Kind.NOT_ALLOWED: "The key is good, and not for this.",
    Kind.NOT_FOUND: "There is no such thing, or it is not yours.",
    Kind.NO_SUCH_METHOD: "The path is right, the method is not; Allow names those that are.",
    Kind.NOT_READABLE: "The request is not of the form that the description gives: not JSON, a "
    "field that is missing, unknown or of another type.",
    Kind.TOO_LARGE: "The body is larger than one mebibyte.",
    Kind.TOO_SLOW: "The body did not come in time.",
    Kind.MEDIA_TYPE: "The body must be application/json, not compressed.",
    Kind.UNFIT: "The form is right, the content cannot be: nothing was changed.",
    Kind.NOT_POSSIBLE: "The return stands where this cannot be done; `possible` names the states "
    "that it can go to.",
    Kind.TAKEN: "This id is in use already and cannot be used again.",
    Kind.CHANGED: "It is not as If-Match or If-None-Match say: read it again.",
    Kind.KEY_REUSED: "This Idempotency-Key came with another request before.",
    Kind.TOO_MANY: "Too many requests with this key; come again after Retry-After seconds.",
    Kind.FAILED: "The centre failed. Nothing was changed; the same request may be sent again.",
    Kind.BUSY: "The centre has too much to do; come again after Retry-After seconds.",
}


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong. `type` names the kind for good; `detail` is a sentence for a person."""

    type: str
    title: str
    status: int
    detail: str = ""
    state: str = ""
    """Where the return stands, with not-possible."""
    possible: tuple[str, ...] | None = None
    """The states that it can go to, with not-possible."""

    @property
    def kind(self) -> Kind:
        return Kind(self.type.removeprefix(PATH))


class Turned(msgspec.Struct, frozen=True, kw_only=True):
    """What the door in front says, before anything is read (sync.central.admission): too_large,
    too_slow or busy."""

    kind: str


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """What a kind of problem means, wherever it occurs."""

    type: str
    title: str
    status: int
    meaning: str


def problem(
    kind: Kind, detail: str = "", *, state: str = "", possible: tuple[str, ...] | None = None
) -> Problem:
    status = STATUS[kind]
    return Problem(
        type=PATH + kind.value,
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail or MEANING[kind],
        state=state,
        possible=possible,
    )


def meaning(kind: Kind) -> Meaning:
    status = STATUS[kind]
    title = HTTPStatus(status).phrase
    return Meaning(type=PATH + kind.value, title=title, status=status, meaning=MEANING[kind])
