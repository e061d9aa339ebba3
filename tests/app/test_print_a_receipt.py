"""The receipt's paper: a job beside the promise, and the promise told again from the ledger."""

from __future__ import annotations

import pytest

from kiosk.domain.drops import IllegalTransition
from kiosk.ports import DeviceFault, NotPrinted, Printed, Unconfirmed


def job(kiosk, drop_id: str) -> tuple[str, str, int]:
    with kiosk.store.look() as work:
        found = work.drops.print_job(drop_id)
    return found.state, found.fault, found.attempts


@pytest.mark.parametrize(
    ("outcome", "state", "fault"),
    [
        (Printed(), "printed", ""),
        (Unconfirmed("no answer"), "unconfirmed", ""),
        (NotPrinted(DeviceFault.PAPER_OUT, "roll"), "failed", "paper_out"),
    ],
)
def test_what_became_of_the_paper_is_recorded(ready, outcome, state, fault):
    done = ready.drop(1)
    assert job(ready, done.drop_id) == ("queued", "", 0)
    ready.receipts.begin(done.drop_id)
    assert job(ready, done.drop_id) == ("printing", "", 1)
    ready.receipts.settle(done.drop_id, outcome)
    assert job(ready, done.drop_id) == (state, fault, 1)
    (fact,) = ready.events("receipt.settled")
    assert fact == {"drop_id": done.drop_id, "outcome": state, "fault": fault}


def test_a_person_may_ask_again_but_not_while_it_prints(ready):
    done = ready.drop(1)
    ready.receipts.begin(done.drop_id)
    with pytest.raises(IllegalTransition):
        ready.receipts.begin(done.drop_id)
    ready.receipts.settle(done.drop_id, NotPrinted(DeviceFault.PAPER_OUT))
    ready.receipts.begin(done.drop_id)
    ready.receipts.settle(done.drop_id, Printed())
    assert job(ready, done.drop_id) == ("printed", "", 2)
    assert [fact["outcome"] for fact in ready.events("receipt.settled")] == ["failed", "printed"]


def test_there_is_no_receipt_without_a_promise(ready):
    drop = ready.open(1)
    with pytest.raises(IllegalTransition):
        ready.receipts.begin(drop.drop_id)
    with pytest.raises(IllegalTransition):
        ready.receipts.settle(drop.drop_id, Printed())


@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_promise_is_told_again_from_the_ledger_alone(ready, number):
    done = ready.drop(number)
    again = ready.restart()
    (again.directory / "policy-1.db").unlink()
    assert again.receipts.load(done.drop_number.lower()) == done
    again.close()


@pytest.mark.parametrize("number", ["K1-000002-0", "nonsense", "", "K1-000001-"])
def test_a_number_that_was_never_given_finds_nothing(ready, number):
    ready.drop(1)
    assert ready.receipts.load(number) is None
