"""A look into the ledger without opening the store: for tools beside a running kiosk.

Takes no lock, migrates nothing, changes nothing. SQLite gives one unchanging picture for as long
as the look lasts, also while the kiosk goes on writing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from kiosk.store import events, keys, meta
from kiosk.store.errors import StoreCause, StoreFailed, failed
from kiosk.store.recovery.places import LEDGER
from kiosk.store.tables import VERSION


@contextmanager
def look(data_dir: Path) -> Iterator[Connection]:
    """The ledger of a data directory, for reading. Raises StoreFailed: LOST where there is none,
    NEWER for a schema that only a later program knows, SEALED where its key is not at hand, and
    so on."""
    path = data_dir / LEDGER
    if not path.exists():
        raise StoreFailed(StoreCause.LOST, f"{path} is not there")

    key = keys.key_text(path)

    def connect() -> object:
        # mode=rw and not ro: without write access to its index a log cannot be read.
        uri = f"{path.absolute().as_uri()}?mode=rw"
        connection = driver.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        keys.use(connection, key)
        connection.execute("PRAGMA query_only=ON")
        return connection

    engine = create_engine("sqlite://", module=driver, creator=connect, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            _known(connection)
            yield connection
    except (SQLAlchemyError, driver.Error, OSError) as error:
        raise failed(getattr(error, "orig", None) or error) from error


def _known(connection: Connection) -> None:
    found = connection.exec_driver_sql("PRAGMA user_version").scalar()
    if found != VERSION:
        newer = isinstance(found, int) and found > VERSION
        cause = StoreCause.NEWER if newer else StoreCause.INTERNAL
        raise StoreFailed(cause, f"schema {found}, this program knows {VERSION}")


def latest(connection: Connection) -> datetime:
    """The highest time that the store has put on the disk; its clock never runs behind it."""
    mark = meta.read(connection, meta.MARK)
    kept = events.highest_ms(connection) if mark is None else int(mark)
    return datetime.fromtimestamp(kept / 1000, UTC)


def sound(connection: Connection) -> str:
    """ "" for a file whose pages are whole, else SQLite's first complaint."""
    found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
    return "" if found == "ok" else found
