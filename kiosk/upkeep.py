"""What the ledger needs in quiet moments: to be looked over, and to be copied.

On a thread of its own, over connections of its own: the writer never waits for it. While a visit
is on it rests wherever it is, so that it takes no time from the shopper either.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.ports import Clock
from kiosk.store import StoreCause, StoreFailed, backup
from kiosk.store.values import stamp

if TYPE_CHECKING:
    from kiosk.store import Store
    from kiosk.store.backup import Plan

log = logging.getLogger("takeback")

LOOK_EVERY = timedelta(days=1)
FIRST_S = 600.0  # after the start; whoever is switched on serves first
AGAIN_S = 3600.0  # after a copy that did not come about
TURN_S = 20.0
REST_S = 0.25


class Leaving(Exception):
    """The kiosk is switched off, or its store has broken."""


class Upkeep:
    """`quiet` tells whether nobody is there. `start` and `stop` from any thread; whoever needs no
    thread takes the `turn`s by hand."""

    def __init__(
        self, store: Store, clock: Clock, plan: Plan, every: timedelta, quiet: Callable[[], bool]
    ) -> None:
        self._store = store
        self._clock = clock
        self._plan = plan
        self._every = every
        self._quiet = quiet
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
        self._began = clock.monotonic()
        self._looked: float | None = None
        self._copy_from = 0.0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Waits until it has let go of the ledger; may be called twice."""
        self._leaving.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._leaving.wait(TURN_S):
            if self._clock.monotonic() - self._began < FIRST_S or not self._quiet():
                continue
            try:
                self.turn()
            except Leaving:
                return
            except StoreFailed as failure:
                log.warning("the ledger was not looked after: %s", failure)
            except Exception:
                # A mistake of ours must not end all care for the ledger.
                log.exception("the ledger was not looked after")

    def turn(self) -> None:
        """One thing that is due, if any. Raises StoreFailed, Leaving."""
        if self._look_due():
            self._looked = self._clock.monotonic()
            self._look()
        elif self._copy_due():
            self._copy_from = self._clock.monotonic() + AGAIN_S
            self._copy()

    def _look_due(self) -> bool:
        """Over restarts by the store's time, within a life by the clock that cannot be set."""
        if self._looked is not None:
            return self._clock.monotonic() - self._looked >= LOOK_EVERY.total_seconds()
        last = self._store.last_look()
        return self._store.unlooked or last is None or self._store.now() - last >= LOOK_EVERY

    def _look(self) -> None:
        why = self._store.look_over(self._breathe)
        if why:
            self._store.condemn(why)
        else:
            self._store.forget_receipts(self._breathe)

    def _copy_due(self) -> bool:
        if not self._plan.copies or self._clock.monotonic() < self._copy_from:
            return False
        now = self._store.now()
        ages = (now - one.at for one in self._store.copies())
        return not any(timedelta() <= age < self._every for age in ages)

    def _copy(self) -> None:
        """What went wrong is remembered, for staff and the centre, until a copy goes well."""
        try:
            made = self._store.copy(self._plan, self._breathe)
        except StoreFailed as failure:
            why = f"{stamp(self._store.now())} {failure.cause.value}"
            self._store.meta.set(backup.FAILED, why)
            if failure.cause is StoreCause.CORRUPT:
                self._look()  # is it the copy, or what it was made of?
            raise
        if self._store.meta.get(backup.FAILED):
            self._store.meta.set(backup.FAILED, "")
        log.info("the ledger was copied to %s", made.path)

    def _breathe(self) -> None:
        while not self._quiet():
            if self._leaving.wait(REST_S):
                break
        if self._leaving.is_set():
            raise Leaving
