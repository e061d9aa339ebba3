"""The real centre on loopback, and its books."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from kiosk.world import SystemIds
from sync.central import policy
from sync.central.database import Database
from sync.central.serve import CentralServer
from sync.central.tables import links
from tests.misfortune.street import TurnableClock
from tests.proxy.opened import Open
from tests.sync.conftest import BUNDLE_KEY, TENANT, authorisation

IDS = SystemIds()
STACK = 200


@dataclass
class Central:
    """The real centre on loopback, over SQLite, and its books."""

    path: Path
    clock: TurnableClock
    port: int = 0
    alone: Open | None = None
    """What this process holds while nobody calls."""
    authorised: list[str] = field(default_factory=list)
    given: int = 0

    def __post_init__(self) -> None:
        self.url = f"sqlite:///{self.path}"
        self.database = Database(self.url)
        self.server = self._made()
        self.server.start()
        self.port = self.server.port

    def _made(self) -> CentralServer:
        keys = {TENANT: BUNDLE_KEY}
        return CentralServer(
            self.url, self.clock, IDS, port=self.port, body_s=1.0, bundle_keys=keys
        )

    def close(self) -> None:
        self.server.stop()
        self.database.close()

    def put_back(self, backup: Path) -> None:
        """The file as it was when `backup` was made, under a centre that comes back."""
        self.server.stop()
        self.database.close()
        for end in ("-wal", "-shm"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        shutil.copyfile(backup, self.path)
        self.database = Database(self.url)
        self.server.start()
        self._authorise(self.authorised)  # as the merchants do again

    def back_up(self) -> Path:
        """A copy of what is committed."""
        backup = self.path.with_name("backup.db")
        backup.unlink(missing_ok=True)
        with sqlite3.connect(self.path) as source, sqlite3.connect(backup) as target:
            source.backup(target)
        source.close()
        target.close()
        return backup

    def rows(self, table: sa.Table, **where: object) -> list[dict[str, Any]]:
        query = sa.select(table)
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        with self.database.reading() as c:
            return [dict(row) for row in c.execute(query).mappings()]

    def sequences(self, device_id: str, epoch: str) -> list[int]:
        """Of the links of one epoch, in order."""
        found = (links.c.device_id == device_id) & (links.c.epoch == epoch)
        query = sa.select(links.c.sequence).where(found).order_by(links.c.sequence)
        with self.database.reading() as c:
            return [*c.scalars(query)]

    def returns(self, count: int) -> list[str]:
        """Authorised and not brought yet."""
        if self.given + count > len(self.authorised):
            new = [f"R-{IDS.token(64):x}" for _ in range(count + STACK)]
            self._authorise(new)
            self.authorised += new
        self.given += count
        return self.authorised[self.given - count : self.given]

    def _authorise(self, names: list[str]) -> None:
        policy.put_authorisations(self.database, TENANT, [authorisation(name) for name in names])
