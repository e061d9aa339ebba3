"""Statements that every request of a kiosk runs, made into SQL once and given to the driver as
they are.

For a statement that finds its row by its key SQLAlchemy works several times as long as the
database does (docs/store.md, "A heartbeat"): it makes a key of the statement to find its SQL by,
a context to run it in, and describes its result. So the few that a fleet asks all day are written
down as constants and keep their SQL, by dialect. They run on the same connection and in the same
transaction as all others, and fail with the same errors; values are converted as their columns
say.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import UpdateBase

Convert = Callable[[Any], Any]
Statement = sa.Select[Any] | UpdateBase


def send(c: sa.Connection, sql: str, given: Mapping[str, Any] | Sequence[Any]) -> Any:
    """The driver's cursor, the statement run. Who watches SQLAlchemy's statements sees it too, and
    what goes wrong is SQLAlchemy's error, without the values."""
    raw: Any = c.connection.dbapi_connection
    cursor = raw.cursor()
    for watch in c.dispatch.before_cursor_execute:
        watch(c, cursor, sql, given, None, False)
    dbapi: Any = c.dialect.loaded_dbapi
    try:
        cursor.execute(sql, given)
    except dbapi.Error as error:
        raise sa.exc.DBAPIError.instance(
            sql, None, error, dbapi.Error, hide_parameters=True, dialect=c.dialect
        ) from error
    for watch in c.dispatch.after_cursor_execute:
        watch(c, cursor, sql, given, None, False)
    return cursor


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement as one dialect says it. `order` is that of its values where they have no names
    (SQLite); `fixed` are values that are the statement's own."""

    sql: str
    order: tuple[str, ...] | None
    names: frozenset[str]
    fixed: Mapping[str, Any]
    given: tuple[tuple[str, Convert], ...]
    found: tuple[Convert | None, ...]
    row: Callable[[Sequence[Any]], Any]

    def values(self, told: Mapping[str, Any]) -> Mapping[str, Any] | Sequence[Any]:
        values = dict(told)
        for name, convert in self.given:
            values[name] = convert(values[name])
        values |= self.fixed
        if self.order is None:
            return {name: values[name] for name in self.names}
        return [values[name] for name in self.order]

    def read(self, found: Sequence[Any]) -> Any:
        return self.row(
            [
                one if convert is None else convert(one)
                for convert, one in zip(self.found, found, strict=True)
            ]
        )


class Prepared:
    """A statement whose values are all named parameters (`bindparam`) or fixed."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def run(self, c: sa.Connection, told: Mapping[str, Any]) -> None:
        """More values than there are parameters do no harm; one that is missing is a KeyError,
        never NULL."""
        self._send(c, told)[1].close()

    def first(self, c: sa.Connection, told: Mapping[str, Any]) -> Any:
        """The first row of what it finds, its columns by name; None for nothing."""
        made, cursor = self._send(c, told)
        found = cursor.fetchone()
        cursor.close()  # or SQLite's transaction could not end: a statement would be under way
        return None if found is None else made.read(found)

    def all(self, c: sa.Connection, told: Mapping[str, Any]) -> list[Any]:
        """Every row, their columns by name."""
        made, cursor = self._send(c, told)
        found = cursor.fetchall()
        cursor.close()
        return [made.read(one) for one in found]

    def _send(self, c: sa.Connection, told: Mapping[str, Any]) -> tuple[_Made, Any]:
        made = self._made.get(c.dialect.name)
        if made is None:
            made = self._made[c.dialect.name] = _make(self._statement, c.dialect)
        return made, send(c, made.sql, made.values(told))


def _make(statement: Statement, dialect: sa.Dialect) -> _Made:
    compiled: Any = statement.compile(dialect=dialect)
    binds = {name: one for one, name in compiled.bind_names.items()}
    taking = {
        name: one.type.dialect_impl(dialect).bind_processor(dialect) for name, one in binds.items()
    }
    own = {name: one.value for name, one in binds.items() if not one.required}
    columns = list(statement.exported_columns)
    kind: Any = namedtuple  # whose names mypy wants to read in the source
    return _Made(
        sql=str(compiled),
        order=None if compiled.positiontup is None else tuple(compiled.positiontup),
        names=frozenset(binds),
        fixed={
            name: value if (convert := taking[name]) is None else convert(value)
            for name, value in own.items()
        },
        given=tuple(
            (name, convert)
            for name, convert in taking.items()
            if name not in own and convert is not None
        ),
        found=tuple(
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ),
        row=kind("Found", [column.name for column in columns])._make,
    )
