"""A person of the back office, as pages and actions see one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.central.audit import Actor
from sync.central.roles import Permission, Role, may

FRESH = timedelta(minutes=10)
"""For this long after a proof (password and second factor) sensitive actions ask for none."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in. `csrf` must come back with every form. `merchant` is "" for a person of
    the house; else it narrows every row that is shown. `source` is the address of the request."""

    name: str
    tenant: str
    csrf: str
    roles: frozenset[Role] = frozenset()
    merchant: str = ""
    session_id: str = ""
    proved_at: datetime | None = None
    source: str = ""
    by_issuer: bool = False

    def may(self, permission: Permission) -> bool:
        return may(self, permission)

    def is_fresh(self, now: datetime) -> bool:
        return self.proved_at is not None and self.proved_at + FRESH > now

    def doing(self, permission: Permission) -> Actor:
        """As the audit names them."""
        return Actor(self.tenant, self.name, self.source, permission.value)
