"""A kiosk: the real store, drop-off and agent over one folder, and what may befall the box."""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
import sqlalchemy as sa
import sqlcipher3.dbapi2 as driver

from kiosk.app.drop_off import DropOff
from kiosk.app.photographs import Photographs
from kiosk.app.recover import recover
from kiosk.domain.events import KioskStarted
from kiosk.seal.keys import SigningKey
from kiosk.store import Store, StoreFailed, Unavailable, open_store
from kiosk.store.anchors import Kept
from kiosk.store.database import MAX_PAGES
from kiosk.store.recovery.opening import open_mended
from kiosk.store.recovery.places import LEDGER
from sync.agent.agent import Agent
from sync.agent.pace import Pace
from tests.sim import orders
from tests.sim.centre import Died
from tests.sim.line import TIMEOUT_S, Line
from tests.sim.photos import Lens, SimPhotos
from tests.sim.ports import KioskClock
from tests.sim.shop import BUNDLE_KEY, TENANT
from tests.sim.visit import visit

if TYPE_CHECKING:
    from tests.sim.world import World

PACE = Pace(beat=1_800, policy=40_000, first_contact=30, photo_again=60)
URL = "http://centre.invalid"
_LEFT_BEHIND = shutil.ignore_patterns("lock", "ballast", "*-shm")
_SHORT_S = 60.0
_CLOSED_S = 2.0  # to open anew


class SimKiosk:
    """`fuse` counts statements, commits and steps on the line down; at 0 the kiosk dies, and all
    it had in memory with it. `due` is when its agent looks again, in SimTime's seconds; `owed` are
    the drops that the centre must give back to it; `done` is what its disk did of the centre's
    orders."""

    def __init__(
        self, world: World, name: str, device_id: str, key: SigningKey, folder: Path
    ) -> None:
        self.world = world
        self.name = name
        self.device_id = device_id
        self.key = key
        self.folder = folder
        self.clock = KioskClock(world.time)
        self.line = Line(world, self)
        self.fuse: int | None = None
        self.full = False
        self.spoilt = False
        self.seen = 0
        self.due = math.inf
        self.store: Store | None = None
        self.agent: Agent | None = None
        self.drop_off: DropOff | None = None
        self.photographs: Photographs | None = None
        self.quiet: orders.SimQuiet | None = None
        self.owed: set[str] = set()
        self.done = orders.Done()
        self.backup: Path | None = None
        self.done_then = orders.Done()

    # --- on and off ---

    def open(self) -> None:
        """Power on. A store that cannot be opened leaves the kiosk dark."""
        if self.store is not None:
            return
        self.clock.boot = self.world.time.at
        self.guard(self._open)

    def _open(self) -> None:
        store = open_mended(self.folder, self.clock, self.world.ids)
        if isinstance(store, Unavailable):
            self.world.tell(f"{self.name} does not start: {store.cause}")
            return
        self.store = store
        engine = self._engine()
        sa.event.listen(engine, "before_cursor_execute", self.burn)
        sa.event.listen(engine, "commit", self.burn)
        self._watch_acknowledgements()
        files = SimPhotos(self)
        self.photographs = Photographs(files, (Lens(self.world),))
        session = requests.Session()
        session.mount("http://", self.line)
        self.agent = Agent(
            self.store,
            URL,
            self.device_id,
            self.key,
            {BUNDLE_KEY.kid: BUNDLE_KEY.public},
            self.clock,
            self.world.ids,
            "1.0",
            TIMEOUT_S,
            lambda _state: None,
            tenant=TENANT,
            pace=PACE,
            session=session,
            judge=orders.judge,
            photos=files,
        )
        orders.watch(self, self.agent._ordering)
        self.quiet = orders.SimQuiet(self, store)
        self.drop_off = DropOff(
            self.store,
            self.clock,
            self.world.ids,
            self.name.partition("'")[0],
            self.device_id,
            self.key,
            lambda: self.agent is None or not self.agent.state.online,
            photographs=self.photographs,
        )
        self.due = self.world.time.at
        try:
            orders.begin(self, self.store)
            done = recover(self.store, self.clock)
            self.photographs.recover(self.store)
            fact = KioskStarted("1.0", done.abandoned, done.unprinted)
            self.store.record(fact, self.device_id)
        except StoreFailed as failure:
            self.world.tell(f"{self.name} starts with a failing store: {failure.cause}")

    def _watch_acknowledgements(self) -> None:
        assert self.store is not None
        believe = self.store.outbox.acknowledge

        def acknowledge(
            epoch: str,
            cursor: int,
            chain_head: str,
            at: datetime | None = None,
            anchor: Kept | None = None,
        ) -> bool:
            taken = believe(epoch, cursor, chain_head, at, anchor)
            if taken:
                self.world.acknowledged(self, epoch, cursor)
            return taken

        self.store.outbox.acknowledge = acknowledge  # type: ignore[method-assign]

    def _engine(self) -> sa.Engine:
        assert self.store is not None
        connection = self.store._database._connection
        assert connection is not None
        return connection.engine

    def burn(self, *_: object) -> None:
        if self.fuse is None:
            return
        self.fuse -= 1
        if self.fuse <= 0:
            self.fuse = None
            raise Died

    def guard(self, work: Callable[[], None]) -> None:
        """Do something that may be the kiosk's last; it is switched on again later."""
        try:
            work()
        except Died:
            self.world.tell(f"{self.name} died")
            self.fall()
            self.world.later(_SHORT_S, self.open)
        self.observe()

    def fall(self) -> None:
        """As after kill -9: nothing is tidied up, only the kernel lets go of the files."""
        self.fuse = None
        self.due = math.inf
        store, self.store, self.agent = self.store, None, None
        self.drop_off = self.photographs = self.quiet = None
        if store is None:
            return
        store.policy.close()
        connection = store._database._connection
        if connection is not None:
            connection.close()
        store._lock.release()

    # --- what it does ---

    def turn(self) -> None:
        """One turn of the agent."""
        assert self.agent is not None
        wait = self.agent.turn()
        # Nothing is called the very moment it is due; and sums of seconds are not exact.
        self.due = self.world.time.at + wait + 0.001
        self.world.waits(self, wait)
        if orders.look(self):
            self.world.tell(f"{self.name} opens anew")
            self.fall()
            self.world.later(_CLOSED_S, self.open)

    def meanwhile(self) -> None:
        """While a request is under way the other thread may serve somebody."""
        if not self.world.quiet and self.world.chance.random() < 0.08:
            visit(self)

    # --- what befalls it ---

    def keep_backup(self) -> None:
        if self.spoilt:
            return  # a backup is checked before it takes the place of the last one
        self.backup = self.world.folder / f"{self.name}-backup"
        shutil.rmtree(self.backup, ignore_errors=True)
        shutil.copytree(self.folder, self.backup, ignore=_LEFT_BEHIND)
        self.done_then = self.done.copy()

    def put_back(self, source: Path) -> None:
        """The disk as it was once; what was only here is gone."""
        self.fall()
        with self.world.losing(self, "another disk"):
            shutil.rmtree(self.folder)
            shutil.copytree(source, self.folder, ignore=_LEFT_BEHIND)
            give_ballast(self.folder)
            self.seen = 0
        self.full = self.spoilt = False
        self.owed, self.done = set(), self.done_then.copy()

    def copy(self, name: str) -> SimKiosk:
        """The image of the disk in another box."""
        folder = self.world.folder / name
        shutil.copytree(self.folder, folder, ignore=_LEFT_BEHIND)
        give_ballast(folder)
        other = SimKiosk(self.world, name, self.device_id, self.key, folder)
        other.clock.offset = self.clock.offset
        other.spoilt = self.spoilt
        other.owed, other.done = set(self.owed), self.done.copy()
        return other

    def sound(self) -> bool:
        """Whether the store opens and all of it can be read."""
        if self.store is None:
            return False
        try:
            return self.store._database.pragma("integrity_check") == "ok"
        except StoreFailed:
            return False

    def new_disk(self) -> None:
        """The backup, or a disk as it left the factory, with a history of its own."""
        if self.backup is not None:
            self.put_back(self.backup)
            return
        self.done_then = orders.Done()
        self.put_back(self.world.factory(self.device_id))
        store = open_store(self.folder, self.clock, self.world.ids)
        store.outbox.new_epoch()
        store.close()

    def fill(self, full: bool) -> None:
        """No room for another page, or room again."""
        if self.store is None:
            return
        self.full = full
        database = self.store._database
        pages = database.pragma("page_count")
        database.pragma(f"max_page_count={pages if full else MAX_PAGES}")

    def jump(self, span: timedelta) -> None:
        self.clock.offset += span

    # --- looking in ---

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """From the disk. Only one library may have a file open: the store's own, while it does."""
        if self.store is not None:
            fuse, self.fuse = self.fuse, None
            try:
                with self.store._database.reading() as connection:
                    return [tuple(row) for row in connection.exec_driver_sql(sql)]
            finally:
                self.fuse = fuse
        if not (self.folder / LEDGER).exists():
            return []  # connecting would make an empty one
        connection = driver.connect(str(self.folder / LEDGER))
        try:
            return list(connection.execute(sql).fetchall())
        finally:
            connection.close()

    def held(self) -> set[str]:
        """The ids of all events on the disk; none of a disk that cannot be read."""
        try:
            return {row[0] for row in self.rows("SELECT id FROM events")}
        except (StoreFailed, driver.DatabaseError):
            return set()

    def observe(self) -> None:
        """Let the truth know what was recorded since the last look."""
        try:
            for number, *row in self.rows(
                "SELECT number, id, type, subject, time, hlc, monotonic_ms, policyversion, data,"
                " offset_ms"
                f" FROM events WHERE number > {self.seen} ORDER BY number"
            ):
                self.seen = number
                self.world.truth.record(self.device_id, *row)
        except (StoreFailed, driver.DatabaseError):
            return  # a spoilt page; what was seen before stays true


def give_ballast(folder: Path) -> None:
    """The reserve on the disk, linked: it would be filled anew for every box."""
    ballast = folder.parent / "ballast"
    if ballast.exists():
        os.link(ballast, folder / "ballast")
