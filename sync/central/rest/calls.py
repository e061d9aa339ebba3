"""One operation of the API, one call of it, and its answer: what handlers are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from kiosk.ports import Ids
from sync.central.rest.keys import Key, Role
from sync.central.rest.problems import Kind, Problem, problem
from sync.central.rest.targets import Targets

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was let in and read. `path` is its variable parts by name; `targets` is where
    webhooks may be sent; `source` the address it came from; `if_match` and `if_none_match` are ""
    where they did not come."""

    key: Key
    path: Mapping[str, str]
    query: Any
    body: Any
    now: datetime
    ids: Ids
    targets: Targets
    source: str = ""
    if_match: str = ""
    if_none_match: str = ""

    def asked(self, kind: type[T]) -> T:
        """The body, which is of the kind that the operation names."""
        assert isinstance(self.body, kind)
        return self.body

    def sought(self, kind: type[T]) -> T:
        """The query, likewise."""
        assert isinstance(self.query, kind)
        return self.query


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` is of the type that the operation names, None for no body."""

    value: msgspec.Struct | None
    status: int = 200
    etag: str = ""
    changed: bool = True
    """Of a write: whether it did anything. What did is noted (sync.central.audit)."""


Run = Callable[[sa.Connection, Call], Answer | Problem]


@dataclass(frozen=True, slots=True)
class Operation:
    """An endpoint. `path` has {variables}; `problems` are those beyond what any endpoint may
    answer; `creates` also answers 201."""

    method: str
    path: str
    name: str
    summary: str
    run: Run
    answer: type[msgspec.Struct] | None
    roles: tuple[Role, ...] = tuple(Role)
    body: type[msgspec.Struct] | None = None
    query: type[msgspec.Struct] | None = None
    problems: tuple[Kind, ...] = ()
    creates: bool = False
    etags: bool = False

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def variables(self) -> tuple[str, ...]:
        parts = self.path.split("/")
        return tuple(part[1:-1] for part in parts if part.startswith("{"))


def changed(call: Call, etag: str) -> Problem | None:
    """What If-Match and If-None-Match say against a write; `etag` is "" for what is not there."""
    if call.if_match and not _among(etag, call.if_match):
        return problem(Kind.CHANGED)
    if call.if_none_match and _among(etag, call.if_none_match):
        return problem(Kind.CHANGED)
    return None


def unchanged(call: Call, etag: str) -> bool:
    """Whether a reader has it already (RFC 9110, 13.1.2)."""
    return bool(call.if_none_match) and _among(etag, call.if_none_match)


def _among(etag: str, told: str) -> bool:
    """Whether an entity tag is one of those told; `*` is any that is there. Weak marks are what a
    proxy makes of ours: the tag behind them is still the content's."""
    if not etag:
        return False
    tags = [one.strip().removeprefix("W/") for one in told.split(",")]
    return "*" in tags or etag in tags
