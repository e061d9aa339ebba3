"""Photographs of goods as files beside the ledger, each named by the SHA-256 of its JPEG.

`photos/open/` holds those of a visit that has promised nothing yet, `photos/waiting/` those that a
drop's event names, until the centre has them, `photos/sent/` those that it has, `photos/aside/`
those that it does not want. A photograph goes from one to the next by its name alone, so it is
whole and in one place at every moment; what a power cut leaves in `open/` is asked of the ledger at
the next start. The files need no row: a ledger that is mended, or put back from a copy, loses none
of them.

In an encrypted store they are wrapped like the device's key; each file shows by its first bytes
which it is.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from kiosk.domain.events import DropCommitted, PhotoLost
from kiosk.ports import Ids
from kiosk.seal.wrapping import NONCE_BYTES, unwrap, wrap
from kiosk.store import keys, tables
from kiosk.store.directory import make_directory, sync_directory
from kiosk.store.errors import StoreCause, StoreFailed, failed
from kiosk.store.placing import put
from kiosk.store.space import LOW_BYTES, free_bytes

PHOTOS: Final = "photos"
SCREENS: Final = "screens"  # kiosk.store.screens
SIGNATURES: Final = "signatures"  # kiosk.store.counter_signatures
OPEN, WAITING, SENT, ASIDE, DAMAGED = "open", "waiting", "sent", "aside", "damaged"
_FOLDERS: Final = (PHOTOS, SCREENS, SIGNATURES)
_PLACES: Final = (OPEN, WAITING, SENT, ASIDE, DAMAGED)
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_WRAPPED: Final = b"takeback photo 1\0"  # no JPEG begins so
_LARGEST: Final = 1 << 20


class PhotoFiles:
    """Safe from any thread. `budget` is how many bytes all of them may take, `keep` how long one
    stays once the centre has it. What the disk does is raised as StoreFailed; a photograph that
    is not there, or not what its name says, is None.
    """

    def __init__(
        self,
        data_dir: Path,
        ids: Ids,
        budget: int,
        keep: timedelta = timedelta(days=30),
        folder: str = PHOTOS,
    ) -> None:
        self._data_dir = data_dir
        self._home = data_dir / folder
        self._ids = ids
        self._budget = budget
        self._keep = keep
        try:
            self._taken = self._sum()
        except StoreFailed:
            self._taken = budget  # no room in a folder that cannot be read

    def room(self) -> bool:
        """Whether another one may be kept, without harm to what the ledger needs."""
        try:
            return self._taken + _LARGEST <= self._budget and free_bytes(self._data_dir) > LOW_BYTES
        except OSError:
            return False

    # --- of a visit ------------------------------------------------------------------------------

    def keep(self, jpeg: bytes) -> str:
        """On the disk when it returns, as part of a visit that may still be given up; its name."""
        if not self.room():
            raise StoreFailed(StoreCause.FULL, f"no room for photographs in {self._home}")
        name = hashlib.sha256(jpeg).hexdigest()
        sealed = self._sealed(name, jpeg)
        path = self._home / OPEN / name
        try:
            for place in _PLACES:
                make_directory(self._home / place)
            put(path, sealed, 0o600)
        except OSError as error:
            raise failed(error) from error
        self._taken += len(sealed)
        return name

    def promise(self, names: Iterable[str]) -> None:
        """A drop's event names them: from now on they are kept until the centre has them."""
        self._move(OPEN, WAITING, names)

    def forget_open(self, but: Iterable[str] = ()) -> None:
        """The visit is over: what it did not promise goes. `but` are promised and were not moved
        yet: now they are."""
        promised = set(but)
        here = [path.name for path in self._files(OPEN)]
        self._move(OPEN, WAITING, [name for name in here if name in promised])
        self._remove([path for path in self._files(OPEN) if path.name not in promised])

    def open_ones(self) -> tuple[str, ...]:
        """What a visit has taken and not promised."""
        return tuple(path.name for path in self._files(OPEN) if _NAME.fullmatch(path.name))

    # --- for the centre --------------------------------------------------------------------------

    def waiting(self) -> tuple[str, ...]:
        """Those that the centre does not have yet, the oldest first."""
        return tuple(path.name for _, path in sorted(self._aged(WAITING)))

    def sent(self, name: str, now: datetime) -> None:
        """The centre has it, since `now`."""
        self._settle(name, SENT, now)

    def set_aside(self, name: str, now: datetime) -> None:
        """The centre waits for none of this name, for days already: it is offered no more, unless
        the centre asks for it after all (`unsend`), and goes in the same time as one that was
        sent. The shopper was told how long it is kept."""
        self._settle(name, ASIDE, now)

    def damaged(self, name: str, now: datetime) -> None:
        """It cannot be read any more, and the centre was told so: offered no more, and kept for an
        engineer for the same time."""
        self._settle(name, DAMAGED, now)

    def _settle(self, name: str, place: str, now: datetime) -> None:
        path = self._home / WAITING / name
        try:
            make_directory(self._home / place)
            if path.exists():
                os.utime(path, (now.timestamp(), now.timestamp()))
        except OSError as error:
            raise failed(error) from error
        self._move(WAITING, place, (name,))

    def aside(self) -> int:
        """How many the centre waits for none of, and are kept all the same."""
        return len(self._files(ASIDE))

    def unsend(self, names: Iterable[str]) -> int:
        """The centre has them no more, as after it was put back from a copy, or wants them after
        all: how many are still here, and wait again."""
        good = [name for name in names if _NAME.fullmatch(name)]
        return self._move(SENT, WAITING, good) + self._move(ASIDE, WAITING, good)

    def prune(self, now: datetime) -> int:
        """Remove those that the centre has had for long enough, or has not wanted for as long, or
        knows to be damaged; how many went. One that it may still want is never removed."""
        before = (now - self._keep).timestamp()
        old = [
            path
            for place in (SENT, ASIDE, DAMAGED)
            for at, path in self._aged(place)
            if at < before
        ]
        self._remove(old)
        return len(old)

    # --- one of them -----------------------------------------------------------------------------

    def read(self, name: str) -> bytes | None:
        """The JPEG, wherever it is whole; None for one that is nowhere, or not whole any more."""
        for place in _PLACES:
            path = self._home / place / name
            try:
                kept = path.read_bytes()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise failed(error) from error
            jpeg = self._plain(name, kept)
            if hashlib.sha256(jpeg).hexdigest() == name:
                return jpeg
        return None

    def has(self, name: str) -> bool:
        """Whether there is a file of this name, whole or not."""
        try:
            return any((self._home / place / name).exists() for place in _PLACES)
        except OSError as error:
            raise failed(error) from error

    def _sealed(self, name: str, jpeg: bytes) -> bytes:
        root = keys.root_of(self._data_dir)
        return jpeg if root is None else _wrap(root, name, jpeg, self._ids)

    def _plain(self, name: str, kept: bytes) -> bytes:
        if not kept.startswith(_WRAPPED):
            return kept
        root = keys.root_of(self._data_dir)
        return b"" if root is None else _open(root, name, kept)

    def _files(self, place: str) -> list[Path]:
        try:
            return [path for path in (self._home / place).iterdir() if path.is_file()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise failed(error) from error

    def _aged(self, place: str) -> list[tuple[float, Path]]:
        """With the time, in seconds, since when each is there."""
        try:
            return [(path.stat().st_mtime, path) for path in self._files(place)]
        except OSError as error:
            raise failed(error) from error

    def _move(self, old: str, new: str, names: Iterable[str]) -> int:
        moved = 0
        try:
            for name in names:
                path = self._home / old / name
                if path.exists():
                    path.replace(self._home / new / name)
                    moved += 1
            if moved:
                sync_directory(self._home / new)
                sync_directory(self._home / old)
        except OSError as error:
            raise failed(error) from error
        return moved

    def _remove(self, paths: list[Path]) -> None:
        if not paths:
            return
        try:
            for path in paths:
                path.unlink(missing_ok=True)
            for parent in sorted({path.parent for path in paths}):
                sync_directory(parent)
        except OSError as error:
            raise failed(error) from error
        finally:
            self._taken = self._sum()

    def _sum(self) -> int:
        """What all of them take. The other thread may move one meanwhile: it is counted again
        when the next one goes."""
        total = 0
        for path in (path for place in _PLACES for path in self._files(place)):
            with suppress(FileNotFoundError):
                total += path.stat().st_size
        return total


def convert(data_dir: Path, root: bytes, ids: Ids, *, wrapped: bool) -> Iterator[str]:
    """Wrap or unwrap what is there, as the store is switched. One that cannot be opened stays as
    it is: it is lost either way. Raises OSError."""
    for path in _there(data_dir, *_FOLDERS):
        kept = path.read_bytes()
        if kept.startswith(_WRAPPED) == wrapped:
            continue
        made = _wrap(root, path.name, kept, ids) if wrapped else _open(root, path.name, kept)
        if made:
            put(path, made, 0o600)
            yield f"photograph {path.name[:8]} placed"


def settled(data_dir: Path, wrapped: bool) -> bool:
    """Whether all that can be is kept this way."""
    return all(_is_wrapped(path) == wrapped for path in _there(data_dir, *_FOLDERS))


def counted(data_dir: Path) -> dict[str, int]:
    """How many lie in each place, for tools beside a running kiosk. Raises OSError."""
    found = Counter(path.parent.name for path in _there(data_dir, PHOTOS))
    return {place: found[place] for place in _PLACES if found[place]}


def promised(connection: Connection, name: str) -> bool:
    """Whether a drop in the ledger names this photograph."""
    told = connection.execute(
        select(tables.events.c.data).where(
            tables.events.c.type == DropCommitted.type, tables.events.c.data.contains(name)
        )
    ).scalars()
    return any(_names(text, name) for text in told)


def told_lost(connection: Connection, name: str) -> bool:
    """Whether the centre was, or will be, told that it is lost."""
    told = select(tables.events.c.number).where(
        tables.events.c.type == PhotoLost.type, tables.events.c.subject == name
    )
    return connection.execute(told).first() is not None


def _names(text: str, name: str) -> bool:
    try:
        return name in {one["sha256"] for one in json.loads(text).get("photos", ())}
    except (ValueError, TypeError, KeyError, AttributeError):
        return True  # an event that the disk has changed: better one too many


def _there(data_dir: Path, *folders: str) -> list[Path]:
    places = (data_dir / folder / place for folder in folders for place in _PLACES)
    found = (path for place in places for path in place.glob("*"))
    return [path for path in found if _NAME.fullmatch(path.name)]


def _is_wrapped(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_WRAPPED)) == _WRAPPED


def _wrap(root: bytes, name: str, jpeg: bytes, ids: Ids) -> bytes:
    nonce = ids.token(8 * NONCE_BYTES).to_bytes(NONCE_BYTES)
    return _WRAPPED + wrap(root, _bound(name), jpeg, nonce)


def _open(root: bytes, name: str, kept: bytes) -> bytes:
    return unwrap(root, _bound(name), kept.removeprefix(_WRAPPED)) or b""


def _bound(name: str) -> str:
    """A wrapped photograph opens under its own name only."""
    return f"photo {name}"
