"""How long a line may come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.reasons import Reason, Why

MOST_DAYS = 36_500


class Start(StrEnum):
    """What the days are counted from."""

    DELIVERY = "delivery"
    ORDER = "order"
    DATE = "date"


class Undelivered(StrEnum):
    """What to say of a line that, by the records, was not delivered yet."""

    STAFF = "staff"
    REFUSE = "refuse"
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Window(FramedRule):
    """`days` after the start the last day ends, in the merchant's time zone; it is included.

    Parameters: `days`; `from` = "delivery" (default), "order" or "date"; `date` for "date";
    `undelivered` = "staff" (default), "refuse" or "accept" for "delivery".
    Grants ACCEPT inside; REFUSE with WINDOW_CLOSED after. Where the window opens is not judged:
    goods in the shopper's hand have arrived.
    """

    tag: ClassVar[str] = "window"
    days: int
    start: Start
    on: date | None
    undelivered: Undelivered

    def speak(self, facts: Facts) -> Finding:
        start = self._start(facts)
        if start is None:
            return self._undelivered()
        zone = ZoneInfo(facts.merchant.timezone)
        last = start + timedelta(days=self.days)
        if facts.context.now.astimezone(zone).date() <= last:
            return Finding(Outcome.ACCEPT, Reason(Why.WITHIN_POLICY))
        values: dict[str, str | int] = {"days": self.days, "closed_on": last.isoformat()}
        return Finding(Outcome.REFUSE, Reason(Why.WINDOW_CLOSED, values))

    def _undelivered(self) -> Finding:
        if self.undelivered is Undelivered.ACCEPT:
            return Finding(Outcome.ACCEPT, Reason(Why.WITHIN_POLICY))
        return Finding(Outcome(self.undelivered.value), Reason(Why.NOT_DELIVERED_YET))

    def _start(self, facts: Facts) -> date | None:
        match self.start:
            case Start.DELIVERY:
                return facts.authorisation.delivered_on
            case Start.ORDER:
                return facts.authorisation.ordered_on
            case Start.DATE:
                return self.on

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        start = reader.choice("from", Start, Start.DELIVERY)
        undelivered = Undelivered.STAFF
        if start is Start.DELIVERY:
            undelivered = reader.choice("undelivered", Undelivered, Undelivered.STAFF)
        return cls(
            frame,
            days=reader.integer("days", 0, MOST_DAYS),
            start=start,
            on=reader.day("date") if start is Start.DATE else None,
            undelivered=undelivered,
        )
