"""The ledger is damaged or taken away under a kiosk at work: it mends itself and serves again.

The damage is done to the file: pages overwritten, the file unlinked, replaced, cut short.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.core import Core
from kiosk.flows.model import Attract, Items, Receipt
from kiosk.waking import keep_awake
from tests.misfortune.street import Kiosk, eventually

PAGE = 4096


@pytest.fixture
def keeper(kiosk: Kiosk) -> Iterator[Callable[[], None]]:
    """What the installation does around a core: waits until it has broken, and wakes another."""
    given: list[Core | None] = [kiosk.core]

    def rouse() -> Core | None:
        return given.pop() if given else kiosk.open().core

    def awake(core: Core) -> None:
        kiosk.core = core

    thread = threading.Thread(
        target=keep_awake, args=(rouse, awake, lambda: None, kiosk.leaving), name="keeper"
    )
    thread.start()

    def again() -> None:
        """The store breaks; wait for the next core."""
        before = kiosk.core
        eventually(lambda: kiosk.core is not before, "another core")
        kiosk.sees(Attract)

    yield again
    kiosk.leaving.set()
    assert kiosk.core is not None
    kiosk.core.let_go()
    thread.join()


def drop(kiosk: Kiosk, name: str = "simple") -> None:
    kiosk.hold_return(name)
    kiosk.sees(Items)
    kiosk.put_away()
    kiosk.hold_bag()
    kiosk.sees(Receipt)


def noise(ledger: Path) -> None:
    """Every page but the first two, in the file itself and under the open connection."""
    with ledger.open("r+b") as file:
        size = ledger.stat().st_size
        for at in range(2 * PAGE, size, PAGE):
            file.seek(at)
            file.write(b"\xa5" * PAGE)


def unlinked(ledger: Path) -> None:
    ledger.unlink()


def replaced(ledger: Path) -> None:
    other = ledger.with_name("other")
    other.write_bytes(b"not a ledger at all" * 1000)
    other.replace(ledger)


@pytest.mark.parametrize("harm", [unlinked, replaced], ids=lambda one: one.__name__)
def test_a_file_taken_away_at_work_costs_nothing(
    kiosk: Kiosk, street: Any, keeper: Callable[[], None], harm: Callable[[Path], None]
) -> None:
    """Offline, so that nobody else knows the drop: it is saved out of the file still open."""
    street.goes_down()
    drop(kiosk)
    kiosk.go_home()
    harm(kiosk.folder / "ledger.db")
    kiosk.core._look_now.set()
    keeper()
    street.comes_back()
    kiosk.all_sent()
    assert len(street.drops) == 1
    told = street.told("store.recovered")
    assert [(one["cause"], one["missing"], one["damaged"]) for one in told] == [("lost", 0, 0)]
    kiosk.is_whole()
