"""The authorisations of a bundle as rows: written and read one by one, whatever their number.

A row of a whole file is an Authorisation; a row of a delta is a Change. Both in ascending order of
return id, each id once, so that any number of files can be laid over each other by reading them
side by side: ten million returns never stand in memory.
"""

from __future__ import annotations

import hashlib
import heapq
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import BinaryIO

import msgspec

from kiosk.domain.returns import Authorisation
from sync.wire import codec
from sync.wire.faults import Broken, BundleFault
from sync.wire.messages import BundleFile

MAX_UNPACKED = 64 << 30
MAX_ROWS = 50_000_000
MAX_LINE = 1 << 20
MAX_RATIO = 500
"""Gzip reaches about 1000; returns pack 8 to 60 to one, made-up ones that are all alike better."""
SMALL = 1 << 20  # of this size anything may be unpacked, whatever its ratio
PART = 1 << 20
_READ = 64 << 10


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One return is to be as in `put`, or is to be no more."""

    put: Authorisation | None = None
    remove: str = ""

    @property
    def return_id(self) -> str:
        return self.remove if self.put is None else self.put.return_id


def most_unpacked(size: int) -> int:
    """What a file of `size` packed bytes may hold."""
    return size * MAX_RATIO + SMALL


class Packer:
    """Rows in, gzip out in parts of about a mebibyte, given to `take`; never the whole."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take
        self._machine = zlib.compressobj(6, zlib.DEFLATED, 31)
        self._hash = hashlib.sha256()
        self._held = bytearray()
        self._size = self._unpacked = self._rows = 0

    def add(self, row: bytes) -> None:
        """One row, without its line end."""
        self._rows += 1
        self._unpacked += len(row) + 1
        self._held += self._machine.compress(row + b"\n")
        if len(self._held) >= PART:
            self._flush()

    def _flush(self) -> None:
        if not self._held:
            return
        part = bytes(self._held)
        self._held.clear()
        self._size += len(part)
        self._hash.update(part)
        self._take(part)

    def close(self, name: str, kind: str, base: int = 0, at: int = 0) -> BundleFile:
        """The file as a manifest names it. The same rows always have the same hash."""
        self._held += self._machine.flush()
        self._flush()
        return BundleFile(
            name=name,
            size=self._size,
            sha256=self._hash.hexdigest(),
            kind=kind,
            unpacked=self._unpacked,
            rows=self._rows,
            base=base,
            at=at,
        )


def inflate(stream: BinaryIO, file: BundleFile, limit: int) -> Iterator[bytes]:
    """The unpacked bytes, piece by piece; Broken at the first byte beyond what is allowed."""
    most = min(limit, most_unpacked(file.size), file.unpacked)
    machine = zlib.decompressobj(31)
    done = 0
    while not machine.eof:
        packed = machine.unconsumed_tail or stream.read(_READ)
        if not packed:
            raise Broken(BundleFault.UNREADABLE)
        try:
            piece = machine.decompress(packed, _READ)
        except zlib.error as error:
            raise Broken(BundleFault.UNREADABLE) from error
        done += len(piece)
        if done > most:
            raise Broken(BundleFault.BOMB)
        yield piece
    if machine.unused_data or stream.read(1) or done != file.unpacked:
        raise Broken(BundleFault.UNREADABLE)


def rows(stream: BinaryIO, file: BundleFile) -> Iterator[bytes]:
    """The lines of a file; Broken unless there are as many as the manifest says."""
    held = b""
    count = 0
    for piece in inflate(stream, file, MAX_UNPACKED):
        *whole, held = (held + piece).split(b"\n")
        count += len(whole)
        if count > min(file.rows, MAX_ROWS) or len(held) > MAX_LINE:
            raise Broken(BundleFault.BOMB)
        yield from whole
    if held or count != file.rows:
        raise Broken(BundleFault.UNREADABLE)


def changes(stream: BinaryIO, file: BundleFile) -> Iterator[Change]:
    """What one file says, in order of return id. Raises Broken."""
    whole = msgspec.json.Decoder(Authorisation)
    delta = msgspec.json.Decoder(Change)
    last = ""
    for row in rows(stream, file):
        try:
            change = delta.decode(row) if file.kind == "delta" else Change(put=whole.decode(row))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise Broken(BundleFault.UNREADABLE) from error
        except RecursionError as error:
            raise Broken(BundleFault.BOMB) from error
        both = change.put is not None and change.remove
        if both or change.return_id <= last:
            raise Broken(BundleFault.UNREADABLE)
        last = change.return_id
        yield change


def laid_over(sources: Iterable[Iterator[Change]]) -> Iterator[Change]:
    """One change a return: that of the newest source, which comes last."""
    given = list(sources)
    if len(given) == 1:
        yield from given[0]
        return
    ranked = [_ranked(-rank, source) for rank, source in enumerate(given)]
    for _, same in groupby(heapq.merge(*ranked, key=_order), key=lambda found: found[0]):
        yield next(same)[2]


def _ranked(rank: int, source: Iterator[Change]) -> Iterator[tuple[str, int, Change]]:
    return ((change.return_id, rank, change) for change in source)


def _order(found: tuple[str, int, Change]) -> tuple[str, int]:
    return found[:2]


def row_of(value: Authorisation | Change) -> bytes:
    return codec.encode(value)
