"""From the calls of a program to what they did to one directory, as a Recording.

A call on that directory which this does not understand is an error, never passed over: a write
that nobody saw would make every proof worthless.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

from tests.power.disk import ROOT, Deed, Names, Recording, Rename, Resize, Sync, Told, Write
from tests.power.trace import Call, calls, data_of, number_of, path_of

SHARED_MEMORY = "-shm"
"""SQLite's index of its log: shared memory that bears a file's name. Nothing is promised of it."""


class NotModelled(Exception):
    """The program did something to the directory that nobody thought of."""


class Recorder:
    """`directory` is looked at now, before the program runs: all that is there counts as durable.
    What the program writes into the file `told` is what it told the world, line by line."""

    def __init__(self, directory: Path, told: Path) -> None:
        self._directory = directory
        self._told = told
        self._names: Names = {}
        self._live: dict[int, bytes] = {}
        self._folders = {Path(): ROOT}
        self._every_folder = {ROOT}
        self._files: dict[Path, int] = {}
        self._positions: dict[int, int | None] = {}  # open file -> place; None appends
        self._ends: list[int] = []  # of each deed, the line in which it ended
        self._deeds: list[Deed] = []
        self._last = ROOT
        for path in sorted(directory.rglob("*")):
            self._found(path)
        self._begin = dict(self._names), dict(self._live)

    def _found(self, path: Path) -> None:
        inside = path.relative_to(self._directory)
        inode = self._new()
        self._names[self._folders[inside.parent], inside.name] = inode
        if path.is_dir():
            self._folder(inside, inode)
        else:
            self._files[inside] = inode
            self._live[inode] = path.read_bytes()

    @property
    def watched(self) -> tuple[Path, Path]:
        return self._directory, self._told

    @property
    def recording(self) -> Recording:
        """Of what was seen so far."""
        names, content = self._begin
        return Recording(names, content, frozenset(self._every_folder), tuple(self._deeds))

    # --- call by call ---

    def see(self, call: Call) -> None:
        match call.name:
            case "open" | "openat":
                self._open(call)
            case "write" if path_of(call.args[0]) == self._told:
                self._tell(data_of(call.args[1]).decode(), call)
            case "pwrite64" if self._file(call.args[0]) is not None:
                self._write(call, int(call.args[3]), data_of(call.args[1]))
            case "write" if self._file(call.args[0]) is not None:
                self._write(call, self._advance(call), data_of(call.args[1]))
            case "sendfile" if self._file(call.args[0]) is not None:
                self._write(call, self._advance(call), self._sent(call))
            case "lseek":
                self._positions[number_of(call.args[0])] = self._sought(call)
            case "ftruncate" if self._file(call.args[0]) is not None:
                self._resize(call, int(call.args[1]), shrinks=True)
            case "fallocate" if self._file(call.args[0]) is not None and call.args[1] == "0":
                self._resize(call, int(call.args[2]) + int(call.args[3]), shrinks=False)
            case "fsync" | "fdatasync":
                self._sync(call)
            case "rename" | "renameat" | "renameat2":
                self._rename(call)
            case "unlink" | "unlinkat" | "rmdir":
                self._unlink(call)
            case "mkdir" | "mkdirat":
                self._mkdir(call)
            case "mmap" if self._harmless(call):
                pass
            case _ if self._outside(call):
                pass
            case _:
                raise NotModelled(f"{call.name}({', '.join(arg[:400] for arg in call.args)})")

    def _open(self, call: Call) -> None:
        path = self._path(_named(call.args, 0))
        if path is None:
            return
        flags = call.args[1 if call.name == "open" else 2].split("|")
        if "O_TMPFILE" in flags:
            raise NotModelled(str(call))
        self._positions[call.result] = None if "O_APPEND" in flags else 0
        if path in self._folders:
            return
        if path not in self._files:
            inode = self._new()
            self._do(call, self._renamed((path, inode)))
            self._files[path], self._live[inode] = inode, b""
        elif "O_TRUNC" in flags and self._live[self._files[path]]:
            self._change(call, Resize(self._files[path], 0))

    def _write(self, call: Call, at: int, data: bytes) -> None:
        inode = self._file(call.args[0])
        assert inode is not None
        if call.result:
            self._change(call, Write(inode, at, data[: call.result]))

    def _advance(self, call: Call) -> int:
        """Where a write without a place goes."""
        number, inode = number_of(call.args[0]), self._file(call.args[0])
        assert inode is not None
        at = self._positions[number]
        if at is None:
            return len(self._live[inode])
        self._positions[number] = at + call.result
        return at

    def _sent(self, call: Call) -> bytes:
        """What the kernel copied from file to file."""
        source = self._file(call.args[1])
        if source is None or not call.args[2].startswith("["):
            raise NotModelled(str(call))
        at = int(call.args[2][1:].partition("]")[0])
        return self._live[source][at : at + call.result]

    def _sought(self, call: Call) -> int | None:
        """A file that appends goes on appending wherever it was put."""
        return None if self._positions.get(number_of(call.args[0]), 0) is None else call.result

    def _resize(self, call: Call, size: int, *, shrinks: bool) -> None:
        inode = self._file(call.args[0])
        assert inode is not None
        if shrinks or size > len(self._live[inode]):
            self._change(call, Resize(inode, size))

    def _sync(self, call: Call) -> None:
        path = self._path(path_of(call.args[0]))
        inode = self._folders[path] if path in self._folders else self._file(call.args[0])
        if inode is not None:
            upto = bisect_left(self._ends, call.begun)
            self._do(call, Sync(inode, upto))

    def _rename(self, call: Call) -> None:
        old, new = (self._path(_named(call.args, n)) for n in (0, 1))
        if old is None and new is None:
            return
        if old is None or new is None or old in self._folders or call.name == "renameat2":
            raise NotModelled(str(call))
        inode = self._files.pop(old)
        self._files[new] = inode
        self._do(call, self._renamed((old, None), (new, inode)))

    def _unlink(self, call: Call) -> None:
        path = self._path(_named(call.args, 0))
        if path is None:
            return
        if path in self._folders:
            self._folders.pop(path)
        else:
            # Whoever has it open may write on; it is called by its old name then.
            self._files[path.with_name(f"{path.name} (gone)")] = self._files.pop(path)
        self._do(call, self._renamed((path, None)))

    def _mkdir(self, call: Call) -> None:
        path = self._path(_named(call.args, 0))
        if path is None or path == Path():
            return
        inode = self._new()
        self._do(call, self._renamed((path, inode)))
        self._folder(path, inode)

    def _harmless(self, call: Call) -> bool:
        """Memory that is only read, or private, or the log's index."""
        shared = "MAP_SHARED" in call.args[3] and "PROT_WRITE" in call.args[2]
        return not shared or path_of(call.args[4]).name.endswith(SHARED_MEMORY)

    def _outside(self, call: Call) -> bool:
        """Nothing of ours: a neighbour whose name begins as ours does."""
        named = [path_of(arg) for arg in call.args if "<" in arg]
        named += [Path(data_of(arg).decode()) for arg in call.args if arg.startswith('"\\x2f')]
        return bool(named) and all(self._path(path) is None for path in named)

    # --- helpers ---

    def _tell(self, text: str, call: Call) -> None:
        for line in text.splitlines():
            self._do(call, Told(line))

    def _change(self, call: Call, deed: Write | Resize) -> None:
        self._live[deed.inode] = deed.onto(self._live[deed.inode])
        if not self._shared_memory(deed.inode):
            self._do(call, deed)

    def _shared_memory(self, inode: int) -> bool:
        return any(
            inode == other and path.name.removesuffix(" (gone)").endswith(SHARED_MEMORY)
            for path, other in self._files.items()
        )

    def _do(self, call: Call, deed: Deed) -> None:
        self._deeds.append(deed)
        self._ends.append(call.ended)

    def _renamed(self, *changes: tuple[Path, int | None]) -> Rename:
        placed = ((self._folders[path.parent], path.name, inode) for path, inode in changes)
        return Rename(tuple(placed))

    def _folder(self, path: Path, inode: int) -> None:
        self._folders[path] = inode
        self._every_folder.add(inode)

    def _new(self) -> int:
        self._last += 1
        return self._last

    def _path(self, path: Path) -> Path | None:
        """As seen from the directory; None for one outside of it."""
        inside = path.is_relative_to(self._directory)
        return path.relative_to(self._directory) if inside else None

    def _file(self, arg: str) -> int | None:
        """The inode behind an open file's argument; None for one outside the directory."""
        path = self._path(path_of(arg))
        if path is None:
            return None
        if arg.endswith("(deleted)"):
            return self._files[path.with_name(f"{path.name} (gone)")]
        return self._files[path]


def _named(args: tuple[str, ...], which: int) -> Path:
    """The path that stands as the n-th string of a call, from the directory before it."""
    at = [n for n, arg in enumerate(args) if arg.startswith('"')][which]
    path = Path(data_of(args[at]).decode())
    if not path.is_absolute() and at and "<" in args[at - 1]:
        path = path_of(args[at - 1]) / path
    return Path(os.path.normpath(path))


def read(trace: Path, recorders: Sequence[Recorder]) -> tuple[Recording, ...]:
    """What the traced program did to the directory of each."""
    by = {folder: recorder for recorder in recorders for folder in recorder.watched}
    for call in calls(trace, tuple(by)):
        by[call.under].see(call)
    return tuple(recorder.recording for recorder in recorders)
