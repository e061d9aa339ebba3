"""A month with known faults: exactly those open cases, each one, whatever the order of arrival."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from sync.central.database import Database
from sync.central.reconcile import books
from sync.central.reconcile.run import Reconciled
from tests.sync.conftest import TENANT
from tests.sync.reconcile.arriving import Arriving, Moving
from tests.sync.reconcile.faults import plant
from tests.sync.reconcile.month import BEGIN, Month


def _month(seed: int, sites: int = 5, days: int = 20, each: int = 8, times: int = 2) -> Month:
    month = Month(seed=seed, sites=sites, days=days, each=each)
    plant(month, times)
    return month


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()


def _arriving(database: Database, month: Month, seed: int) -> Arriving:
    made = Arriving(database, month, Moving(BEGIN), random.Random(seed))
    made.prepare()
    return made


def _shuffled(centre: Arriving, between: float) -> None:
    """Everything that is in time after the month, mixed; the late rest after its books closed."""
    told = centre.month.told()
    centre.wait(BEGIN + timedelta(days=centre.month.days))
    centre.all_at_once([one for one in told if not one.late], between)
    _in_the_end(centre)


def _in_the_end(centre: Arriving) -> None:
    centre.wait(centre.month.over)
    centre.match()
    centre.close()
    centre.all_at_once([one for one in centre.month.told() if one.late])
    centre.wait(centre.month.over + timedelta(days=20))
    centre.match()


def _is_right(centre: Arriving) -> None:
    """None missed, none invented, none twice; nothing waits, and looking again changes nothing."""
    assert centre.found() == sorted(centre.month.planted)
    assert centre.waits() == 0
    steps, proofs = centre.steps(), centre.proofs()
    again = centre.match()
    assert isinstance(again, Reconciled)
    assert (again.opened, again.changed, again.gone) == (0, 0, 0)
    centre.match_all()
    assert (centre.steps(), centre.proofs()) == (steps, proofs)
    assert books.altered(centre.database, TENANT) == []


def test_a_month_opens_exactly_the_planted_cases(database):
    month = _month(3) if database.sqlite else _month(3, sites=3, days=6, times=1)
    centre = _arriving(database, month, 5)
    _shuffled(centre, between=0.02)
    _is_right(centre)


def test_a_month_told_as_it_happens_ends_the_same(database_pair):
    """Once in random order and portions, once night by night: the same cases on the same evidence,
    and the same books."""
    month = _month(4, sites=3, days=6, each=8, times=1)
    one, other = (_arriving(database, month, 6) for database in database_pair)
    _shuffled(one, between=0.05)
    other.day_by_day([told for told in month.told() if not told.late])
    _in_the_end(other)
    _is_right(other)
    assert other.found() == one.found()
    assert other.proofs() == one.proofs()
    assert other.kept() == one.kept()


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_fifty_shops_and_two_hundred_thousand_events(database):
    """One percent wrong, each kind of fault about a hundred times."""
    month = _month(7, sites=50, days=30, each=27, times=93)
    told = month.told()
    assert len(told) >= 200_000
    assert 0.009 < len(month.planted) / len(told) < 0.011
    centre = _arriving(database, month, 8)
    _shuffled(centre, between=0.01)
    _is_right(centre)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(10, 30))
def test_many_months(database, seed):
    centre = _arriving(database, _month(seed, sites=4, days=12, each=9), seed)
    _shuffled(centre, between=0.1)
    _is_right(centre)
