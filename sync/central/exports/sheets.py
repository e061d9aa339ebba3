"""The rows of each export, a page of the database at a time.

Pages go by key and not by offset: each is a short statement of its own, so that a slow reader
holds no transaction, and the millionth row costs what the first does. Drops and lines belong to
the period in which the centre received them: what a kiosk uploads late is in the period in which
it came, and a file of a past month has the same rows for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from sync.central.database import Database
from sync.central.exports.asking import Asked, What
from sync.central.exports.columns import Column, Row
from sync.central.exports.made import CASES, DROPS, KIOSKS, LINES, MOVEMENTS
from sync.central.reconcile.model import NOT_COUNTED
from sync.central.tables import case_links, cases, devices, drop_lines, drops, merchants, movements

PAGE = 1000
Told = Mapping[str, Any]
_Query = Callable[[Asked], sa.Select[Any]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its columns, its rows as Python values, and the key that they are in order of
    (names in the query's result)."""

    columns: tuple[Column, ...]
    row: Callable[[Told], Row]
    query: _Query
    key: tuple[tuple[str, sa.ColumnElement[Any]], ...]


def rows(database: Database, asked: Asked, page: int = PAGE) -> Iterator[Row]:
    """Every row that was asked for. Blocking; each page is read when its first row is wanted."""
    sheet = SHEETS[asked.what]
    for told in pages(database, sheet.query(asked), sheet.key, page):
        yield from (sheet.row(one) for one in told)


def pages(
    database: Database,
    query: sa.Select[Any],
    key: Sequence[tuple[str, sa.ColumnElement[Any]]],
    page: int = PAGE,
) -> Iterator[Sequence[Told]]:
    """`query` in the order of its key, `page` rows at a time."""
    ordered = query.order_by(*(column for _, column in key)).limit(page)
    after: tuple[Any, ...] | None = None
    while True:
        wanted = ordered if after is None else ordered.where(_behind(key, after))
        with database.reading() as c:
            told = [dict(row) for row in c.execute(wanted).mappings()]
        if told:
            yield told
        if len(told) < page:
            return
        after = tuple(told[-1][name] for name, _ in key)


def _behind(
    key: Sequence[tuple[str, sa.ColumnElement[Any]]], after: tuple[Any, ...]
) -> sa.ColumnElement[bool]:
    """Keys greater than `after`, as SQLite and PostgreSQL both find them by an index on the first
    of them: a >= x AND (a > x OR (b > y OR (b = y AND c > z)))."""
    column, value = key[0][1], after[0]
    beyond: sa.ColumnElement[bool] = column > value
    if len(key) == 1:
        return beyond
    rest = _behind(key[1:], after[1:])
    return sa.and_(column >= value, sa.or_(beyond, rest))


def _period(asked: Asked, at: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(at >= asked.since, at < asked.until)


def _of_drops(asked: Asked) -> sa.ColumnElement[bool]:
    """Drops of the tenant, the merchants and the site."""
    scope = asked.scope
    parts = [drops.c.tenant == scope.tenant, devices.c.tenant == scope.tenant]
    if scope.merchants is not None:
        parts.append(drops.c.merchant_id.in_(sorted(scope.merchants)))
    if asked.site:
        parts.append(devices.c.site == asked.site)
    return sa.and_(*parts)


_KIOSK = (devices.c.kiosk_code, devices.c.site)
_SHOP = sa.and_(
    merchants.c.tenant == drops.c.tenant, merchants.c.merchant_id == drops.c.merchant_id
)
_SHOP_NAME = sa.func.coalesce(merchants.c.name, drops.c.merchant_id).label("merchant")
_BROUGHT = (
    sa.select(sa.func.coalesce(sa.func.sum(drop_lines.c.brought), 0))
    .where(drop_lines.c.drop_id == drops.c.drop_id)
    .correlate(drops)
    .scalar_subquery()
    .label("items")
)


def _drops(asked: Asked) -> sa.Select[Any]:
    return (
        sa.select(drops, *_KIOSK, _SHOP_NAME, _BROUGHT)
        .join(devices, devices.c.device_id == drops.c.device_id)
        .outerjoin(merchants, _SHOP)
        .where(_of_drops(asked), _period(asked, drops.c.received_at))
    )


def voids(asked: Asked) -> sa.Select[Any]:
    """Drops that are taken back, by when that was heard; in the form of `drops`."""
    return (
        sa.select(drops, *_KIOSK, _SHOP_NAME, _BROUGHT)
        .join(devices, devices.c.device_id == drops.c.device_id)
        .outerjoin(merchants, _SHOP)
        .where(_of_drops(asked), drops.c.voided, _period(asked, drops.c.void_heard_at))
    )


VOIDS = (("void_heard_at", drops.c.void_heard_at), ("drop_id", drops.c.drop_id))
_OF_DROP = (
    *("drop_number", "corrected_at", "received_at", "return_id", "order_number", "bag_id"),
    "voided",
)


def _lines(asked: Asked) -> sa.Select[Any]:
    named = (drops.c[name] for name in _OF_DROP)
    return (
        sa.select(drop_lines, *named, drops.c.merchant_id, *_KIOSK)
        .join(drops, drops.c.drop_id == drop_lines.c.drop_id)
        .join(devices, devices.c.device_id == drops.c.device_id)
        .where(_of_drops(asked), _period(asked, drops.c.received_at))
    )


_ABOUT = (
    sa.select(drops.c.merchant_id)
    .join(case_links, case_links.c.id == drops.c.drop_id)
    .where(
        case_links.c.tenant == cases.c.tenant,
        case_links.c.thing == "drop",
        case_links.c.case_id == cases.c.case_id,
        drops.c.tenant == cases.c.tenant,
    )
    .correlate(cases)
)
"""Whose drops a case is about."""
_NAMED = ("returns", "lines", "receipts", "bags")


def _cases(asked: Asked) -> sa.Select[Any]:
    """A case without a drop is the tenant's own: nobody bound to merchants sees it."""
    scope = asked.scope
    parts = [cases.c.tenant == scope.tenant, _period(asked, cases.c.opened_at)]
    if scope.merchants is not None:
        known = sorted(scope.merchants)
        parts += [
            _ABOUT.where(drops.c.merchant_id.in_(known)).exists(),
            ~_ABOUT.where(drops.c.merchant_id.not_in(known)).exists(),
        ]
    if asked.site:
        parts.append(cases.c.site == asked.site)
    return (
        sa.select(
            cases,
            devices.c.kiosk_code,
            _ABOUT.order_by(drops.c.merchant_id).limit(1).scalar_subquery().label("merchant_id"),
            *(cases.c.evidence[name].label(name) for name in _NAMED),
            cases.c.evidence["detail"].as_string().label("detail"),
        )
        .outerjoin(devices, devices.c.device_id == cases.c.device_id)
        .where(*parts)
    )


def _kiosks(asked: Asked) -> sa.Select[Any]:
    query = sa.select(devices).where(devices.c.tenant == asked.scope.tenant)
    if asked.scope.merchants is not None:
        return query.where(sa.false())
    return query.where(devices.c.site == asked.site) if asked.site else query


_COUNT = sa.case((movements.c.count != NOT_COUNTED, movements.c.count)).label("count")


def _movements(asked: Asked) -> sa.Select[Any]:
    """Containers are shared between merchants: nobody bound to some of them sees any."""
    m = movements.c
    parts = [m.tenant == asked.scope.tenant, _period(asked, m.received_at)]
    if asked.scope.merchants is not None:
        parts.append(sa.false())
    if asked.site:
        parts.append(m.site == asked.site)
    told = (column for column in m if column.name not in ("tenant", "count", "digest"))
    return sa.select(*told, _COUNT).where(*parts)


_CAME = ("received_at", drops.c.received_at)
SHEETS: Mapping[What, Sheet] = {
    What.DROPS: Sheet(*DROPS, _drops, (_CAME, ("drop_id", drops.c.drop_id))),
    What.LINES: Sheet(
        *LINES,
        _lines,
        (_CAME, ("drop_id", drops.c.drop_id), ("position", drop_lines.c.position)),
    ),
    What.CASES: Sheet(
        *CASES, _cases, (("opened_at", cases.c.opened_at), ("case_id", cases.c.case_id))
    ),
    What.MOVEMENTS: Sheet(
        *MOVEMENTS,
        _movements,
        (
            ("received_at", movements.c.received_at),
            ("source", movements.c.source),
            ("source_id", movements.c.source_id),
        ),
    ),
    What.KIOSKS: Sheet(*KIOSKS, _kiosks, (("device_id", devices.c.device_id),)),
}
