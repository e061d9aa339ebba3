"""What names a bundle, and the files that hold it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class BundleInfo:
    """What the manifest said of a bundle."""

    number: int
    previous: int
    tenant: str
    scope: str
    issued: datetime
    warn_after: datetime
    accept_until: datetime


def file_of(directory: Path, number: int) -> Path:
    return directory / f"policy-{number}.db"


def numbers(directory: Path) -> tuple[int, ...]:
    """Those of the files in place, highest first."""
    stems = (path.stem.removeprefix("policy-") for path in directory.glob("policy-*.db"))
    return tuple(sorted((int(stem) for stem in stems if stem.isdecimal()), reverse=True))
