"""A place for disks that are played with: nobody waits for a real one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 512 << 20  # a kiosk with less than 64 MiB takes no returns, and containers give no more


@contextmanager
def scratch() -> Iterator[Path]:
    """A directory of its own, in memory where there is such a place."""
    fits = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    with tempfile.TemporaryDirectory(dir=MEMORY if fits else None) as made:
        yield Path(made)
