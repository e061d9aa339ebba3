"""The day's lists: what to pull from the shelves, and whom to tell what."""

from __future__ import annotations

from datetime import date, datetime

from kiosk.domain.counter.holding import Hold, reminders
from kiosk.domain.counter.index import By
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.shop import Shop

ARRIVED, LAST_DAY = "arrived", "last_day"


def reminder(days: int) -> str:
    """The notice of so many days before the last one."""
    return f"reminder:{days}" if days else LAST_DAY


def pull_list(shop: Shop) -> tuple[Parcel, ...]:
    """What goes back and is not staged yet, in the order of a walk: by shelf, then number."""
    states = (ParcelState.EXPIRED, ParcelState.REFUSED_OUT)
    found = (shop.parcels[number] for state in states for number in shop.in_state(state))
    return tuple(sorted(found, key=lambda parcel: (parcel.shelf_id, parcel.number)))


def day_of(text: str) -> date | None:
    """A day as a fact tells it; None for what is none, which never comes."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def due_notices(shop: Shop, rules: Rules, at: datetime) -> tuple[tuple[str, str], ...]:
    """Each parcel and the one notice that is due for it now: that it is here, then the latest
    reminder that has come. Looks at every parcel that waits: once an hour, not at every scan."""
    today, found = rules.opening.day(at), []
    for text in shop.parcels.index.values(By.UNTIL):
        until = day_of(text)
        for number in sorted(shop.parcels.index.of(By.UNTIL, text)):
            parcel = shop.parcels[number]
            notice = _due(parcel, rules.hold_of(parcel.carrier), until, today)
            if notice and notice not in parcel.notices:
                found.append((number, notice))
    return tuple(found)


def _due(parcel: Parcel, hold: Hold, until: date | None, today: date) -> str:
    came = day_of(parcel.received_on)
    if ARRIVED not in parcel.notices:
        return ARRIVED
    if until is None or came is None:
        return ""
    passed = [day for day in reminders(hold, came, until) if day <= today]
    return reminder((until - passed[-1]).days) if passed else ""
