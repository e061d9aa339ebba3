"""After a start: what was cut off in the middle is put right before anybody is served."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from kiosk.app.checking import give_up
from kiosk.domain.events import ReceiptSettled
from kiosk.domain.visit import AbandonCause
from kiosk.ports import Clock, DeviceFault

if TYPE_CHECKING:
    from kiosk.store import Store, Work


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many open drops were given up, and how many receipts have no certain paper."""

    abandoned: int
    unprinted: int


def recover(store: Store, clock: Clock) -> Recovered:
    """One transaction. Goods that were not promised are the shopper's; their bags are free.

    A receipt that was being printed is unconfirmed, one that was still queued failed. Neither is
    printed now: the shopper is gone, and a printer may finish the half by itself. Raises
    StoreFailed.
    """
    now = clock.now()
    with store.look() as work:
        nothing = not work.drops.all_open() and not work.drops.unsettled_jobs()
    return Recovered(0, 0) if nothing else store.run(lambda work: _put_right(work, now))


def _put_right(work: Work, now: datetime) -> Recovered:
    rows = work.drops.all_open()
    for row in rows:
        give_up(work, row, AbandonCause.CRASHED, now)
    jobs = work.drops.unsettled_jobs()
    for job in jobs:
        begun = job.state == "printing"
        state = "unconfirmed" if begun else "failed"
        fault = "" if begun else DeviceFault.INTERNAL.value
        work.drops.set_print_job(replace(job, state=state, fault=fault), now)
        work.record(ReceiptSettled(job.drop_id, state, fault), job.drop_id)
    return Recovered(len(rows), len(jobs))
