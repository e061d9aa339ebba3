"""The matching and the closing of books, every few minutes, for every tenant."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from sync.central.centre import Centre
from sync.central.jobs import GoOn, Job
from sync.central.reconcile import books
from sync.central.reconcile.run import Reconciled, reconcile
from sync.central.tables import tenants

EVERY: Final = timedelta(minutes=5)


def work(centre: Centre, go_on: GoOn) -> str:
    """One tenant after the other; what was done for all of them."""
    with centre.database.reading() as c:
        names = list(c.execute(sa.select(tenants.c.tenant).order_by(tenants.c.tenant)).scalars())
    done, closed = Reconciled(), 0
    for tenant in names:
        if not go_on():
            break
        done = done + reconcile(centre.database, tenant, centre.clock.now(), go_on=go_on)
        now = centre.clock.now()
        closed += len(books.close(centre.database, tenant, now, centre.timezone)) if go_on() else 0
    return (
        f"drops {done.drops}, movements {done.movements}, differences new {done.opened}, "
        f"changed {done.changed}, gone {done.gone}, days closed {closed}"
    )


JOB: Final = Job("reconcile", EVERY, work)
