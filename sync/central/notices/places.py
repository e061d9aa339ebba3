"""What a site and its tenant say of sending: the time there, its carriers, and quiet hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from kiosk.ports import Ids
from sync.central.counter_book import houses, peppers
from sync.central.counter_book.peppers import Pepper
from sync.central.notices import addresses
from sync.central.notices.hours import Quiet
from sync.central.tables import notice_settings
from sync.wire.counter_book import HouseTold


@dataclass(frozen=True, slots=True)
class Place:
    """A site with a counter, as its book in force has it. `pepper` is None where there is none."""

    tenant: str
    site: str
    zone: ZoneInfo
    house: HouseTold = field(default_factory=HouseTold)
    pepper: Pepper | None = None

    def remind(self, carrier: str) -> tuple[int, ...]:
        """So many days before the last one."""
        its = next((one.hold for one in self.house.carriers if one.carrier == carrier), None)
        return (its or self.house.hold).remind

    def carrier(self, carrier: str) -> str:
        """What people call it."""
        named = (one.name for one in self.house.carriers if one.carrier == carrier)
        return next((name for name in named if name), carrier)

    def over(self, day: date) -> datetime:
        """When a day is over there: at closing time, or at midnight where nobody says."""
        told = {one.weekday: one.at for one in self.house.opening.closes}
        try:
            at = time.fromisoformat(told[day.weekday()])
        except (KeyError, ValueError):
            day, at = day + timedelta(days=1), time()
        return datetime.combine(day, at, self.zone).astimezone(UTC)


def place(c: sa.Connection, tenant: str, site: str, otherwise: ZoneInfo) -> Place | None:
    """None for a site without a counter; its time is `otherwise` until a book says it. Raises
    Unreadable."""
    house = houses.load(c, tenant, site)
    if house is None:
        return None
    there = zone(c, tenant, site, otherwise)
    return Place(tenant, site, there, house.standing, peppers.newest_pepper(c, tenant, site))


def zone(c: sa.Connection, tenant: str, site: str, otherwise: ZoneInfo) -> ZoneInfo:
    """A site's time zone, where it has a counter that says it."""
    house = houses.load(c, tenant, site) if site else None
    found = _zone(house.standing.opening.zone) if house and house.number else None
    return found or otherwise


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def quiet(c: sa.Connection, tenant: str) -> Quiet:
    """The tenant's quiet hours, in the time of each site."""
    n = notice_settings.c
    mine = sa.select(n.quiet_from, n.quiet_until).where(n.tenant == tenant)
    row = c.execute(mine).one_or_none()
    return Quiet() if row is None else Quiet(row.quiet_from, row.quiet_until)


def set_quiet(c: sa.Connection, ids: Ids, tenant: str, told: Quiet) -> None:
    addresses.pepper(c, ids, tenant)  # the row is there from now on
    n = notice_settings.c
    values = {"quiet_from": told.begins, "quiet_until": told.ends}
    c.execute(notice_settings.update().where(n.tenant == tenant).values(values))
