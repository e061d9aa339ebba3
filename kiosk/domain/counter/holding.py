"""How long a parcel waits: a carrier's hold period, its reminders, and when the last day is over.

The day on which a parcel came is day nought. A last day on which the shop is closed is carried on
to the next one that it opens on; over is a last day at the shop's closing time, not at midnight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kiosk.domain.policy.calendar import FARTHEST, Calendar, exists

LONGEST = 366
"""No hold period has more days; one that says so has this many."""


class Counts(StrEnum):
    """Which days a hold period counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Hold:
    """One carrier's hold period. `remind` is so many days before the last one, each once; an
    extension is `extend_by` days from the last day, or from today where that is over."""

    days: int = 7
    counts: Counts = Counts.DAYS
    remind: tuple[int, ...] = (2, 0)
    extend_by: int = 7
    extensions: int = 1  # without a supervisor


@dataclass(frozen=True, slots=True)
class Opening:
    """When the shop closes, by weekday (Monday is 0), and the days on which it does not open.
    A weekday without a time is one on which it does not."""

    zone: ZoneInfo
    closes: Mapping[int, time]
    holidays: Calendar = field(default_factory=Calendar)
    working: Calendar = field(default_factory=lambda: Calendar(frozenset({5, 6})))
    """What counts as no working day to a carrier, whatever the shop's own hours."""

    def day(self, at: datetime) -> date:
        """The shop's day of an aware instant."""
        return at.astimezone(self.zone).date()

    def opens(self, day: date) -> bool:
        return (
            day.weekday() in self.closes and not self.holidays.off(day) and exists(day, self.zone)
        )

    def carried(self, day: date) -> date:
        """The first day from `day` on on which it opens; `day` where there is none in a long
        time: a shop whose hours are wrong keeps parcels, it does not send them back."""
        days = (day + timedelta(days=n) for n in range(FARTHEST))
        return next((one for one in days if self.opens(one)), day + timedelta(days=FARTHEST))

    def over(self, day: date) -> datetime:
        """The instant (UTC) at which a day is over in the shop. Where the clock shows the closing
        time twice, it is the second one; of a day without hours it is midnight."""
        at = self.closes.get(day.weekday())
        end = datetime.combine(day, at) if at else datetime.combine(day + timedelta(days=1), time())
        local = end.replace(tzinfo=self.zone)
        return max(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def last_day(hold: Hold, came: date, opening: Opening) -> date:
    """The last day on which a parcel waits that came on `came`."""
    return opening.carried(_counted(hold, came, _at_most(hold.days), opening))


def extended(hold: Hold, until: date, today: date, opening: Opening) -> date:
    """The last day after an extension given today."""
    return opening.carried(_counted(hold, max(until, today), _at_most(hold.extend_by), opening))


def is_over(until: date, at: datetime, opening: Opening) -> bool:
    """Whether a parcel with that last day has expired at an aware instant."""
    return at >= opening.over(until)


def reminders(hold: Hold, came: date, until: date) -> tuple[date, ...]:
    """The days on which its recipient is reminded, in order: none on or before the day it came,
    when they are told that it is there."""
    days = {until - timedelta(days=before) for before in hold.remind if before >= 0}
    return tuple(sorted(day for day in days if day > came))


def _at_most(days: int) -> int:
    return min(max(0, days), LONGEST)


def _counted(hold: Hold, start: date, days: int, opening: Opening) -> date:
    if hold.counts is Counts.DAYS:
        return start + timedelta(days=days)
    day, without = start, 0
    while days:
        day += timedelta(days=1)
        if opening.working.off(day):
            without += 1
            if without > FARTHEST:  # a calendar without working days is none
                return day
            continue
        days, without = days - 1, 0
    return day
