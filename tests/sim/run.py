"""One seeded history, and what is told when it goes wrong."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from tests.sim.line import Fault
from tests.sim.stage import Stage
from tests.sim.story import SHORT_BELOW, Deed, play
from tests.sim.truth import Broken


@dataclass(frozen=True)
class Told:
    """`broken` is None where every invariant held."""

    seed: int
    broken: Broken | None
    trace: tuple[str, ...]
    requests: int
    promises: int


def history(
    stage: Stage,
    seed: int,
    more: Mapping[Deed, float] | None = None,
    begin: tuple[Fault, ...] = (),
) -> Told:
    """Play the history of `seed`. Any other exception than Broken is a fault in the making."""
    kiosks = random.Random(seed).choice((1, 1, 1, 2) if seed < SHORT_BELOW else (1, 2, 2, 3))
    with stage.history(seed, kiosks) as world:
        broken = None
        try:
            play(world, more, begin)
        except Broken as found:
            broken = found
        return Told(seed, broken, tuple(world.trace), world.requests, len(world.truth.promises))


def complaint(told: Told) -> str:
    """For a person: what broke, how it came to that, and how to see it again."""
    return "\n".join(
        (
            f"seed {told.seed}: {told.broken}",
            *told.trace,
            f"again: SEED={told.seed} make test ARGS=tests/sim/test_histories.py",
        )
    )
