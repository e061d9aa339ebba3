"""What the power-cut simulator finds, in numbers.

python -m tests.power              a kiosk's day: some restarts
python -m tests.power --all        every restart of a fresh day
python -m tests.power --planted    the mistakes that it must notice, and how many restarts
                                   that took
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from tests.crash.memory import scratch
from tests.power.cuts import Cut, cuts
from tests.power.disk import Recording
from tests.power.examine import Account, examine, record_day, record_plants, search, some
from tests.power.planted import PLANTS
from tests.power.test_planted import FEW, MANY
from tests.power.test_planted import SEEDS as PLANTED_SEEDS
from tests.power.test_power_goes import ALL_SEEDS, SEEDS
from tests.power.test_power_goes import FEW as SOME


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.power", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="every restart")
    which.add_argument("--planted", action="store_true", help="the planted mistakes")
    told = parser.parse_args()
    with scratch() as folder:
        return planted(folder) if told.planted else day(folder, all_of_it=told.all)


def day(folder: Path, *, all_of_it: bool) -> int:
    recording = record_day(folder / "day")
    every = cuts(recording, ALL_SEEDS if all_of_it else SEEDS)
    print(_counted(recording, every))
    account = examine(recording, every if all_of_it else some(every, SOME), folder / "K")
    print(f"{account.restarts} restarts, {len(account.broken)} with a broken promise")
    for why, number in account.words.most_common():
        first = next(cut for cut, said in account.broken if said == why)
        print(f"  {number} x {why}; first: {first}")
    return 1 if account.broken else 0


def _counted(recording: Recording, every: list[Cut]) -> str:
    deeds = Counter(type(deed).__name__ for deed in recording.deeds)
    told = ", ".join(f"{number} {name.lower()}" for name, number in deeds.most_common())
    seeded = sum(cut.seed is not None for cut in every)
    torn = sum(cut.torn > 0 for cut in every)
    whole = len(every) - seeded - torn
    return f"{told}\n{len(every)} disks: {whole} in order, {torn} torn, {seeded} by chance"


def planted(folder: Path) -> int:
    recordings = record_plants(folder / "plants")
    wrong = 0
    for plant in PLANTS:
        recording = recordings[plant.name]
        every = [cut for cut in cuts(recording, PLANTED_SEEDS) if not cut.torn]
        chosen = some(every, MANY if plant.fault else FEW)
        account = search(recording, chosen, folder / "K")
        wrong += bool(account.broken) != plant.fault
        print(f"{plant.name:40}{_noticed(account)}", flush=True)
    return 1 if wrong else 0


def _noticed(account: Account) -> str:
    if not account.broken:
        return f"nothing in {account.restarts} restarts"
    return f"within {account.restarts} restarts: {account.broken[0][1]}"


if __name__ == "__main__":
    raise SystemExit(main())
