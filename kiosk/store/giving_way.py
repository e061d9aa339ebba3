"""Whoever stands at the kiosk goes first: a load of rules rests meanwhile, and syncs in portions.

A bundle loads on a thread of its own. That alone does not keep it out of the way: Python lets one
thread run at a time, and a disk that has to put away many megabytes lets every other fsync wait for
them. So the load stops between two rows while somebody waits for an answer, and what it writes goes
to the disk a little at a time, never all of it at the end.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

LONGEST_S = 0.25
"""Whoever takes longer than this over one answer is given way no more until the next one: nothing
may keep the rules from coming into force for ever."""

PORTION = 1 << 20
"""So many bytes, or rewritten pages of so many chunks, are put on the disk at a time."""
CHUNKS = 4
STEPS = 20_000
"""So many instructions of SQLite's machine, some milliseconds, between two looks around."""

T = TypeVar("T")


class Way:
    """From any thread. One for a store: who is in front takes it, who is at work in the background
    gives it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._in_front = 0
        self._free = threading.Event()
        self._free.set()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Somebody waits for what is done here; may be nested."""
        with self._lock:
            self._in_front += 1
            self._free.clear()
        try:
            yield
        finally:
            with self._lock:
                self._in_front -= 1
                if not self._in_front:
                    self._free.set()

    def give(self) -> None:
        """To be called often: at once where nobody is in front, else once they are through."""
        if not self._free.is_set() and not self._free.wait(LONGEST_S):
            self._free.set()


class Portions:
    """One file that a SQLite connection writes without syncing. `stop` is asked now and then
    whether to give it up. What goes wrong inside of SQLite is kept in `met`: it passes no errors
    on."""

    def __init__(self, fd: int, way: Way, stop: Callable[[], bool] = lambda: False) -> None:
        self._fd = fd
        self._way = way
        self._stop = stop
        self._size = os.fstat(fd).st_size
        self._chunks = 0
        self.met: OSError | None = None

    def watch(self, connection: Any) -> None:
        """Also in the middle of a long statement."""
        connection.set_progress_handler(self._look, STEPS)

    def politely(self, things: Iterable[T]) -> Iterator[T]:
        """The same, one after the other, and none while somebody is in front."""
        for thing in things:
            self._way.give()
            yield thing

    def chunk(self, connection: Any) -> None:
        """Some rows were written in a transaction: begin another, and perhaps put them away.
        Raises OSError."""
        connection.execute("COMMIT")
        connection.execute("BEGIN")
        self._chunks += 1
        if self._chunks >= CHUNKS or self._grown():
            self._put_away()

    def _grown(self) -> bool:
        return os.fstat(self._fd).st_size - self._size >= PORTION

    def _put_away(self) -> None:
        self._way.give()
        os.fdatasync(self._fd)
        self._size = os.fstat(self._fd).st_size
        self._chunks = 0

    def _look(self) -> int:
        """SQLite asks whether to leave off."""
        try:
            self._way.give()
            if self._grown():
                self._put_away()
        except OSError as error:
            self.met = error
        return self._stop() or self.met is not None


def copied(source: Path, target: Path, way: Way) -> None:
    """A file of one's own, on the disk portion by portion. Raises OSError."""
    with source.open("rb") as old:
        fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb", buffering=0) as new:
            while part := old.read(PORTION):
                way.give()
                new.write(part)
                os.fdatasync(new.fileno())
