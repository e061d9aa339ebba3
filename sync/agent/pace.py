"""How often and how patiently the agent calls. Randomness keeps a fleet from calling at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from kiosk.ports import Ids


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. A demo or a test makes them small."""

    beat: float = 60.0
    policy: float = 300.0
    first_contact: float = 60.0  # a whole street comes back from a power cut together
    retry_least: float = 1.0
    retry_most: float = 300.0
    longest_retry_after: float = 3600.0
    photo: float = 1.0  # between two parts of photographs
    photo_again: float = 3600.0  # until one that the centre did not take is offered again


def fraction(ids: Ids) -> float:
    """Uniform in [0, 1)."""
    return ids.token(32) / (1 << 32)


def spread(seconds: float, ids: Ids) -> float:
    """Plus or minus a fifth."""
    return seconds * (0.8 + 0.4 * fraction(ids))


def back_off(failures: int, pace: Pace, ids: Ids) -> float:
    """Full jitter: anywhere up to a limit that doubles with each failure."""
    limit = min(pace.retry_most, pace.retry_least * (1 << min(failures, 20)))
    return pace.retry_least + (limit - pace.retry_least) * fraction(ids)


def retry_after(value: str, now: datetime) -> float | None:
    """The header's seconds (RFC 9110, 10.2.3: a number or a date); None where it says nothing."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:10])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # a year beyond every number
        return None
    return (at - now).total_seconds() if at.tzinfo else None


def told_to_wait(value: str, now: datetime, pace: Pace, ids: Ids) -> float | None:
    """Retry-After plus up to a fifth, never earlier; an absurd one is cut to an hour. None where
    it says nothing, "at once" or a time gone by: who is busy and says so would be asked without a
    pause."""
    seconds = retry_after(value, now)
    if seconds is None or seconds < pace.retry_least:
        return None
    return min(seconds, pace.longest_retry_after) * (1.0 + 0.2 * fraction(ids))
