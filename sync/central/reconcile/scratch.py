"""Tables that live as long as one transaction: what is matched in it, and how it stands.

Working on sets needs a place for them. No name stands twice in one, by the queries that fill it
and not by a key: to keep an index in order took PostgreSQL longer than all joins, which it does
without (it hashes). SQLite looks up where PostgreSQL hashes, and gets its indexes. PostgreSQL is
told how large the tables are (ANALYZE); it would take an unknown one for small.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sync.central.reconcile.model import Unit
from sync.central.tables.base import Moment

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

# In which container each bag of the touched containers is now, and since when.
INSIDE: Final = _table("inside", _key("bag_id"), _text("container_id"), _at("since"))

# Bags of the touched returns that the hub has.
ARRIVED_BAGS: Final = _table("arrived_bags", _key("bag_id"))

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
    """Tell the planner how large they are."""
    if c.dialect.name == "postgresql":
        for table in tables:
            c.exec_driver_sql(f"ANALYZE {table.name}")
