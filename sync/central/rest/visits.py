"""What became of a merchant's returns: drops at kiosks, and refunds as the merchant tells them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sync.central.database import insert_new
from sync.central.reconcile.model import Kind as Moved
from sync.central.reconcile.model import Movement
from sync.central.reconcile.record import record_many
from sync.central.rest import feed, returns
from sync.central.rest.calls import Answer, Call
from sync.central.rest.problems import Kind, Problem, problem
from sync.central.rest.shapes import Drops, Money, NewRefund, Refund, Refunds
from sync.central.tables import drops, merchant_refunds

_YEARS = range(2000, 2200)


def of_return(c: sa.Connection, call: Call) -> Answer | Problem:
    if returns.known(c, call) is None:
        return problem(Kind.NOT_FOUND)
    its = sa.and_(
        drops.c.return_id == call.path["return_id"], drops.c.merchant_id == call.key.subject
    )
    found = feed.drops_of(c, call.key.tenant, its)
    return Answer(Drops(drops=tuple(drop for _, drop in found)))


def one(c: sa.Connection, call: Call) -> Answer | Problem:
    its = sa.and_(drops.c.drop_id == call.path["drop_id"], drops.c.merchant_id == call.key.subject)
    found = feed.drops_of(c, call.key.tenant, its)
    return Answer(found[0][1]) if found else problem(Kind.NOT_FOUND)


def refunded(c: sa.Connection, call: Call) -> Answer | Problem:
    """Money went back: told once for each refund id. It is taken as told; what does not fit the
    drops is found by reconciliation and not here."""
    ask, known = call.asked(NewRefund), returns.known(c, call)
    if known is None:
        return problem(Kind.NOT_FOUND)
    if ask.done_at.year not in _YEARS:
        return problem(Kind.UNFIT, "done_at must lie between the years 2000 and 2200.")
    currency = known.lines[0].price.currency
    if ask.amount.currency != currency:
        return problem(Kind.UNFIT, f"The return is in {currency}; a refund cannot be in another.")
    row = {
        "tenant": call.key.tenant,
        "return_id": known.return_id,
        "refund_id": call.path["refund_id"],
        "merchant_id": call.key.subject,
        "minor": ask.amount.minor,
        "currency": ask.amount.currency,
        "done_at": ask.done_at,
        "told_at": call.now,
    }
    if not insert_new(c, merchant_refunds, row):
        return _again(c, call, ask)
    paid = Movement(
        source=call.key.account,
        source_id=f"{known.return_id}/{row['refund_id']}",
        kind=Moved.REFUNDED,
        told_at=ask.done_at,
        return_id=known.return_id,
        amount=ask.amount.minor,
        currency=ask.amount.currency,
    )
    record_many(c, call.key.tenant, [paid], call.now)
    told = _refund(_of(c, call, merchant_refunds.c.refund_id == row["refund_id"])[0])
    data = {"return_id": known.return_id, "refund_id": told.refund_id, "amount": told.amount}
    feed.tell(c, call, "refund.told", known.return_id, {**data, "by": call.key.prefix})
    return Answer(told, 201)


def _again(c: sa.Connection, call: Call, ask: NewRefund) -> Answer | Problem:
    """The same told twice is one refund; another under its id is none."""
    for row in _of(c, call, merchant_refunds.c.refund_id == call.path["refund_id"]):
        if (row.minor, row.done_at) == (ask.amount.minor, ask.done_at):
            return Answer(_refund(row), changed=False)
    return problem(Kind.TAKEN, "Another refund of this return was told under this id.")


def refunds(c: sa.Connection, call: Call) -> Answer | Problem:
    if returns.known(c, call) is None:
        return problem(Kind.NOT_FOUND)
    return Answer(Refunds(refunds=tuple(_refund(row) for row in _of(c, call, sa.true()))))


def _of(c: sa.Connection, call: Call, which: sa.ColumnElement[bool]) -> list[sa.Row[Any]]:
    table = merchant_refunds
    query = sa.select(table).where(
        table.c.tenant == call.key.tenant,
        table.c.return_id == call.path["return_id"],
        table.c.merchant_id == call.key.subject,
        which,
    )
    return list(c.execute(query.order_by(table.c.told_at, table.c.refund_id)))


def _refund(row: sa.Row[Any]) -> Refund:
    return Refund(
        refund_id=row.refund_id,
        return_id=row.return_id,
        amount=Money(minor=row.minor, currency=row.currency),
        done_at=row.done_at,
        told_at=row.told_at,
    )
