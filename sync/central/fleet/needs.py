"""Why a kiosk needs somebody: a closed list, the worst first. Lists are sorted by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Any, Final

from kiosk.ports import Trouble
from sync.central.fleet.spans import QUIET_AFTER

Row = Mapping[str, Any]

QUEUE_AFTER: Final = timedelta(minutes=15)
"""A record that waits longer, though the kiosk is heard of, is stuck."""
POLICY_AFTER: Final = timedelta(minutes=30)
"""Kiosks fetch a bundle within minutes of its coming."""
CLOCK_MS: Final = 5_000
DISK_MB: Final = 500
_LONG: Final = timedelta(days=10 * 366)  # older than any kiosk


@unique
class Need(StrEnum):
    """In the order in which they are looked after."""

    STOPPED = "stopped"  # it takes no returns
    SILENT = "silent"
    TROUBLE = "trouble"
    QUEUE = "queue"
    POLICY = "policy"
    CLOCK = "clock"
    DISK = "disk"
    NEVER = "never"  # enrolled, and not heard of yet
    LOOK = "look"  # a part of a shop's look is not used


_RANK: Final = {need: rank for rank, need in enumerate(Need)}
WELL: Final = len(_RANK)
_BAD: Final = frozenset({Need.STOPPED, Need.SILENT})
STOPS: Final = frozenset(
    {
        Trouble.POLICY_EXPIRED.value,
        Trouble.POLICY_MISSING.value,
        Trouble.STORE_FAILED.value,
        Trouble.NOT_ENROLLED.value,
    }
)
"""Troubles with which a kiosk is closed (docs/operator.md)."""


def of(row: Row, now: datetime, behind: datetime | None) -> tuple[Need, ...]:
    """Of a kiosk as `devices` keeps it; `behind` is since when there are newer rules for it than
    it has. A revoked kiosk needs nobody. What a silent one said last is old, but for its queue."""
    if row["state"] == "revoked":
        return ()
    if row["last_seen_at"] is None:
        return (Need.NEVER,)
    troubles = set(str(row["troubles"]).split()) - {Trouble.OFFLINE.value}
    waiting = waiting_since(row)
    quiet = row["last_seen_at"] < now - QUIET_AFTER
    found = {
        Need.SILENT: quiet,
        Need.STOPPED: bool(troubles & STOPS) and not quiet,
        Need.TROUBLE: bool(troubles - STOPS) and not quiet,
        Need.QUEUE: waiting is not None and waiting < now - QUEUE_AFTER,
        Need.POLICY: behind is not None and behind < now - POLICY_AFTER,
        Need.CLOCK: abs(row["clock_offset_ms"]) >= CLOCK_MS,
        Need.DISK: 0 <= row["disk_free_mb"] < DISK_MB,
    }
    return tuple(need for need in Need if found.get(need))


def rank(needs: tuple[Need, ...]) -> int:
    return min((_RANK[need] for need in needs), default=WELL)


def level(needs: tuple[Need, ...]) -> str:
    """bad: no shopper is served, or nobody knows; care: somebody should look; good."""
    if any(need in _BAD for need in needs):
        return "bad"
    return "care" if needs else "good"


def contact(row: Row, now: datetime) -> str:
    if row["state"] == "revoked":
        return "revoked"
    if row["last_seen_at"] is None:
        return "never"
    return "here" if row["last_seen_at"] >= now - QUIET_AFTER else "quiet"


def waiting_since(row: Row) -> datetime | None:
    """When the oldest record that a kiosk still holds back was made, by what it said last."""
    seen: datetime | None = row["last_seen_at"]
    age = timedelta(seconds=min(int(row["oldest_queued_s"]), int(_LONG.total_seconds())))
    if seen is None or not row["queued"] or not timedelta() < age < _LONG:
        return None
    return seen - age
