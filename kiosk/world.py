"""The real clock and the real source of ids: the only place that asks the system for either."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime


class SystemClock:
    """kiosk.ports.Clock over the operating system."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class SystemIds:
    """kiosk.ports.Ids over the operating system's random source."""

    def uuid(self) -> str:
        """A UUIDv7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, then random."""
        value = time.time_ns() // 1_000_000 << 80 | secrets.randbits(76)
        value = value & ~(0xF << 76) | 0x7 << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def token(self, bits: int) -> int:
        return secrets.randbits(bits)
