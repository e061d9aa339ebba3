"""How often one key may ask: one count for all workers, kept in the database.

A worker takes its turns from that count by tens, and a key that is told to wait is told so again
without asking it: so ten requests cost one small transaction, and a flood next to none. What a
worker holds and does not use, it holds for a minute; a key can have that much more, and no more.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from kiosk.ports import Clock
from sync.central import limits
from sync.central.database import Database
from sync.central.limits import Pace

MOST_KEYS: Final = 10_000
PORTION: Final = 10
HELD_S: Final = 60.0
USUAL: Final = Pace(50, timedelta(seconds=1), 200)
_SCOPE: Final = "api"


@dataclass(slots=True)
class _Held:
    """Turns until then; none: told to wait until then. Monotonic, seconds."""

    turns: int
    until: float


class Limits:
    """One worker's. Safe from any thread; `wait` blocks."""

    def __init__(self, pace: Pace = USUAL, portion: int = PORTION) -> None:
        self._pace, self._portion = pace, min(portion, pace.burst)
        self._lock = threading.Lock()
        self._held: OrderedDict[str, _Held] = OrderedDict()

    def wait(self, database: Database, clock: Clock, key: str) -> int:
        """0 where it may; else in how many whole seconds it may."""
        now = clock.monotonic()
        with self._lock:
            held = self._held.get(key)
            if held is not None and now < held.until:
                if held.turns == 0:
                    return math.ceil(held.until - now)
                held.turns -= 1
                if held.turns == 0:
                    del self._held[key]
                return 0
        turns, pause = self._ask(database, clock, key)
        with self._lock:
            self._keep(key, turns - 1, now + (HELD_S if turns else pause))
        return 0 if turns else max(1, math.ceil(pause))

    def _ask(self, database: Database, clock: Clock, key: str) -> tuple[int, float]:
        """Turns from the count of all; none, and how long to wait in seconds."""

        def work(c: sa.Connection) -> tuple[int, float]:
            pause = timedelta(0)
            for count in (self._portion, 1):
                pause = limits.take(c, _SCOPE, key, self._pace, clock.now(), count)
                if not pause:
                    return count, 0.0
            return 0, pause.total_seconds()

        return database.write(work)

    def _keep(self, key: str, turns: int, until: float) -> None:
        if turns == 0:
            return  # the one there was is being used
        self._held.pop(key, None)
        self._held[key] = _Held(max(0, turns), until)
        while len(self._held) > MOST_KEYS:
            self._held.popitem(last=False)  # the one that asked longest ago
