"""Authorisations on their way into bundles: what changed since the last one, and in which files.

Each row says in which bundle it first went out; 0 is not yet. Publishing numbers all of those at
once, whatever their count, and what bears the new number is the delta. A row that changes while
the whole is being read may be in it and comes again with the next delta, which does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.domain import codes
from kiosk.domain.codes.model import ShortCode
from kiosk.domain.returns import Authorisation
from sync.central.database import Database, by_bytes, upsert
from sync.central.policy import packing
from sync.central.tables import authorisations, removed_authorisations
from sync.wire import codec
from sync.wire.bundle import AUTHORISATIONS, BASE, DELTA, FULL
from sync.wire.lines import Change, row_of
from sync.wire.messages import BundleFile, Manifest

MAX_DELTAS = 32
"""So many bundles a kiosk may be behind and still be told the changes only."""
WORTH = 4
"""The whole is packed anew once the deltas on it are a quarter of its size."""
CHUNK = 1000


def put(database: Database, tenant: str, given: Iterable[Authorisation]) -> None:
    """New or changed returns; what is as it was is no change."""
    returns = list(given)

    def work(c: sa.Connection) -> None:
        for chunk in _chunks(returns):
            put_rows(c, tenant, chunk)

    database.write(work)


def put_rows(c: sa.Connection, tenant: str, given: Sequence[Authorisation]) -> None:
    """As `put`, within a transaction and for as many as one statement takes."""
    rows = [row_to_keep(tenant, one) for one in given]
    upsert(c, authorisations, rows, unless_same=authorisations.c.body)
    _forget_removal(c, tenant, [one.return_id for one in given])


def row_to_keep(tenant: str, one: Authorisation) -> dict[str, object]:
    """For `authorisations`. A short code is kept as somebody's typing is read."""
    short = codes.parse_short(one.short_code)
    return {
        "tenant": tenant,
        "return_id": one.return_id,
        "merchant_id": one.merchant_id,
        "order_number": one.order_number,
        "state": one.state.value,
        "body": codec.encode(one).decode(),
        "bundle": 0,
        "short_code": short.text if isinstance(short, ShortCode) else "",
    }


def remove(database: Database, tenant: str, return_ids: Sequence[str]) -> None:
    """From the next bundle on these are not known any more."""

    def work(c: sa.Connection) -> None:
        for chunk in _chunks(return_ids):
            mine = _mine(authorisations, tenant, chunk)
            gone = c.execute(
                authorisations.delete().where(mine).returning(authorisations.c.return_id)
            ).scalars()
            rows = [{"tenant": tenant, "return_id": one, "bundle": 0} for one in gone]
            if rows:
                upsert(c, removed_authorisations, rows)

    database.write(work)


def _chunks(rows: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), CHUNK):
        yield list(rows[start : start + CHUNK])


def _mine(table: sa.Table, tenant: str, return_ids: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.tenant == tenant, table.c.return_id.in_(return_ids))


def _forget_removal(c: sa.Connection, tenant: str, return_ids: Sequence[str]) -> None:
    table = removed_authorisations
    c.execute(table.delete().where(_mine(table, tenant, return_ids)))


# --- into files --------------------------------------------------------------------------------


def files(
    c: sa.Connection, tenant: str, number: int, before: Manifest | None
) -> tuple[BundleFile, ...]:
    """The files of bundle `number`: a whole, and deltas for those who have an earlier bundle.
    `before` is the bundle before it, proven; None where there is none to build upon."""
    changed = _mark(c, tenant, number)
    earlier = () if before is None else before.files
    deltas = [file for file in earlier if file.name == AUTHORISATIONS and file.kind == DELTA]
    whole = next((f for f in earlier if f.name == AUTHORISATIONS and f.kind in (FULL, BASE)), None)
    if before is None or whole is None:
        _forget_removed(c, tenant)
        return (_whole(c, tenant),)
    at = before.number if whole.kind == FULL else whole.at
    deltas.append(_delta(c, tenant, before.number, number))
    _forget_removed(c, tenant)
    since = [file for file in deltas if file.base >= at]
    if not changed and at == before.number:
        whole = msgspec.structs.replace(whole, kind=FULL, at=0)  # the same in every row
    elif len(since) >= MAX_DELTAS or WORTH * sum(file.size for file in since) > whole.size:
        whole = _whole(c, tenant)
    else:
        whole = msgspec.structs.replace(whole, kind=BASE, at=at)
    return (whole, *deltas[-MAX_DELTAS:])


def waiting(c: sa.Connection, tenant: str) -> int:
    """How many returns the next bundle adds, changes or takes away."""
    return sum(
        int(
            c.execute(
                sa.select(sa.func.count())
                .select_from(table)
                .where(table.c.tenant == tenant, table.c.bundle == 0)
            ).scalar_one()
        )
        for table in (authorisations, removed_authorisations)
    )


def _mark(c: sa.Connection, tenant: str, number: int) -> bool:
    """Give everything new the bundle's number; whether there was anything."""
    changed = 0
    for table in (authorisations, removed_authorisations):
        new = sa.and_(table.c.tenant == tenant, table.c.bundle == 0)
        changed += c.execute(table.update().where(new).values(bundle=number)).rowcount
    return changed > 0


def _forget_removed(c: sa.Connection, tenant: str) -> None:
    """What was said in a delta needs no keeping."""
    table = removed_authorisations
    c.execute(table.delete().where(table.c.tenant == tenant, table.c.bundle > 0))


def _whole(c: sa.Connection, tenant: str) -> BundleFile:
    table = authorisations
    query = sa.select(table.c.body).where(table.c.tenant == tenant)
    # The body is the row: our own codec wrote it.
    bodies = _streamed(c, query.order_by(by_bytes(c, table.c.return_id)))
    rows = (row.body.encode() for row in bodies)
    return packing.put(c, tenant, rows, AUTHORISATIONS, FULL)


def _delta(c: sa.Connection, tenant: str, base: int, number: int) -> BundleFile:
    kept, gone = authorisations, removed_authorisations
    puts = sa.select(kept.c.return_id, kept.c.body).where(
        kept.c.tenant == tenant, kept.c.bundle == number
    )
    removes = sa.select(gone.c.return_id, sa.literal("").label("body")).where(
        gone.c.tenant == tenant, gone.c.bundle == number
    )
    both = puts.union_all(removes).subquery()
    query = sa.select(both).order_by(by_bytes(c, both.c.return_id))
    rows = (_change(row.return_id, row.body) for row in _streamed(c, query))
    return packing.put(c, tenant, rows, AUTHORISATIONS, DELTA, base, number)


def _change(return_id: str, body: str) -> bytes:
    return b'{"put":%b}' % body.encode() if body else row_of(Change(remove=return_id))


def _streamed(c: sa.Connection, query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    return iter(c.execute(query, execution_options={"yield_per": CHUNK}))
