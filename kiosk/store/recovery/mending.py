"""A damaged ledger's files: read, replaced by a new one, and kept aside. See `places`."""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from kiosk.ports import Clock, Ids
from kiosk.store.database import Database
from kiosk.store.directory import sync_directory, sync_file
from kiosk.store.errors import StoreCause, StoreFailed, failed
from kiosk.store.migrate import migrate
from kiosk.store.recovery import pages, rows, unsealed
from kiosk.store.recovery.places import BESIDE, BUILDING, LEDGER, QUARANTINE, READY, RESCUED, finish
from kiosk.store.recovery.proof import prove
from kiosk.store.recovery.rebuild import Counts, rebuild
from kiosk.store.space import Ballast

KEPT = 8
"""So many findings are kept: the first, which shows how it began, and the newest."""

_LOG = logging.getLogger("takeback")


@dataclass(frozen=True, slots=True)
class Recovered:
    """`kept_in` holds the files as they were found."""

    cause: str
    counts: Counts
    kept_in: Path


def mend(
    data_dir: Path,
    cause: str,
    clock: Clock,
    ids: Ids,
    sources: tuple[Path, ...] = (),
    copies: tuple[Path, ...] = (),
) -> Recovered:
    """A new ledger of what `sources` hold (without any: the ledger itself), and then `copies` that
    were made of it earlier, the most believed first; every fact that is in one of them is kept.
    The caller has the directory's lock and no connection open. Raises StoreFailed; then everything
    is as it was."""
    try:
        found = rows.Rows()
        for place, path in enumerate(sources or (data_dir / LEDGER,)):
            found.join(_read(path), place * rows.SOURCE)
        for place, path in enumerate(copies):
            found.join(_read(path), rows.COPY + place * rows.SOURCE)
        counts = _build(data_dir, found, cause, clock, ids)
        kept_in = _quarantine(data_dir, clock)
        (data_dir / BUILDING).replace(data_dir / READY)
        sync_directory(data_dir)
        finish(data_dir)
        (data_dir / RESCUED).unlink(missing_ok=True)
    except OSError as error:
        raise failed(error) from error
    _LOG.error("the ledger was recovered (%s): %s; as found: %s", cause, counts, kept_in)
    return Recovered(cause, counts, kept_in)


def _read(path: Path) -> rows.Rows:
    key = unsealed.key_of(path)
    if key is None:
        return rows.read(pages.read(path))
    return rows.read(pages.read(path, unsealed.decipher(key)), unsealed.RESERVED)


def _build(data_dir: Path, found: rows.Rows, cause: str, clock: Clock, ids: Ids) -> Counts:
    building = data_dir / BUILDING
    if building.exists():
        shutil.rmtree(building)
    building.mkdir(mode=0o700)
    database = Database(building / LEDGER, Ballast(data_dir / "ballast"))
    try:
        migrate(database)
        with database.transaction() as connection:
            counts = rebuild(connection, found, prove(found), cause, data_dir, clock, ids)
        database.checkpoint()
        if database.pragma("quick_check(1)") != "ok":
            raise StoreFailed(StoreCause.CORRUPT, "what was recovered does not pass its check")
    finally:
        database.close()
    if (building / f"{LEDGER}-wal").exists():
        raise StoreFailed(StoreCause.IO, "the recovered ledger could not be closed")
    sync_file(building / LEDGER)
    sync_directory(building)
    return counts


def _quarantine(data_dir: Path, clock: Clock) -> Path:
    """A second name for each file: it keeps its bytes when the first name goes."""
    home = data_dir / QUARANTINE
    home.mkdir(mode=0o700, exist_ok=True)
    at = clock.now().strftime("%Y%m%dT%H%M%SZ")
    place = next(
        path
        for path in (home / (at + (f"-{n}" if n else "")) for n in range(1_000_000))
        if not path.exists()
    )
    place.mkdir(mode=0o700)
    for name in (RESCUED, *(LEDGER + ending for ending in ("", *BESIDE))):
        path = data_dir / name
        if path.exists():
            os.link(path, place / path.name)
    sync_directory(place)
    sync_directory(home)
    held = sorted(home.iterdir())
    for old in held[1 : 1 + max(0, len(held) - KEPT)]:
        shutil.rmtree(old)
    return place
