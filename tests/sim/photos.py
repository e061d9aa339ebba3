"""The kiosk's camera, and the folder in which its photographs lie."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.ports import Photo
from kiosk.store.photos import OPEN, PHOTOS, WAITING, PhotoFiles

if TYPE_CHECKING:
    from tests.sim.kiosk import SimKiosk
    from tests.sim.world import World

BUDGET = 64 << 20
AGAIN = 0.15
"""How often a picture is the very same as one that was taken before, here or elsewhere."""
_CALLS = 3
"""A rename and the syncs of two directories: as likely to be cut as three statements."""
_SIZES = (900, 9_000, 30_000)  # one part, one, and two or three


class Lens:
    """A kiosk.ports.Photographer: bytes that begin as a JPEG does."""

    def __init__(self, world: World) -> None:
        self._world = world

    def sees(self) -> bool:
        return True

    def photograph(self) -> Photo:
        chance, taken = self._world.chance, self._world.pictures
        if taken and chance.random() < AGAIN:
            jpeg = chance.choice(taken)
        else:
            jpeg = b"\xff\xd8\xff\xe0" + chance.randbytes(chance.choice(_SIZES))
            taken.append(jpeg)
        return Photo(jpeg, 10, 10, b"")


class SimPhotos(PhotoFiles):
    """The real folder. The kiosk may die before and after each file is written or renamed; the
    disk's own times are those of the simulation, as the order of sending follows them."""

    def __init__(self, kiosk: SimKiosk) -> None:
        super().__init__(kiosk.folder, kiosk.world.ids, BUDGET)
        self._kiosk = kiosk
        self._open = kiosk.folder / PHOTOS / OPEN

    def keep(self, jpeg: bytes) -> str:
        self._burn()
        name = super().keep(jpeg)
        _date(self._open / name, self._kiosk.clock.now())
        self._burn()
        return name

    def _move(self, old: str, new: str, names: Iterable[str]) -> int:
        moved = 0
        for name in names:
            self._burn()
            moved += super()._move(old, new, (name,))
            self._burn()
        return moved

    def _burn(self) -> None:
        for _ in range(_CALLS):
            self._kiosk.burn()


def _date(path: Path, now: datetime) -> None:
    os.utime(path, (now.timestamp(), now.timestamp()))


def held(folder: Path, place: str = "*") -> set[str]:
    """The photographs of a data directory that are whole."""
    files = (path for path in (folder / PHOTOS).glob(f"{place}/*") if path.is_file())
    return {path.name for path in files if _hash(path) == path.name}


def there(folder: Path) -> set[str]:
    """All that have a file, whole or not."""
    return {path.name for path in (folder / PHOTOS).glob("*/*") if path.is_file()}


def waiting(folder: Path) -> set[str]:
    """Those that the kiosk still offers."""
    return held(folder, WAITING)


def spoil_one(world: World, folder: Path) -> str:
    """One bit of a photograph turns; its name, "" where there is none."""
    files = sorted((folder / PHOTOS).glob("*/*"))
    if not files:
        return ""
    path = world.chance.choice(files)
    content = bytearray(path.read_bytes())
    content[world.chance.randrange(len(content))] ^= 1
    at = path.stat().st_mtime
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path.name


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
