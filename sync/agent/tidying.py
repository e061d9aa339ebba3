"""Forgetting what the centre has held for long enough."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kiosk.ports import Clock
from sync.agent.photos import Sending

if TYPE_CHECKING:
    from kiosk.store.store import Store

TIDY_S: Final = 3600.0
AGREED: Final = timedelta(days=1)


class Tidying:
    """By both our times: a clock of ours that was set years ahead would forget today's drops,
    which a centre restored from a backup still lacks. While the two disagree there is no hurry."""

    def __init__(self, store: Store, photos: Sending, clock: Clock) -> None:
        self._store, self._photos, self._clock = store, photos, clock
        self._next = -math.inf

    def tidy(self, there: datetime) -> None:
        """`there` is the centre's time, as it told it now. Raises StoreFailed."""
        now = self._clock.monotonic()
        if now < self._next or there.tzinfo is None:
            return
        if abs(there - self._clock.now()) < AGREED:
            self._next = now + TIDY_S
            until = min(there, self._clock.now())
            self._store.outbox.prune(until)
            self._photos.tidy(until)
