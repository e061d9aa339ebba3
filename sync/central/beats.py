"""Heartbeats: what a kiosk says of itself, and whether the two still agree where they stand.

Every kiosk of the fleet calls once a minute, so this is what a centre does all day: one question
and one update, written down once. What has changed since the heartbeat before is kept besides.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kiosk.domain import chain
from kiosk.ports import Clock
from kiosk.seal.keys import SigningKey
from sync.central import heads, orders, photos
from sync.central.counter import feed
from sync.central.counter_book import delivering
from sync.central.database import Transactions
from sync.central.devices import Device
from sync.central.fleet import spans
from sync.central.ingest import milliseconds
from sync.central.policy import keyrings, rollouts
from sync.central.prepared import Prepared
from sync.central.tables import bundles, devices, epochs, links
from sync.wire.messages import Heartbeat, HeartbeatReply

_BIG = 1 << 53
_LONG_S = 10 * 366 * 86_400

_TOLD = (
    "last_seen_at",
    "version",
    "epoch",
    "queued",
    "oldest_queued_s",
    "policy_number",
    "troubles",
    "disk_free_mb",
    "clock_offset_ms",
    "clock_error_ms",
    "inodes_free",
    "boot_id",
    "checked_at",
    "circuit",
    "missed",
    "settings_version",
)


def _telling() -> sa.Update:
    """The right side of an update is the row before it (SQL:2016, 14.14): what is compared here
    are the heartbeat before and this one."""
    now = sa.bindparam("last_seen_at", type_=devices.c.last_seen_at.type)
    quiet = sa.bindparam("quiet", type_=devices.c.last_seen_at.type)
    number = sa.bindparam("policy_number", type_=sa.BigInteger)
    stayed, same = devices.c.beat_at >= quiet, devices.c.policy_number == number
    since = {
        "beat_at": now,
        "here_since": sa.case((stayed, sa.func.coalesce(devices.c.here_since, now)), else_=now),
        "policy_since": sa.case((same, sa.func.coalesce(devices.c.policy_since, now)), else_=now),
    }
    told = {name: sa.bindparam(name, type_=devices.c[name].type) for name in _TOLD}
    return devices.update().where(devices.c.device_id == sa.bindparam("of")).values(told | since)


_TELL = Prepared(_telling())


def _question() -> sa.Select[Any]:
    """All that the answer needs to know, as one row."""
    device = sa.bindparam("of", type_=sa.Text)
    epoch = sa.bindparam("epoch", type_=sa.Text)
    tenant = sa.bindparam("tenant", type_=sa.Text)
    now = sa.bindparam("now", type_=devices.c.last_seen_at.type)
    here = sa.and_(epochs.c.device_id == device, epochs.c.epoch == epoch)
    link = sa.and_(
        links.c.device_id == device,
        links.c.epoch == epoch,
        links.c.sequence == sa.bindparam("cursor", type_=sa.BigInteger),
    )
    settings, command = orders.hint(device, now)
    return sa.select(
        sa.select(epochs.c.cursor).where(here).scalar_subquery().label("cursor"),
        sa.select(epochs.c.chain_head).where(here).scalar_subquery().label("head"),
        sa.select(links.c.chain).where(link).scalar_subquery().label("link"),
        sa.select(sa.func.max(bundles.c.number))
        .where(bundles.c.tenant == tenant)
        .scalar_subquery()
        .label("policy"),
        sa.select(sa.func.max(bundles.c.number))
        .where(bundles.c.tenant == tenant, bundles.c.early.is_(True))
        .scalar_subquery()
        .label("early"),
        keyrings.newest(tenant).scalar_subquery().label("keys"),
        settings.label("settings"),
        command.label("command"),
        photos.awaits(device).label("awaits"),
        feed.hint(device, tenant).label("counter"),
        delivering.hint(device).label("book"),
        devices.c.troubles,
        devices.c.beat_at,
    ).where(devices.c.device_id == device)


_ASK = Prepared(_question())


def beat(
    database: Transactions,
    clock: Clock,
    device: Device,
    told: Heartbeat,
    key: SigningKey | None = None,
) -> HeartbeatReply:
    """With `key` the centre swears to what it holds of the epoch that the kiosk is in."""

    def work(c: sa.Connection) -> HeartbeatReply:
        now = clock.now()
        row = _row(told, now)
        asked = {
            "of": device.device_id,
            "epoch": _text(told.epoch, 101),  # longer than any: then it is none of ours
            "tenant": device.tenant,
            "now": now,
            "cursor": max(-1, min(told.cursor, _BIG)),
        }
        known = _ASK.first(c, asked)
        _TELL.run(c, {"of": device.device_id, "quiet": now - spans.QUIET_AFTER, **row})
        troubles = str(row["troubles"])
        spans.note(c, device.tenant, device.device_id, known.troubles, troubles, known.beat_at, now)
        cursor, head = known.cursor or 0, known.head or chain.GENESIS
        return HeartbeatReply(
            server_time=now,
            settings_version=known.settings or 0,
            commands=known.command or 0,
            policy_number=_policy(c, device, known),
            revoked=device.revoked,
            cursor=cursor,
            fork=_forked(told, cursor, known.link),
            keys_version=known.keys or 0,
            photos=photos.lacking(c, device.device_id) if known.awaits else (),
            knows_offsets=True,
            counter=known.counter or 0,
            book=known.book or 0,
            anchor=heads.oath(key, device.device_id, told.epoch, cursor, head, now),
        )

    return database.write(work)


def _policy(c: sa.Connection, device: Device, known: sa.Row[Any]) -> int:
    """The newest bundle; while a roll-out runs, the newest for this kiosk."""
    if known.policy is not None and known.policy == known.early:
        return rollouts.number_for(c, device.tenant, device.device_id)
    return known.policy or 0


def _row(told: Heartbeat, now: datetime) -> dict[str, object]:
    """What `devices` keeps of it, under the names of its columns."""
    return {
        "last_seen_at": now,
        "version": _text(told.version, 40),
        "epoch": _text(told.epoch, 100),
        "queued": _whole(told.queued),
        "oldest_queued_s": _whole(told.oldest_queued_s),
        "policy_number": _whole(told.policy_number),
        "troubles": _text(" ".join(told.troubles), 1000),
        "disk_free_mb": _whole(told.disk_free_mb),
        "clock_offset_ms": milliseconds(now - told.time) if told.time.tzinfo else 0,
        "clock_error_ms": _whole(_or(told.clock_error_ms)),
        "inodes_free": _whole(told.inodes_free),
        "boot_id": _text(told.boot_id, 100),
        "checked_at": _ago(now, told.checked_s),
        "circuit": _text(told.circuit, 40),
        "missed": _whole(told.missed),
        "settings_version": _whole(told.settings_version),
    }


def _forked(told: Heartbeat, cursor: int, ours: str | None) -> bool:
    """Whether the kiosk's history is not the one that we know: its last acknowledged link is
    another than `ours` at the same place, or it told us once of more than it holds now. Then it
    lives on an older disk, or on a copy, and must not give its next numbers a second meaning."""
    if cursor > told.cursor + max(0, told.queued):
        return True
    if not 0 < told.cursor <= cursor:
        return False  # nothing acknowledged yet, or we are behind: the cursor says so
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
