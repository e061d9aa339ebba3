"""Seeded histories of kiosks and a centre under every fault: all invariants hold in each.

A seed that breaks one prints its story. `SEED=n` plays that history alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.sim.run import complaint, history
from tests.sim.stage import Stage, stage
from tests.sim.story import SHORT_BELOW

SHORT, LONG = 300, 10_000
PART = 25
_ONE = os.environ.get("SEED")
_PARTS = [int(_ONE)] if _ONE else list(range(0, SHORT, PART))
_LONG_PARTS = [] if _ONE else list(range(SHORT, LONG, PART))


@pytest.fixture(scope="module")
def ready() -> Iterator[Stage]:
    with stage() as made:
        yield made


def play(ready: Stage, first: int, many: int) -> None:
    for seed in range(first, first + many):
        told = history(ready, seed)
        assert told.broken is None, complaint(told)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", _PARTS)
def test_every_invariant_holds(ready: Stage, first: int) -> None:
    play(ready, first, 1 if _ONE else PART)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("first", _LONG_PARTS)
def test_every_invariant_holds_in_many_more(ready: Stage, first: int) -> None:
    play(ready, first, PART)


def test_a_history_is_the_same_each_time_and_in_each_process(ready: Stage) -> None:
    """Or a seed would be of no use. Python's own hashing of text differs by process."""
    seed = SHORT_BELOW - 1
    here = history(ready, seed)
    assert history(ready, seed) == here
    there = subprocess.run(
        [sys.executable, "-m", "tests.sim", "--seed", str(seed)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert there.stdout.splitlines()[: len(here.trace)] == list(here.trace)
