"""The breaker in the line to the centre: closed while the centre answers, open after a failure
until its time has come, half-open for the one try that then decides.

It opens with the first failure. Everything is kept anyway, so a second try at once gains nothing,
and a fleet that tries twice is twice the storm. How long it stays open is chance within a limit
that doubles (sync.agent.pace), or what the centre asked for; a restart does not shorten it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.ports import Clock, Ids
from sync.agent import pace as paces
from sync.agent.pace import Pace


class Circuit(StrEnum):
    """Told in AgentState and in heartbeats."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(slots=True)
class Breaker:
    """`failures` in a row; `gate` is the moment (monotonic s) before which nobody is called;
    `missed` counts what failed since somebody last took note."""

    clock: Clock
    pace: Pace
    ids: Ids
    failures: int = 0
    gate: float = 0.0
    missed: int = 0

    def state(self) -> Circuit:
        if not self.failures:
            return Circuit.CLOSED
        return Circuit.OPEN if self.clock.monotonic() < self.gate else Circuit.HALF_OPEN

    def resume(self, failures: int, next_attempt: datetime | None) -> None:
        """Go on as before a restart; a wall clock that jumped does not make us wait longer than
        any back-off could."""
        self.failures = failures
        if failures and next_attempt is not None:
            left = (next_attempt - self.clock.now()).total_seconds()
            longest = max(self.pace.retry_most, 1.2 * self.pace.longest_retry_after)
            self.gate = self.clock.monotonic() + min(max(left, 0.0), longest)

    def patience(self) -> float:
        """Seconds to wait after one failure more."""
        return paces.back_off(self.failures, self.pace, self.ids)

    def trip(self, wait: float) -> None:
        """It failed: nobody is called for `wait` seconds."""
        self.failures += 1
        self.missed += 1
        self.gate = self.clock.monotonic() + wait

    def close(self) -> bool:
        """The centre answered; whether that was news."""
        news = self.failures > 0
        self.failures, self.gate = 0, 0.0
        return news
