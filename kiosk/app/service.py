"""What the store and the policy allow at the moment, as screens and heartbeat tell it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.ports import Trouble
from kiosk.store import StoreCause, StoreFailed, aside, backup

if TYPE_CHECKING:
    from kiosk.store import Store

logger = logging.getLogger(__name__)

TOLD_FOR = timedelta(days=7)
"""So long after a damaged ledger was mended, or the centre could not use a record, everybody who
asks is told of it."""

JUMP = timedelta(minutes=5)
"""So far the clock may lie from the store's time before somebody should look at it: behind the
highest time seen, or off the time that the centre has sworn to."""


def service(store: Store, now: datetime, online: bool) -> frozenset[Trouble]:
    """The troubles at wall time `now`. Also keeps the highest time seen on the disk, so it wants
    to be called every minute or so, also while nobody is there."""
    try:
        store.keep_time()
    except StoreFailed:
        logger.exception("the time could not be kept")
    highest = store.now()
    found = _policy(store, highest) | _store(store, highest)
    if not online:
        found.add(Trouble.OFFLINE)
    if abs(highest - now) > JUMP:
        found.add(Trouble.CLOCK_JUMPED)
    return frozenset(found)


def _policy(store: Store, highest: datetime) -> set[Trouble]:
    policy = store.policy.current()
    if policy is None:
        return {Trouble.POLICY_MISSING}
    if highest >= policy.accept_until:
        return {Trouble.POLICY_EXPIRED}
    return {Trouble.POLICY_STALE} if highest >= policy.warn_after else set()


def _store(store: Store, highest: datetime) -> set[Trouble]:
    found = _mended(store, highest) | _unheard(store, highest)
    if store.short_of_space():
        found.add(Trouble.STORE_FULL)
    failure = store.failure
    if failure is not None:
        full = failure.cause is StoreCause.FULL
        found.add(Trouble.STORE_FULL if full else Trouble.STORE_FAILED)
    return found


def _unheard(store: Store, highest: datetime) -> set[Trouble]:
    """What went wrong in the background, where nobody stood by."""
    try:
        records = aside.read(store.meta.get)
        failed = backup.failure(store.directory, store.meta.get(backup.FAILED))
    except StoreFailed:
        return set()  # the store's own trouble says more
    recent = records.at is not None and highest - records.at < TOLD_FOR
    found = {Trouble.RECORDS_ASIDE} if recent or records.withheld else set()
    return found | ({Trouble.BACKUP_FAILED} if failed else set())


def _mended(store: Store, highest: datetime) -> set[Trouble]:
    last = store.mended
    if last is None or highest - last.when >= TOLD_FOR:
        return set()
    return {Trouble.STORE_GAPS if last.lossy else Trouble.STORE_MENDED}
