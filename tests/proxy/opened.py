"""What this process holds open."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.misfortune.street import eventually


@dataclass(frozen=True)
class Open:
    """What this process holds open, but for the threads of the centre's pool and of its regular
    work, which come and go by themselves."""

    threads: int
    sockets: int

    @classmethod
    def now(cls) -> Open:
        named = [one.name for one in threading.enumerate()]
        return cls(
            sum(not name.startswith(("AnyIO", "job ")) for name in named),
            sum(target.startswith("socket:") for target in _open()),
        )

    def within(self, most: Open) -> bool:
        return self.threads <= most.threads and self.sockets <= most.sockets

    def and_one_site(self) -> Open:
        """Its agent, the line's ear and one connection between them: a thread each. The ear has
        a socket, the connection two, the line's phase a pair. Four more are allowed: under load
        two were seen to stay for longer than a minute, nobody knows yet whose. A leak of one for
        each fault would be more than that after a few."""
        return Open(self.threads + 3, self.sockets + 9)


def files(folder: Path) -> list[str]:
    """Open in this process under `folder`. The file of a second connection (one folds the log)
    stays with SQLite until the first lets go of its locks, and is used for the next: it counts
    once, a third does not."""
    found = sorted(target for target in _open() if target.startswith(f"{folder}/"))
    ledger = str(folder / "ledger.db")
    if found.count(ledger) == 2:
        found.remove(ledger)
    return found


def settles(folder: Path, most: Open, names: int) -> None:
    """Nothing more is open than before: nobody tells when a connection has wholly gone. One whose
    answer had a head that urllib3 refuses goes with the next collection of garbage."""

    def settled() -> bool:
        if Open.now().within(most) and len(files(folder)) <= names:
            return True
        gc.collect()
        return False

    with suppress(AssertionError):
        eventually(settled, "")
    threads = sorted(one.name for one in threading.enumerate())
    assert Open.now().within(most), f"{Open.now()}, not {most}: {threads}"
    assert len(files(folder)) <= names, files(folder)


def _open() -> Iterator[str]:
    for entry in os.scandir("/proc/self/fd"):
        try:
            yield os.readlink(entry.path)
        except OSError:
            continue  # it was closed meanwhile
