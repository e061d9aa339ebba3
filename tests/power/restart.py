"""The power is back: the real store starts on what the disk holds, and must keep every word.

Nobody helps it. It has to open, to put right what was cut off, to have a bundle in force that was
verified, and to go on; and what the world was told must be so.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from kiosk.app.printing import Receipts
from kiosk.app.recover import recover
from kiosk.domain.events import KioskStarted
from kiosk.store import Store, StoreFailed, database, open_store
from kiosk.store.space import BALLAST_BYTES
from kiosk.store.values import milliseconds
from kiosk.world import SystemClock, SystemIds
from tests.crash.whole import whole_or_nothing
from tests.power.cuts import State
from tests.power.telling import fingerprint

CLOCK, IDS = SystemClock(), SystemIds()
BALLAST = "ballast"
LEFT = ("ledger.db", "ballast", "lock", "incoming", "identity.toml", "device.key")
"""What may lie in the directory of a kiosk that was closed, beside its policy's files."""
LATER = {"printing": ("printing", "printed")}
"""What the record of a paper may have become since it was told."""
RECOVERED = {"printing": (*LATER["printing"], "unconfirmed")}
"""The same where the kiosk had started once more before the power went again."""


class Broken(Exception):
    """A promise that a power cut broke, in a sentence."""


@dataclass(slots=True)
class World:
    """What was told: what all of it allows, and what of it was told before the cut."""

    returns: tuple[str, ...] = ()
    verified: set[tuple[int, str]] = field(default_factory=set)
    promised: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: dict[tuple[str, int], str] = field(default_factory=dict)
    papers: dict[str, str] = field(default_factory=dict)
    policy: int = 0
    time_ms: int = 0
    later: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: LATER)

    @classmethod
    def of(cls, told: tuple[str, ...], ever: tuple[str, ...], *, again: bool = False) -> World:
        """`again`: what was told is of an earlier life than the one that was cut off."""
        world = cls(later=RECOVERED if again else LATER)
        for line in ever:
            fact = json.loads(line)
            if fact["kind"] == "policy":
                world.verified.add((fact["number"], fact["said"]))
            elif fact["kind"] == "returns":
                world.returns = tuple(fact["ids"])
        for line in told:
            world._hear(json.loads(line))
        return world

    def _hear(self, fact: dict[str, Any]) -> None:
        match fact["kind"]:
            case "promised":
                self.promised[fact["number"]] = fact
            case "sent":
                self.sent[fact["epoch"], fact["sequence"]] = fact["chain"]
            case "paper":
                self.papers[fact["drop"]] = fact["state"]
            case "policy":
                self.policy = max(self.policy, fact["number"])
            case "time":
                self.time_ms = max(self.time_ms, fact["ms"])


def lay_out(state: State, directory: Path) -> None:
    """The disk as files. The ballast's nothing costs no room: nobody reads it."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700, parents=True)
    for path in sorted(state.files):
        content = state.files[path]
        if content is None:
            (directory / path).mkdir()
        elif path.name == BALLAST:
            with (directory / path).open("wb") as file:
                file.truncate(len(content))
        else:
            (directory / path).write_bytes(content)


def restart(directory: Path, world: World) -> None:
    """Start on `directory` and look. Raises Broken."""
    try:
        with opened(directory) as store:
            _as_found(store, world)
            done = recover(store, CLOCK)
            store.record(KioskStarted("test", done.abandoned, done.unprinted), "kiosk")
            _as_mended(store, world)
        _nothing_lies_about(directory)
    except StoreFailed as failure:
        raise Broken(f"it does not start: {failure.cause.value} {failure.detail}") from failure
    except AssertionError as error:
        raise Broken(str(error)) from error
    except Exception as error:
        raise Broken(f"it stumbles: {error!r}") from error


@contextmanager
def quick_starts() -> Iterator[None]:
    """Thousands of starts on one path: the engine, which holds no connection and no state but
    the statements that SQLAlchemy has compiled, is made once and not every time."""
    make = database._engine
    database._engine = lru_cache(maxsize=1)(make)
    try:
        yield
    finally:
        database._engine = make


@contextmanager
def opened(directory: Path) -> Iterator[Store]:
    store = open_store(directory, CLOCK, IDS)
    try:
        yield store
    finally:
        store.close()


# --- what must hold -----------------------------------------------------------------------------


def _as_found(store: Store, world: World) -> None:
    """Before anything is put right."""
    check = store._database.pragma("integrity_check")
    assert check == "ok", f"the ledger is damaged: {check}"
    whole_or_nothing(lambda sql: ask(store, sql))
    _promises(store, world)
    _events(store, world)
    _policy(store, world)
    papers = _papers(store)
    for drop, state in world.papers.items():
        later = world.later.get(state, (state,))
        assert papers.get(drop) in later, f"the paper was {state} and is {papers.get(drop)}"
    assert milliseconds(store.now()) >= world.time_ms, "the time has gone back"
    ballast = store.directory / BALLAST
    held = store._database.ballast.held
    assert not held or ballast.stat().st_size == BALLAST_BYTES, "a ballast that holds nothing"


def _promises(store: Store, world: World) -> None:
    receipts = Receipts(store, CLOCK)
    for number, promise in world.promised.items():
        kept = receipts.load(number)
        assert kept is not None, f"the promise {number} is lost"
        assert (kept.drop_id, kept.bag_id) == (promise["drop"], promise["bag"]), "another promise"


def _events(store: Store, world: World) -> None:
    """What has left for the centre is ours too, so it never meets another history."""
    ours = {
        (e, n): chain for e, n, chain in ask(store, "SELECT epoch, sequence, chain FROM outbox")
    }
    for (epoch, sequence), chain in world.sent.items():
        assert ours.get((epoch, sequence)) == chain, f"event {sequence} was sent and is lost"
    known = {epoch for epoch, _ in world.sent}
    assert not known or known == {epoch for epoch, _ in ours}, "another epoch"


def _policy(store: Store, world: World) -> None:
    policy = store.policy.current()
    highest = store.policy.highest()
    assert highest >= world.policy, f"bundle {world.policy} was in force, now it is {highest}"
    assert policy is not None or not highest, f"bundle {highest} is recorded and cannot be read"
    if policy is not None:
        said = policy.number, fingerprint(policy, world.returns)
        assert said in world.verified, f"bundle {policy.number} is not what was verified"


def _as_mended(store: Store, world: World) -> None:
    """After recovery: a whole chain from its beginning, nothing open, every paper settled."""
    fault = store.outbox.verify()
    assert fault is None, f"the chain is broken: {fault}"
    _promises(store, world)
    with store.look() as work:
        assert not work.drops.all_open(), "a drop is still open"
        assert not work.drops.unsettled_jobs(), "a receipt is still under way"
    papers = _papers(store)
    for drop, state in world.papers.items():
        denied = (state, papers[drop]) == ("printing", "failed")
        assert not denied, "a paper may have come, and the record denies it"


def _papers(store: Store) -> dict[str, str]:
    return dict(ask(store, "SELECT drop_id, state FROM print_jobs"))


def _nothing_lies_about(directory: Path) -> None:
    for path in directory.iterdir():
        known = path.name in LEFT or (path.name.startswith("policy-") and path.suffix == ".db")
        # The planted mode TRUNCATE leaves one, which SQLite has looked at when it opened the file.
        journal = path.name == "ledger.db-journal"
        assert known or journal, f"{path.name} is left over"


def ask(store: Store, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query, asked through the store's own connection."""
    with store.look() as work:
        return [tuple(row) for row in work._connection.exec_driver_sql(sql)]
