"""The kiosk's own drops and its counter: one transaction, and one day to take them back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.app.drop_off import DropOff
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.acting import Acted
from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.saying import Because, Refused
from kiosk.domain.staff.overrides import Approval, Wanted
from kiosk.domain.staff.permits import Amount, Limited, Limits, Needs
from kiosk.domain.visit import Rejected
from kiosk.store.recovery.mending import mend
from tests.app.conftest import DEVICE_KEY, FakeClock, Ready
from tests.app.counter.counting import ANNA, BEN, Counter, book


class Both:
    """A kiosk with a counter: one ledger."""

    def __init__(self, directory: Path) -> None:
        self.kiosk = Ready.create(directory)
        self.kiosk.close()
        self.counter = Counter(directory, self.kiosk.clock, series=2)
        self.shopper()

    def shopper(self) -> None:
        counter = self.counter
        self.kiosk.store = counter.store
        self.kiosk.drop_off = DropOff(
            counter.store, counter.clock, counter.ids, "K1", "counter-1", DEVICE_KEY,
            lambda: False, goods=counter.desk,
        )  # fmt: skip

    def state(self, drop_id: str) -> str:
        with self.counter.store.look() as work:
            sql = "SELECT state FROM drops WHERE drop_id = ?"
            return str(work.connection.exec_driver_sql(sql, (drop_id,)).scalar())


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    made = Both(tmp_path / "data")
    yield made
    made.counter.close()


def test_a_drops_bag_is_the_counters_from_the_same_moment(both):
    done = both.kiosk.drop(1, bag=1)
    bag = both.counter.desk.shop().bags[done.bag_id]
    assert (bag.state, bag.drop_id) == (BagState.COMMITTED, done.drop_id)
    assert both.counter.told()[-2:] == [
        ("drop.committed", done.drop_id),
        ("bag.committed", done.bag_id),
    ]
    both.counter.again()
    assert both.counter.desk.shop().bags[done.bag_id] == bag


def test_what_needs_no_bag_is_none_of_the_counters(both):
    both.kiosk.drop(2)
    assert len(both.counter.desk.shop().bags) == 0


def test_up_to_the_limit_one_person_takes_a_drop_back(both):
    done = both.kiosk.drop(9, bag=1)  # 49.99 of 50
    both.counter.do(ask.VoidDrop(done.bag_id, "customer_changed_mind"))
    assert both.state(done.drop_id) == "voided"
    again = both.kiosk.drop_off.check("visit-2", both.kiosk.code(9))
    assert not isinstance(again, Rejected), "it may be brought once more"
    other = both.kiosk.drop_off.commit(again, both.kiosk.bag(1))
    assert isinstance(other, Rejected), "but not in a bag that has a story"


def test_above_the_limit_it_takes_two_and_the_amount_is_the_books(both):
    done = both.kiosk.drop(1, bag=1)  # 49.99 and three times 19.99
    void = ask.VoidDrop(done.bag_id, "customer_changed_mind")
    assert isinstance(both.counter.ask(void), Needs)
    wanted = Wanted(ask.VoidDrop, done.bag_id, "customer_changed_mind")
    second = Approval(both.counter.signed(BEN), ask.VoidDrop, done.bag_id)
    assert isinstance(both.counter.desk.act(both.counter.at(ANNA), void, wanted), Needs)
    assert both.state(done.drop_id) == "committed"
    told = both.counter.desk.act(both.counter.at(ANNA), void, wanted, second)
    assert isinstance(told, Acted)
    assert both.state(done.drop_id) == "voided"
    [override] = both.kiosk.events("staff.overridden")
    assert (override["minor"], override["limit"]) == (4999 + 3 * 1999, 5_000)


def test_an_amount_that_nobody_types_cannot_be_made_smaller(both):
    done = both.kiosk.drop(1, bag=1)
    wanted = Wanted(ask.VoidDrop, done.bag_id, "goodwill", amount=Amount(1, "EUR"))
    void = ask.VoidDrop(done.bag_id, "goodwill")
    assert isinstance(both.counter.desk.act(both.counter.at(ANNA), void, wanted), Needs)


def test_without_a_limit_it_always_takes_two(both):
    done = both.kiosk.drop(9, bag=1)
    both.counter.desk.take_book(replace(book(2), limits=Limits()))
    assert isinstance(both.counter.ask(ask.VoidDrop(done.bag_id, "goodwill")), Needs)
    both.counter.desk.take_book(
        replace(book(3), limits=Limits({Limited.DROP_VALUE: Amount(9_000, "CHF")}))
    )
    assert isinstance(both.counter.ask(ask.VoidDrop(done.bag_id, "goodwill")), Needs)


def test_in_a_container_it_is_too_late(both):
    first = both.kiosk.drop(9, bag=1)
    both.counter.do(ask.ProvideContainer("c1", "TC1", "", 5))
    both.counter.do(ask.OpenContainer("c1"))
    both.counter.do(ask.ContainBag(first.bag_id, "c1"))
    refused = both.counter.ask(ask.VoidDrop(first.bag_id, "goodwill"))
    assert isinstance(refused, Refused)
    assert refused.because is Because.BAG_CONTAINED
    assert both.state(first.drop_id) == "committed"


def test_the_day_after_it_is_the_back_offices(both):
    done = both.kiosk.drop(9, bag=1)
    both.counter.wait(days=1)
    refused = both.counter.ask(ask.VoidDrop(done.bag_id, "goodwill"))
    assert isinstance(refused, Refused)
    assert refused.because is Because.NOT_TODAY


def test_a_drop_that_was_taken_back_stays_so_in_a_mended_ledger(both):
    done = both.kiosk.drop(9, bag=1)
    both.counter.do(ask.VoidDrop(done.bag_id, "goodwill"))
    both.counter.close()
    ledger = driver.connect(str(both.counter.directory / "ledger.db"))
    ledger.execute("PRAGMA secure_delete=ON")
    for table in ("drop_lines", "bags", "redeemed_codes", "print_jobs", "drops"):
        ledger.execute(f"DELETE FROM {table}")
    ledger.commit()
    ledger.execute("VACUUM")
    ledger.close()
    mend(both.counter.directory, "corrupt", FakeClock(both.counter.now), both.counter.ids)
    both.counter.again()
    assert both.state(done.drop_id) == "voided"
    assert both.counter.desk.shop().bags[done.bag_id].state is BagState.VOIDED
