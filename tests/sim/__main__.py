"""Histories by hand: `python -m tests.sim --seed 42`, `--histories 300`, `--planted`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterable

from tests.sim.planted import PLANTS, hunt
from tests.sim.run import history
from tests.sim.stage import Stage, stage


def _one(made: Stage, seed: int) -> bool:
    told = history(made, seed)
    print(*told.trace, sep="\n")
    print(f"{told.broken or 'every invariant holds'} ({told.requests} requests)")
    return told.broken is None


def _many(made: Stage, seeds: Iterable[int]) -> bool:
    played = [history(made, seed) for seed in seeds]
    broken = [told for told in played if told.broken is not None]
    for told in broken:
        print(f"seed {told.seed}: {told.broken}")
    requests, promises = (sum(t.requests for t in played), sum(t.promises for t in played))
    print(f"{len(played)} histories, {requests} requests, {promises} drops promised")
    print(f"broken: {len(broken)}")
    return not broken


def _planted(made: Stage) -> bool:
    print("| planted bug | seen after | what gave it away |\n|---|---:|---|")
    seen = True
    for plant in PLANTS:
        caught = hunt(made, plant)
        seen &= caught is not None and caught.clean
        if caught is None:
            print(f"| {plant.name} | never | |")
            continue
        number = caught.told.broken.number if caught.told.broken is not None else 0
        print(f"| {plant.name} | {caught.tried} | invariant {number} |")
    return seen


def main() -> int:
    ask = argparse.ArgumentParser(prog="python -m tests.sim", description=__doc__)
    ask.add_argument("--seed", type=int, help="one history, with its story")
    ask.add_argument("--histories", type=int, default=300, help="so many, from --first on")
    ask.add_argument("--first", type=int, default=0)
    ask.add_argument("--planted", action="store_true", help="what is caught of planted bugs")
    told = ask.parse_args()
    logging.disable(logging.CRITICAL)
    with stage() as made:
        if told.planted:
            well = _planted(made)
        elif told.seed is not None:
            well = _one(made, told.seed)
        else:
            well = _many(made, range(told.first, told.first + told.histories))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
