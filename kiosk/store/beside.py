"""A look into the ledger without opening the store: for tools beside a running kiosk.

Takes no lock, migrates nothing, changes nothing. SQLite gives one unchanging picture for as long
as the look lasts, also while the kiosk goes on writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

STEPS = 500  # of SQLite's machine, or pages of a check, between two questions


@contextmanager
def look(data_dir: Path) -> Iterator[Connection]:
    """The ledger of a data directory, for reading. Raises StoreFailed: LOST where there is none,
    NEWER for a schema that only a later program knows, SEALED where its key is not at hand, and
    so on."""
    with open_file(data_dir / LEDGER) as connection:
        _known(connection)
        yield connection


@contextmanager
def open_file(path: Path) -> Iterator[Connection]:
    """As `look`, of any file that is a ledger or a copy of one, whatever its schema."""
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


def sound(
    connection: Connection, breathe: Callable[[], None] | None = None, *, whole: bool = False
) -> str:
    """ "" for a file whose pages are whole (`whole`: and its indexes say what its tables say),
    else SQLite's first complaint. `breathe` is called every few hundred pages; what it raises
    ends the look."""
    pragma = "PRAGMA integrity_check(1)" if whole else "PRAGMA quick_check(1)"
    with _breathing(connection, breathe):
        found = str(connection.exec_driver_sql(pragma).scalar())
    return "" if found == "ok" else found


@contextmanager
def _breathing(connection: Connection, breathe: Callable[[], None] | None) -> Iterator[None]:
    """SQLite asks in the middle of a statement whether to go on."""
    raw = connection.connection.dbapi_connection
    if breathe is None or raw is None:
        yield
        return
    met: list[BaseException] = []

    def ask() -> int:
        try:
            breathe()
        except BaseException as error:  # noqa: BLE001 - nothing may pass through SQLite
            met.append(error)
            return 1
        return 0

    raw.set_progress_handler(ask, STEPS)
    try:
        yield
    except (SQLAlchemyError, driver.Error):
        if met:
            raise met[0] from None
        raise
    finally:
        raw.set_progress_handler(None, 0)
