"""Which device file is the camera. Its number may be another after every replugging."""

from __future__ import annotations

import os
import stat
from pathlib import Path

BY_ID = Path("/dev/v4l/by-id")


class Node:
    """The device file of one camera, found again when the cable comes back.

    A number such as /dev/video0 belongs to whichever camera came first. So the name that udev
    derives from the camera itself is remembered beside it (a link in /dev/v4l/by-id), and asked
    first the next time: the camera may be /dev/video2 by then.
    """

    def __init__(self, path: str, names: Path = BY_ID) -> None:
        self._path = path
        self._names = names
        self._name: Path | None = None
        self._opened: tuple[str, tuple[int, int, int]] | None = None

    def find(self) -> str | None:
        """Where the camera is now; None when it is not there. To be called before each opening."""
        named = [str(self._name)] if self._name is not None else []
        for path in (*named, self._path):
            seen = _identity(path)
            if seen is not None:
                self._opened = path, seen
                self._name = self._name_of(seen) or self._name
                return os.path.realpath(path)
        return None

    def same(self) -> bool:
        """Is the file that was found still there, and still that camera's?"""
        return self._opened is not None and _identity(self._opened[0]) == self._opened[1]

    def _name_of(self, seen: tuple[int, int, int]) -> Path | None:
        try:
            links = sorted(self._names.iterdir())
        except OSError:
            return None
        return next((link for link in links if _identity(str(link)) == seen), None)


def _identity(path: str) -> tuple[int, int, int] | None:
    """What tells one device file from the next of the same name; None for anything else."""
    try:
        seen = os.stat(path)
    except OSError:
        return None
    return (seen.st_dev, seen.st_ino, seen.st_rdev) if stat.S_ISCHR(seen.st_mode) else None
