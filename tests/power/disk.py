"""A directory as a disk sees it: writes and names that are durable, and those that are pending.

The rules are POSIX's, read by a pessimist. What was written is durable once fsync or fdatasync of
that file came back; a name, new, moved or removed, once the directory was synced. Until then
anything may or may not be on the disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

SECTOR = 512
ROOT = 0  # the inode of the recorded directory

Names: TypeAlias = dict[tuple[int, str], int]
"""(directory, name) -> inode."""


@dataclass(frozen=True, slots=True)
class Write:
    inode: int
    at: int
    data: bytes

    def onto(self, content: bytes) -> bytes:
        gap = b"\0" * (self.at - len(content))
        return content[: self.at] + gap + self.data + content[self.at + len(self.data) :]

    def borders(self) -> tuple[int, ...]:
        """How many bytes of it may stand when the power goes: up to each border of a sector."""
        first = SECTOR - self.at % SECTOR
        return tuple(range(first, len(self.data), SECTOR))


@dataclass(frozen=True, slots=True)
class Resize:
    """Truncated, or grown by zeros."""

    inode: int
    size: int

    def onto(self, content: bytes) -> bytes:
        return content[: self.size] + b"\0" * (self.size - len(content))


@dataclass(frozen=True, slots=True)
class Rename:
    """One change of names, all of it or nothing: (directory, name, inode or None for none)."""

    changes: tuple[tuple[int, str, int | None], ...]

    def onto(self, names: Names) -> None:
        for directory, name, inode in self.changes:
            if inode is None:
                names.pop((directory, name), None)
            else:
                names[directory, name] = inode

    def inside(self, directory: int) -> bool:
        return any(where == directory for where, _, _ in self.changes)


@dataclass(frozen=True, slots=True)
class Sync:
    """`inode` is on the disk as it was when the call began: after the first `upto` deeds."""

    inode: int
    upto: int


@dataclass(frozen=True, slots=True)
class Told:
    """The program told somebody outside."""

    text: str


Deed: TypeAlias = Write | Resize | Rename | Sync | Told


@dataclass(frozen=True, slots=True)
class Recording:
    """`deeds` on a directory that began with `content` by inode, named by `names`; `directories`
    are those of the inodes that are none of files."""

    names: Names
    content: dict[int, bytes]
    directories: frozenset[int]
    deeds: tuple[Deed, ...]

    @property
    def told(self) -> tuple[str, ...]:
        return tuple(deed.text for deed in self.deeds if isinstance(deed, Told))


@dataclass(slots=True)
class Disk:
    """What is durable after the first `done` deeds, and the numbers of those that are not yet."""

    recording: Recording
    names: Names = field(init=False)
    content: dict[int, bytes] = field(init=False)
    pending: list[int] = field(default_factory=list)
    done: int = 0

    def __post_init__(self) -> None:
        self.names = dict(self.recording.names)
        self.content = dict(self.recording.content)

    def step(self) -> bool:
        """The next deed is done; whether it made others durable."""
        deed = self.recording.deeds[self.done]
        self.done += 1
        if isinstance(deed, Sync):
            return self._sync(deed)
        if not isinstance(deed, Told):
            self.pending.append(self.done - 1)
        return False

    def _sync(self, sync: Sync) -> bool:
        deeds = self.recording.deeds
        due = [n for n in self.pending if n < sync.upto and _concerns(deeds[n], sync.inode)]
        for number in due:
            apply(deeds[number], self.names, self.content)
        self.pending = [number for number in self.pending if number not in set(due)]
        return bool(due)


def _concerns(deed: Deed, inode: int) -> bool:
    match deed:
        case Write() | Resize():
            return deed.inode == inode
        case Rename():
            return deed.inside(inode)
        case Sync() | Told():
            return False


def apply(deed: Deed, names: Names, content: dict[int, bytes]) -> None:
    match deed:
        case Write() | Resize():
            content[deed.inode] = deed.onto(content.get(deed.inode, b""))
        case Rename():
            deed.onto(names)
        case Sync() | Told():
            pass


def paths(names: Names, directories: Iterable[int]) -> dict[Path, int]:
    """Every file and directory that can be reached from the top, by its path from there."""
    found: dict[Path, int] = {}
    folders = set(directories)
    todo = [(ROOT, Path())]
    while todo:
        at, path = todo.pop()
        for (directory, name), inode in names.items():
            if directory == at:
                found[path / name] = inode
                if inode in folders:
                    todo.append((inode, path / name))
    return found
