"""The receipt's paper: a job of its own beside the promise, which it can never undo.

queued -> printing -> printed | unconfirmed | failed;  a person may ask for it again
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from kiosk.app.numbers import read_drop_number
from kiosk.domain.drops import IllegalTransition
from kiosk.domain.events import ReceiptSettled
from kiosk.domain.visit import CommittedDrop
from kiosk.ports import Clock, NotPrinted, Printed, PrintOutcome, Unconfirmed

if TYPE_CHECKING:
    from kiosk.store import Store, Work
    from kiosk.store.drops import PrintJob


class Receipts:
    """May be called from the printer's thread. Raises StoreFailed."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def begin(self, drop_id: str) -> None:
        """Bytes are about to be sent. Raises IllegalTransition for a drop without a promise and
        for a job under way."""

        def task(work: Work) -> None:
            job = _job(work, drop_id)
            if job.state == "printing":
                raise IllegalTransition(f"{drop_id}: its receipt is being printed")
            begun = replace(job, state="printing", fault="", attempts=job.attempts + 1)
            work.drops.set_print_job(begun, self._clock.now())

        self._store.run(task)

    def settle(self, drop_id: str, outcome: PrintOutcome) -> None:
        """What became of the paper, with its event."""
        state, fault = _told(outcome)

        def task(work: Work) -> None:
            job = replace(_job(work, drop_id), state=state, fault=fault)
            work.drops.set_print_job(job, self._clock.now())
            work.record(ReceiptSettled(drop_id, state, fault), drop_id)

        self._store.run(task)
        self._store.fold()  # the shopper has the receipt and is leaving

    def load(self, drop_number: str) -> CommittedDrop | None:
        """A promise by the number a shopper reads out; from the ledger alone."""
        number = read_drop_number(drop_number)
        if number is None:
            return None
        with self._store.look() as work:
            return work.drops.receipt(number)


def _job(work: Work, drop_id: str) -> PrintJob:
    job = work.drops.print_job(drop_id)
    if job is None:
        raise IllegalTransition(f"{drop_id}: nothing was promised, so there is no receipt")
    return job


def _told(outcome: PrintOutcome) -> tuple[str, str]:
    match outcome:
        case Printed():
            return "printed", ""
        case Unconfirmed():
            return "unconfirmed", ""
        case NotPrinted(fault=fault):
            return "failed", fault.value
        case _:
            assert_never(outcome)
