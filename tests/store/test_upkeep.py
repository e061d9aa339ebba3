"""In quiet moments the ledger is looked over and copied; a shopper never waits for it."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta

import pytest

from kiosk.store.backup import Plan
from kiosk.upkeep import AGAIN_S, Leaving, Upkeep

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class House:
    """Whether somebody is there, as each question finds it."""

    def __init__(self) -> None:
        self.quiet = True
        self.asked = 0
        self.until = 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.quiet or self.asked > self.until > 0


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def upkeep(shelf, store, house):
    made: list[Upkeep] = []

    def begin(copies: int = 2, at=store) -> Upkeep:
        made.append(Upkeep(at, shelf.clock, Plan(copies, 1 << 30), DAY, house))
        return made[-1]

    yield begin
    for one in made:
        one.stop()


def test_a_new_ledger_is_looked_over_and_then_copied(shelf, store, record, upkeep) -> None:
    record(store, 3)
    care = upkeep()
    assert store.last_look() is None
    care.turn()
    assert store.last_look() == shelf.clock.now()
    assert store.copies() == ()
    care.turn()
    assert len(store.copies()) == 1
    care.turn()
    assert len(store.copies()) == 1


def test_both_come_again_after_a_day(shelf, store, upkeep) -> None:
    care = upkeep()
    for _ in range(3):
        care.turn()
    shelf.clock.pass_time(DAY)
    care.turn()
    assert store.last_look() == shelf.clock.now()
    care.turn()
    assert [one.at for one in store.copies()] == [shelf.clock.now(), shelf.clock.now() - DAY]


def test_a_kiosk_that_is_restarted_every_night_is_looked_over_all_the_same(
    shelf, store, upkeep
) -> None:
    upkeep().turn()
    looked = store.last_look()
    for _ in range(2):
        store.close()
        shelf.clock.pass_time(16 * HOUR)
        store = shelf.open()
        upkeep(at=store).turn()
    assert store.last_look() == looked + 32 * HOUR


def test_a_large_file_closed_in_order_is_looked_at_soon_after_the_start(
    shelf, store, record, upkeep, monkeypatch
) -> None:
    """Its pages are not looked at by the start, which somebody waits for."""
    record(store, 3)
    upkeep().turn()
    assert not store.unlooked
    store.close()
    monkeypatch.setattr("kiosk.store.recovery.looking.QUICK_BYTES", 1)
    again = shelf.open()
    assert again.unlooked
    shelf.clock.pass_time(timedelta(minutes=20))
    upkeep(at=again).turn()
    assert not again.unlooked
    assert again.last_look() == shelf.clock.now()


def test_after_an_unclean_end_a_large_file_is_looked_at_by_the_start(
    shelf, store, record, shelf_at, tmp_path, monkeypatch
) -> None:
    record(store, 3)
    after = tmp_path / "after a power cut"
    shutil.copytree(shelf.directory, after)  # open, with its log
    monkeypatch.setattr("kiosk.store.recovery.looking.QUICK_BYTES", 1)
    other = shelf_at(after)
    assert not other.open().unlooked
    other.close()


def test_damage_is_found_and_the_store_takes_nothing_more(store, record, upkeep) -> None:
    record(store, 3)
    with store._database.transaction() as connection:
        connection.exec_driver_sql("UPDATE events SET data = '{}' WHERE number = 2")
    upkeep().turn()
    assert store.broken is not None
    assert "event 2" in store.broken.detail


def test_what_a_copy_finds_is_looked_for_in_the_ledger(store, record, upkeep) -> None:
    record(store, 3)
    care = upkeep()
    care.turn()
    with store._database.transaction() as connection:
        connection.exec_driver_sql("UPDATE events SET data = '{}' WHERE number = 2")
    with pytest.raises(Exception, match="does not hold"):
        care.turn()
    assert store.broken is not None


def test_a_visit_in_the_middle_is_waited_for(store, record, upkeep, house) -> None:
    record(store, 3)
    house.quiet, house.until = False, 3
    upkeep().turn()
    assert house.asked > 3
    assert store.last_look() is not None


def test_whoever_switches_off_in_the_middle_does_not_wait(store, record, upkeep, house) -> None:
    record(store, 3)
    care = upkeep()
    house.quiet = False
    left: list[BaseException] = []

    def turn() -> None:
        try:
            care.turn()
        except Leaving as leaving:
            left.append(leaving)

    thread = threading.Thread(target=turn)
    thread.start()
    care.stop()
    thread.join()
    assert len(left) == 1
    assert store.last_look() is None
    record(store, 1)


def test_a_copy_that_did_not_come_about_is_tried_again_later(
    shelf, store, upkeep, monkeypatch
) -> None:
    care = upkeep()
    care.turn()
    monkeypatch.setattr("kiosk.store.policy_writing.free_bytes", lambda _path: 1 << 20)
    with pytest.raises(Exception, match="are needed"):
        care.turn()
    care.turn()
    monkeypatch.undo()
    care.turn()
    assert store.copies() == ()
    shelf.clock.pass_time(timedelta(seconds=AGAIN_S))
    care.turn()
    assert len(store.copies()) == 1


def test_no_copies_are_made_where_none_are_wanted(shelf, store, upkeep) -> None:
    care = upkeep(copies=0)
    for _ in range(3):
        care.turn()
        shelf.clock.pass_time(HOUR)
    assert store.copies() == ()
