"""Where a recovery's files lie. Whatever dies half-way leaves the old ledger with its log, or a new
one that the next start puts in its place; never a new file beside an old log.

`recovering/` is being written, `recovered/` is finished and waits to be moved, `quarantine/` keeps
what was found, by time.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from kiosk.store.directory import sync_directory
from kiosk.store.errors import failed

LEDGER = "ledger.db"
QUARANTINE = "quarantine"
BACKUPS = "backups"
RESCUED = "rescued.db"
"""What was saved out of a file that was taken from under us, while it was still open."""

BUILDING, READY = "recovering", "recovered"
BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a file, by how its name ends."""


def finish(data_dir: Path) -> bool:
    """Put a finished ledger in its place, where a recovery was cut off just before that; whether
    there was one. Raises StoreFailed."""
    ready = data_dir / READY
    try:
        if not ready.exists():
            return False
        for ending in BESIDE:
            (data_dir / (LEDGER + ending)).unlink(missing_ok=True)
        sync_directory(data_dir)  # the old log is gone before the new file takes the name
        if (ready / LEDGER).exists():
            (ready / LEDGER).replace(data_dir / LEDGER)
            sync_directory(data_dir)
        shutil.rmtree(ready)
    except OSError as error:
        raise failed(error) from error
    return True


def copies(data_dir: Path) -> tuple[Path, ...]:
    """Backups of the ledger in this directory, the newest first."""
    return tuple(sorted((data_dir / BACKUPS).glob("ledger-*.db"), reverse=True))
