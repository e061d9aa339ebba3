"""A clock that the story sets: what the centre takes for now."""

from __future__ import annotations

from datetime import datetime, timedelta


class StoryClock:
    """kiosk.ports.Clock. It goes on a little with every look at it, and never back."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        self._at += timedelta(microseconds=1)
        return self._at

    def monotonic(self) -> float:
        return self._at.timestamp()

    def set(self, at: datetime) -> None:
        self._at = max(self._at, at)
