"""A short day without screens, once for each plant: python -m tests.power.short FOLDER

Two drops with paper, a bundle as a change of the first, merged into one file, and the process
ends. Every plant has a directory of its own in FOLDER, named by its place in `PLANTS`.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.app.recover import recover
from kiosk.ports import Printed
from tests.app.conftest import RETURNS, Ready
from tests.power.planted import PLANTS, Plant
from tests.power.telling import Telling

RETURN_IDS = tuple(one.return_id for one in RETURNS)


def data_of(folder: Path, plant: Plant) -> Path:
    return folder / f"data-{PLANTS.index(plant):02}"


def told_of(folder: Path, plant: Plant) -> Path:
    return folder / f"told-{PLANTS.index(plant):02}"


def prepare(folder: Path) -> None:
    """Empty ledgers, all the same."""
    first, *others = (data_of(folder, plant) for plant in PLANTS)
    Ready(first).close()
    for other in others:
        shutil.copytree(first, other, ignore=shutil.ignore_patterns("ballast", "lock"))


def live(folder: Path, plant: Plant, patch: pytest.MonkeyPatch) -> None:
    telling = Telling(told_of(folder, plant), RETURN_IDS)
    plant.put(patch, telling)
    telling.listen(patch)
    kiosk = Ready(data_of(folder, plant), series=1)
    recover(kiosk.store, kiosk.clock)
    kiosk.install()
    drop(kiosk, telling, 1)
    change(kiosk)
    drop(kiosk, telling, 5)
    kiosk.store.policy.merge()
    kiosk.store.outbox.next_batch(500, 1 << 20)


def drop(kiosk: Ready, telling: Telling, number: int) -> None:
    done = kiosk.drop(number, bag=number, visit=f"visit-{number}")
    telling.promised(done)
    kiosk.receipts.begin(done.drop_id)
    kiosk.receipts.settle(done.drop_id, Printed())


def change(kiosk: Ready) -> None:
    """R-3 goes and R-90 comes."""
    now, policy = kiosk.clock.now(), kiosk.store.policy
    active = policy.current()
    assert active is not None
    found = active.find_return("R-2")
    assert found is not None
    other = replace(found, return_id="R-90", short_code="")
    times = (now, now + timedelta(hours=24), now + timedelta(hours=72))
    content = replace(active.content, number=2)
    policy.apply(2, 1, "tenant", "all", *times, content, [other], ["R-3"], base=1)


def main(folder: Path) -> None:
    for plant in PLANTS:
        with pytest.MonkeyPatch.context() as patch:
            live(folder, plant, patch)
    os._exit(0)  # with every ledger open, as a power cut finds them


if __name__ == "__main__":
    main(Path(sys.argv[1]))
