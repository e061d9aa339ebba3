"""Bring ledger.db to the declared schema. Alembic is imported only where there is work to do:
it costs more time than opening the store, and most starts find the schema current.

Revisions are numbered "0001", "0002" ...; PRAGMA user_version is the number. SQLite's DDL is
transactional, so a crash half-way leaves the old schema whole.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from kiosk.store.database import Database
from kiosk.store.errors import StoreCause, StoreFailed
from kiosk.store.tables import VERSION

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> bool:
    """Upgrade if needed; whether it was. Raises StoreFailed(NEWER) for a later schema."""
    found = database.pragma("user_version")
    if found == VERSION:
        return False
    if not isinstance(found, int) or found > VERSION:
        raise StoreFailed(StoreCause.NEWER, f"schema {found}, this program knows {VERSION}")
    move(database, f"{VERSION:04d}")
    return True


def move(database: Database, target: str) -> None:
    """To the revision `target`, up or down; "base" empties the schema."""
    from alembic import command

    number = 0 if target == "base" else int(target)
    up = number >= _version(database)
    with database.transaction() as connection:
        connection.begin()  # or alembic would end what it does not know of
        config = _config(connection)
        (command.upgrade if up else command.downgrade)(config, target)
        connection.exec_driver_sql(f"PRAGMA user_version={number}")


def _version(database: Database) -> int:
    found = database.pragma("user_version")
    return found if isinstance(found, int) else 0


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
