"""What the machine says of itself, for heartbeats. Nothing here raises: what cannot be had is -1
or ""."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Disk:
    """What is free where the data lies. File systems without a table of inodes have -1 of them."""

    free_mb: int = -1
    inodes_free: int = -1


def disk(directory: Path) -> Disk:
    try:
        found = os.statvfs(directory)
    except OSError:
        return Disk()
    inodes = found.f_favail if found.f_files else -1
    return Disk(found.f_bavail * found.f_frsize >> 20, inodes)


def boot_id() -> str:
    """Drawn by Linux at each start of the machine (random(4)): tells a restart from a reboot."""
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
