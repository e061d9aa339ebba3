"""A bucket for each key: a burst, then a pace."""

from __future__ import annotations

from sync.central.rest.limits import Limits


def test_a_burst_and_then_at_the_pace():
    limits = Limits(burst=3, per_second=0.5)
    assert [limits.wait("a", 10.0) for _ in range(4)] == [0, 0, 0, 2]
    assert limits.wait("b", 10.0) == 0
    assert limits.wait("a", 11.0) == 1
    assert limits.wait("a", 12.0) == 0
    assert limits.wait("a", 12.0) == 2
    assert limits.wait("a", 1000.0) == 0
