"""Small facts by name, in the ledger."""

from __future__ import annotations

from sqlalchemy import Connection, Integer, Text, bindparam, cast, select
from sqlalchemy.dialects.sqlite import insert

from kiosk.store.database import Database
from kiosk.store.prepared import Prepared
from kiosk.store.tables import meta

MARK = "time.mark"
"""The key of the highest time ever seen, in milliseconds."""


_READ = Prepared(select(meta.c.value).where(meta.c.key == bindparam("name")))
_PUT = insert(meta).values(key=bindparam("name"), value=bindparam("text"))
_ONE_MORE = insert(meta).values(key=bindparam("name"), value="1")
_COUNT = Prepared(
    _ONE_MORE.on_conflict_do_update(
        index_elements=[meta.c.key],
        set_={"value": cast(cast(meta.c.value, Integer) + 1, Text)},
    ).returning(meta.c.value)
)
_WRITE = Prepared(
    _PUT.on_conflict_do_update(index_elements=[meta.c.key], set_={"value": _PUT.excluded.value})
)


def read(connection: Connection, key: str) -> str | None:
    found = _READ.one(connection, name=key)
    return None if found is None else str(found.value)


def count(connection: Connection, key: str) -> int:
    """One more than what was counted under that name; 1 for the first."""
    cursor = _COUNT.run(connection, {"name": key})
    [(text,)] = cursor.fetchall()
    return int(text)


def write(connection: Connection, key: str, value: str) -> None:
    _WRITE(connection, name=key, text=value)


class Meta:
    """Each call is a transaction of its own. Raises StoreFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> str | None:
        with self._database.reading() as connection:
            return read(connection, key)

    def set(self, key: str, value: str) -> None:
        with self._database.transaction() as connection:
            write(connection, key, value)
