"""Encrypt a store that is there, or make it plain again: in place, each file whole at every moment.

The seal is written before the first encrypted file and removed after the last plain one, so that
every file in between opens. A file is written aside under its new key, compared with the old one
and takes its name; whatever dies half-way leaves one good store, and the next start goes on. The
old bytes are left to the file system: overwriting a file on flash overwrites nothing.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import sqlcipher3.dbapi2 as driver

from kiosk.ports import Ids
from kiosk.seal.wrapping import KEY_BYTES
from kiosk.store import device_key, keys, peppers, photos
from kiosk.store.directory import make_directory, sync_directory
from kiosk.store.errors import StoreCause, StoreFailed, Unavailable, failed
from kiosk.store.keys import SEAL, KeyKeeper, Seal
from kiosk.store.lock import DirectoryLock
from kiosk.store.placing import put
from kiosk.store.policy_writing import require_room, sync
from kiosk.store.recovery.places import BACKUPS, LEDGER, copies

PART = ".switching"
_LOG = logging.getLogger(__name__)
_LOGS = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the store is to be kept. `key_file` is where a key is looked for, and a new one kept,
    when systemd hands out none; it lies outside the data directory."""

    encrypted: bool
    key_file: Path


def settle(data_dir: Path, wanted: Wanted, ids: Ids) -> Unavailable | None:
    """Bring the store to what is wanted, before it is opened; nothing to do costs two looks at
    the directory. Unavailable only where the key is missing or another's: a store that cannot be
    switched, for want of room or for a fault of the disk, goes on as it is; the doctor tells."""
    failure = _settle(data_dir, wanted, ids)
    if failure is None:
        return None
    if failure.cause is StoreCause.SEALED:
        return Unavailable(failure.cause, failure.detail)
    _LOG.error("the store is not kept as the settings want it: %s", failure)
    return None


def _settle(data_dir: Path, wanted: Wanted, ids: Ids) -> StoreFailed | None:
    try:
        if settled(data_dir, wanted):
            return None
        make_directory(data_dir)
        lock = DirectoryLock(data_dir)
        try:
            for _ in steps(data_dir, wanted, ids):
                pass
        finally:
            lock.release()
    except StoreFailed as failure:
        return failure
    except (driver.Error, OSError) as error:
        return failed(error)
    return None


def settled(data_dir: Path, wanted: Wanted) -> bool:
    """Whether everything there is kept as wanted. Raises StoreFailed, OSError; SEALED also for an
    encrypted store without its key."""
    seal = keys.seal_of(data_dir)
    if seal is not None:
        keys.root_for(seal)
    if (seal is not None) != wanted.encrypted:
        return False
    return not any(_different(path, wanted.encrypted) for path in _files(data_dir)) and (
        device_key.settled(data_dir, wanted.encrypted)
        and peppers.settled(data_dir, wanted.encrypted)
        and photos.settled(data_dir, wanted.encrypted)
    )


def steps(data_dir: Path, wanted: Wanted, ids: Ids) -> Iterator[str]:
    """The switch, pausing after everything that changes the disk; each pause is named. Being left
    at any of them is like being killed there. Raises StoreFailed, OSError, driver.Error."""
    for part in (*data_dir.glob(f"*{PART}"), *(data_dir / BACKUPS).glob(f"*{PART}")):
        part.unlink()
    seal = keys.seal_of(data_dir)
    if wanted.encrypted and seal is None:
        keeper = _keeper(data_dir, wanted)
        key = keeper.get()
        _no_lost_seal(data_dir, key, keeper)
        if key is None:
            key = ids.token(8 * KEY_BYTES).to_bytes(KEY_BYTES)
            keeper.make(key)
            yield "key"
        seal = Seal(keeper=keeper.kind, place=str(keeper.place), check=keys.check_of(key))
        put(data_dir / SEAL, msgspec.json.encode(seal), 0o600)
        yield "seal"
    if seal is None:
        return
    root = keys.root_for(seal)
    for path in _files(data_dir):
        if _different(path, wanted.encrypted):
            text = "" if not wanted.encrypted else keys.raw(root)
            yield from (_copied if path.parent.name == BACKUPS else _convert)(path, text)
    yield from device_key.convert(data_dir, root, ids, wrapped=wanted.encrypted)
    yield from peppers.convert(data_dir, root, ids, wrapped=wanted.encrypted)
    yield from photos.convert(data_dir, root, ids, wrapped=wanted.encrypted)
    if not wanted.encrypted:
        (data_dir / SEAL).unlink()
        sync_directory(data_dir)
        yield "unsealed"


def _no_lost_seal(data_dir: Path, key: bytes | None, keeper: KeyKeeper) -> None:
    """A store that is encrypted although its seal is gone gets no new key."""
    for path in _files(data_dir):
        if keys.is_plain(path) or (key is not None and _opens(path, keys.raw(key))):
            continue
        why = f"{path} is neither plain nor does the key in {keeper.place} open it"
        raise StoreFailed(StoreCause.SEALED, why)


def _opens(path: Path, key: str) -> bool:
    connection = driver.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
    try:
        keys.use(connection, key)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except driver.Error:
        return False
    finally:
        connection.close()
    return True


def _keeper(data_dir: Path, wanted: Wanted) -> KeyKeeper:
    if wanted.key_file.resolve().is_relative_to(data_dir.resolve()):
        why = f"the key would lie in {wanted.key_file}, within the data directory it protects"
        raise StoreFailed(StoreCause.SEALED, why)
    return keys.best(wanted.key_file)


def _files(data_dir: Path) -> list[Path]:
    """Every database of the store, the ledger first."""
    ledger = data_dir / LEDGER
    policies = sorted(data_dir.glob("policy-*.db"))
    found = (ledger, *policies, *copies(data_dir))
    return [path for path in found if path.exists() and path.stat().st_size]


def _different(path: Path, encrypted: bool) -> bool:
    return keys.is_plain(path) == encrypted


def _copied(path: Path, key: str) -> Iterator[str]:
    """As `_convert`, of a copy of the ledger. One that is damaged is no reason to leave the store
    as it is, nor may it stay as it is: it goes."""
    try:
        yield from _convert(path, key)
    except (StoreFailed, driver.Error) as error:
        cause = error.cause if isinstance(error, StoreFailed) else failed(error).cause
        if cause is not StoreCause.CORRUPT:
            raise
        _LOG.error("%s is damaged and was removed: %s", path, error)
        path.unlink()
        yield f"{path.name} removed"


def _convert(path: Path, key: str) -> Iterator[str]:
    """The file under another key ("" for none), under its own name."""
    require_room(path.parent, path.stat().st_size)
    _fold(path)
    yield f"{path.name} folded"
    part = path.with_name(path.name + PART)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    _export(path, part, key)
    yield f"{path.name} written"
    sync(part)
    part.replace(path)
    sync_directory(path.parent)
    yield f"{path.name} placed"


def _fold(path: Path) -> None:
    """All of it into the one file: a log of the old file beside the new one would be its ruin."""
    connection = _connect(path)
    try:
        mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    finally:
        connection.close()
    left = [end for end in _LOGS if path.with_name(path.name + end).exists()]
    if mode != "delete" or left:
        raise StoreFailed(StoreCause.BUSY, f"{path} is open elsewhere: {mode} {left}")


def _connect(path: Path) -> Any:
    connection = driver.connect(path.absolute().as_uri(), uri=True, isolation_level=None)
    keys.unlock(connection, path)
    return connection


def _export(path: Path, part: Path, key: str) -> None:
    connection = _connect(path)
    try:
        _sound(connection, "main", path)
        connection.execute("ATTACH DATABASE ? AS new KEY ?", (part.absolute().as_uri(), key))
        connection.execute("PRAGMA new.synchronous=FULL")
        connection.execute("SELECT sqlcipher_export('new')")
        version = connection.execute("PRAGMA main.user_version").fetchone()[0]
        connection.execute(f"PRAGMA new.user_version={int(version)}")
        _sound(connection, "new", part)
        if _content(connection, "main") != _content(connection, "new"):
            raise StoreFailed(StoreCause.CORRUPT, f"{part} is not what {path} is")
    finally:
        connection.close()
    if key and keys.is_plain(part):
        raise StoreFailed(StoreCause.INTERNAL, f"{part} is not encrypted")


def _sound(connection: Any, schema: str, path: Path) -> None:
    found = connection.execute(f"PRAGMA {schema}.quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreFailed(StoreCause.CORRUPT, f"{path}: {found}")


def _content(connection: Any, schema: str) -> list[tuple[Any, ...]]:
    """The schema, and how many rows each table has."""
    query = f"SELECT type, name, tbl_name, sql FROM {schema}.sqlite_master ORDER BY name"  # noqa: S608 - ours
    found: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    tables = [row[1] for row in found if row[0] == "table"]
    counts = [
        connection.execute(f'SELECT ?, count(*) FROM {schema}."{name}"', (name,)).fetchone()  # noqa: S608 - names out of the file's own schema
        for name in tables
    ]
    return found + counts
