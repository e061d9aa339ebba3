"""Is the ledger whole? What is looked at when, and what it costs: docs/recovery.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from kiosk.store import meta
from kiosk.store.errors import StoreCause, StoreFailed, failed
from kiosk.store.recovery.places import BACKUPS, LEDGER, QUARANTINE, RESCUED
from kiosk.store.values import moment

if TYPE_CHECKING:
    from kiosk.store.database import Database

QUICK_BYTES = 16 << 20
"""A file up to this size is looked at page by page at every start; a larger one after an unclean
end, in a quiet moment after the start, daily, and by command."""

LOOKED = "store.looked"
"""The key of the time of the last look that found nothing, as `values.stamp`."""


def before_opening(data_dir: Path) -> None:
    """What SQLite would not tell, and hide by opening. Raises StoreFailed: LOST for a ledger that
    was here and is not, or that was taken away while open; CORRUPT for a log that was changed
    after it was on the disk, of which SQLite would forget the rest."""
    ledger, log = data_dir / LEDGER, data_dir / f"{LEDGER}-wal"
    try:
        logged = log.exists() and log.stat().st_size > 0
        if (data_dir / RESCUED).exists():
            raise StoreFailed(StoreCause.LOST, f"{ledger} was taken away while it was open")
        if not ledger.exists() and (logged or _was_here(data_dir)):
            raise StoreFailed(StoreCause.LOST, f"{ledger} is not there any more")
        if logged:
            from kiosk.store.recovery import pages

            if pages.broken(pages.frames(log)):
                raise StoreFailed(StoreCause.CORRUPT, f"{log} was changed on the disk")
    except OSError as error:
        raise failed(error) from error


def _was_here(data_dir: Path) -> bool:
    left = (*data_dir.glob(f"{BACKUPS}/ledger-*.db"), *data_dir.glob("policy-*.db"))
    return bool(left) or (data_dir / QUARANTINE).exists()


def at_start(database: Database, data_dir: Path) -> bool:
    """Whether the pages were looked at: of a large file that was closed in order they are looked
    at later, in a quiet moment. Raises StoreFailed(CORRUPT) for pages that are not whole."""
    small = (data_dir / LEDGER).stat().st_size <= QUICK_BYTES
    if database.clean and not small:
        return False
    if database.pragma("quick_check(1)") != "ok":
        raise StoreFailed(StoreCause.CORRUPT, f"{database.path} fails its check")
    return True


def last(connection: Connection) -> datetime | None:
    """When the whole ledger was last found to be well; None before the first time."""
    at = meta.read(connection, LOOKED)
    return moment(at) if at else None


def complaint(data_dir: Path, breathe: Callable[[], None] = lambda: None) -> str:
    """Everything there is to find: all pages, and all links in all epochs. "" where all is well.
    Has a connection of its own and takes no lock: nobody waits for it. `breathe` is called often;
    what it raises ends the look. Raises StoreFailed for a look that was not to be had: that is no
    finding."""
    from kiosk.store import beside
    from kiosk.store.outbox import verify_chains

    try:
        with beside.look(data_dir) as connection:
            found = beside.sound(connection, breathe)
            fault = None if found else verify_chains(connection, breathe)
    except StoreFailed as failure:
        if failure.cause is not StoreCause.CORRUPT:
            raise
        return str(failure)
    return found if fault is None else f"event {fault.sequence} is not what was recorded"
