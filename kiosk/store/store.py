"""The open store: ledger, outbox, policy, and the time that never runs backwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection

from kiosk.domain.events import DeviceChanged, StoreReplayed
from kiosk.ports import Clock, Ids
from kiosk.store import ageing, backup, events, meta
from kiosk.store.backup import Copy, Plan
from kiosk.store.database import Database
from kiosk.store.directory import make_directory, sync_directory
from kiosk.store.errors import StoreCause, StoreFailed, failed
from kiosk.store.giving_way import Way
from kiosk.store.lock import DirectoryLock
from kiosk.store.meta import Meta
from kiosk.store.migrate import migrate
from kiosk.store.outbox import Outbox, queue_fault
from kiosk.store.policy_cache import PolicyCache
from kiosk.store.recovery import looking, recalling, told
from kiosk.store.recovery.places import LEDGER, RESCUED, finish
from kiosk.store.recovery.recalling import Promise
from kiosk.store.space import LOW_BYTES, Ballast, free_bytes
from kiosk.store.values import ChainFault, milliseconds, stamp
from kiosk.store.work import Work

if TYPE_CHECKING:
    from kiosk.domain.events import Event

__all__ = ["Store", "open_store"]

KEEP_TIME_EVERY = timedelta(minutes=5)
FLOOR = "time.floor"
BELIEVED = timedelta(minutes=5)
OF_THE_DISK = (StoreCause.FULL, StoreCause.READ_ONLY, StoreCause.IO)

T = TypeVar("T")


class Store:
    """Everything may be called from any thread; failures of the disk raise StoreFailed."""

    def __init__(
        self, directory: Path, lock: DirectoryLock, database: Database, clock: Clock, ids: Ids
    ) -> None:
        self.directory = directory
        self._lock = lock
        self._database = database
        self._clock = clock
        self._ids = ids
        self._time = threading.Lock()
        self.meta = Meta(database)
        self.outbox = Outbox(database, clock, ids)
        self._way = Way()
        self.policy = PolicyCache(directory, database, clock, ids, self._way)
        with database.reading() as connection:
            mark = meta.read(connection, meta.MARK)
            self._kept_ms = events.highest_ms(connection) if mark is None else int(mark)
            self._floor_ms = int(meta.read(connection, FLOOR) or 0)
            self.mended = told.last(connection)
            """The last recovery of this ledger; None where there never was one."""
        self._marked = mark is not None
        self._highest = datetime.fromtimestamp(self._kept_ms / 1000, UTC)
        self._proven: tuple[datetime, float] | None = None
        self.unlooked = False
        """Its pages were not looked at when it was opened."""
        self._offset_ms: Callable[[], int | None] = events.unknown

    def know_offset(self, source: Callable[[], int | None]) -> None:
        """Who can tell what to add to our clock to meet the centre's, as events keep it. Asked from
        any thread, and must be quick."""
        self._offset_ms = self.policy.offset_ms = source

    def now(self) -> datetime:
        """The highest time ever seen, this moment included, also over restarts: whoever sets
        the clock back opens no window and revives no bundle. After `prove`, the proven time and
        what has run since, where the clock still disagrees with it."""
        with self._time:
            self._highest = max(self._highest, self._moment())
            return self._highest

    def _moment(self) -> datetime:
        if self._proven is None:
            return self._clock.now()
        at, since = self._proven
        return at + timedelta(seconds=max(0.0, self._clock.monotonic() - since))

    def prove(self, now: datetime) -> bool:
        """It is `now`, as somebody has proven who cannot err about it: the one way in which the
        highest time seen may go back, after a clock that ran ahead. Whether it was taken: not
        where it lies before what was proven earlier or before the bundle in force was issued.
        Raises StoreFailed."""
        proven_ms = milliseconds(now)
        active = self.policy.current()
        if proven_ms < self._floor_ms or (active is not None and now < active.info.issued):
            return False
        with self._database.transaction() as connection:
            meta.write(connection, FLOOR, str(proven_ms))
            meta.write(connection, meta.MARK, str(proven_ms))
        with self._time:
            self._floor_ms = self._kept_ms = proven_ms
            self._marked = True
            self._highest = now
            # A clock that is right again is believed again; it also counts while we are asleep.
            wrong = abs(self._clock.now() - now) > BELIEVED
            self._proven = (now, self._clock.monotonic()) if wrong else None
        return True

    def keep_time(self) -> None:
        """Put the highest time on the disk, now and then: an idle kiosk records no events.
        Also takes the ballast again once there is room for it, and folds a large log. After a write
        that failed it tries at once, and then tells what the disk has met."""
        self.fold()
        now, met = self.now(), self._database.met
        kept = now.timestamp() * 1000 - self._kept_ms < KEEP_TIME_EVERY.total_seconds() * 1000
        if kept and met is None:
            return
        self._database.ballast.take()
        with self._database.transaction() as connection:
            events.advance(connection, now)
            if met in OF_THE_DISK:
                work = self._work(connection)
                for state, fault in (("faulty", met.value), ("ready", "")):
                    work.record(DeviceChanged("ledger", "store", state, fault), "ledger")
            if self._marked:  # the logical clock may lie ahead of it for ever
                meta.write(connection, meta.MARK, str(milliseconds(now)))
        self._kept_ms = int(now.timestamp() * 1000)
        self._database.met = None

    def keep_clocks_apart(self) -> None:
        """To be called before the logical clock is moved past stamps of other devices: from then
        on the highest time seen is kept by itself, so that no other device's clock can set ours.
        Raises StoreFailed."""
        if self._marked:
            return
        with self._database.transaction() as connection:
            meta.write(connection, meta.MARK, str(milliseconds(self.now())))
        self._marked = True

    def fold(self) -> None:
        """Let the ledger's log not grow without end: to be called where nobody waits for the
        caller, after something was written. Takes no time unless the log is large."""
        self._database.fold()

    def _work(self, connection: Connection) -> Work:
        return Work(connection, self._clock, self._ids, self.policy.number, self._offset_ms)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """One transaction."""
        with self._database.transaction() as connection:
            yield self._work(connection)

    def run(self, task: Callable[[Work], T]) -> T:
        """`task` in one transaction; once more if a full disk made us give up the ballast.
        `task` must have no effect but on its Work."""
        given_up = self._database.ballast.given_up
        try:
            with self.work() as work:
                return task(work)
        except StoreFailed as failure:
            if failure.cause is not StoreCause.FULL or self._database.ballast.given_up == given_up:
                raise
        with self.work() as work:
            return task(work)

    def in_front(self) -> AbstractContextManager[None]:
        """Somebody waits for what is done here: what loads in the background rests meanwhile."""
        return self._way.taken()

    @contextmanager
    def look(self) -> Iterator[Work]:
        """Reading only."""
        with self._database.reading() as connection:
            yield self._work(connection)

    def record(self, event: Event, subject: str) -> None:
        """An event on its own."""
        self.run(lambda work: work.record(event, subject))

    @property
    def failure(self) -> StoreFailed | None:
        """What the last write met; None after one that went well."""
        return self._database.failure

    @property
    def broken(self) -> StoreFailed | None:
        """What showed the ledger to be damaged, or not ours any more: it takes nothing then."""
        return self._database.broken

    def when_broken(self, told: Callable[[], None]) -> None:
        """`told` is called on whichever thread meets it, and must be quick."""
        self._database.when_broken = told

    def condemn(self, why: str) -> None:
        """Somebody found the ledger damaged."""
        self._database.condemn(StoreFailed(StoreCause.CORRUPT, why))

    def rescue(self) -> bool:
        """Where the ledger's file was taken from under us: keep what it held, for a recovery. May
        be called only before `close`; False where there is nothing to do or nothing left."""
        broken = self._database.broken
        if broken is None or broken.cause is not StoreCause.LOST:
            return False
        return self._database.rescue(self.directory / RESCUED)

    def recall_place(self) -> str | None:
        """Where the centre is to go on telling what this kiosk has lost, "" for the beginning;
        None where there is nothing to ask. Raises StoreFailed."""
        with self._database.reading() as connection:
            return told.place(connection)

    def recalled(self, promises: Sequence[Promise], after: str, more: bool) -> None:
        """Write down what the centre told from that place on; in the end, how much of it was
        lost here. Raises StoreFailed."""
        with self._database.transaction() as connection:
            found = recalling.take(connection, promises, after if more else "")
            if not more:
                self._work(connection).record(StoreReplayed(found), "kiosk")

    def last_look(self) -> datetime | None:
        """When the whole ledger was last found to be well. Raises StoreFailed."""
        with self._database.reading() as connection:
            return looking.last(connection)

    def look_over(self, breathe: Callable[[], None]) -> str:
        """Look at every page and link that is kept, over a connection of its own: what is wrong,
        "" for nothing. Raises StoreFailed, and what `breathe` raises (see recovery.looking)."""
        why = looking.complaint(self.directory, breathe)
        if not why:
            self.unlooked = False
            self.meta.set(looking.LOOKED, stamp(self.now()))
        return why

    def forget_receipts(self, breathe: Callable[[], None]) -> int:
        """Let go of receipts that nobody asks for any more (see store.ageing), but of no drop that
        the centre does not have yet; how many went. Raises StoreFailed."""
        with self._database.reading() as connection:
            now = ageing.believed(connection)
        oldest = self.outbox.position().oldest
        if now is None:
            return 0
        before = now - ageing.RECEIPT_KEPT
        before = before if oldest is None else min(before, oldest)
        total, gone = 0, ageing.PORTION
        while gone == ageing.PORTION:
            breathe()
            with self._database.transaction() as connection:
                gone = ageing.forget(connection, before)
            total += gone
        return total

    def copies(self) -> tuple[Copy, ...]:
        """The ledger's backups, the newest first. Raises StoreFailed."""
        return backup.copies(self.directory)

    def copy(self, plan: Plan, breathe: Callable[[], None]) -> Copy:
        """One more backup; older ones then go as planned, and before it where there is too
        little room. Raises StoreFailed, and what `breathe` raises (see store.backup)."""
        now = self.now()
        try:
            made = backup.make(self.directory, now, breathe)
        except StoreFailed as failure:
            if failure.cause is not StoreCause.FULL:
                raise
            backup.retire(self.directory, now, replace(plan, copies=1))
            made = backup.make(self.directory, now, breathe)
        backup.retire(self.directory, now, plan)
        return made

    def queue_fault(self) -> ChainFault | None:
        """The first event that waits for the centre and is not what was recorded."""
        with self._database.reading() as connection:
            return queue_fault(connection)

    def short_of_space(self) -> bool:
        """Whether the disk is so full that no more goods should be taken."""
        try:
            return not self._database.ballast.held or free_bytes(self.directory) < LOW_BYTES
        except OSError:
            return True

    def close(self) -> None:
        """May be called twice; leaves one file without a log."""
        self.policy.close()
        self._database.close()
        self._lock.release()


def open_store(data_dir: Path, clock: Clock, ids: Ids) -> Store:
    """See kiosk.store.open_store."""
    try:
        make_directory(data_dir)
    except OSError as error:
        raise failed(error) from error
    lock = DirectoryLock(data_dir)
    try:
        return _open(data_dir, lock, clock, ids)
    except BaseException:
        lock.release()
        raise


def _open(data_dir: Path, lock: DirectoryLock, clock: Clock, ids: Ids) -> Store:
    finish(data_dir)
    looking.before_opening(data_dir)
    ballast = Ballast(data_dir / "ballast")
    ballast.take()
    database = Database(data_dir / LEDGER, ballast)
    try:
        looked = looking.at_start(database, data_dir)
        if migrate(database):
            sync_directory(data_dir)
        _have_epoch(database, clock, ids)
        store = Store(data_dir, lock, database, clock, ids)
        store.unlooked = not looked
        return store
    except BaseException:
        database.close()
        raise


def _have_epoch(database: Database, clock: Clock, ids: Ids) -> None:
    with database.reading() as connection:
        missing = events.no_epoch(connection)
    if missing:
        with database.transaction() as connection:
            events.start_epoch(connection, f"{ids.token(128):032x}", clock.now(), 1)
