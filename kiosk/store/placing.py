"""Small files that are whole or not there, also after a power cut."""

from __future__ import annotations

import os
from pathlib import Path

from kiosk.store.directory import sync_directory


def put(path: Path, data: bytes, mode: int) -> None:
    """On the disk before anybody relies on it. Raises OSError."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_directory(path.parent)
