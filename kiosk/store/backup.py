"""Copies of the ledger while it is in use: for the day on which its own file cannot be read.

SQLite's backup copies one unchanging picture in small steps, over a connection of its own; the
writer never waits, and between the steps whoever asked lets a visit pass. A copy takes its name
once its pages and links were looked at and it is on the disk; older ones go only then. A recovery
takes from copies, row by row, what the ledger has lost (kiosk.store.recovery.opening).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy.exc import SQLAlchemyError

from kiosk.store import beside, keys
from kiosk.store.directory import make_directory, sync_directory, sync_file
from kiosk.store.errors import StoreCause, StoreFailed, failed
from kiosk.store.outbox import verify_chains
from kiosk.store.policy_writing import require_room
from kiosk.store.recovery.places import BACKUPS, LEDGER
from kiosk.store.space import BALLAST_BYTES
from kiosk.store.tables import VERSION
from kiosk.store.values import moment

STEP_PAGES = 64
"""Pages of 4 KiB a step: under a millisecond on a slow disk's cache."""

FAILED = "store.copy_failed"
"""In the ledger: when and why the last attempt failed, "" after one that went well."""

_PART = ".part"
_FORM = "%Y%m%dT%H%M%SZ"

Breathe = Callable[[], None]
"""Called often: returns when the work may go on, raises to leave it."""


def at_once() -> None:
    """Nobody is waiting."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`copies` are kept, fewer where they take more than `most_bytes` together; the newest always
    stays. 0 copies: none is made, and none is removed."""

    copies: int
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Copy:
    path: Path
    at: datetime
    size: int


def copies(data_dir: Path) -> tuple[Copy, ...]:
    """Those that are finished, the newest first. Raises StoreFailed."""
    try:
        found = [
            Copy(path, at, path.stat().st_size)
            for path in (data_dir / BACKUPS).glob("ledger-*.db")
            if (at := _moment(path)) is not None
        ]
    except OSError as error:
        raise failed(error) from error
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _moment(path: Path) -> datetime | None:
    try:
        return datetime.strptime(path.stem.removeprefix("ledger-"), _FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def failure(data_dir: Path, kept: str | None) -> tuple[datetime, str] | None:
    """When and by what the last attempt failed, of what FAILED keeps; None where nothing did, or a
    copy was made since, by whomever. Raises StoreFailed."""
    at, _, cause = (kept or "").partition(" ")
    if not at:
        return None
    newest = next((one.at for one in copies(data_dir)), None)
    when = moment(at)
    return None if newest is not None and newest > when else (when, cause)


def make(
    data_dir: Path, now: datetime, breathe: Breathe = at_once, place: Path | None = None
) -> Copy:
    """Copy the ledger of a data directory, which may be in use, to `place` (without: among its
    backups). Raises StoreFailed: FULL before anything is written where the room is too small,
    CORRUPT where the copy does not hold; then nothing of it stays."""
    home = data_dir / BACKUPS if place is None else place
    try:
        make_directory(home)
        for left in home.glob(f"ledger-*.db{_PART}"):
            left.unlink()
        require_room(home, (data_dir / LEDGER).stat().st_size + BALLAST_BYTES)
        target = home / f"ledger-{now.astimezone(UTC).strftime(_FORM)}.db"
        part = target.with_name(target.name + _PART)
        try:
            _copy(data_dir / LEDGER, part, breathe)
            prove(part, breathe)
            sync_file(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        sync_directory(home)
        return Copy(target, now, target.stat().st_size)
    except (driver.Error, SQLAlchemyError, OSError) as error:
        raise failed(getattr(error, "orig", None) or error) from error


def retire(data_dir: Path, now: datetime, plan: Plan) -> int:
    """Remove what is more than the plan keeps; how many went. One that bears a time to come, from
    a clock that ran ahead, counts as the oldest. Raises StoreFailed."""
    found = sorted(copies(data_dir), key=lambda one: (one.at <= now, one.at), reverse=True)
    kept = total = 0
    gone = []
    for one in found:
        total += one.size
        if kept and (kept >= plan.copies or total > plan.most_bytes):
            gone.append(one)
        else:
            kept += 1
    try:
        for one in gone:
            one.path.unlink(missing_ok=True)
        if gone:
            sync_directory(data_dir / BACKUPS)
    except OSError as error:
        raise failed(error) from error
    return len(gone)


def _copy(ledger: Path, part: Path, breathe: Breathe) -> None:
    """Nobody sees `part` before it is checked: it needs no journal of its own."""
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    key = keys.key_text(ledger)
    with _open(ledger, key) as source, _open(part, key) as target:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the picture is taken
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target, pages=STEP_PAGES, progress=lambda *_: breathe())
        source.execute("ROLLBACK")
        target.execute("PRAGMA journal_mode=DELETE").fetchone()  # one file, without a log


@contextmanager
def _open(path: Path, key: str) -> Iterator[Any]:
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = driver.connect(uri, uri=True, isolation_level=None)
    try:
        keys.use(connection, key)
        yield connection
    finally:
        connection.close()


def prove(part: Path, breathe: Breathe = at_once) -> None:
    """Look at every page, index and link of a copy; the links of one from before an update of the
    program are left to a recovery, which knows them. Raises StoreFailed(CORRUPT)."""
    with beside.open_file(part) as connection:
        found = beside.sound(connection, breathe, whole=True)
        ours = connection.exec_driver_sql("PRAGMA user_version").scalar() == VERSION
        fault = verify_chains(connection, breathe) if ours and not found else None
    if found or fault is not None:
        why = found or f"event {fault.sequence if fault else 0} is not what was recorded"
        raise StoreFailed(StoreCause.CORRUPT, f"the copy does not hold: {why}")
