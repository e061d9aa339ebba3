"""One SQLite file with one writer: WAL, synchronous=FULL, BEGIN IMMEDIATE, own checkpoints.

Why FULL, and why not Python's own sqlite3: docs/adr/0002. Everything goes through one
connection under one lock; the statements are short, and two connections would only move the
waiting from our lock into SQLite's busy handler. Only folding the log back into the file has a
connection of its own: SQLite lets it run beside a writer, and it takes longer than a promise.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from kiosk.store import keys
from kiosk.store.directory import sync_directory, sync_file
from kiosk.store.errors import StoreCause, StoreFailed, failed
from kiosk.store.prepared import send
from kiosk.store.space import Ballast

BUSY_MS = 5_000
PAGE = 4_096
CHECKPOINT_BYTES = 4 << 20
"""A log of so much that is not in the file yet is folded back in the next quiet moment."""
LONGEST_LOG = 6 << 20
"""What has no quiet moment until then pays for it: SQLite folds it back behind that commit."""
_WRITES = "takeback.writes"
"""In the connection's `info`: whether its transaction writes, for whoever watches commits."""
MAX_PAGES = 524_288  # 2 GiB of 4 KiB pages: a runaway queue must not fill the disk


def _connect(path: Path, key: str) -> Any:
    """A connection that begins no transaction of itself. The file must be there: whoever folds a
    log while the ledger is taken away must not leave an empty one in its place."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = driver.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    keys.use(connection, key)
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        f"wal_autocheckpoint={LONGEST_LOG // PAGE}",
        # A log that is begun anew is written over, which a disk does faster than growing a file.
        f"journal_size_limit={LONGEST_LOG}",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        f"max_page_count={MAX_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _raw(connection: Connection) -> Any:
    """The driver's connection."""
    return connection.connection.dbapi_connection


def _engine(path: Path, key: str) -> Engine:
    """SQLAlchemy over sqlcipher3's driver, with transactions begun by us and by nobody else."""

    def connect() -> Any:
        return _connect(path, key)

    engine = create_engine("sqlite://", module=driver, creator=connect, poolclass=NullPool)

    # The driver would begin late and deferred: two writers could then both read, and one fail.
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not _raw(connection).in_transaction:
            send(connection, "BEGIN", ())

    return engine


def _commit(connection: Connection) -> None:
    """Put it on the disk, by whoever knows of the transaction."""
    if connection.in_transaction():
        connection.commit()
        return
    for watch in connection.engine.dispatch.commit:
        watch(connection)
    _raw(connection).commit()


class Database:
    """An open file. Every method may be called from any thread and raises StoreFailed.

    `ballast` is room kept back on the disk; the first "disk full" gives it up. `failure` is what
    the last write met, None after one that went well; `met` is the cause of the first failure since
    somebody set it to None. `broken` is what showed the file to be
    damaged or not ours any more: from then on nothing is accepted, whatever would still work.
    `when_broken` is called once, on the thread that met it, and must be quick.
    """

    def __init__(self, path: Path, ballast: Ballast) -> None:
        self.path = path
        self.failure: StoreFailed | None = None
        self.met: StoreCause | None = None
        self.broken: StoreFailed | None = None
        self.when_broken: Callable[[], None] = lambda: None
        self.ballast = ballast
        self._lock = threading.RLock()
        self._wal = path.with_name(path.name + "-wal")
        self.clean = not (self._wal.exists() and self._wal.stat().st_size)
        self._key = keys.key_text(path)  # fails before an empty store is made beside a sealed one
        try:
            # Before SQLite does it with the umask's rights; -wal and -shm inherit ours.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            self._identity = self._look()
            self._connection: Connection | None = _engine(path, self._key).connect()
        except (SQLAlchemyError, OSError, driver.Error) as error:
            raise self._failed(error) from error

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All of it or nothing; on the disk when the block is left. SQLAlchemy hears of it only
        where one of its own statements is run inside: what every drop runs are kept statements
        (kiosk.store.prepared), and its bookkeeping would take longer than most of them."""
        with self._lock:
            try:
                connection = self._checked()
                connection.info[_WRITES] = True
                send(connection, "BEGIN IMMEDIATE", ())
                try:
                    yield connection
                    _commit(connection)
                except BaseException:
                    self._let_go(connection)
                    raise
                self.failure = None
            except (SQLAlchemyError, OSError, driver.Error) as error:
                raise self._failed(error) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A look without promises; joins the transaction that this thread has open."""
        with self._lock:
            connection = self._checked()
            if _raw(connection).in_transaction:
                yield connection
                return
            connection.info[_WRITES] = False
            try:
                with connection.begin():
                    yield connection
            except (SQLAlchemyError, OSError, driver.Error) as error:
                raise self._failed(error) from error

    def pragma(self, text: str) -> object:
        """One pragma outside a transaction; its first value."""
        with self._lock:
            try:
                raw = self._checked().connection.dbapi_connection
                row = None if raw is None else raw.cursor().execute(f"PRAGMA {text}").fetchone()
            except (SQLAlchemyError, driver.Error) as error:
                raise self._failed(error) from error
            return None if row is None else row[0]

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file and empty it."""
        self.pragma("wal_checkpoint(TRUNCATE)")

    def fold(self) -> None:
        """Move a log that has grown large into the file: for a moment in which nobody waits for
        whoever calls. Others write on meanwhile. What somebody still reads in the log stays there
        and is left to the next call, and so is everything where it fails."""
        try:
            if self._unfolded() * PAGE > CHECKPOINT_BYTES:
                with closing(_connect(self.path, self._key)) as beside:
                    beside.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except (SQLAlchemyError, OSError, driver.Error) as error:
            self._failed(error)
        except StoreFailed:
            return

    def _unfolded(self) -> int:
        """Pages of the log that are not in the file yet; 0 in the middle of a transaction."""
        with self._lock:
            raw = _raw(self._checked())
            if raw.in_transaction:
                return 0
            _, logged, folded = raw.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
            return int(logged) - int(folded)

    def close(self) -> None:
        with self._lock:
            if self._connection is None:
                return
            # Where it fails, the log stays and is read at the next start.
            with suppress(StoreFailed):
                self.checkpoint()
            self._connection.close()
            self._connection = None

    def _checked(self) -> Connection:
        """SQLite goes on happily with a file that was deleted or replaced; we do not."""
        if self._connection is None:
            raise StoreFailed(StoreCause.LOST, "closed")
        if self.broken is None and self._look() != self._identity:
            self.condemn(StoreFailed(StoreCause.LOST, f"{self.path} is another file now"))
        if self.broken is not None:
            self.failure = self.broken
            raise self.broken
        return self._connection

    def condemn(self, failure: StoreFailed) -> None:
        """This file takes nothing more."""
        if self.broken is None:
            self.broken = self.failure = failure
            self.when_broken()

    def rescue(self, place: Path) -> bool:
        """What was taken from under us is still there as long as we have it open: copy it out,
        whole or not at all. False where it cannot be read any more."""
        part = place.with_name(place.name + ".part")
        with self._lock:
            if self._connection is None:
                return False
            try:
                part.unlink(missing_ok=True)
                raw = self._connection.connection.dbapi_connection
                if raw is None:
                    return False
                raw.cursor().execute("VACUUM INTO ?", (str(part),))
                part.chmod(0o600)
                sync_file(part)
                part.replace(place)
                sync_directory(place.parent)
            except (SQLAlchemyError, OSError, driver.Error):
                return False
            return True

    def _look(self) -> tuple[int, int]:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return (0, 0)
        return found.st_dev, found.st_ino

    def _let_go(self, connection: Connection) -> None:
        """Undo what was begun, wherever it failed. Most commits that fail undo themselves; one that
        a constraint stopped stays open, and with it nothing could ever be begun again."""
        with suppress(SQLAlchemyError, driver.Error):
            connection.rollback()
        with suppress(SQLAlchemyError, driver.Error):
            _raw(connection).rollback()

    def _failed(self, error: BaseException) -> StoreFailed:
        failure = failed(getattr(error, "orig", None) or error)
        if failure.cause is StoreCause.FULL:
            self.ballast.release()
        self.failure = failure
        self.met = self.met or failure.cause
        if failure.cause is StoreCause.CORRUPT:
            self.condemn(failure)
        return failure
