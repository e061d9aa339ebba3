"""One process per data directory: an advisory lock that the kernel frees when we die."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from kiosk.store.errors import StoreCause, StoreFailed, failed


class DirectoryLock:
    """Held from construction to `release`. Raises StoreFailed(IN_USE) if somebody else has it.

    The file stays: removing it would let two processes lock two files of the same name.
    """

    def __init__(self, directory: Path) -> None:
        path = directory / "lock"
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise failed(error) from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._fd, 20, 0).decode("ascii", "replace").strip()
            os.close(self._fd)
            raise StoreFailed(
                StoreCause.IN_USE, f"{directory} is used by process {holder or '?'}"
            ) from error
        self._note_holder()

    def _note_holder(self) -> None:
        try:
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, f"{os.getpid()}\n".encode("ascii"), 0)
        except OSError:
            return  # a full disk must not keep us from starting; the pid is only for people

    def release(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def holder(directory: Path) -> str | None:
    """The number of the process that has the directory, "" where it cannot be told; None while
    nobody has it. Takes nothing but a glance: a kiosk that starts meanwhile tries again."""
    try:
        fd = os.open(directory / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(fd, 20, 0).decode("ascii", "replace").strip()
    else:
        return None
    finally:
        os.close(fd)
