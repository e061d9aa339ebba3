"""How far the centre's clock is from ours, with a bound on the error.

Every answer that tells the centre's time is a sample: the time was read somewhere between our
question and its answer, so the middle is right to half of what the exchange took (Cristian, 1989).
Samples tie the centre's time to our monotonic clock, so that a wall clock which is set meanwhile
changes the offset at once and spoils nothing. The narrowest sample counts, widened as it ages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from kiosk.ports import Clock

KEPT = 8
DRIFT = 100e-6  # a cheap quartz; RFC 5905 reckons with 15e-6 for a good one
AGREEING = 3
"""So many samples in a row that contradict what we hold, and not each other, are believed: the
machine slept, or the centre's own clock was set."""
LEAST_S = 0.001  # the wire tells milliseconds at best

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Add `offset` to our clock to meet the centre's; right to `error` either way."""

    offset: timedelta
    error: timedelta


@dataclass(frozen=True, slots=True)
class _Sample:
    """`centre` is the centre's time, in seconds since 1970, when our monotonic clock was at `at`;
    `error` in seconds."""

    at: float
    centre: float
    error: float

    def when(self, monotonic: float) -> float:
        return self.centre + (monotonic - self.at)

    def width(self, monotonic: float) -> float:
        return self.error + DRIFT * abs(monotonic - self.at)

    def agrees(self, other: _Sample) -> bool:
        apart = abs(self.when(other.at) - other.centre)
        return apart <= self.width(other.at) + other.error


@dataclass(slots=True)
class Offsets:
    """Fed by one thread; may be asked by any."""

    clock: Clock
    _held: tuple[_Sample, ...] = ()
    _odd: tuple[_Sample, ...] = field(default=())

    def told(self, there: datetime, asked: float, answered: float) -> None:
        """The centre said `there` in an answer between these two readings of our monotonic clock.
        What contradicts all we hold waits until others say the same."""
        if there.tzinfo is None or answered < asked:
            return
        sample = self._sample(there, asked, answered)
        best = self._best(sample.at)
        if best is None or best.agrees(sample):
            self._held, self._odd = (*self._held, sample)[-KEPT:], ()
            return
        like = all(odd.agrees(sample) for odd in self._odd)
        self._odd = (*self._odd, sample) if like else (sample,)
        if len(self._odd) >= AGREEING:
            self._held, self._odd = self._odd, ()

    def refused(self, there: datetime, asked: float, answered: float) -> None:
        """As `told`, where the centre refused us for our time: what we held is wrong."""
        if there.tzinfo is None or answered < asked:
            return
        self._held, self._odd = (self._sample(there, asked, answered),), ()

    def estimate(self) -> Estimate | None:
        """None before the first answer."""
        now = self.clock.monotonic()
        best = self._best(now)
        if best is None:
            return None
        ours = (self.clock.now() - _EPOCH).total_seconds()
        return Estimate(
            timedelta(seconds=best.when(now) - ours), timedelta(seconds=best.width(now))
        )

    def milliseconds(self, most: timedelta) -> int | None:
        """The offset, where it is right to `most`."""
        found = self.estimate()
        if found is None or found.error > most:
            return None
        return round(found.offset / timedelta(milliseconds=1))

    def _best(self, monotonic: float) -> _Sample | None:
        return min(self._held, key=lambda sample: sample.width(monotonic), default=None)

    @staticmethod
    def _sample(there: datetime, asked: float, answered: float) -> _Sample:
        half = (answered - asked) / 2
        return _Sample(asked + half, (there - _EPOCH).total_seconds(), max(LEAST_S, half))
