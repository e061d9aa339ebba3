"""Small facts by name, in the ledger."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from kiosk.store.database import Database
from kiosk.store.tables import meta

MARK = "time.mark"
"""The key of the highest time ever seen, in milliseconds."""


def read(connection: Connection, key: str) -> str | None:
    return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()


def write(connection: Connection, key: str, value: str) -> None:
    statement = insert(meta).values(key=key, value=value)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[meta.c.key], set_={"value": statement.excluded.value}
        )
    )


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
