"""Mistakes to plant in a kiosk, each of a kind that only a power cut shows; and what is none.

A plant changes the running program through a `MonkeyPatch`, never a file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.store import events, policy_cache, policy_writing
from kiosk.store.drops import Drops
from kiosk.store.policy_cache import HIGHEST, PolicyCache
from kiosk.store.store import Store
from tests.power.telling import Telling

Patch = pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Plant:
    """`fault`: whether a power cut may break a promise by it."""

    name: str
    fault: bool
    put: Callable[[Patch, Telling], None]


def pragmas(**instead: str) -> Callable[[Patch, Telling], None]:
    """The ledger's connection gets these in place of its own."""

    class Other(driver.Connection):  # type: ignore[misc]  # the driver has no type information
        def execute(self, sql: str, *args: Any) -> Any:
            name, _, value = sql.removeprefix("PRAGMA ").partition("=")
            if sql.startswith("PRAGMA ") and name in instead and value in ("FULL", "WAL"):
                sql = f"PRAGMA {name}={instead[name]}"
            return super().execute(sql, *args)

    def put(patch: Patch, _: Telling) -> None:
        connect = driver.connect
        patch.setattr(driver, "connect", lambda *a, **k: connect(*a, factory=Other, **k))

    return put


def nothing(_: Patch, __: Telling) -> None:
    """The store as it is."""


def promise_before_commit(patch: Patch, telling: Telling) -> None:
    """The receipt is shown when the rows are written, before they are committed."""
    commit = Drops.commit

    def early(self: Drops, drop: Any, *rest: Any) -> None:
        commit(self, drop, *rest)
        telling.promised(drop)

    patch.setattr(Drops, "commit", early)


def send_before_commit(patch: Patch, telling: Telling) -> None:
    """The agent is handed an event at once."""
    enqueue = events.enqueue

    def early(connection: Any, links: Any) -> None:
        enqueue(connection, links)
        for link in links:
            telling.tell("sent", **{name: link[name] for name in ("epoch", "sequence", "chain")})

    patch.setattr(events, "enqueue", early)


def queue_afterwards(patch: Patch, _: Telling) -> None:
    """The outbox row follows in a transaction of its own."""
    enqueue, late, run = events.enqueue, threading.local(), Store.run

    def defer(_: Any, links: Any) -> None:
        late.links = [*getattr(late, "links", ()), *links]

    def then(self: Store, task: Any) -> Any:
        result = run(self, task)
        with self.work() as work:
            enqueue(work._connection, getattr(late, "links", ()))
        late.links = []
        return result

    patch.setattr(events, "enqueue", defer)
    patch.setattr(Store, "run", then)


def sync_only(wanted: Callable[[Path], bool]) -> Callable[[Patch, Telling], None]:
    """A new policy file is synced only where it is `wanted`."""

    def put(patch: Patch, _: Telling) -> None:
        sync = policy_writing.sync

        def some(path: Path) -> None:
            if wanted(path):
                sync(path)

        patch.setattr(policy_writing, "sync", some)
        patch.setattr(policy_cache, "sync", some)

    return put


def number_before_file(patch: Patch, _: Telling) -> None:
    """The ledger says that a bundle is in force before its file is there."""
    install = PolicyCache.install

    def early(self: PolicyCache, number: int, *args: Any, **kwargs: Any) -> None:
        with self._database.transaction() as connection:
            policy_cache.meta.write(connection, HIGHEST, str(number))
        install(self, number, *args, **kwargs)

    patch.setattr(PolicyCache, "install", early)


def overwrite_in_place(patch: Patch, _: Telling) -> None:
    """The merged policy goes into the file that is in force, not beside it."""

    def over(self: Path, target: Path) -> Path:
        target.write_bytes(self.read_bytes())
        policy_writing.sync(target)
        self.unlink()
        return target

    patch.setattr(policy_cache.Path, "replace", over)


PLANTS = (
    Plant("the store as it is", False, nothing),
    Plant("journal_mode=TRUNCATE", False, pragmas(journal_mode="TRUNCATE")),
    Plant(
        "journal_mode=DELETE, synchronous=EXTRA",
        False,
        pragmas(journal_mode="DELETE", synchronous="EXTRA"),
    ),
    Plant("synchronous=NORMAL", True, pragmas(synchronous="NORMAL")),
    Plant("synchronous=OFF", True, pragmas(synchronous="OFF")),
    Plant("journal_mode=DELETE", True, pragmas(journal_mode="DELETE")),
    Plant("journal_mode=MEMORY", True, pragmas(journal_mode="MEMORY")),
    Plant("promise before commit", True, promise_before_commit),
    Plant("send before commit", True, send_before_commit),
    Plant("outbox row afterwards", True, queue_afterwards),
    Plant("rename without directory sync", True, sync_only(Path.is_file)),
    Plant("rename without file sync", True, sync_only(Path.is_dir)),
    Plant("policy number before its file", True, number_before_file),
    Plant("policy file overwritten in place", True, overwrite_in_place),
)
