"""When a notice may go out: not at night, not past its use, and how long to wait after a failure.

Pure. Times of day are minutes of the site's own day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sync.central.notices.model import Kind

AT_ONCE: Final = frozenset({Kind.COLLECTED, Kind.DROPPED_OFF})
"""These answer what somebody just did, or did not do: whoever is awake wants to know."""
DAY: Final = 24 * 60
FIRST: Final = timedelta(seconds=30)
LONGEST: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From a minute of the day until another one, over midnight as well; the same: never."""

    begins: int = 21 * 60
    ends: int = 8 * 60

    def holds(self, minute: int) -> bool:
        if self.begins <= self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


def due(kind: Kind, at: datetime, quiet: Quiet, zone: ZoneInfo, not_after: datetime) -> datetime:
    """When a notice that is due at an aware instant may go out: then, or when the quiet hours end
    at its site. What would be of no use by then goes out at once."""
    local = at.astimezone(zone)
    if kind in AT_ONCE or not quiet.holds(local.hour * 60 + local.minute):
        return at
    end = time(quiet.ends % DAY // 60, quiet.ends % 60)
    morning = datetime.combine(local.date(), end, zone)
    if morning <= local:
        morning = datetime.combine(local.date() + timedelta(days=1), end, zone)
    then = morning.astimezone(at.tzinfo)
    return then if then < not_after else at


def pause(failures: int, fraction: float) -> timedelta:
    """After so many failures in a row; `fraction` of 1 is chance, all of it: those that failed
    together do not come back together."""
    whole = min(LONGEST, FIRST * (1 << min(max(failures, 1) - 1, 20)))
    return max(timedelta(seconds=1), whole * fraction)
