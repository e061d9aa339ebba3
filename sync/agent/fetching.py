"""A bundle's files onto the disk: in slices, resumed where the line broke, proven before use.

They lie in `incoming/` beside the ledger, named by their hash, and count for nothing until the
whole bundle is in force. A slice at a time, so that drops never wait behind a long download.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.store import StoreCause, StoreFailed
from kiosk.store.errors import failed
from sync.agent.client import Away, Busy, Client, Part, Refused
from sync.agent.pushing import Shut
from sync.wire.faults import BundleFault
from sync.wire.messages import BundleFile

_LOG = logging.getLogger(__name__)
_SPARE = 64 << 20  # what a download must leave for drops
SLICE_LEAST = 64 << 10
SLICE_MOST = 4 << 20


@dataclass(frozen=True, slots=True)
class More:
    """Something came, more is to come."""


@dataclass(slots=True)
class Fetching:
    directory: Path
    client: Client
    _slice: int = SLICE_MOST
    _proven: set[str] = field(default_factory=set)
    _begun: set[str] = field(default_factory=set)
    """What was fetched from its first byte on by this process, so that none of it can have been
    lost by a power cut: nobody syncs a download."""

    def step(self, file: BundleFile) -> Path | More | BundleFault | Shut | Busy | Away:
        """The file once it is whole and has its hash; else one slice of it. Raises StoreFailed
        where our own disk fails or has no room."""
        path = self.directory / file.sha256
        try:
            if file.sha256 in self._proven and path.exists():
                return path
            self.directory.mkdir(mode=0o700, exist_ok=True)
            have = path.stat().st_size if path.exists() else 0
            if have < file.size:
                return self._slice_of(file, path, have)
            return self._prove(file, path)
        except OSError as error:
            raise failed(error) from error

    def keep_only(self, files: Iterable[BundleFile]) -> None:
        """Whatever else came some day is of no use any more."""
        wanted = {file.sha256 for file in files}
        self._proven &= wanted
        if not self.directory.is_dir():
            return
        for path in self.directory.iterdir():
            if path.name not in wanted:
                path.unlink(missing_ok=True)

    def forget(self, file: BundleFile) -> None:
        """It is not what it should be: begin anew."""
        self._proven.discard(file.sha256)
        (self.directory / file.sha256).unlink(missing_ok=True)

    def _slice_of(
        self, file: BundleFile, path: Path, have: int
    ) -> More | BundleFault | Shut | Busy | Away:
        free = shutil.disk_usage(self.directory).free
        if free < file.size - have + _SPARE:
            raise StoreFailed(StoreCause.FULL, f"no room for {file.size} bytes of a bundle")
        if not have:
            self._begun.add(file.sha256)
        most = min(self._slice, file.size - have)
        with path.open("ab") as sink:
            answer = self.client.download(
                f"/v1/policy/files/{file.sha256}", file.sha256, have, most, file.size, sink
            )
        came = path.stat().st_size - have
        match answer:
            case Part() if came <= 0:
                return Away("an answer without bytes")
            case Part():
                self._slice = min(2 * self._slice, SLICE_MOST)
                return More()
            case Refused(status=404):
                return Away("a file of the bundle is not there yet")
            case Refused(status=416):
                path.unlink()
                return BundleFault.WRONG_HASH
            case Refused(status=status):
                return Shut(status)
            case Away():
                if came > 0:
                    _LOG.info("a download broke off at %d of %d", have + came, file.size)
                self._slice = max(SLICE_LEAST, self._slice // 2)
                return answer
            case Busy():
                return answer

    def _prove(self, file: BundleFile, path: Path) -> Path | More | BundleFault:
        with path.open("rb") as stream:
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)
            whole = hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256
        if not whole or path.stat().st_size != file.size:
            self.forget(file)
            # What an earlier life left may be torn; that is no fault of the bundle.
            return BundleFault.WRONG_HASH if file.sha256 in self._begun else More()
        self._proven.add(file.sha256)
        return path
