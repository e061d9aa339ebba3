"""Files that people bring in the back office: looked at, then taken, and who did it.

A file is looked at by the very function that takes it (`importing`), and kept until somebody takes
it or a day has gone by. Every file that was taken stands in the list, by whatever door it came.
"""

from __future__ import annotations

import gzip
import hashlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from sync.central.audit import Actor, changed
from sync.central.database import Database, locked, upsert
from sync.central.importing import Wrong
from sync.central.reconcile import columns, csv_file, epcis_file
from sync.central.reconcile.columns import Columns
from sync.central.reconcile.importing import Imported, import_movements
from sync.central.tables.reconcile import import_maps, imports

LARGEST: Final = 24 << 20  # bytes; what is larger goes in by the command
LONGEST_MAP: Final = 20_000
LONGEST_NAME: Final = 200
PAGE: Final = 50
KEPT: Final = timedelta(days=1)  # what was looked at and not taken
_QUICK: Final = 5  # of gzip's nine
_PACKED: Final = b"\x1f\x8b"
_CSV: Final = (".csv", ".txt")
_EPCIS: Final = (".json", ".jsonld")
Row = Mapping[str, Any]


class NotRead(Enum):
    """Why a file cannot even be looked at."""

    NO_FILE = auto()
    TOO_LARGE = auto()
    NO_KIND = auto()  # its name does not say whether it is CSV or EPCIS
    NO_MAP = auto()


class NotTaken(Enum):
    GONE = auto()  # nobody looked at such a file, or too long ago
    TAKEN = auto()  # somebody was quicker


@dataclass(frozen=True, slots=True)
class File:
    """One file as it was brought; `map` is TOML text, as sync.central.reconcile.columns has it."""

    name: str
    data: bytes
    map: str

    @property
    def is_csv(self) -> bool:
        return Path(self.name).suffix.lower() in _CSV


@dataclass(frozen=True, slots=True)
class BadMap:
    problem: str


def look(
    database: Database, clock: Clock, ids: Ids, actor: Actor, file: File
) -> str | NotRead | BadMap | list[Wrong]:
    """The id under which the file can be taken, and is kept with what it would do; or why not:
    every bad line with its number. Its map is kept for the next file of that source."""
    wrong = _unfit(file)
    if wrong is not None:
        return wrong
    map_ = columns.read_text(file.map, csv=file.is_csv)
    if isinstance(map_, str):
        return BadMap(map_)
    told = _run(database, actor.tenant, file, map_, clock.now, preview=True)
    if isinstance(told, list):
        return told
    import_id, now, packed = ids.uuid(), clock.now(), gzip.compress(file.data, _QUICK)
    row = _row(actor, import_id, now, file, map_, told)

    def work(c: sa.Connection) -> None:
        old = sa.and_(
            imports.c.tenant == actor.tenant,
            imports.c.state == "looked_at",
            imports.c.at < now - KEPT,
        )
        c.execute(imports.delete().where(old))
        c.execute(imports.insert(), {**row, "state": "looked_at", "data": packed})
        kept = {"tenant": actor.tenant, "name": map_.source, "body": file.map}
        upsert(c, import_maps, [{**kept, "person": actor.name, "at": now}])

    database.write(work)
    return import_id


def take(
    database: Database, clock: Clock, actor: Actor, import_id: str
) -> Imported | NotTaken | list[Wrong]:
    """Take a file that was looked at: what has come meanwhile is reckoned with."""
    mine = sa.and_(imports.c.tenant == actor.tenant, imports.c.import_id == import_id)
    with database.reading() as c:
        row = c.execute(sa.select(imports).where(mine)).one_or_none()
    if row is None or row.state != "looked_at":
        return NotTaken.GONE if row is None else NotTaken.TAKEN
    file = File(row.file_name, _unpacked(bytes(row.data)), row.map)
    map_ = columns.read_text(file.map, csv=file.is_csv)
    if isinstance(map_, str):
        return NotTaken.GONE
    done = _run(database, actor.tenant, file, map_, clock.now)
    if isinstance(done, list):
        return done
    now = clock.now()

    def work(c: sa.Connection) -> Imported | NotTaken:
        again = c.execute(locked(sa.select(imports.c.state).where(mine))).scalar_one_or_none()
        if again != "looked_at":
            return NotTaken.TAKEN
        values = {"state": "taken", "data": b"", "new": done.new, "known": done.known}
        change = imports.update().where(mine)
        c.execute(change.values(**values, at=now, person=actor.name))
        _audit(c, actor, now, file, done)
        return done

    return database.write(work)


def take_at_once(
    database: Database, clock: Clock, ids: Ids, actor: Actor, file: File
) -> Imported | BadMap | list[Wrong]:
    """Take a file without a look before; for whoever sends one every night."""
    map_ = columns.read_text(file.map, csv=file.is_csv)
    if isinstance(map_, str):
        return BadMap(map_)
    done = _run(database, actor.tenant, file, map_, clock.now)
    if isinstance(done, Imported):
        note(database, ids, actor, clock.now(), file, map_, done)
    return done


def note(
    database: Database,
    ids: Ids,
    actor: Actor,
    now: datetime,
    file: File,
    map_: Columns,
    done: Imported,
) -> None:
    """Write down a file that was taken by another door, the command's."""
    row = _row(actor, ids.uuid(), now, replace(file, data=b""), map_, done)
    told = {"sha256": hashlib.sha256(file.data).hexdigest(), "size": len(file.data)}

    def work(c: sa.Connection) -> None:
        c.execute(imports.insert(), {**row, **told, "state": "taken", "data": b""})
        _audit(c, actor, now, file, done)

    database.write(work)


def _unpacked(data: bytes) -> bytes:
    """What was kept before files were packed is no gzip: nothing that can be read begins so."""
    return gzip.decompress(data) if data.startswith(_PACKED) else data


def _unfit(file: File) -> NotRead | None:
    if not file.data or not file.name:
        return NotRead.NO_FILE
    if len(file.data) > LARGEST or len(file.map) > LONGEST_MAP:
        return NotRead.TOO_LARGE
    if Path(file.name).suffix.lower() not in (*_CSV, *_EPCIS):
        return NotRead.NO_KIND
    return None if file.map.strip() else NotRead.NO_MAP


def _run(
    database: Database,
    tenant: str,
    file: File,
    map_: Columns,
    now: Callable[[], datetime],
    *,
    preview: bool = False,
) -> Imported | list[Wrong]:
    """On a disk for a moment, as readers go through a file more than once."""
    rows = csv_file.rows if file.is_csv else epcis_file.rows
    with tempfile.TemporaryDirectory(prefix="takeback-import-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(file.data)
        return import_movements(database, tenant, lambda: rows(path, map_), now, preview=preview)


def _row(
    actor: Actor, import_id: str, now: datetime, file: File, map_: Columns, told: Imported
) -> dict[str, Any]:
    return {
        "tenant": actor.tenant,
        "import_id": import_id,
        "at": now,
        "person": actor.name,
        "file_name": file.name[:LONGEST_NAME],
        "sha256": hashlib.sha256(file.data).hexdigest(),
        "size": len(file.data),
        "source": map_.source,
        "map": file.map,
        "new": told.new,
        "known": told.known,
        "opened": told.opened,
        "gone": told.gone,
    }


def _audit(c: sa.Connection, actor: Actor, now: datetime, file: File, done: Imported) -> None:
    told = {"new": done.new, "known": done.known}
    changed(c, actor, now, "movements.imported", file.name[:LONGEST_NAME], after=told)


# --- to look at ----------------------------------------------------------------------------------

_SHOWN: Final = tuple(column for column in imports.c if column.name not in ("data", "tenant"))


def taken(database: Database, tenant: str, page: int) -> tuple[tuple[Row, ...], bool]:
    """A page of files that were taken, the newest first, and whether there are more."""
    mine = sa.and_(imports.c.tenant == tenant, imports.c.state == "taken")
    query = sa.select(*_SHOWN).where(mine).order_by(imports.c.at.desc(), imports.c.import_id)
    with database.reading() as c:
        rows = c.execute(query.limit(PAGE + 1).offset(PAGE * (page - 1))).mappings()
        found = tuple(dict(row) for row in rows)
    return found[:PAGE], len(found) > PAGE


def one(database: Database, tenant: str, import_id: str) -> Row | None:
    mine = sa.and_(imports.c.tenant == tenant, imports.c.import_id == import_id)
    with database.reading() as c:
        row = c.execute(sa.select(*_SHOWN).where(mine)).mappings().one_or_none()
        return None if row is None else dict(row)


def maps(database: Database, tenant: str) -> tuple[Row, ...]:
    """The maps that files came with, by source."""
    query = sa.select(import_maps).where(import_maps.c.tenant == tenant)
    with database.reading() as c:
        rows = c.execute(query.order_by(import_maps.c.name)).mappings()
        return tuple(dict(row) for row in rows)
