"""A site with a counter at a real centre: a book, two people, shelves and a carrier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from kiosk.domain.counter.commands import Role
from sync.central.audit import Actor
from sync.central.counter_book import houses, people, publishing
from sync.central.counter_book.people import Card, Changing
from sync.wire import counter_book as wire
from sync.wire.counter_book import CounterBook, HouseTold
from tests.sync.conftest import BUNDLE_KEY, IDS, TENANT, Centre

SITE = "Street 1"
BY = Actor(TENANT, "ada", "", "run_counters")
HOUSE = HouseTold(
    carriers=(
        wire.CarrierTold(carrier="dhl", name="DHL", proof=wire.ProofTold(ask=("code",))),
        wire.CarrierTold(carrier="gls", name="GLS", proof=wire.ProofTold(ask=("name",))),
    ),
    opening=wire.OpeningTold(
        zone="Europe/Berlin",
        closes=tuple(wire.ClosesTold(weekday=day, at="19:00") for day in range(6)),
        holidays=("12-25",),
    ),
    shelves=(
        wire.ShelfTold(shelf_id="A1", zone="A"),
        wire.ShelfTold(shelf_id="R1", zone="R", returns=True),
    ),
)


@dataclass
class Desk:
    """The back office's hands on one site's book."""

    centre: Centre

    @property
    def do(self) -> Changing:
        return Changing(self.centre.database, self.centre.clock, IDS, BY, BUNDLE_KEY)

    def begin(self, site: str = SITE) -> None:
        now = self.centre.clock.now()
        self.centre.database.write(lambda c: houses.begin(c, IDS, now, BY, site))

    def draft(self, house: HouseTold, site: str = SITE) -> str:
        """Its digest."""
        database, clock = self.centre.database, self.centre.clock
        made = houses.change(database, clock, BY, site, "all", lambda _: house)
        assert isinstance(made, houses.House)
        return made.digest

    def publish(self, house: HouseTold = HOUSE, site: str = SITE) -> CounterBook:
        database, clock = self.centre.database, self.centre.clock
        seen = self.draft(house, site)
        made = publishing.publish(database, clock, BUNDLE_KEY, BY, site, seen)
        assert isinstance(made, CounterBook), made
        return made

    def add(self, name: str, *roles: Role, sites: frozenset[str] = frozenset({SITE})) -> Card:
        card = people.add(self.do, name, frozenset(roles or {Role.ASSOCIATE}), sites)
        assert isinstance(card, Card), card
        return card


@pytest.fixture
def without_server() -> Any:
    """In the place of a centre's server, where nobody asks over HTTP."""
    return None


@pytest.fixture
def desk(centre: Centre) -> Desk:
    made = Desk(centre)
    made.begin()
    return made
