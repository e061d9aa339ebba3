"""A lane of the gate: places, the line in front of them, and slots for those who must come again.

Times are seconds of a monotonic clock that the caller reads. Not for two threads.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

LATE = 1.1
"""A kiosk comes at the told time plus up to a fifth (sync.agent.pace): a tenth, on average."""
LINES = (1.0, 2.0, 3.0)
"""How much longer the line may be for somebody who comes at the time that was told, once or more
often: still shorter than a kiosk's usual time-out, and enough that hardly anyone asks a fourth
time."""
LONGEST_S = 1800.0
MOST_SLOTS = 100_000
MOST_INSIDE = 500
_MEMORY = 16  # requests over which the pace is averaged


@dataclass(frozen=True, slots=True)
class Turned:
    """No room. `retry_after` is whole seconds, at least one."""

    retry_after: int


@dataclass(slots=True)
class Lane:
    """`places` requests at once; `interval` is the time between two that are done while all
    places are taken: a guess at first, then what is seen."""

    places: int
    patience_s: float
    interval: float
    _inside: int = 0
    _free: asyncio.Semaphore = field(init=False)
    _next: float = 0.0
    _slots: dict[str, tuple[float, int]] = field(default_factory=dict)
    """By device: when it may come, and how often it was told so."""
    _since: float | None = None
    """Since when all places are taken and nobody was done."""

    def __post_init__(self) -> None:
        self._free = asyncio.Semaphore(self.places)

    def enter(self, device: str, now: float) -> Turned | None:
        """None: come in, and `leave` whatever happens. A device ("" is nobody) keeps the slot it
        was given, however often it asks before."""
        due, times = self._slots.get(device, (now, 0))
        if now < due - 1.0:
            return Turned(_seconds(due - now))
        room = self.patience_s * LINES[min(times, len(LINES) - 1)]
        line = (self._inside + 1 - self.places) * self.interval
        if line > room or self._inside >= MOST_INSIDE:
            return self._turn_away(device, now, times + 1)
        self._slots.pop(device, None)
        self._inside += 1
        if self._inside >= self.places and self._since is None:
            self._since = now
        return None

    def leave(self) -> None:
        self._inside -= 1
        if self._inside < self.places:
            self._since = None

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """In the order of coming."""
        async with self._free:
            try:
                yield
            finally:
                self._done()

    def _turn_away(self, device: str, now: float, times: int) -> Turned:
        line = max(0, self._inside - self.places) * self.interval
        self._next = min(max(self._next, now + line) + self.interval, now + LONGEST_S)
        wait = _seconds((self._next - now) / LATE)
        if device:
            if len(self._slots) >= MOST_SLOTS:
                del self._slots[next(iter(self._slots))]
            self._slots.pop(device, None)
            self._slots[device] = now + wait, times
        return Turned(wait)

    def _done(self) -> None:
        if self._since is not None:
            now = asyncio.get_running_loop().time()
            self.interval += (now - self._since - self.interval) / _MEMORY
            self._since = now


def _seconds(span: float) -> int:
    return max(1, round(span))
