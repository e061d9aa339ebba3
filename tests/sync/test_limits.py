"""How often: a pace for what is merely too much, growing pauses for guessing."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from sync.central import limits
from sync.central.database import Database
from sync.central.limits import Guessing, Pace
from sync.central.tables import limits as rows

NONE = timedelta(0)
SIXTY = Pace(count=60, per=timedelta(minutes=1), burst=5)
GUESSES = Guessing(free=3)


@pytest.fixture
def database(database_url):
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def take(database, clock):
    return lambda who="key-1": database.write(
        lambda c: limits.take(c, "api", who, SIXTY, clock.now())
    )


@pytest.fixture
def attempt(database, clock):
    return lambda who="ada": database.write(
        lambda c: limits.attempt(c, "sign_in", who, GUESSES, clock.now())
    )


def test_a_burst_passes_and_then_the_pace_is_kept(take, clock):
    assert [take() for _ in range(5)] == [NONE] * 5
    assert take() == timedelta(seconds=1)
    clock.advance(seconds=1)
    assert take() == NONE
    assert take() == timedelta(seconds=1)
    clock.advance(minutes=5)
    assert [take() for _ in range(6)] == [NONE] * 5 + [timedelta(seconds=1)]


def test_each_key_has_a_pace_of_its_own(take):
    for _ in range(6):
        take()
    assert take("key-2") == NONE


def test_workers_keep_one_count(database, clock):
    """Twenty requests at once, over connections of their own: five get through."""
    told = []

    def ask():
        wait = database.write(lambda c: limits.take(c, "api", "k", SIXTY, clock.now()))
        told.append(wait)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert told.count(NONE) == 5


def test_each_failure_beyond_the_first_doubles_the_pause(attempt, clock):
    assert [attempt() for _ in range(3)] == [NONE] * 3
    for seconds in (2, 4, 8, 16):
        assert attempt() == NONE
        assert attempt() == timedelta(seconds=seconds)
        clock.advance(seconds=seconds)


def test_trying_in_the_pause_does_not_lengthen_it(attempt, clock):
    for _ in range(4):
        attempt()
    for _ in range(50):
        attempt()
    assert attempt() == timedelta(seconds=2)


def test_nobody_is_locked_out_for_good(attempt, clock):
    longest = max(_pauses(attempt, clock, 30))
    assert longest == timedelta(minutes=15)


def _pauses(attempt, clock, times):
    for _ in range(times):
        pause = attempt()
        clock.advance(seconds=pause.total_seconds())
        yield pause


def test_a_restart_forgives_nobody(attempt, database_url, clock):
    for _ in range(4):
        attempt()
    again = Database(database_url)
    pause = again.write(lambda c: limits.attempt(c, "sign_in", "ada", GUESSES, clock.now()))
    again.close()
    assert pause == timedelta(seconds=2)


def test_the_right_answer_or_a_quiet_day_wipes_it_out(attempt, database, clock):
    for _ in range(4):
        attempt()
    database.write(lambda c: limits.forgive(c, "sign_in", "ada"))
    assert [attempt() for _ in range(4)] == [NONE] * 4
    clock.advance(days=1, seconds=1)
    assert [attempt() for _ in range(3)] == [NONE] * 3


def test_a_place_that_many_share_is_excused_one_try(attempt, database, clock):
    for _ in range(4):
        attempt("192.0.2.1")
    database.write(lambda c: limits.excuse(c, "sign_in", "192.0.2.1", clock.now()))
    assert attempt("192.0.2.1") == NONE
    assert attempt("192.0.2.1") == timedelta(seconds=2)


def test_what_was_typed_is_not_kept_in_clear(attempt, database):
    attempt("my password typed into the wrong field\0\ud800")
    with database.reading() as c:
        assert "password" not in str(c.execute(sa.select(rows)).all())


def test_what_is_forgotten_is_swept_away(attempt, database, clock):
    attempt("old")
    clock.advance(days=2)
    attempt("new")
    assert database.write(lambda c: limits.sweep(c, clock.now())) == 1
