"""Somebody sets the counter's clock. Parcels are given up, and what is long gone is forgotten, by
a time that the centre agrees with; sessions and waits end, whatever the clock shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.counter.parcel_facts import ParcelAnnounced
from kiosk.domain.counter.parcels import ParcelState
from kiosk.flows.counter.states.desk import SignIn
from tests.misfortune.counter_shop import CounterShop, Person, from_the_centre
from tests.misfortune.street import Street, TurnableClock, eventually

SITE, NUMBER = "Demo street 1", "JJD00000000000000001"
YEAR = timedelta(days=365)


class OwnClock:
    """The street's, and hands to set it apart from that."""

    def __init__(self, street: TurnableClock) -> None:
        self._street = street
        self.apart = timedelta()

    def now(self) -> datetime:
        return self._street.now() + self.apart

    def monotonic(self) -> float:
        return self._street.monotonic()


@pytest.fixture
def shop(street: Street, tmp_path: Path) -> Iterator[CounterShop]:
    """One parcel lies on a shelf; the centre knows, and somebody is signed in."""
    made = CounterShop.enrolled(street, SITE, tmp_path / "C1", "C1")
    made.clock = OwnClock(street.clock)
    made.open().has_its_book()
    from_the_centre(street, SITE, [ParcelAnnounced(NUMBER, "DHL", "small", "somebody")])
    eventually(lambda: NUMBER in made.shop.parcels, "the announcement")
    made.sign_in(Person(street.sample.staff[0]))
    made.good(NUMBER)
    made.home()
    made.shelve(NUMBER)
    made.all_sent()
    yield made
    made.leaving.set()
    made.stop()


def doubts(shop: CounterShop) -> None:
    """It was time to give parcels up, and twice the counter found that it may not: what the first
    of these steps did is done."""
    profile, found = shop.core.profile, []
    sure: Callable[[], bool] = profile._sure_of_the_time
    profile._sure_of_the_time = lambda: found.append(sure()) or found[-1]
    shop.street.clock.later(61.0)
    eventually(lambda: len(found) > 1, "a look at the clock")
    profile._sure_of_the_time = sure
    assert not any(found)
    assert shop.shop.parcels[NUMBER].state is ParcelState.SHELVED


def expires(shop: CounterShop) -> None:
    shop.street.clock.later(timedelta(days=30).total_seconds())
    gone = ParcelState.EXPIRED
    eventually(lambda: shop.shop.parcels[NUMBER].state is gone, "its last day")


def truth_comes_out(shop: CounterShop) -> None:
    """What the agent does with the centre's sworn word: tests/sync/test_true_time.py."""
    assert shop.core.store.prove(shop.street.clock.now())


def test_a_clock_a_year_ahead_gives_no_parcel_up(shop: CounterShop) -> None:
    """Nor after a restart, when nobody remembers what the centre said."""
    street = shop.street
    street.goes_down()
    shop.clock.apart = YEAR
    doubts(shop)
    shop.power_cut()
    doubts(shop)
    shop.clock.apart = timedelta()
    doubts(shop)
    street.comes_back()
    truth_comes_out(shop)
    expires(shop)


def test_whoever_is_signed_in_under_a_wrong_date_is_out_all_the_same(shop: CounterShop) -> None:
    """Set back by years, time stands still for what must not open again; not for sessions."""
    shop.street.goes_down()
    shop.clock.apart = -3 * YEAR
    assert shop.now.staff.session is not None
    shop.street.clock.later(shop.desk.house().times.idle + 5)
    shop.eyes.wait(lambda s: isinstance(s.screen, SignIn), "the end of the session")
    assert shop.now.staff.session is None


def test_a_session_begun_a_year_ahead_ends_when_the_truth_comes_out(shop: CounterShop) -> None:
    street = shop.street
    street.goes_down()
    shop.clock.apart = YEAR
    who = Person(street.sample.staff[0], own="481620")
    shop.eyes.wait(lambda s: isinstance(s.screen, SignIn), "the end of the old session")
    shop.sign_in(who)
    shop.clock.apart = timedelta()
    truth_comes_out(shop)
    shop.eyes.wait(lambda s: isinstance(s.screen, SignIn), "the end of that session")
    shop.sign_in(who)
    shop.home()
    assert shop.now.staff.session is not None, "and the next one lasts"
