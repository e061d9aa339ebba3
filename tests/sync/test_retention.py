"""How long an acknowledged event is kept is not for the kiosk's clock alone to say: one
that ran ahead would forget what a centre restored from a backup still lacks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.app.recover import recover
from kiosk.store.outbox import RETENTION
from sync.agent.tidying import TIDY_S
from tests.sync.boxes import Box


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


class Wrong:
    """The centre's clock, so far out."""

    def __init__(self, right):
        self.right, self.by = right, timedelta()

    def now(self):
        return self.right.now() + self.by

    def monotonic(self):
        return self.right.monotonic()


@pytest.fixture
def box(centre, clock, tmp_path):
    made = Box(centre, Wrong(clock), tmp_path / "kiosk")
    yield made
    made.close()


def retained(box):
    return box.store.outbox.rewind(0)


def pass_days(box, clock, days):
    clock.advance(days=days)
    for _ in range(3):
        box.settle()
        clock.advance(seconds=TIDY_S)


@pytest.mark.parametrize("years", [10, -10])
def test_a_clock_that_is_years_out_forgets_nothing(box, clock, drop_of, years):
    box.record(drop_of("R1"))
    box.settle()
    box.clock.by = timedelta(days=365 * years)
    box.close()
    box.open()
    recover(box.store, box.clock)
    pass_days(box, clock, 1)
    assert retained(box)


def test_what_was_acknowledged_under_a_wrong_clock_is_kept_its_time(box, clock, drop_of):
    box.clock.by = timedelta(days=-3650)
    box.record(drop_of("R1"))
    box.settle()
    box.clock.by = timedelta()
    pass_days(box, clock, 1)
    assert retained(box)


def test_after_the_retention_time_it_goes(box, clock, drop_of):
    box.record(drop_of("R1"))
    box.settle()
    pass_days(box, clock, RETENTION.days + 1)
    assert not retained(box)
