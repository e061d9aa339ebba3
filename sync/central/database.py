"""The centre's database: SQLite by default, PostgreSQL by URL.

Everything that differs between the two is in this file; the rest of the centre writes plain
SQLAlchemy Core.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql, sqlite

from sync.central import copying
from sync.central.sealing import NONE, OPTION, Secrets

T = TypeVar("T")

_TRIES = 5
COPY_FROM = 20
"""Rows from which on COPY is worth its round trips."""
_MIGRATING = 0x7A6B6D  # the key of the lock that migrations take; any number, for ever
_RETRY_STATES = ("40001", "40P01")  # PostgreSQL: serialisation failure, deadlock


class Moment(sa.TypeDecorator[datetime]):
    """An aware instant, kept in UTC. SQLite has no time zones, so there it is kept naive."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: datetime | None,
        dialect: sa.Dialect,  # noqa: ARG002 - the signature is SQLAlchemy's
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _prepare_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def connect(dbapi: sqlite3.Connection, _record: object) -> None:
        # We begin transactions ourselves: the driver would begin them too late for a write lock.
        dbapi.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
        ):
            dbapi.execute(f"PRAGMA {pragma}").close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class Database:
    """An engine and the two ways to use it: `reading()`, and `write(work)`, which is tried again
    where the database asked for it (a deadlock between two kiosks, a busy file)."""

    def __init__(self, url: str, secrets: Secrets = NONE) -> None:
        parsed = sa.make_url(url)
        self.sqlite = parsed.get_backend_name() == "sqlite"
        if self.sqlite and parsed.database in (None, "", ":memory:"):
            raise ValueError("the centre needs a database file, not memory")
        # An error is logged; what somebody typed, or a hash of it, is not.
        self.engine = sa.create_engine(
            parsed,
            pool_pre_ping=not self.sqlite,
            hide_parameters=True,
            execution_options={OPTION: secrets},
        )
        if self.sqlite:
            _prepare_sqlite(self.engine)
        self._closed = False
        sa.event.listen(self.engine, "checkin", self._back)
        self.secrets = secrets
        self._writer = self.engine.execution_options(writing=True)
        self._asker = (
            self.engine
            if self.sqlite
            else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        )

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def asking(self) -> Iterator[sa.Connection]:
        """For one question that is prepared (sync.central.prepared): a transaction of its own, so
        that none need be begun and ended around it. Nothing may be written."""
        with self._asker.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction that may write, committed at the end. For work that no other can
        hinder; what two may do to each other goes through `write`."""
        with self._writer.begin() as connection:
            yield connection

    def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run `work` in one transaction and commit. `work` may run more than once."""
        for left in range(_TRIES - 1, -1, -1):
            try:
                with self.writing() as connection:
                    return work(connection)
            except sa.exc.OperationalError as error:
                if left == 0 or not self._passing(error):
                    raise
        raise AssertionError("the last try returns or raises")

    def _passing(self, error: sa.exc.OperationalError) -> bool:
        if self.sqlite:
            return "locked" in str(error.orig)
        return getattr(error.orig, "sqlstate", "") in _RETRY_STATES

    def close(self) -> None:
        """Whoever is at work yet ends it; what it worked with is closed then."""
        self._closed = True
        self.engine.dispose()

    def _back(self, _driver: Any, record: sa.pool.ConnectionPoolEntry) -> None:
        """A pool that was given up takes connections back and closes none."""
        if self._closed:
            record.invalidate()


class Transactions(Protocol):
    """A Database, or what stands for it where one request works (sync.central.callers.Once)."""

    def reading(self) -> AbstractContextManager[sa.Connection]: ...

    def write(self, work: Callable[[sa.Connection], T]) -> T: ...


@cache
def adding(table: sa.Table, dialect: str) -> sa.Insert:
    """Insert a row unless it violates a unique key, and tell its key if it went in."""
    maker = sqlite.insert if dialect == "sqlite" else postgresql.insert
    # RETURNING and not rowcount, which drivers count differently.
    return maker(table).on_conflict_do_nothing().returning(*table.primary_key)


def insert_new(connection: sa.Connection, table: sa.Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless it violates a unique key; whether it went in. Two transactions at once
    cannot both be told yes: the second waits for the first."""
    statement = adding(table, connection.dialect.name)
    return connection.execute(statement, dict(row)).first() is not None


def insert_set(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]
) -> int:
    """Insert rows at once, all but those that violate a unique key; how many went in. All rows
    have the same keys; what is no column is passed over.

    PostgreSQL takes them as one JSON parameter, the quickest way that was measured. For SQLite,
    which lives in this process, the driver's own loop is: JSON would be parsed for each column."""
    if not rows:
        return 0
    columns = [column for column in table.columns if column.name in rows[0]]
    into = f"INSERT INTO {table.name} ({', '.join(column.name for column in columns)})"
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        readers = [(column.name, _lite(column)) for column in columns]
        given = [tuple(read(row[name]) for name, read in readers) for row in rows]
        sql = f"{into} VALUES ({marks}) ON CONFLICT DO NOTHING"
        return connection.exec_driver_sql(sql, given).rowcount
    told = {"rows": _rows_json([{c.name: row[c.name] for c in columns} for row in rows]).decode()}
    return len(connection.execute(_from_json(table, into, tuple(columns)), told).all())


def insert_all(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]
) -> bool:
    """Insert rows that are thought to be new, at once; False, or the database's IntegrityError,
    where one violates a unique key: what went in is then for the caller's savepoint to undo.

    PostgreSQL takes a long set by COPY, which nothing there outruns and which knows no ON
    CONFLICT; a short one would pay its two round trips for nothing."""
    if len(rows) < COPY_FROM or connection.dialect.name == "sqlite":
        return insert_set(connection, table, rows) == len(rows)
    _copy(connection, table, (rows,))
    return True


def insert_parts(
    connection: sa.Connection, table: sa.Table, parts: Iterable[Sequence[Mapping[str, Any]]]
) -> bool:
    """As `insert_all`, of rows that are made part by part: PostgreSQL works on those that it has
    while the next are made. What making them raises ends it as well."""
    every = iter(parts)
    first = next(every, ())
    if len(first) < COPY_FROM or connection.dialect.name == "sqlite":
        rows = [*first, *chain.from_iterable(every)]
        return insert_set(connection, table, rows) == len(rows)
    _copy(connection, table, chain((first,), every))
    return True


def _copy(
    connection: sa.Connection, table: sa.Table, parts: Iterable[Sequence[Mapping[str, Any]]]
) -> None:
    """Raises SQLAlchemy's errors for the driver's, as everything else on this connection does."""
    every = iter(parts)
    first = next(every)
    columns = [column for column in table.columns if column.name in first[0]]
    sql = f"COPY {table.name} ({', '.join(column.name for column in columns)}) FROM STDIN"
    raw: Any = connection.connection.dbapi_connection
    dbapi: Any = connection.dialect.loaded_dbapi
    try:
        with raw.cursor() as cursor, cursor.copy(sql) as into:
            for rows in chain((first,), every):
                into.write(copying.text(columns, rows))
    except dbapi.Error as error:
        raise sa.exc.DBAPIError.instance(
            sql, None, error, dbapi.Error, dialect=connection.dialect
        ) from error


def among(
    connection: sa.Connection, column: sa.Column[str], names: Collection[str]
) -> sa.ColumnElement[bool]:
    """Whether a column has one of these values. PostgreSQL takes them as one array: a list of
    parameters is written out, read and planned anew each time. It looks each of them up: to a
    comparison with the whole array it may prefer to read an index from end to end."""
    if connection.dialect.name == "sqlite":
        return column.in_(names)
    told = sa.cast(sa.literal(_array(names), sa.Text), postgresql.ARRAY(sa.Text))
    return column.in_(sa.select(sa.func.unnest(told)))


def _array(names: Collection[str]) -> str:
    """As PostgreSQL writes an array: the driver would look at each name by itself."""
    every = "\n".join(names)
    if "\\" in every or '"' in every:
        names = [one.replace("\\", "\\\\").replace('"', '\\"') for one in names]
    return "{" + ",".join(f'"{one}"' for one in names) + "}"


_rows_json = msgspec.json.Encoder().encode


def _lite(column: sa.Column[Any]) -> Callable[[Any], Any]:
    """A value as SQLAlchemy keeps it in SQLite."""
    if isinstance(column.type, Moment):
        return _naive
    return (lambda value: _rows_json(value).decode()) if isinstance(column.type, sa.JSON) else _same


def _same(value: Any) -> Any:
    return value


def _naive(moment: datetime) -> str:
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(sep=" ", timespec="microseconds")


@cache
def _from_json(table: sa.Table, into: str, columns: tuple[sa.Column[Any], ...]) -> sa.TextClause:
    """Names are those of our own tables; values are in the parameter alone."""
    dialect: sa.Dialect = sa.create_mock_engine("postgresql+psycopg://", _same).dialect
    typed = ", ".join(f"{one.name} {one.type.compile(dialect)}" for one in columns)
    names = ", ".join(one.name for one in columns)
    key = ", ".join(column.name for column in table.primary_key)
    source = f"{names} FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS told({typed})"
    return sa.text(f"{into} SELECT {source} ON CONFLICT DO NOTHING RETURNING {key}")


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Mapping[str, Any]],
    unless_same: sa.Column[Any] | None = None,
) -> None:
    """Insert rows, or put them in place of those with their keys; with `unless_same` only where
    that column differs. All rows have the same columns."""
    maker = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = maker(table)
    changed = {name: statement.excluded[name] for name in rows[0] if not table.c[name].primary_key}
    if changed:
        where = None if unless_same is None else statement.excluded[unless_same.name] != unless_same
        statement = statement.on_conflict_do_update(
            index_elements=list(table.primary_key), set_=changed, where=where
        )
    else:
        statement = statement.on_conflict_do_nothing()
    connection.execute(statement, [dict(row) for row in rows])


def by_bytes(connection: sa.Connection, column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """For ordering text by its UTF-8, as Python orders it, and not by some language's rules."""
    return column if connection.dialect.name == "sqlite" else column.collate("C")


def locked(query: sa.Select[Any]) -> sa.Select[Any]:
    """Hold the selected rows until commit, against all who would change them. Who merely adds rows
    that point to them is let by: the keys of ours never change, and every request of a kiosk adds
    such a row before it locks. SQLite needs nothing: its writer is alone already."""
    return query.with_for_update(key_share=True)


def alembic_config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


@cache
def _newest() -> str | None:
    """The last step there is. To read them all takes longer than to see that none is left."""
    return ScriptDirectory.from_config(alembic_config("")).get_current_head()


def _revision(connection: sa.Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema up to `revision` ("head"), or down to it ("base")."""
    config = alembic_config(database.engine.url.render_as_string(hide_password=False))

    def run(connection: sa.Connection) -> None:
        if not database.sqlite:  # SQLite's writer is alone; here workers start side by side
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATING)))
        config.attributes["connection"] = connection
        if revision == "head" and _revision(connection) == _newest():
            return
        if revision == "base":
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)

    database.write(run)
