"""Opening a store that may be damaged: looked at first, mended where need be, then opened."""

from __future__ import annotations

import logging
from pathlib import Path

from kiosk.ports import Clock, Ids
from kiosk.store import open_store
from kiosk.store.errors import StoreCause, StoreFailed, Unavailable
from kiosk.store.lock import DirectoryLock
from kiosk.store.recovery.mending import Recovered, mend
from kiosk.store.recovery.places import LEDGER, RESCUED, copies
from kiosk.store.store import Store

_LOG = logging.getLogger("takeback")
_DAMAGE = {StoreCause.CORRUPT: "corrupt", StoreCause.LOST: "lost"}


def open_mended(data_dir: Path, clock: Clock, ids: Ids) -> Store | Unavailable:
    """As `kiosk.store.try_open`; a ledger that is damaged or gone is replaced by what is left of
    it. Mended once: what is still not right then is told as it is."""
    try:
        return _looked_at(data_dir, clock, ids)
    except StoreFailed as failure:
        cause = _DAMAGE.get(failure.cause)
        if cause is None:
            return Unavailable(failure.cause, failure.detail)
        _LOG.error("the ledger is damaged (%s); it is replaced by what is left", failure)
    try:
        mend_here(data_dir, cause, clock, ids)
        return open_store(data_dir, clock, ids)
    except StoreFailed as failure:
        return Unavailable(failure.cause, failure.detail)


def mend_here(data_dir: Path, cause: str, clock: Clock, ids: Ids) -> Recovered:
    """Replace the ledger of a directory that nobody has open. What was rescued from a file that
    went away under us is newer than what lies in its place. Raises StoreFailed."""
    lock = DirectoryLock(data_dir)
    try:
        rescued = data_dir / RESCUED
        first = (rescued,) if rescued.exists() else ()
        sources = (*first, data_dir / LEDGER)
        return mend(data_dir, cause, clock, ids, sources, copies(data_dir))
    finally:
        lock.release()


def _looked_at(data_dir: Path, clock: Clock, ids: Ids) -> Store:
    store = open_store(data_dir, clock, ids)
    try:
        fault = store.queue_fault()
    except BaseException:
        store.close()
        raise
    if fault is None:
        return store
    store.close()
    raise StoreFailed(StoreCause.CORRUPT, f"event {fault.sequence} is not what was recorded")
