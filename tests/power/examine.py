"""Recordings of the two stories, and every restart after their cuts."""

from __future__ import annotations

import pickle
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sync.central.demo import DemoWorld
from tests.power import again, shop, short
from tests.power.cuts import Cut, states
from tests.power.disk import Recording
from tests.power.planted import PLANTS, Plant
from tests.power.recorder import Recorder, read
from tests.power.restart import Broken, World, lay_out, quick_starts, restart
from tests.power.trace import record

PATIENCE_S = 110.0
BATCH = 5


@dataclass(slots=True)
class Account:
    """What came of the restarts."""

    restarts: int = 0
    broken: list[tuple[Cut, str]] = field(default_factory=list)

    @property
    def words(self) -> Counter[str]:
        return Counter(why for _, why in self.broken)


@dataclass(frozen=True, slots=True)
class Before:
    """What was told before a recording began: up to the cut that it begins with, and ever."""

    told: tuple[str, ...] = ()
    ever: tuple[str, ...] = ()


NOTHING = Before()


def record_day(folder: Path) -> Recording:
    """The day of a real kiosk, see tests.power.day."""
    data = shop.prepare(folder)
    recorder = Recorder(data, folder / "told")
    record([sys.executable, "-m", "tests.power.day", str(folder)], folder / "trace", PATIENCE_S)
    return read(folder / "trace", [recorder])[0]


def sample_of(folder: Path) -> DemoWorld:
    """What the shoppers of a recorded day held up."""
    sample: DemoWorld = pickle.loads((folder / shop.SAMPLE).read_bytes())
    return sample


def record_again(
    day: Recording, chosen: Sequence[Cut], folder: Path
) -> list[tuple[Recording, Before]]:
    """The first minute after each of these cuts, see tests.power.again."""
    folder.mkdir()
    found = list(states(day, chosen))
    places = [folder / f"data-{number:04}" for number in range(len(found))]
    for state, place in zip(found, places, strict=True):
        lay_out(state, place)
    recorders = [Recorder(place, again.told_of(place)) for place in places]
    trace = folder / "trace"
    record([sys.executable, "-m", "tests.power.again", str(folder)], trace, PATIENCE_S)
    before = [Before(state.told, day.told) for state in found]
    return list(zip(read(trace, recorders), before, strict=True))


def record_plants(folder: Path) -> dict[str, Recording]:
    """The short day with each mistake, see tests.power.short."""
    folder.mkdir()
    short.prepare(folder)
    trace = folder / "trace"
    recorders = [_recorder(folder, plant) for plant in PLANTS]
    record([sys.executable, "-m", "tests.power.short", str(folder)], trace, PATIENCE_S)
    names = (plant.name for plant in PLANTS)
    return dict(zip(names, read(trace, recorders), strict=True))


def _recorder(folder: Path, plant: Plant) -> Recorder:
    return Recorder(short.data_of(folder, plant), short.told_of(folder, plant))


def some(cuts: Sequence[Cut], number: int, seed: int = 1) -> list[Cut]:
    """A seeded choice, in no order."""
    return random.Random(seed).sample(cuts, min(number, len(cuts)))


def search(recording: Recording, chosen: Sequence[Cut], folder: Path) -> Account:
    """As `examine`, from all over the day and only until a promise is broken."""
    account = Account()
    for first in range(0, len(chosen), BATCH):
        found = examine(recording, chosen[first : first + BATCH], folder)
        account.restarts += found.restarts
        account.broken += found.broken
        if account.broken:
            break
    return account


def examine(
    recording: Recording, chosen: Sequence[Cut], folder: Path, before: Before = NOTHING
) -> Account:
    """Restart on the disk of each cut."""
    account = Account()
    with quick_starts():
        for state in states(recording, chosen):
            lay_out(state, folder / "K1")
            account.restarts += 1
            try:
                told, ever = (*before.told, *state.told), (*recording.told, *before.ever)
                restart(folder / "K1", World.of(told, ever, again=before is not NOTHING))
            except Broken as broken:
                account.broken.append((state.cut, str(broken)))
    return account
