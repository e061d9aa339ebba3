"""Days as merchants mean them: when the last one ends, which of them count, which come yearly."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from kiosk.domain.policy.dimensions import WEEKDAYS
from kiosk.domain.policy.reading import Reader, exact_day
from kiosk.domain.sentences import Sentence

FORM, YEARLY = "YYYY-MM-DD", "MM-DD"
"""How days are written; the second for those of every year."""


ENDLESS = 9999
"""A window whose last day lies in this year never closes."""
FARTHEST = 60
"""So many days a last day may be carried on at most; a calendar without working days is none."""


@lru_cache(maxsize=4096)
def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day is over there, for good.

    Where clocks go back over midnight the day comes twice: its second end counts, so that what is
    over stays over. Where they jump over midnight it ends with the jump.
    """
    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    return max(midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


@lru_cache(maxsize=4096)
def exists(day: date, zone: ZoneInfo) -> bool:
    """Whether a zone had that day: one that moves over the date line leaves a day out."""
    noon = datetime.combine(day, time(12), zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last of a month that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Yearly:
    """A day of every year. 29 February is 28 February in a year that has none."""

    month: int
    day: int

    def of(self, year: int) -> date:
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))


Named = date | Yearly


def parse(text: str) -> Named | None:
    """`2025-12-24` is that day, `12-24` is that day of every year."""
    yearly = exact_day(f"2000-{text}")  # a leap year: 02-29 is good
    return Yearly(yearly.month, yearly.day) if yearly else exact_day(text)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days that no window ends on: it is carried on to the next one that counts."""

    weekend: frozenset[int] = frozenset()  # Monday is 0
    holidays: frozenset[Named] = frozenset()

    def off(self, day: date) -> bool:
        return (
            day.weekday() in self.weekend
            or day in self.holidays
            or Yearly(day.month, day.day) in self.holidays
        )

    @lru_cache(maxsize=4096)  # noqa: B019 - of a value, a few of which a whole bundle has
    def carry(self, day: date, zone: ZoneInfo) -> date:
        """The first day from `day` on that exists there and is not off. ValueError where there is
        none in a long time."""
        for _ in range(FARTHEST):
            if exists(day, zone) and not self.off(day):
                return day
            day += timedelta(days=1)
        raise ValueError("a calendar needs days that count")


@dataclass(frozen=True, slots=True)
class Season:
    """For what began between `first` and `last`, both included, a window lasts at least `until`.

    All three days of one year, or all of every year: then a season may reach over New Year, and
    `until` is the first such day after it.
    """

    first: Named
    last: Named
    until: Named

    @lru_cache(maxsize=4096)  # noqa: B019 - as `Calendar.carry`
    def ends(self, day: date) -> date | None:
        """Until when it extends what began on `day`; None where it does not."""
        match self.first, self.last, self.until:
            case (date() as first, date() as last, date() as until):
                return until if first <= day <= last else None
            case (Yearly() as first, Yearly() as last, Yearly() as until):
                for year in (day.year - 1, day.year):
                    begins, ends = first.of(year), last.of(year)
                    ends = ends if ends >= begins else last.of(year + 1)
                    if begins <= day <= ends:
                        this = until.of(ends.year)
                        return this if this >= ends else until.of(ends.year + 1)
        return None


def read_calendar(reader: Reader) -> Calendar:
    """`weekend` lists weekdays, `holidays` days; neither is needed."""
    weekend, holidays = reader.words("weekend"), reader.words("holidays")
    if not set(WEEKDAYS) > set(weekend):
        names = ", ".join(WEEKDAYS)
        why = Sentence("must be of {options}, and not all of them", options=names)
        reader.wrong("weekend", why)
    days = [parse(text) for text in holidays]
    if None in days:
        why = Sentence(
            "must be days as {form}, or {yearly} for every year", form=FORM, yearly=YEARLY
        )
        reader.wrong("holidays", why)
    return Calendar(
        frozenset(WEEKDAYS.index(name) for name in weekend if name in WEEKDAYS),
        frozenset(day for day in days if day is not None),
    )


def read_season(reader: Reader) -> Season:
    """`from`, `to` and `until`: three days, or three days of every year."""
    first, last, until = (parse(reader.word(key)) for key in ("from", "to", "until"))
    if isinstance(first, date) and isinstance(last, date) and isinstance(until, date):
        if not first <= last <= until:
            why = Sentence("{one} and {other} must follow each other", one="to", other="until")
            reader.wrong("from", why)
        return Season(first, last, until)
    if isinstance(first, Yearly) and isinstance(last, Yearly) and isinstance(until, Yearly):
        return Season(first, last, until)
    why = Sentence(
        "{one} and {other} must all be {form}, or all {yearly} for every year",
        one="to",
        other="until",
        form=FORM,
        yearly=YEARLY,
    )
    reader.wrong("from", why)
    return Season(date.min, date.min, date.min)
