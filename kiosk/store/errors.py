"""What can go wrong with a store, as a closed set."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from enum import StrEnum


class StoreCause(StrEnum):
    """Why the store could not be opened, read or written."""

    IN_USE = "in_use"  # another process has this data directory
    NEWER = "newer"  # written by a later version of this program
    FULL = "full"
    READ_ONLY = "read_only"
    CORRUPT = "corrupt"
    LOST = "lost"  # the file was deleted or replaced while open
    BUSY = "busy"
    IO = "io"
    SEALED = "sealed"  # encrypted, and the key is missing or another's
    INTERNAL = "internal"  # a constraint that should have been looked at first


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A store that could not be opened; `detail` is for the engineer's log."""

    cause: StoreCause
    detail: str


class StoreFailed(Exception):
    """A transaction did not happen; nothing of it is on the disk."""

    def __init__(self, cause: StoreCause, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}" if detail else str(cause))
        self.cause = cause
        self.detail = detail


# Primary result codes of https://www.sqlite.org/rescode.html; extended ones carry them in the
# low byte.
_BY_CODE = {
    5: StoreCause.BUSY,
    6: StoreCause.BUSY,
    8: StoreCause.READ_ONLY,
    10: StoreCause.IO,
    11: StoreCause.CORRUPT,
    13: StoreCause.FULL,
    14: StoreCause.IO,
    26: StoreCause.CORRUPT,
}

_BY_ERRNO = {
    errno.ENOSPC: StoreCause.FULL,
    errno.EDQUOT: StoreCause.FULL,
    errno.EROFS: StoreCause.READ_ONLY,
    errno.EACCES: StoreCause.READ_ONLY,
    errno.EPERM: StoreCause.READ_ONLY,
}


def failed(error: BaseException) -> StoreFailed:
    """What a driver's or the system's error means for us."""
    if isinstance(error, OSError):
        return StoreFailed(_BY_ERRNO.get(error.errno or 0, StoreCause.IO), str(error))
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(code, int):
        return StoreFailed(StoreCause.INTERNAL, str(error))
    return StoreFailed(_BY_CODE.get(code & 0xFF, StoreCause.INTERNAL), str(error))
