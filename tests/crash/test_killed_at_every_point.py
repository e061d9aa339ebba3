"""kill -9 at every statement and every commit: no promise is lost, no half is left.

The killing is done by killed.py in a process of its own; here is what its account must say.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.memory import scratch

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="scratch")
def scratch_directory() -> Iterator[Path]:
    """A killed process leaves its writes to the kernel either way, so memory will do."""
    with scratch() as made:
        yield made


@pytest.mark.timeout(600)  # four seconds where nobody else is at work
@pytest.mark.parametrize(
    ("story", "points", "states", "promises"),
    [
        ("drops", 100, 10, {0, 1, 2}),
        ("recovery", 30, 2, {0}),
        ("first-start", 60, 4, {0}),
        ("new-bundle", 40, 3, {0, 1}),
        ("new-delta", 40, 3, {0, 1}),
        ("merge", 30, 3, {0, 1}),
        pytest.param("handed-over", 60, 4, {0, 1, 2}, marks=pytest.mark.long),
        pytest.param("dropped-and-voided", 100, 8, {0, 1, 2, 3, 4}, marks=pytest.mark.long),
        pytest.param("photographed", 60, 8, {0, 1}, marks=pytest.mark.long),
    ],
)
def test_whatever_moment_it_dies(scratch, story, points, states, promises):
    """`points` are the fewest deaths that the story must have gone through, `states` the fewest
    different ledgers they left; `promises` counts what the killed kiosk had told before: each
    number must have occurred."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.killed", story, str(scratch)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=590,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-5_000:]
    deaths = [json.loads(line) for line in done.stdout.splitlines()]
    at_points = [death for death in deaths if death["death"].startswith("point")]
    assert len(at_points) > points
    assert [death["killed"] for death in at_points] == [True] * (len(at_points) - 1) + [False]
    assert sum(death["new"] for death in deaths) >= states
    assert {death["promised"] for death in at_points} == promises
