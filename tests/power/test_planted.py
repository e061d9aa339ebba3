"""What the simulator sees: each planted mistake breaks a promise, and what is none does not.

One test for the whole table, since all are recorded in one go. `python -m tests.power --planted`
prints it.
"""

from __future__ import annotations

import pytest

from tests.power.cuts import cuts
from tests.power.examine import Account, examine, record_plants, search, some
from tests.power.planted import PLANTS

SEEDS = 1
FEW, MANY = 10, 800


@pytest.mark.timeout(300)
def test_every_mistake_is_noticed_and_nothing_else_is_blamed(folder) -> None:
    recordings = record_plants(folder / "plants")
    unnoticed, blamed = list[str](), dict[str, Account]()
    for plant in PLANTS:
        recording = recordings[plant.name]
        every = [cut for cut in cuts(recording, SEEDS) if not cut.torn]
        chosen = some(every, MANY if plant.fault else FEW)
        account = search(recording, chosen, folder / "planted")
        if plant.fault and not account.broken:
            unnoticed.append(f"{plant.name}: {account.restarts} restarts")
        elif account.broken and not plant.fault:
            blamed[plant.name] = account
    assert not unnoticed
    assert not blamed


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_what_is_no_mistake_is_never_blamed(folder) -> None:
    recordings = record_plants(folder / "again")
    for plant in PLANTS:
        if not plant.fault:
            recording = recordings[plant.name]
            account = examine(recording, cuts(recording, SEEDS), folder / "every")
            assert not account.broken, (plant.name, account.words)
