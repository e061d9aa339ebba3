"""How often a key may ask: a burst, then a pace, one count for all workers."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from sync.central.database import Database
from sync.central.limits import Pace
from sync.central.rest.limits import Limits

SLOW = Pace(1, timedelta(seconds=2), 3)  # three at once, then one in two seconds


@pytest.fixture
def database(database_url):
    made = Database(database_url)
    yield made
    made.close()


@pytest.fixture
def writes(database):
    """Transactions that wrote."""
    found: list[object] = []
    sa.event.listen(database.engine, "commit", found.append)
    return found


def test_a_burst_and_then_at_the_pace_whichever_worker_is_asked(database, clock):
    workers = [Limits(SLOW, 1), Limits(SLOW, 1)]

    def ask(key: str = "a", worker: int = 0) -> int:
        return workers[worker].wait(database, clock, key)

    assert [ask(worker=0), ask(worker=1), ask(worker=0)] == [0, 0, 0]
    assert [ask(worker=0), ask(worker=1)] == [2, 2]
    assert ask("b") == 0
    clock.advance(seconds=1)
    assert [ask(worker=0), ask(worker=1)] == [1, 1]
    clock.advance(seconds=1)
    assert [ask(worker=0), ask(worker=1)] == [0, 2]
    clock.advance(seconds=1000)
    assert ask(worker=1) == 0


def test_turns_are_taken_by_tens_and_the_last_ones_singly(database, clock, writes):
    limits = Limits(Pace(1, timedelta(seconds=10), 22))
    assert [limits.wait(database, clock, "a") for _ in range(20)] == [0] * 20
    assert len(writes) == 2
    assert [limits.wait(database, clock, "a") for _ in range(2)] == [0, 0]
    assert len(writes) == 4
    assert limits.wait(database, clock, "a") == 10


def test_a_flood_is_told_to_wait_without_asking_the_database(database, clock, writes):
    limits = Limits(SLOW, 3)
    for _ in range(3):
        assert limits.wait(database, clock, "a") == 0
    assert limits.wait(database, clock, "a") == 2
    before = len(writes)
    assert [limits.wait(database, clock, "a") for _ in range(100)] == [2] * 100
    assert len(writes) == before


def test_what_a_worker_holds_is_given_up_after_a_minute(database, clock, writes):
    limits = Limits(Pace(50, timedelta(seconds=1), 200))
    assert limits.wait(database, clock, "a") == 0
    clock.advance(seconds=59)
    assert limits.wait(database, clock, "a") == 0
    assert len(writes) == 1
    clock.advance(seconds=1)
    assert limits.wait(database, clock, "a") == 0
    assert len(writes) == 2


def test_a_clock_that_was_set_back_shuts_nobody_out(database, clock):
    limits = Limits(SLOW, 1)
    for _ in range(3):
        assert limits.wait(database, clock, "a") == 0
    clock.jump(hours=-5)
    assert limits.wait(database, clock, "a") == 2
