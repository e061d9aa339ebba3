"""Orders for one kiosk, for a site, for all: each kiosk gets its own, numbered and signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from kiosk.ports import Clock
from kiosk.seal.keys import SigningKey
from sync.central import orders
from sync.central.audit import Actor
from sync.central.database import Database
from sync.central.tables import device_commands, devices

KINDS: Final = (
    "pull_policy",
    "self_test",
    "diagnostics",
    "logs",
    "picture",
    "restart",
    "rotate_key",
)
"""All that a kiosk can be told to do (kiosk.store.orders.CommandKind)."""
WAITS: Final = "waits"
LATE: Final = "late"


def targets(
    database: Database, tenant: str, site: str | None = None, device_id: str = ""
) -> tuple[str, ...]:
    """Ids of kiosks that are not revoked: of one site, one alone, or all."""
    query = sa.select(devices.c.device_id).where(
        devices.c.tenant == tenant, devices.c.state != "revoked"
    )
    if site is not None:
        query = query.where(devices.c.site == site)
    if device_id:
        query = query.where(devices.c.device_id == device_id)
    with database.reading() as c:
        return tuple(c.execute(query.order_by(devices.c.device_id)).scalars())


def command(
    database: Database,
    clock: Clock,
    actor: Actor,
    key: SigningKey,
    to: Sequence[str],
    kind: str,
) -> str:
    """ "" or why no kiosk would believe the key; then none was told."""
    for device_id in to:
        told = orders.put_command(database, clock, device_id, kind, key, actor=actor)
        if isinstance(told, str):
            return told
    return ""


def change(
    database: Database,
    clock: Clock,
    actor: Actor,
    key: SigningKey,
    to: Sequence[str],
    changes: Mapping[str, Any],
) -> str:
    """As `command`. Kiosks that have these values already are left alone."""
    for device_id in to:
        now = orders.newest(database, device_id)
        have = {} if now is None else now.values
        if all(have.get(name) == value for name, value in changes.items()):
            continue
        told = orders.put_settings(database, clock, device_id, changes, key, actor=actor)
        if isinstance(told, str):
            return told
    return ""


def state(row: Mapping[str, Any], now: datetime) -> str:
    """Of a command: its outcome as the kiosk told, WAITS, or LATE where its time is over."""
    return row["outcome"] or (WAITS if row["expires_at"] > now else LATE)


def latest(database: Database, tenant: str, most: int) -> tuple[Mapping[str, Any], ...]:
    """The last commands of all kiosks, the newest first."""
    query = (
        sa.select(
            *(one for one in device_commands.c if one.name != "envelope"),
            devices.c.kiosk_code,
            devices.c.site,
        )
        .join(devices, devices.c.device_id == device_commands.c.device_id)
        .where(devices.c.tenant == tenant)
        .order_by(device_commands.c.issued_at.desc(), device_commands.c.device_id)
        .limit(most)
    )
    with database.reading() as c:
        return tuple(dict(row) for row in c.execute(query).mappings())
