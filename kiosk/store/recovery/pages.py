"""The pages of an SQLite file and of its write-ahead log, read without SQLite.

SQLite refuses a whole file for one bad page in the wrong place, and everything behind the first
bad frame of a log. Here every page is looked at for itself. Formats:
https://www.sqlite.org/fileformat2.html and https://www.sqlite.org/walformat.html.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PAGE = 4096
_WAL_HEADER = 32
_FRAME_HEADER = 24
_MAGIC = 0x377F0682  # the lowest bit says in which byte order checksums are made

Decipher = Callable[[int, bytes], bytes]
"""A page by its number and bytes, as it was before encryption."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One page in the log. `commits`: the last of its transaction. `good`: its checksum holds
    behind the one that is stored in the frame before."""

    page: int
    commits: bool
    good: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class Pages:
    """`newest` holds the pages in force by number from 1; `older` what stood there before, the
    newest first, where the newest comes from a frame that is not good."""

    newest: dict[int, bytes]
    older: dict[int, list[bytes]] = field(default_factory=dict)


def read(path: Path, decipher: Decipher | None = None) -> Pages:
    """File and log (`path` with -wal), as far as both are there. Raises OSError."""
    data = path.read_bytes() if path.exists() else b""
    newest = {at // PAGE + 1: data[at : at + PAGE] for at in range(0, len(data), PAGE)}
    older: dict[int, list[bytes]] = {}
    unsure: set[int] = set()
    for frame in applied(frames(path.with_name(path.name + "-wal"))):
        before = newest.get(frame.page)
        if frame.good:
            unsure.discard(frame.page)
            older.pop(frame.page, None)
        else:
            unsure.add(frame.page)
        if frame.page in unsure and before is not None:
            older.setdefault(frame.page, []).insert(0, before)
        newest[frame.page] = frame.data
    if decipher is None:
        return Pages(newest, older)
    return Pages(
        {number: decipher(number, page) for number, page in newest.items()},
        {number: [decipher(number, one) for one in pages] for number, pages in older.items()},
    )


def frames(wal: Path) -> list[Frame]:
    """Every frame of the log's present life; () where there is no log. A frame of an earlier life
    bears other salts, and one that was never written none."""
    data = wal.read_bytes() if wal.exists() else b""
    if len(data) < _WAL_HEADER:
        return []
    magic, _, size, _, salts = struct.unpack(">IIII8s", data[:24])
    if magic & ~1 != _MAGIC or size != PAGE:
        salts = data[_WAL_HEADER + 8 : _WAL_HEADER + 16]  # the header is hit: believe frame one
    order = ">" if magic & 1 else "<"
    before = data[24:32]
    found = []
    for at in range(_WAL_HEADER, len(data) - _FRAME_HEADER - PAGE + 1, _FRAME_HEADER + PAGE):
        header = data[at : at + _FRAME_HEADER]
        page = data[at + _FRAME_HEADER : at + _FRAME_HEADER + PAGE]
        number, commits = struct.unpack(">II", header[:8])
        stored = header[16:24]
        good = header[8:16] == salts and _checksum(before, header[:8] + page, order) == stored
        if not good and header[8:16] != salts:
            # Of another life, or its header is hit: what follows may still be of this one.
            number, commits = 0, 0
        found.append(Frame(number, commits != 0, good, page))
        before = stored
    while found and found[-1].page == 0:
        found.pop()
    return found


def applied(found: list[Frame]) -> list[Frame]:
    """Those that belong to finished transactions. Bad frames at the end are what a power cut
    leaves of a transaction that nobody was promised."""
    last = max((at for at, frame in enumerate(found) if frame.good and frame.commits), default=-1)
    return [frame for frame in found[: last + 1] if frame.page]


def broken(found: list[Frame]) -> bool:
    """Whether the log was changed after it was on the disk. A transaction is begun only when the
    one before it has been synced, so where a transaction with a bad frame has a good end, no other
    begins behind it, unless the disk spoiled it later. What a power cut tears are the frames of
    one transaction, in any order; its end may be one of those that arrived. What an earlier cut
    tore may still lie behind it, as far as nothing was written over it: those frames never follow
    on that end, whose checksum they do not know."""
    bad = ended = False
    for frame in found:
        if ended and frame.good:
            return True
        bad = bad or not frame.good
        ended = bad and frame.good and frame.commits
    return False


def _checksum(before: bytes, data: bytes, order: str) -> bytes:
    one, two = struct.unpack(">II", before)
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return struct.pack(">II", one, two)
