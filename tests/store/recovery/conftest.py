"""A kiosk's ledger with a history in it: drops with bags, codes and long facts, some of it told to
the centre and pruned, the newest still in the log."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.domain.drops import DropState
from kiosk.domain.events import DropCommitted, LineFact
from kiosk.domain.money import Money
from kiosk.domain.returns import Merchant
from kiosk.domain.visit import CommittedDrop, IdentifiedBy, OpenDrop
from kiosk.store import Store
from kiosk.store.recovery.mending import mend
from kiosk.store.recovery.places import LEDGER

MERCHANT = Merchant("M-1", "Schuhhaus", "help@example.org", "Europe/Berlin")
DROPS, PRUNED, IN_LOG = 70, 15, 14


@dataclass(frozen=True)
class Truth:
    """What was promised, by SQLite's own reading before anything was harmed."""

    directory: Path
    events: dict[str, tuple[Any, ...]]
    drops: dict[str, str]
    meta: dict[str, str]
    at: datetime


def line(number: int) -> LineFact:
    return LineFact(
        line_id="L-1", sku=f"S-{number}", outcome="accept", reason="within_policy",
        reason_values={}, brought=1, price=1000, refund=1000, fee=0, withheld=0, currency="EUR",
        disposal="", provisional=False, rule_ids=("r",), state="accepted",
        answers={"worn": "x" * (9_000 if number % 11 == 0 else number)},
    )  # fmt: skip


def drop(store: Store, shelf: Any, authorisation: Any, number: int) -> None:
    """One promise in one transaction, as the kiosk makes it."""
    shelf.clock.pass_time(timedelta(minutes=7))
    name, now = shelf.ids.uuid(), shelf.clock.now()
    opened = OpenDrop(
        name, "V", authorisation, MERCHANT, (), IdentifiedBy.SIGNED, f"cti-{number}", 1,
        offline=False,
    )  # fmt: skip
    with store.work() as work:
        count = work.drops.next_count()
        told = f"K1-{count:06d}-X"
        done = CommittedDrop(
            name, told, "V", authorisation.return_id, "O", MERCHANT, (), f"B-{number}", now,
            Money(1000, "EUR"), provisional=False, proof="",
        )  # fmt: skip
        work.drops.add(opened, DropState.DECIDED, now)
        work.drops.commit(done, f"cti-{number}", (line(number),))
        work.record(
            DropCommitted(
                name, told, "V", authorisation.return_id, "M-1", f"B-{number}", 1, offline=False,
                identified_by="signed", code_id=f"cti-{number}", lines=(line(number),),
            ),
            name,
        )  # fmt: skip


def acknowledge(store: Store, up_to: int) -> None:
    batch = store.outbox.next_batch(up_to, 1 << 30)
    assert batch is not None
    assert store.outbox.acknowledge(batch.epoch, up_to, batch.events[-1].chain)


@pytest.fixture(scope="session")
def truth(tmp_path_factory: Any, shelf_at: Any, make_authorisation: Any) -> Truth:
    shelf = shelf_at(tmp_path_factory.mktemp("pristine") / "data")
    store = shelf.open()
    store._database.pragma("synchronous=OFF")  # what is cut here is cut by hand
    shelf.install(store, 7, previous=0)
    for number in range(DROPS):
        if number == PRUNED:
            acknowledge(store, PRUNED)
            shelf.clock.pass_time(timedelta(days=40))
            store.outbox.prune(shelf.clock.now())
        if number == DROPS - IN_LOG:
            store._database.checkpoint()
        drop(store, shelf, make_authorisation(number), number)
    copy = shelf.directory.with_name("as found")
    shutil.copytree(shelf.directory, copy)  # open, as a power cut leaves it: with its log
    store.close()
    ledger = driver.connect(str(shelf.directory / LEDGER))
    told = {row[1]: tuple(row[1:]) for row in ledger.execute("SELECT * FROM events")}
    drops = dict(ledger.execute("SELECT drop_id, drop_number FROM drops").fetchall())
    meta = dict(ledger.execute("SELECT * FROM meta").fetchall())
    ledger.close()
    return Truth(copy, told, drops, meta, shelf.clock.now())


@dataclass
class Patient:
    """A copy of the ledger to harm; `mend` recovers it and reads what stands then."""

    directory: Path
    truth: Truth
    clock: Any
    ids: Any

    @property
    def ledger(self) -> Path:
        return self.directory / LEDGER

    @property
    def log(self) -> Path:
        return self.directory / f"{LEDGER}-wal"

    def mend(self, **more: Any) -> Any:
        return mend(self.directory, "corrupt", self.clock, self.ids, **more)

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        connection = driver.connect(str(self.ledger))
        try:
            return [tuple(row) for row in connection.execute(query)]
        finally:
            connection.close()

    def events(self) -> dict[str, tuple[Any, ...]]:
        return {row[1]: row[1:] for row in self.sql("SELECT * FROM events ORDER BY number")}

    def damaged(self) -> set[str]:
        found = self.sql("SELECT value FROM meta WHERE key = 'push.damaged'")
        return set(json.loads(found[0][0])) if found else set()


@pytest.fixture
def patient(truth: Truth, tmp_path: Path, shelf_at: Any) -> Callable[[str], Patient]:
    """A fresh copy, by a name of its own."""

    def admit(name: str = "patient") -> Patient:
        directory = tmp_path / name
        shutil.copytree(truth.directory, directory)
        shelf = shelf_at(directory)
        shelf.clock.wall = truth.at
        shelf.ids.count = 1_000_000
        return Patient(directory, truth, shelf.clock, shelf.ids)

    return admit
