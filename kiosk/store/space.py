"""Room on the disk: how much there is, and a reserve to finish with when there is none."""

from __future__ import annotations

import os
from pathlib import Path

BALLAST_BYTES = 8 << 20
LOW_BYTES = 64 << 20
"""Below this much free space the kiosk stops taking goods, while it can still write that down."""


def free_bytes(path: Path) -> int:
    """What an unprivileged process may still write on the file system of `path`."""
    found = os.statvfs(path)
    return found.f_bavail * found.f_frsize


class Ballast:
    """A file of real blocks that is given up when the disk is full.

    Without it a full disk would also refuse the events that say what was in hand.
    """

    def __init__(self, path: Path, size: int = BALLAST_BYTES) -> None:
        self._path = path
        self._size = size
        self.given_up = 0
        """How often it was there to be given up, and was."""

    @property
    def held(self) -> bool:
        """Whether the room is there; a power cut may leave the name and not the room."""
        try:
            return self._path.stat().st_size >= self._size
        except FileNotFoundError:
            return False

    def take(self) -> bool:
        """Reserve, unless the disk is so short already that it would do harm."""
        if self.held:
            return True
        try:
            if free_bytes(self._path.parent) < self._size + LOW_BYTES:
                return False
            fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(fd, 0, self._size)
            finally:
                os.close(fd)
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give it up; a read-only or vanished directory leaves nothing to give."""
        try:
            self._path.unlink()
        except OSError:
            return
        self.given_up += 1
