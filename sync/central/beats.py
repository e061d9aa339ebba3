"""Heartbeats: what a kiosk says of itself, and whether the two still agree where they stand."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from kiosk.ports import Clock
from kiosk.seal.keys import SigningKey
from sync.central import heads, orders, photos, policy_keys
from sync.central.database import Database
from sync.central.devices import Device
from sync.central.ingest import milliseconds, standing_of
from sync.central.tables import bundles, devices, links
from sync.wire.messages import Heartbeat, HeartbeatReply

_BIG = 1 << 53
_LONG_S = 10 * 366 * 86_400


def beat(
    database: Database,
    clock: Clock,
    device: Device,
    told: Heartbeat,
    key: SigningKey | None = None,
) -> HeartbeatReply:
    """With `key` the centre swears to what it holds of the epoch that the kiosk is in."""

    def work(c: sa.Connection) -> HeartbeatReply:
        now = clock.now()
        offset = milliseconds(now - told.time) if told.time.tzinfo else 0
        c.execute(
            devices.update()
            .where(devices.c.device_id == device.device_id)
            .values(
                last_seen_at=now,
                version=_text(told.version, 40),
                epoch=_text(told.epoch, 100),
                queued=_whole(told.queued),
                oldest_queued_s=_whole(told.oldest_queued_s),
                policy_number=_whole(told.policy_number),
                troubles=_text(" ".join(told.troubles), 1000),
                disk_free_mb=_whole(told.disk_free_mb),
                clock_offset_ms=offset,
                clock_error_ms=_whole(_or(told.clock_error_ms)),
                inodes_free=_whole(told.inodes_free),
                boot_id=_text(told.boot_id, 100),
                checked_at=_ago(now, told.checked_s),
                circuit=_text(told.circuit, 40),
                missed=_whole(told.missed),
                settings_version=_whole(told.settings_version),
            )
        )
        standing = standing_of(c, device.device_id, told.epoch)
        newest = c.execute(
            sa.select(sa.func.max(bundles.c.number)).where(bundles.c.tenant == device.tenant)
        ).scalar_one()
        settings, command = orders.hint(c, device.device_id, now)
        return HeartbeatReply(
            server_time=now,
            settings_version=settings,
            commands=command,
            policy_number=newest or 0,
            revoked=device.revoked,
            cursor=standing.cursor,
            fork=_forked(c, device, told, standing.cursor),
            keys_version=policy_keys.version(c, device.tenant),
            photos=photos.lacking(c, device.device_id),
            knows_offsets=True,
            anchor=heads.oath(
                key, device.device_id, told.epoch, standing.cursor, standing.head, now
            ),
        )

    return database.write(work)


def _forked(c: sa.Connection, device: Device, told: Heartbeat, cursor: int) -> bool:
    """Whether the kiosk's history is not the one that we know: its last acknowledged link is
    another than ours at the same place, or it told us once of more than it holds now. Then it
    lives on an older disk, or on a copy, and must not give its next numbers a second meaning."""
    if cursor > told.cursor + max(0, told.queued):
        return True
    if not 0 < told.cursor <= cursor:
        return False  # nothing acknowledged yet, or we are behind: the cursor says so
    ours = c.execute(
        sa.select(links.c.chain).where(
            links.c.device_id == device.device_id,
            links.c.epoch == told.epoch,
            links.c.sequence == told.cursor,
        )
    ).scalar_one_or_none()
    return ours != told.chain_head


def _text(value: str, limit: int) -> str:
    return value.replace("\0", "�")[:limit]


def _or(value: int | None) -> int:
    return -1 if value is None else value


def _ago(now: datetime, seconds: int | None) -> datetime | None:
    """None for a kiosk that does not say, or says what cannot be."""
    if seconds is None or not 0 <= seconds < _LONG_S:
        return None
    return now - timedelta(seconds=seconds)


def _whole(value: int) -> int:
    return max(-1, min(value, _BIG))
