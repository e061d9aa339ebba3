"""A counter whose clock was set: what waits goes on waiting, and no longer than it would have."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.domain.counter.pick_up import Limit
from kiosk.domain.counter.saying import Because, Refused
from kiosk.domain.staff.saying import Because as StaffBecause
from kiosk.domain.staff.saying import Refused as StaffRefused
from kiosk.domain.staff.signing_in import SignedIn
from tests.app.counter.counting import ANNA, BEN

YEAR = timedelta(days=365)


def proven(counter) -> None:
    """The centre swears that the year did not happen."""
    counter.clock.wall -= YEAR
    assert counter.store.prove(counter.clock.now())


def test_time_runs_on_while_the_clock_lies_behind(counter) -> None:
    before = counter.desk.at()
    counter.clock.wall -= YEAR
    counter.wait(seconds=400)
    assert counter.desk.at() - before == 400


@pytest.mark.parametrize("restart", [False, True])
def test_wrong_pins_of_a_year_that_never_was_do_not_lock_for_a_year(counter, restart: bool) -> None:
    counter.clock.wall += YEAR
    for _ in range(3):
        counter.tries(ANNA, "000000")
    proven(counter)
    if restart:
        counter.again()
    assert isinstance(counter.tries(ANNA, "481620"), StaffRefused), "the wait holds"
    counter.wait(seconds=31)
    signed = counter.tries(ANNA, "481620")
    assert isinstance(signed, SignedIn), "and is over"
    assert signed.at <= counter.desk.at()
    assert isinstance(counter.tries(BEN, "730915"), SignedIn)


def test_a_clock_set_back_shortens_no_wait_for_a_pin(counter) -> None:
    for _ in range(10):
        counter.tries(BEN, "000000")
    counter.clock.wall -= YEAR
    answer = counter.tries(ANNA, "481620")
    assert isinstance(answer, StaffRefused)
    assert answer.because is StaffBecause.TOO_MANY_TRIES


@pytest.mark.parametrize("restart", [False, True])
def test_wrong_codes_of_a_year_that_never_was_bar_for_as_long_as_ever(
    counter, restart: bool
) -> None:
    def opened() -> Refused:
        return counter.desk.plan("0" * 64)

    counter.clock.wall += YEAR
    for _ in range(Limit().tries):
        assert opened().because is Because.CODE_NOT_GOOD
    proven(counter)
    if restart:
        counter.again()
    assert opened().because is Because.TOO_MANY_TRIES
    counter.wait(seconds=Limit().pause)
    assert opened().because is Because.CODE_NOT_GOOD
