"""How long a line may come back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, NamedTuple, Self, assert_never
from zoneinfo import ZoneInfo

from kiosk.domain.policy import calendar
from kiosk.domain.policy.calendar import Calendar, Season
from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.reasons import Reason, Why

MOST_DAYS = 36_500
MOST_MONTHS = 1_200
MOST_SEASONS = 50
KEPT = 4096  # ends of one window
WITHIN = Reason(Why.WITHIN_POLICY)


class Start(StrEnum):
    """What the days are counted from."""

    DELIVERY = "delivery"
    ORDER = "order"
    PURCHASE = "purchase"  # another word for order
    FULFILMENT = "fulfilment"
    DATE = "date"


class Undelivered(StrEnum):
    """What to say of a line that, by the records, was not delivered or sent yet."""

    STAFF = "staff"
    REFUSE = "refuse"
    ACCEPT = "accept"


class _End(NamedTuple):
    """The last day, the instant after it (None for never), and what is said until then."""

    last: date
    instant: datetime | None
    within: Finding


@dataclass(frozen=True, slots=True)
class Window(FramedRule):
    """`days` or `months` after the start the last day ends, in the merchant's time zone; it is
    included. Grants ACCEPT inside; REFUSE with WINDOW_CLOSED after.

    Parameters: `days` or `months`; `from` = "delivery" (default), "order" or "purchase",
    "fulfilment", or "date" with `date`; `undelivered` = "staff" (default), "refuse" or "accept"
    for a delivery or fulfilment that nobody recorded.

    `extend` lists seasons (kiosk.domain.policy.calendar.Season): `from`, `to`, `until`, by the day
    of the order. Then a last day that is one of `weekend` or `holidays` is carried on to the next
    day that is not. Then `latest` caps it. Where the window opens is not judged: goods in the
    shopper's hand have arrived. It must not look at the clock.
    """

    tag: ClassVar[str] = "window"
    timeless: ClassVar[bool] = True
    days: int
    months: int
    start: Start
    on: date | None
    undelivered: Undelivered
    extend: tuple[Season, ...]
    calendar: Calendar
    latest: date
    _known: dict[tuple[date, date, str], _End] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """By start, order and time zone: nothing else moves an end, and returns of a few weeks share
    few days."""

    @property
    def of_return(self) -> bool:
        return True

    def speak(self, facts: Facts) -> Finding:
        start = self._start(facts)
        if start is None:
            return self._undelivered()
        key = (start, facts.authorisation.ordered_on, facts.merchant.timezone)
        end = self._known.get(key)
        if end is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            end = self._known[key] = self._end(*key)
        if end.instant is None or facts.context.now < end.instant:
            return end.within
        last = end.last
        values: dict[str, str | int] = {"days": (last - start).days, "closed_on": last.isoformat()}
        return Finding(Outcome.REFUSE, Reason(Why.WINDOW_CLOSED, values))

    def _end(self, start: date, ordered: date, timezone: str) -> _End:
        zone = ZoneInfo(timezone)
        last = self._last(start, ordered, zone)
        if last.year >= calendar.ENDLESS:
            return _End(last, None, Finding(Outcome.ACCEPT, WITHIN))
        within = Finding(Outcome.ACCEPT, WITHIN, until=last)
        return _End(last, calendar.end_of(last, zone), within)

    def _last(self, start: date, ordered: date, zone: ZoneInfo) -> date:
        last = calendar.add_months(start, self.months) if self.months else start
        last += timedelta(days=self.days)
        for season in self.extend:
            last = max(last, season.ends(ordered) or last)
        if last.year < calendar.ENDLESS:
            last = self.calendar.carry(last, zone)
        return min(last, self.latest)

    def _undelivered(self) -> Finding:
        if self.undelivered is Undelivered.ACCEPT:
            return Finding(Outcome.ACCEPT, Reason(Why.WITHIN_POLICY))
        return Finding(Outcome(self.undelivered.value), Reason(Why.NOT_DELIVERED_YET))

    def _start(self, facts: Facts) -> date | None:
        match self.start:
            case Start.DELIVERY:
                return facts.authorisation.delivered_on
            case Start.FULFILMENT:
                return facts.authorisation.fulfilled_on
            case Start.ORDER | Start.PURCHASE:
                return facts.authorisation.ordered_on
            case Start.DATE:
                return self.on
            case _:
                assert_never(self.start)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        start = reader.choice("from", Start, Start.DELIVERY)
        undelivered = Undelivered.STAFF
        if start in (Start.DELIVERY, Start.FULFILMENT):
            undelivered = reader.choice("undelivered", Undelivered, Undelivered.STAFF)
        by_months = reader.has("months")
        return cls(
            frame,
            days=0 if by_months else reader.integer("days", 0, MOST_DAYS),
            months=reader.integer("months", 1, MOST_MONTHS) if by_months else 0,
            start=start,
            on=reader.day("date") if start is Start.DATE else None,
            undelivered=undelivered,
            extend=_seasons(reader),
            calendar=calendar.read_calendar(reader),
            latest=reader.day("latest") if reader.has("latest") else date.max,
        )


def _seasons(reader: Reader) -> tuple[Season, ...]:
    children = reader.children("extend", MOST_SEASONS)
    seasons = tuple(calendar.read_season(child) for child in children)
    for child in children:
        reader.absorb(child)
    return seasons
