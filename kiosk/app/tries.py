"""How often codes that anyone could make up may be tried, per kiosk and over restarts.

A signed code cannot be guessed and is not counted; nor is a slip that its check character shows.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kiosk.store.values import moment, stamp

if TYPE_CHECKING:
    from kiosk.store import Work

LIMIT = 10
WINDOW = timedelta(minutes=10)
_KEY = "tries"


def too_many(work: Work, now: datetime) -> bool:
    return len(_recent(work, now)) >= LIMIT


def count(work: Work, now: datetime) -> None:
    """One more that led to nothing."""
    kept = [*_recent(work, now), now][-LIMIT:]
    work.set(_KEY, " ".join(stamp(at) for at in kept))


def _recent(work: Work, now: datetime) -> list[datetime]:
    found = [moment(text) for text in (work.get(_KEY) or "").split()]
    return [at for at in found if now - at < WINDOW]
