"""Which bundle is in force: recorded in the ledger, held in files of its own.

A full bundle becomes a whole file, a delta a layer on the whole file below (policy_schema); the
number in the ledger says which file counts, so whatever dies half-way leaves the old bundle or
the new one. A layer holds all changes since its base and is copied for every delta; when that
gets dear it is merged into a new whole file, in the background, which changes no answer.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from kiosk.domain.events import PolicyActivated, PolicyRejected
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.returns import Authorisation
from kiosk.ports import Clock, Ids
from kiosk.store import events, meta
from kiosk.store.database import Database
from kiosk.store.errors import StoreFailed, failed
from kiosk.store.giving_way import Way
from kiosk.store.policy_building import Layered, build_layer, build_whole, lay_on, merge_layer
from kiosk.store.policy_file import ActivePolicy, BundleInfo, file_of
from kiosk.store.policy_looks import news
from kiosk.store.policy_writing import sync

if TYPE_CHECKING:
    from kiosk.domain.events import Event

__all__ = ["ActivePolicy", "PolicyCache"]

HIGHEST = "policy.highest"
SUBJECT = "policy"
WORTH_MERGING = 20_000
"""Layers that touch fewer returns are never merged: copying them costs nothing to speak of."""

MERGED = ("merged.part", "merged.db")
"""While a merge is at work, and done but not yet in its place."""

_LOG = logging.getLogger(__name__)


class PolicyCache:
    """Safe from any thread: `current` hands out an immutable bundle, `install` and `apply` swap
    it."""

    def __init__(
        self, directory: Path, database: Database, clock: Clock, ids: Ids, way: Way
    ) -> None:
        self._directory = directory
        self._way = way
        self._database = database
        self._clock = clock
        self._ids = ids
        self._installing = threading.Lock()
        self._retired: weakref.WeakSet[ActivePolicy] = weakref.WeakSet()
        self._merge: threading.Thread | None = None
        self._merging = threading.Lock()
        self._closed = False
        self.offset_ms: Callable[[], int | None] = events.unknown
        with database.reading() as connection:
            self._highest = int(meta.read(connection, HIGHEST) or 0)
        self._active = self._open(self._highest)
        self._clear_others()

    def highest(self) -> int:
        """The highest number ever in force here; a bundle must be above it. 0 for none."""
        return self._highest

    def current(self) -> ActivePolicy | None:
        """The bundle in force, stale or expired though it may be; None before the first one, or
        when its file is gone or unreadable."""
        return self._active

    def install(
        self,
        number: int,
        previous: int,
        tenant: str,
        scope: str,
        issued: datetime,
        warn_after: datetime,
        accept_until: datetime,
        content: PolicyContent,
        authorisations: Iterable[Authorisation],
    ) -> None:
        """Put a verified full bundle in force and record it. The returns are taken as they come.

        Raises ValueError for a number not above `highest` (a roll-back), unless it is that
        number again and its file was lost; StoreFailed when the disk does not take it, FULL
        already where old and new would not both fit. The old bundle then goes on serving.
        """
        info = BundleInfo(number, previous, tenant, scope, issued, warn_after, accept_until)
        with self._installing:
            active = self._active
            lost = number == self._highest and active is None
            if number <= self._highest and not lost:
                raise ValueError(f"bundle {number} is not above {self._highest}")
            needed = 0 if active is None else _size(active.whole)
            path = build_whole(self._directory, info, content, authorisations, self._way, needed)
            self._activate(path, number, previous)

    def apply(
        self,
        number: int,
        previous: int,
        tenant: str,
        scope: str,
        issued: datetime,
        warn_after: datetime,
        accept_until: datetime,
        content: PolicyContent,
        puts: Iterable[Authorisation],
        removes: Iterable[str],
        base: int,
    ) -> None:
        """Put a verified delta in force: what `base` holds, without the return ids `removes`,
        and with `puts` as new or instead of what has their return ids. A put of an id that is
        also removed stays; of two puts with one id the last counts; removing what is not there
        is no fault.

        Raises ValueError where `base` is not the bundle in force or `number` is not above
        `highest`; StoreFailed as `install` does.
        """
        info = BundleInfo(number, previous, tenant, scope, issued, warn_after, accept_until)
        with self._installing:
            active = self._active
            if active is None or base != active.number:
                raise ValueError(f"a change of bundle {base}, but {self.number} is in force")
            if number <= self._highest:
                raise ValueError(f"bundle {number} is not above {self._highest}")
            below = active.below()
            layer = build_layer(self._directory, info, content, puts, removes, below, self._way)
            self._activate(layer.path, number, previous)
        if due(layer):
            self._merge_aside()

    def merge(self) -> bool:
        """Merge the layer in force with its base; whether there was one and it is done. Other
        bundles may come into force meanwhile. Raises StoreFailed; nothing is lost by that."""
        with self._merging:
            before = self._active
            if before is None or not before.base:
                return False
            part, merged = (self._directory / name for name in MERGED)
            merge_layer(before.whole, before.path, part, merged, self._way, lambda: self._closed)
            try:
                with self._installing:
                    return self._put_below(before, merged)
            except OSError as error:
                raise failed(error) from error
            finally:
                merged.unlink(missing_ok=True)

    def _put_below(self, before: ActivePolicy, merged: Path) -> bool:
        """`merged` says what `before` did. A later layer on the same base holds all that changed
        since, so it lies on `merged` as well. Each step alone leaves what is in force whole."""
        now = self._active
        if now is None or now.base != before.base or self._closed:
            return False
        merged.replace(before.path)
        if now.number != before.number:
            sync(self._directory)
            lay_on(now.path, before.number, self._way)
        sync(self._directory)
        self._swap(ActivePolicy(now.path))
        return True

    def _merge_aside(self) -> None:
        if self._merge is None or not self._merge.is_alive():
            self._merge = threading.Thread(target=self._quiet_merge, name="policy-merge")
            self._merge.start()

    def _quiet_merge(self) -> None:
        try:
            self.merge()
        except StoreFailed:
            if not self._closed:
                _LOG.exception("the policy's layer could not be merged; it serves as it is")

    def refuse(self, number: int, cause: str) -> None:
        """An offered bundle was not taken; audited, nothing else changes."""
        with self._database.transaction() as connection:
            self._record(connection, PolicyRejected(number, cause), self.number)

    @property
    def number(self) -> int:
        """The number in force, 0 for none."""
        return 0 if self._active is None else self._active.number

    def close(self) -> None:
        """A merge at work is given up; the next layer that is dear starts another."""
        self._closed = True
        if self._merge is not None:
            self._merge.join()
        for policy in list(self._retired):
            policy.close()
        if self._active:
            self._active.close()
        self._active = None

    def _activate(self, path: Path, number: int, previous: int) -> None:
        active = None
        try:
            active = ActivePolicy(path)
            unused = news(active.dressed, self._active.dressed if self._active else None, number)
            with self._database.transaction() as connection:
                meta.write(connection, HIGHEST, str(number))
                self._record(connection, PolicyActivated(number, previous), number)
                for fact in unused:
                    self._record(connection, fact, number)
        except StoreFailed:
            if active is not None:
                active.close()
            path.unlink(missing_ok=True)
            raise
        self._swap(active)

    def _record(self, connection: Connection, event: Event, number: int) -> None:
        events.record(connection, self._clock, self._ids, event, SUBJECT, number, self.offset_ms())

    def _swap(self, active: ActivePolicy) -> None:
        # The old one closes when the last who decides by it lets it go: a visit, another thread.
        if self._active:
            self._retired.add(self._active)
        self._active, self._highest = active, active.number
        self._clear_others()

    def _open(self, number: int) -> ActivePolicy | None:
        for name in MERGED:
            (self._directory / name).unlink(missing_ok=True)
        if number == 0:
            return None
        try:
            found = ActivePolicy(file_of(self._directory, number))
        except StoreFailed:
            return None  # the kiosk then takes nothing, and the agent fetches the bundle again
        if found.number != number:
            found.close()
            return None
        return found

    def _clear_others(self) -> None:
        """Superseded bundles, and those whose activation never reached the ledger."""
        keep = {file_of(self._directory, self._highest)}
        if self._active is not None:
            keep.add(self._active.whole)
        for path in self._directory.glob("policy-*"):
            if path not in keep:
                path.unlink(missing_ok=True)


def due(layer: Layered) -> bool:
    """Whether merging now writes less to the disk, in the long run, than copying this layer for
    every delta of the same size: copying costs about touched / 2 a delta, merging the base's rows
    once in touched / changed deltas; the sum is least at touched = sqrt(2 changed rows)."""
    changed = max(1, layer.changed)
    return layer.touched >= WORTH_MERGING and layer.touched**2 > 2 * changed * layer.base_rows


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
