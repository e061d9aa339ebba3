"""The power goes, at any screen. What was promised is there afterwards; what was not, is free."""

from __future__ import annotations

import pytest

from kiosk.domain.reasons import Why
from kiosk.flows.model import Asking, Attract, Bagging, Items, OutOfService, Press, Receipt
from kiosk.ports import Trouble
from kiosk.store import StoreCause, StoreFailed


def to_items(kiosk) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)


def to_question(kiosk) -> None:
    kiosk.hold_return("condition")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Asking)


def to_bag(kiosk) -> None:
    to_items(kiosk)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)


@pytest.mark.parametrize("walk", [to_items, to_question, to_bag])
def test_before_the_promise(kiosk, street, walk) -> None:
    walk(kiosk)
    kiosk.power_cut()
    home = kiosk.session
    assert isinstance(home.screen, Attract)
    assert (home.visit_id, home.drops) == ("", ())
    assert [state for state, _, _ in kiosk.drops] == ["abandoned"]
    assert kiosk.bags_held == []
    assert [e["cause"] for e in kiosk.events("drop.abandoned")] == ["crashed"]
    assert kiosk.events("kiosk.started")[-1]["abandoned"] == 1
    assert street.drops == []
    assert [e["cause"] for e in street.told("drop.abandoned")] == ["crashed"]
    assert street.cases == []
    to_items(kiosk)  # the same return, at once
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.is_whole()


def test_after_the_promise_and_before_the_paper(kiosk, street) -> None:
    kiosk.printer.freeze()
    to_items(kiosk)
    kiosk.hold_bag()
    promised = kiosk.sees(Receipt).drop
    kiosk.power_cut()
    assert isinstance(kiosk.session.screen, Attract)  # nobody else sees that receipt
    assert [row["drop_number"] for row in street.drops] == [promised.drop_number]
    ((state, _),) = kiosk.print_jobs
    assert state in ("unconfirmed", "failed")  # and never printed by itself
    assert kiosk.printer.slips == []
    assert [e["outcome"] for e in street.told("receipt.settled")] == [state]
    kiosk.hold_return("simple")
    assert kiosk.hears(Why.RETURN_ALREADY_DROPPED)["drop_number"] == promised.drop_number
    kiosk.is_whole()


def test_with_the_centre_down_and_the_queue_full(kiosk, street) -> None:
    street.goes_down()
    to_items(kiosk)
    kiosk.hold_bag()
    promised = kiosk.sees(Receipt).drop
    kiosk.until(lambda s: getattr(s.screen, "outcome", None) is not None, "the paper")
    kiosk.power_cut()
    assert street.drops == []
    street.comes_back()
    kiosk.all_sent()
    assert [row["drop_number"] for row in street.drops] == [promised.drop_number]
    assert street.cases == []  # the same history goes on: no fork


def test_ten_times_in_a_row(kiosk, street) -> None:
    for _ in range(10):
        kiosk.power_cut()
    assert isinstance(kiosk.session.screen, Attract)
    assert len(street.told("kiosk.started")) == 11
    assert street.cases == []
    kiosk.is_whole()


def test_a_second_program_on_the_same_ledger_waits_its_turn(kiosk) -> None:
    second = kiosk.another_program()
    second.sees(OutOfService)
    assert second.session.screen == OutOfService(Trouble.STORE_FAILED)
    to_items(kiosk)  # the first is not disturbed
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.stop()
    second.sees(Attract)  # and the second takes over what the first leaves
    second.until(lambda s: s.service.policy_number > 0, "the rules")
    assert [state for state, _, _ in second.wait_for_core().drops] == ["committed"]


def test_a_ledger_that_cannot_be_written_at_the_start(install, monkeypatch) -> None:
    """The kiosk says so, and opens by itself once it can."""
    kiosk = install()
    times = iter((True, True))

    def full(*_: object) -> object:
        if next(times, False):
            raise StoreFailed(StoreCause.FULL, "no space left")
        return recover(*_)

    from kiosk.app.recover import recover

    monkeypatch.setattr("kiosk.core.recover", full)
    monkeypatch.setattr("kiosk.waking.LOOK_AGAIN_S", 0.05)
    kiosk.open()
    out = [s.screen for s in kiosk.eyes.seen if isinstance(s.screen, OutOfService)]
    assert OutOfService(Trouble.STORE_FAILED) in out
    kiosk.sees(Attract)
