"""Statements that every drop runs, made into SQL once.

SQLAlchemy builds a statement anew at each call and then finds its SQL by a key: for ours that
takes several times as long as SQLite takes to run them (docs/store.md). So the few that stand
between a shopper and the receipt are written down as constants and keep their SQL. They go
through the same connection and transaction as all others; their columns are plain text and whole
numbers, which need no converting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, bindparam, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.expression import ClauseElement


class Prepared:
    """A statement whose values are all named parameters (`bindparam`) or fixed."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement

    @cached_property
    def _made(self) -> tuple[str, tuple[str, ...], Mapping[str, Any]]:
        """SQL with question marks, the parameters in their order, and what is fixed of them."""
        dialect = sqlite.dialect(paramstyle="qmark")  # type: ignore[no-untyped-call]
        compiled: Any = self._statement.compile(dialect=dialect)
        return str(compiled), tuple(compiled.positiontup), dict(compiled.params)

    def __call__(self, connection: Connection, **values: object) -> CursorResult[Any]:
        return self.run(connection, values)

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Once. More values than it has parameters do no harm."""
        sql, names, fixed = self._made
        given = tuple(values[name] if name in values else fixed[name] for name in names)
        return connection.exec_driver_sql(sql, given)

    def each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Once for each row."""
        if len(rows) == 1:
            self.run(connection, rows[0])
        elif rows:
            sql, names, _ = self._made
            given = [tuple(row[name] for name in names) for row in rows]
            connection.exec_driver_sql(sql, given)


def adding(table: Table, *without: str) -> Prepared:
    """A new row with every column but these."""
    names = [column.name for column in table.columns if column.name not in without]
    return Prepared(insert(table).values({name: bindparam(name) for name in names}))
