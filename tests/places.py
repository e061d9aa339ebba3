"""Where tests put what they write by the thousand and throw away."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path

IN_MEMORY = Path("/dev/shm")
ROOM = 1 << 30
"""Bytes that must be free there: every worker puts some hundred megabytes there at most."""
OLD = 24 * 3600.0
"""Seconds after which nobody runs these tests any more."""


def quick(prefix: str) -> Path:
    """A new folder that anybody may enter, in memory where the system has room for it: a database
    of ours is 1,600 small files, whose making costs a disk's file system most of a second."""
    where = IN_MEMORY if _room() else Path(tempfile.gettempdir())
    _clear(where, prefix)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=where))
    folder.chmod(0o755)
    return folder


def _room() -> bool:
    try:
        return os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free >= ROOM
    except OSError:
        return False


def _clear(where: Path, prefix: str) -> None:
    """What runs left behind that were killed must not fill the memory."""
    for left in where.glob(f"{prefix}*"):
        try:
            if time.time() - left.stat().st_mtime > OLD:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue  # another worker was quicker
