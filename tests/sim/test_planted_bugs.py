"""The simulator sees what it is there for: each planted bug is caught, and without it the very
same history is well."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sim.planted import PLANTS, STALLS, Plant, hunt
from tests.sim.stage import Stage, stage


@pytest.fixture(scope="module")
def ready() -> Iterator[Stage]:
    with stage() as made:
        yield made


@pytest.mark.timeout(600)
@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name.replace(" ", "-"))
def test_a_planted_bug_is_caught(ready: Stage, plant: Plant) -> None:
    caught = hunt(ready, plant)
    assert caught is not None, f"{plant.name} goes unnoticed"
    assert caught.clean, f"seed {caught.told.seed} breaks without the bug too"
    if plant.name not in STALLS:
        # A plant whose call has become another one only fails, and stands still: not that bug.
        assert "invariant 11" not in str(caught.told.broken), caught.told.broken
