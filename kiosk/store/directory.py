"""Directories that a power cut does not take back: a name is on the disk once the directory that
holds it is."""

from __future__ import annotations

import os
from pathlib import Path


def make_directory(directory: Path) -> None:
    """Make it for its owner only, and above it what is missing. Raises OSError."""
    missing = [path for path in (directory, *directory.parents) if not path.is_dir()]
    for path in reversed(missing):
        path.mkdir(mode=0o700 if path == directory else 0o777, exist_ok=True)
        sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Put its names on the disk. Raises OSError."""
    _sync(directory)


def sync_file(path: Path) -> None:
    """Put its bytes on the disk. Raises OSError."""
    _sync(path)


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
