"""The only time and the only chance there are in a simulation."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@dataclass
class SimTime:
    """Seconds since START, as they truly pass. Nobody waits: whoever needs time adds it."""

    at: float = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return 1_000.0 + self.at


@dataclass
class KioskClock:
    """A kiosk's own clock: `offset` is how wrong somebody has set it, `boot` when it started."""

    time: SimTime
    offset: timedelta = timedelta()
    boot: float = 0.0

    def now(self) -> datetime:
        return self.time.now() + self.offset

    def monotonic(self) -> float:
        return 10.0 + self.time.at - self.boot


class SimIds:
    """kiosk.ports.Ids from a seed: the same history draws the same ids."""

    def __init__(self, time: SimTime, chance: random.Random) -> None:
        self._time = time
        self._chance = chance

    def uuid(self) -> str:
        value = int(self._time.now().timestamp() * 1000) << 80 | self._chance.getrandbits(76)
        value = value & ~(0xF << 76) | 0x7 << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def token(self, bits: int) -> int:
        return self._chance.getrandbits(bits)
