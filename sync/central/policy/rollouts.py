"""New rules for some of the kiosks first, and then for ever more of them.

While a roll-out runs, each publication makes two bundles with the same returns, keys and
revocations: one with the rules that everybody has, and right after it, with the next number, one
with the new rules (`early`) for the kiosks that take part. So a kiosk that comes to take part
later finds a higher number than it has; and a roll-out that is stopped publishes a higher number
still, for all. No kiosk ever sees a number go back (sync.md, invariant 8).

What merchants hold (sync.central.policy.contents) are the rules that everybody has, until the
roll-out is through.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum, unique
from typing import Final

import sqlalchemy as sa

from sync.central.tables import bundles, devices, policy_rollouts

EVERYBODY: Final = 100
_PARTS: Final = 100
_SALT: Final = b"takeback roll-out\0"


@unique
class State(StrEnum):
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Share:
    """Which kiosks take part: so many percent of all, and every kiosk of the named sites."""

    percent: int = 0
    sites: frozenset[str] = frozenset()

    @property
    def everybody(self) -> bool:
        return self.percent >= EVERYBODY

    def holds(self, device_id: str, site: str) -> bool:
        return place_of(device_id) < self.percent or site in self.sites

    def covers(self, other: Share) -> bool:
        """Whether nobody of the other is left out."""
        return self.everybody or (self.percent >= other.percent and self.sites >= other.sites)

    def told(self) -> str:
        """For the audit, and for whoever reads a terminal."""
        parts = [f"{self.percent} %"] if self.percent or not self.sites else []
        return ", ".join([*parts, *sorted(self.sites)])


@dataclass(frozen=True, slots=True)
class Rollout:
    """`number` is its first bundle; `policy` names the new rules in `policies`."""

    number: int
    policy: str
    share: Share
    state: State
    began_at: datetime
    began_by: str


def place_of(device_id: str) -> int:
    """0 to 99: the same kiosk has the same place in every roll-out, whoever asks."""
    digest = hashlib.sha256(_SALT + device_id.encode()).digest()
    return int.from_bytes(digest[:8]) % _PARTS


def running(c: sa.Connection, tenant: str) -> Rollout | None:
    mine = policy_rollouts.c.tenant == tenant, policy_rollouts.c.state == State.RUNNING
    row = c.execute(sa.select(policy_rollouts).where(*mine)).one_or_none()
    return None if row is None else _read(row)


def _read(row: sa.Row[tuple[object, ...]]) -> Rollout:
    return Rollout(
        number=row.number,
        policy=row.policy,
        share=Share(row.percent, frozenset(row.sites)),
        state=State(row.state),
        began_at=row.began_at,
        began_by=row.began_by,
    )


def states(c: sa.Connection, tenant: str, numbers: Iterable[int]) -> dict[int, State]:
    """By the version that a roll-out began; what went to everybody at once is not in it."""
    table = policy_rollouts
    query = sa.select(table.c.number, table.c.state).where(
        table.c.tenant == tenant, table.c.number.in_(list(numbers))
    )
    return {row.number: State(row.state) for row in c.execute(query)}


# --- who gets what -----------------------------------------------------------------------------


def takes_part(c: sa.Connection, tenant: str, device_id: str) -> bool:
    """Whether a kiosk gets the early bundles of the roll-out that runs. One that has the new rules
    keeps them, also after it was moved to another site."""
    now = running(c, tenant)
    if now is None:
        return False
    has = sa.select(bundles.c.version).where(
        bundles.c.tenant == devices.c.tenant, bundles.c.number == devices.c.policy_number
    )
    row = c.execute(
        sa.select(devices.c.site, has.scalar_subquery().label("version")).where(
            devices.c.device_id == device_id, devices.c.tenant == tenant
        )
    ).one_or_none()
    if row is None:
        return False
    return row.version == now.number or now.share.holds(device_id, row.site)


def number_for(c: sa.Connection, tenant: str, device_id: str) -> int:
    """The newest bundle that a kiosk gets; 0 before the first."""
    mine = [bundles.c.tenant == tenant]
    if not takes_part(c, tenant, device_id):
        mine.append(bundles.c.early.is_(False))
    return int(c.execute(sa.select(sa.func.max(bundles.c.number)).where(*mine)).scalar_one() or 0)


def counted(c: sa.Connection, tenant: str, share: Share) -> tuple[int, int]:
    """How many of how many kiosks in service a share holds."""
    fleet = sa.select(devices.c.device_id, devices.c.site).where(
        devices.c.tenant == tenant, devices.c.state == "enrolled"
    )
    rows = c.execute(fleet).all()
    return sum(share.holds(row.device_id, row.site) for row in rows), len(rows)


def sites(c: sa.Connection, tenant: str) -> tuple[str, ...]:
    """Where there are kiosks in service."""
    site = devices.c.site
    query = sa.select(site).where(devices.c.tenant == tenant, devices.c.state == "enrolled")
    return tuple(name for name in c.execute(query.distinct().order_by(site)).scalars() if name)


# --- its steps ---------------------------------------------------------------------------------


def begin(
    c: sa.Connection, tenant: str, number: int, policy: str, share: Share, now: datetime, by: str
) -> None:
    row = {
        "tenant": tenant,
        "number": number,
        "policy": policy,
        "percent": share.percent,
        "sites": sorted(share.sites),
        "state": State.RUNNING.value,
        "began_at": now,
        "began_by": by,
        "changed_at": now,
    }
    c.execute(policy_rollouts.insert(), row)


def widen(c: sa.Connection, tenant: str, one: Rollout, share: Share, now: datetime) -> Rollout:
    """To a share that covers the one that it had."""
    values = {"percent": share.percent, "sites": sorted(share.sites), "changed_at": now}
    _change(c, tenant, one.number, values)
    return replace(one, share=share)


def end(c: sa.Connection, tenant: str, one: Rollout, state: State, now: datetime) -> None:
    """DONE makes its bundles everybody's; those of a stopped one stay what they were."""
    _change(c, tenant, one.number, {"state": state.value, "changed_at": now})
    if state is State.DONE:
        its = bundles.c.tenant == tenant, bundles.c.early.is_(True), bundles.c.version == one.number
        c.execute(bundles.update().where(*its).values(early=False))


def _change(c: sa.Connection, tenant: str, number: int, values: dict[str, object]) -> None:
    mine = policy_rollouts.c.tenant == tenant, policy_rollouts.c.number == number
    c.execute(policy_rollouts.update().where(*mine).values(values))
