"""Statements that every drop runs, made into SQL once and given to the driver as they are.

SQLAlchemy builds a statement anew at each call, finds its SQL by a key and describes its result:
for ours that takes several times as long as SQLite takes to run them (docs/store.md). So the few
that stand between a shopper and the receipt are written down as constants and keep their SQL.
They run on the same connection and in the same transaction as all others; their columns are plain
text and whole numbers, which need no converting. What goes wrong is the driver's own error, which
kiosk.store.database knows as well as SQLAlchemy's.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.expression import ClauseElement


def send(connection: Connection, sql: str, given: Sequence[object]) -> Any:
    """The driver's cursor, the statement run. Who watches SQLAlchemy's statements sees it too."""
    for watch in connection.engine.dispatch.before_cursor_execute:
        watch(connection, None, sql, given, None, False)
    raw: Any = connection.connection.dbapi_connection
    return raw.execute(sql, given)


class Prepared:
    """A statement whose values are all named parameters (`bindparam`) or fixed."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement

    @cached_property
    def _made(self) -> tuple[str, Callable[[Mapping[str, Any]], Sequence[object]]]:
        """SQL with question marks, and what takes its parameters out of named values."""
        compiled: Any = self._statement.compile(dialect=sqlite.dialect(paramstyle="qmark"))
        fixed = {name: one.value for name, one in compiled.binds.items() if not one.required}
        return str(compiled), _taking(tuple(compiled.positiontup or ()), fixed)

    @cached_property
    def _row(self) -> Callable[[Sequence[object]], Any]:
        """A row of the driver's with its columns by name."""
        assert isinstance(self._statement, Select)
        names = [column.name for column in self._statement.selected_columns]
        kind: Any = namedtuple  # whose names mypy wants to read in the source
        make: Callable[[Sequence[object]], Any] = kind("Found", names)._make
        return make

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """The driver's cursor. More values than there are parameters do no harm; one that is
        missing is a KeyError, never NULL."""
        sql, taken = self._made
        return send(connection, sql, taken(values))

    def __call__(self, connection: Connection, **values: object) -> int:
        """Run it; the number of the row that was added, if one was."""
        return int(self.run(connection, values).lastrowid or 0)

    def each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each row."""
        for row in rows:
            self.run(connection, row)

    def rows(self, connection: Connection, **values: object) -> list[Any]:
        """What a query finds; each has its columns by name."""
        return [self._row(found) for found in self.run(connection, values).fetchall()]

    def one(self, connection: Connection, **values: object) -> Any:
        """The first of what it finds, None for nothing."""
        cursor = self.run(connection, values)
        found = cursor.fetchone()
        cursor.close()  # or the transaction could not end: a statement would be under way
        return None if found is None else self._row(found)


def _taking(
    names: tuple[str, ...], fixed: Mapping[str, Any]
) -> Callable[[Mapping[str, Any]], Sequence[object]]:
    if fixed or len(names) < 2:
        return lambda values: [values[one] if one in values else fixed[one] for one in names]
    return itemgetter(*names)


def adding(table: Table, *without: str) -> Prepared:
    """A new row with every column but these."""
    names = [column.name for column in table.columns if column.name not in without]
    return Prepared(insert(table).values({name: bindparam(name) for name in names}))
