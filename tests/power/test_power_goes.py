"""The power goes at every write and sync of a kiosk's day, and comes back.

`python -m tests.power` prints what these count.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.power.cuts import Cut, cuts, states
from tests.power.disk import Recording, Rename, Resize, Sync, Write
from tests.power.examine import examine, record_again, record_day, sample_of, some
from tests.power.restart import World, lay_out
from tests.power.serving import serves

FEW, SEEDS, ALL_SEEDS = 200, 1, 10
VISITS, MANY_VISITS = 6, 100
AGAIN = 40


def has_all_that_a_cut_can_interrupt(day: Recording) -> None:
    """Or the rest would prove little."""
    deeds = Counter(type(deed) for deed in day.deeds)
    assert deeds[Write] > 500
    assert deeds[Sync] > 60
    assert deeds[Rename] > 20
    assert deeds[Resize] > 10
    assert written(day) >= {"ledger.db", "ledger.db-wal", "lock", "ballast", "merged.part"}
    assert written(day) >= {f"policy-{number}.part" for number in (1, 2, 3)}
    assert folded_back(day) >= 3, "the log was not folded back into the file while it was in use"
    told = [json.loads(line) for line in day.told]
    kinds = Counter(fact["kind"] for fact in told)
    assert kinds["promised"] == 3
    assert kinds["sent"] >= 10  # each once; how often more depends on the speed of the machine
    assert kinds["paper"] >= 5
    assert {fact["number"] for fact in told if fact["kind"] == "policy"} == {1, 2, 3}


def named(day: Recording) -> dict[int, str]:
    """The first name of every file."""
    names = {inode: name for (_, name), inode in day.names.items()}
    for deed in day.deeds:
        for _, name, inode in deed.changes if isinstance(deed, Rename) else ():
            if inode is not None:
                names.setdefault(inode, name)
    return names


def written(day: Recording) -> set[str]:
    names = named(day)
    return {names[deed.inode] for deed in day.deeds if isinstance(deed, Write | Resize)}


def folded_back(day: Recording) -> int:
    """How often the ledger itself was synced; a commit syncs only its log."""
    names = named(day)
    return sum(isinstance(d, Sync) and names.get(d.inode) == "ledger.db" for d in day.deeds)


@pytest.mark.timeout(300)
def test_no_word_is_broken(folder) -> None:
    """Some of the moments; the long form tries all."""
    day = record_day(folder / "day")
    has_all_that_a_cut_can_interrupt(day)
    every = cuts(day, SEEDS)
    assert len(every) > 4_000
    account = examine(day, some(every, FEW), folder / "some")
    assert account.restarts == FEW
    assert not account.broken, account.words
    assert serves_after(day, some(every, VISITS), folder) <= {"taken", "taken before", "no rules"}


def serves_after(day: Recording, chosen: list[Cut], folder: Path) -> set[str]:
    """A whole kiosk is switched on after each cut and visited; what became of it."""
    sample, became = sample_of(folder / "day"), set[str]()
    for state in states(day, chosen):
        lay_out(state, folder / "serving")
        policy = World.of(state.told, day.told).policy > 0
        became.add(serves(folder / "serving", sample, policy=policy))
    return became


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_word_is_ever_broken(folder) -> None:
    day = record_day(folder / "day")
    every = cuts(day, ALL_SEEDS)
    account = examine(day, every, folder / "all")
    assert account.restarts == len(every) > 10_000
    assert not account.broken, account.words


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_it_serves_after_any_cut(folder) -> None:
    day = record_day(folder / "day")
    became = serves_after(day, some(cuts(day, SEEDS), MANY_VISITS), folder)
    assert became == {"taken", "taken before", "no rules"}


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_power_goes_again_while_it_starts(folder) -> None:
    day = record_day(folder / "day")
    chosen, restarts = some(cuts(day, SEEDS), AGAIN), 0
    for minute, before in record_again(day, chosen, folder / "again"):
        account = examine(minute, cuts(minute, SEEDS), folder / "twice", before)
        assert not account.broken, account.words
        restarts += account.restarts
    assert restarts > 20 * AGAIN
