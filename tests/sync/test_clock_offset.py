"""The centre's clock, as the kiosk reckons it from what answers say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.seal.keys import SigningKey
from kiosk.world import SystemIds
from sync.agent.client import Client, Ok
from sync.agent.offsets import Offsets
from sync.wire.messages import Heartbeat
from tests.sync.conftest import TestClock

SECOND = timedelta(seconds=1)


class World:
    """A kiosk's two clocks, the true time, and a line that takes its time either way."""

    def __init__(self, clock):
        self.clock = clock
        self.truth = clock.now()
        self.offsets = Offsets(clock)

    def ask(self, out: float, back: float, lie: timedelta = timedelta()) -> None:
        asked = self.clock.monotonic()
        self.run(out)
        there = self.truth + lie
        self.run(back)
        self.offsets.told(there, asked, self.clock.monotonic())

    def run(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)
        self.truth += timedelta(seconds=seconds)

    @property
    def wrong(self) -> timedelta:
        found = self.offsets.estimate()
        assert found is not None
        return abs(self.clock.now() + found.offset - self.truth)


@pytest.fixture
def world(clock):
    return World(clock)


def test_nothing_is_known_before_the_first_answer(world):
    assert world.offsets.estimate() is None


def test_half_the_round_trip_is_the_bound(world):
    world.clock.jump(minutes=-7)
    world.ask(out=0.3, back=0.1)
    found = world.offsets.estimate()
    assert abs(found.offset - timedelta(minutes=7)) <= found.error
    assert timedelta(seconds=0.2) <= found.error <= timedelta(seconds=0.201)


@given(
    trips=st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20), st.floats(0, 3600)), min_size=1),
    skew=st.integers(-10 * 365 * 86400, 10 * 365 * 86400),
)
def test_the_truth_is_always_within_the_bound(trips, skew):
    world = World(TestClock())
    world.clock.jump(seconds=skew)
    for out, back, pause in trips:
        world.ask(out, back)
        world.run(pause)
    assert world.wrong <= world.offsets.estimate().error + timedelta(microseconds=100)


def test_the_quickest_answer_counts(world):
    world.ask(out=9.0, back=0.0)
    world.ask(out=0.01, back=0.01)
    world.ask(out=0.0, back=9.0)
    assert world.wrong <= timedelta(milliseconds=20)


def test_one_answer_from_nowhere_is_not_believed(world):
    world.ask(0.1, 0.1)
    world.ask(0.1, 0.1, lie=timedelta(days=400))
    assert world.wrong <= SECOND
    world.ask(0.1, 0.1, lie=timedelta(days=-400))
    world.ask(0.1, 0.1)
    assert world.wrong <= SECOND


def test_answers_that_agree_with_each_other_are(world):
    """The machine slept: our monotonic clock stood still, the world did not."""
    world.ask(0.1, 0.1)
    world.clock.jump(hours=8)
    world.truth += timedelta(hours=8)
    for _ in range(3):
        world.ask(0.1, 0.1)
    assert world.wrong <= SECOND


def test_a_clock_that_is_set_changes_the_offset_at_once(world):
    world.ask(0.1, 0.1)
    world.clock.jump(days=3650)
    assert world.wrong <= SECOND


def test_the_bound_widens_while_nobody_answers(world):
    world.ask(0.1, 0.1)
    before = world.offsets.estimate().error
    world.run(86_400)
    assert world.offsets.estimate().error > before + timedelta(seconds=8)


@pytest.mark.parametrize("years", [-10, 10])
def test_a_kiosk_ten_years_off_gets_in(centre, kiosk, clock, years):
    ours = TestClock()
    ours.jump(days=365 * years)
    client = Client(
        centre.url, kiosk.device_id, SigningKey("", kiosk.key.private), ours, SystemIds(), "1", 10.0
    )
    told = Heartbeat(
        time=ours.now(), version="1", epoch="e1", cursor=0, chain_head=kiosk.head, queued=0
    )
    path = f"/v1/devices/{kiosk.device_id}/heartbeat"
    for _ in range(3):
        assert isinstance(client.post(path, told), Ok)
    found = client.offsets.estimate()
    assert abs(client.offset - timedelta(days=-365 * years)) <= found.error
    assert found.error <= SECOND
    client.close()
