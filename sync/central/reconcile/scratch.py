"""Tables that live as long as one transaction: what is matched in it, and how it stands.

Working on sets needs a place for them. No name stands twice in one, by the queries that fill it
and not by a key: to keep an index in order took PostgreSQL longer than all joins, which it does
without (it hashes). SQLite looks up where PostgreSQL hashes, and gets its indexes.

Both are told how large the tables are (ANALYZE). PostgreSQL would take an unknown one for small;
SQLite would take it for huge and the tenant's movements for few, and read all of them each time.
Nobody but us tells SQLite of the tables that stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sync.central.reconcile.model import Unit
from sync.central.tables import devices, drop_lines, drops
from sync.central.tables.base import Moment
from sync.central.tables.reconcile import movements

_META: Final = sa.MetaData()
_SETTINGS: Final = ("work_mem = '64MB'", "jit = off")
"""Of PostgreSQL, until the transaction ends: sets stay in memory, and nothing is compiled for a
statement that runs once."""


def _table(name: str, *columns: sa.Column[Any]) -> sa.Table:
    made = sa.Table(name, _META, *columns, prefixes=["TEMPORARY"])
    key = [one for one in columns if one.info.get("key")]
    sa.Index(f"ix_{name}", *key, unique=True).ddl_if(dialect="sqlite")
    return made


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, info={"key": True})


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger)


def _at(name: str) -> sa.Column[Any]:
    return sa.Column(name, Moment)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text)


TOUCHED: Final = {
    Unit.BAG: _table("touched_bags", _key("unit_id")),
    Unit.CONTAINER: _table("touched_containers", _key("unit_id")),
    Unit.MANIFEST: _table("touched_manifests", _key("unit_id")),
    Unit.RETURN: _table("touched_returns", _key("unit_id")),
}
TOUCHED[Unit.LINE] = TOUCHED[Unit.RETURN]  # a line is looked at with its return

# What sync.central.reconcile.gathered reads for all standings.
TAKEN: Final = _table(
    "taken_drops",
    _key("drop_id"),
    _text("bag_id"),
    _text("return_id"),
    _text("site"),
    _at("dropped_at"),
    _number("units"),  # accepted
    _number("refund"),  # minor units, as are those held back
    _number("withheld"),
    sa.Column("disputed", sa.Boolean),
    _text("currency"),
)
MOVED: Final = _table(
    "moved_bags",
    _key("bag_id"),
    _text("site"),
    _text("container_id"),  # in which it is now, and since when
    _at("since"),
    _at("gone_at"),  # handed over or acknowledged, the bag by itself
    _at("received_at"),
    _number("received"),  # units, as the hub counted them last
    _at("first_at"),
)
TOLD: Final = _table(
    "told_returns",
    _key("return_id"),
    _key("currency"),
    _number("refunds"),
    _number("refunded"),
    _at("refunded_at"),
    _at("unpacked_at"),  # when the first line was told by the hub
)

# How each unit stands: NULL where nothing was told.
BAGS: Final = _table(
    "standing_bags",
    _key("unit_id"),
    _text("site"),
    _number("drops"),
    _number("units"),  # dropped
    _at("dropped_at"),
    _text("container_id"),
    _at("contained_at"),
    _at("gone_at"),  # handed over or acknowledged, the bag by itself
    _at("received_at"),
    _number("received"),  # units, as the hub counted them
    _at("unpacked_at"),  # when the first line of its return was told by the hub
    _at("opened_at"),  # when the first bag of its container was told by the hub
    _at("first_at"),
)
CONTAINERS: Final = _table(
    "standing_containers",
    _key("unit_id"),
    _text("site"),
    _number("bags"),
    _at("contained_at"),
    _at("handed_over_at"),
    _number("handed_over"),  # bags, as counted
    _at("acknowledged_at"),
    _number("acknowledged"),
    _at("received_at"),
    _number("received"),
    _at("opened_at"),
    _at("first_at"),
)
MANIFESTS: Final = _table(
    "standing_manifests",
    _key("unit_id"),
    _text("site"),
    _number("listed"),  # containers, and bags without one, that were handed over under it
    _number("handed_over"),  # as counted for the whole of it
    _number("acknowledged"),
    _number("received"),
    _at("handed_over_at"),
    _at("first_at"),
)
LINES: Final = _table(
    "standing_lines",
    _key("unit_id"),
    _key("part_id"),
    _text("site"),
    _number("dropped"),
    _number("expected"),  # of those, in bags that the hub has
    _number("received"),
    _at("unpacked_at"),  # when the first line of the return was told by the hub
    _at("first_at"),
)
RETURNS: Final = _table(
    "standing_returns",
    _key("unit_id"),
    _text("site"),
    _number("drops"),
    _number("promised"),  # minor units
    _number("most"),  # with what was held back, and what a second drop promised once more
    _text("currency"),
    _at("dropped_at"),
    _number("refunds"),
    _number("refunded"),
    _number("foreign"),  # refunds in another currency
    _at("refunded_at"),
)


@contextmanager
def room(c: sa.Connection) -> Iterator[None]:
    """All of them, empty; gone at the end. An error takes the transaction and them with it."""
    if c.dialect.name == "postgresql":
        for setting in _SETTINGS:
            c.exec_driver_sql(f"SET LOCAL {setting}")
    else:
        _know_what_stays(c)
    _META.create_all(c, checkfirst=False)
    yield
    _META.drop_all(c, checkfirst=False)


def add(c: sa.Connection, table: sa.Table, rows: sa.Select[Any]) -> None:
    """Insert what a query finds, each once, but for what is there already."""
    c.execute(table.insert().from_select([*table.c.keys()], rows.except_(sa.select(table))))


def fill(c: sa.Connection, table: sa.Table, rows: sa.Select[Any]) -> None:
    """Insert what a query finds; its keys are each there once, and the table is empty."""
    names = [column.name for column in rows.selected_columns]
    c.execute(table.insert().from_select(names, rows))


def keep(c: sa.Connection, table: sa.Table, rows: sa.Select[Any]) -> None:
    """Insert what a query finds into a table that stays, but for what another run has put there.
    The query has a WHERE: without one SQLite takes ON CONFLICT for a join."""
    maker = sqlite.insert if c.dialect.name == "sqlite" else postgresql.insert
    names = [column.name for column in rows.selected_columns]
    c.execute(maker(table).from_select(names, rows).on_conflict_do_nothing())


def known(c: sa.Connection, *tables: sa.Table) -> None:
    """Tell the planner how large they are. Of an empty table SQLite would note nothing, and go on
    to take it for huge: of that it is told by hand."""
    for table in tables:
        c.exec_driver_sql(f"ANALYZE {table.name}")
        if c.dialect.name == "sqlite" and c.execute(sa.select(table).limit(1)).first() is None:
            one = (table.name, f"ix_{table.name}", "1 1 1")
            c.exec_driver_sql(
                "INSERT INTO temp.sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", one
            )
            c.exec_driver_sql("ANALYZE temp.sqlite_master")  # reads what is noted


_STAYS: Final = (devices, drops, drop_lines, movements)


def _know_what_stays(c: sa.Connection) -> None:
    """PostgreSQL looks after that by itself. SQLite reads a table anew here once it has twice as
    many rows as it knows of; what another connection has found is taken over."""
    before: dict[str, int] = {}
    if c.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").first():
        c.exec_driver_sql("ANALYZE sqlite_master")  # reads what is known
        for name, stat in c.exec_driver_sql("SELECT tbl, stat FROM main.sqlite_stat1"):
            before[name] = max(before.get(name, 0), int(stat.split()[0]))
    for table in _STAYS:
        last: sa.Select[Any] = sa.select(sa.func.max(sa.literal_column("rowid"))).select_from(table)
        rows = c.execute(last).scalar_one() or 0
        if rows > 2 * before.get(table.name, 0):
            c.exec_driver_sql(f"ANALYZE main.{table.name}")
