"""Statements compiled once for a process and not once for every database of every test.

SQLAlchemy keeps compiled statements by engine and dialect. The product has one engine for as long
as it runs; tests make thousands, and compiling was a good part of what those at the centre took.
Nothing that is executed changes: engines that are made alike share one dialect, once it has learnt
from a first connection what the database can do, and one cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.util import LRUCache

KEPT = 5_000
_known: dict[object, tuple[sa.Dialect, LRUCache[Any, Any]]] = {}
_make = sa.Engine.__init__


def compile_once() -> None:
    """For every engine that is made from now on."""
    sa.Engine.__init__ = _made  # type: ignore[method-assign]


def _made(
    self: sa.Engine,
    pool: sa.Pool,
    dialect: sa.Dialect,
    url: sa.URL,
    logging_name: str | None = None,
    echo: bool | None = None,
    query_cache_size: int = KEPT,
    execution_options: Mapping[str, Any] | None = None,
    hide_parameters: bool = False,
) -> None:
    """Named as SQLAlchemy's own: `create_engine` reads the names of what it may hand over."""
    kind = _kind(dialect)
    shared, cache = _known.get(kind, (dialect, None))
    rest = (url, logging_name, echo, query_cache_size, execution_options, hide_parameters)
    _make(self, pool, shared, *rest)
    if cache is not None:
        self._compiled_cache = cache
        return

    # Heard only after SQLAlchemy has let the dialect learn from that connection.
    @sa.event.listens_for(self, "engine_connect", once=True)
    def learnt(_: sa.Connection) -> None:
        _known.setdefault(kind, (dialect, LRUCache(KEPT)))


def _kind(dialect: Any) -> object:
    """What makes two dialects the same before they have met a database."""
    told = vars(dialect).items()
    plain = {(name, value) for name, value in told if isinstance(value, str | int | None)}
    return type(dialect), dialect.dbapi, dialect._json_serializer, frozenset(plain)
