"""Which bundle is in force: recorded in the ledger, held in a file of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from kiosk.domain.events import Event, PolicyActivated, PolicyRejected
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.returns import Authorisation
from kiosk.ports import Clock, Ids
from kiosk.store import events, meta
from kiosk.store.database import Database
from kiosk.store.errors import StoreFailed
from kiosk.store.policy_file import ActivePolicy, BundleInfo, build, file_of

__all__ = ["ActivePolicy", "PolicyCache"]

HIGHEST = "policy.highest"
SUBJECT = "policy"
GRACE_S = 60.0


class PolicyCache:
    """Safe from any thread: `current` hands out an immutable bundle, `install` swaps it."""

    def __init__(self, directory: Path, database: Database, clock: Clock, ids: Ids) -> None:
        self._directory = directory
        self._database = database
        self._clock = clock
        self._ids = ids
        self._installing = threading.Lock()
        self._retired: list[tuple[float, ActivePolicy]] = []
        with database.reading() as connection:
            self._highest = int(meta.read(connection, HIGHEST) or 0)
        self._active = self._open(self._highest)
        self._clear_others(self._highest)

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
        """Put a verified bundle in force and record it.

        Raises ValueError for a number not above `highest` (a roll-back), unless it is that
        number again and its file was lost; StoreFailed when the disk does not take it. The old
        bundle then goes on serving.
        """
        info = BundleInfo(number, previous, tenant, scope, issued, warn_after, accept_until)
        with self._installing:
            lost = number == self._highest and self._active is None
            if number <= self._highest and not lost:
                raise ValueError(f"bundle {number} is not above {self._highest}")
            path = build(self._directory, info, content, authorisations)
            active = ActivePolicy(path)
            try:
                with self._database.transaction() as connection:
                    meta.write(connection, HIGHEST, str(number))
                    self._record(connection, PolicyActivated(number, previous), number)
            except StoreFailed:
                active.close()
                path.unlink(missing_ok=True)
                raise
            self._swap(active)

    def refuse(self, number: int, cause: str) -> None:
        """An offered bundle was not taken; audited, nothing else changes."""
        with self._database.transaction() as connection:
            self._record(connection, PolicyRejected(number, cause), self.number)

    @property
    def number(self) -> int:
        """The number in force, 0 for none."""
        return 0 if self._active is None else self._active.number

    def close(self) -> None:
        for _, policy in self._retired:
            policy.close()
        if self._active:
            self._active.close()
        self._retired, self._active = [], None

    def _record(self, connection: Connection, event: Event, number: int) -> None:
        events.record(connection, self._clock, self._ids, event, SUBJECT, number)

    def _swap(self, active: ActivePolicy) -> None:
        # Another thread may be looking something up in the old one, so it stays open a while.
        now = self._clock.monotonic()
        for since, policy in self._retired:
            if now - since > GRACE_S:
                policy.close()
        self._retired = [kept for kept in self._retired if now - kept[0] <= GRACE_S]
        if self._active:
            self._retired.append((now, self._active))
        self._active, self._highest = active, active.number
        self._clear_others(active.number)

    def _open(self, number: int) -> ActivePolicy | None:
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

    def _clear_others(self, number: int) -> None:
        """Superseded bundles, and those whose activation never reached the ledger."""
        keep = file_of(self._directory, number).name
        for path in self._directory.glob("policy-*"):
            if path.name != keep:
                path.unlink(missing_ok=True)
