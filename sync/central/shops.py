"""Merchants as the house looks at them: what they took back, what is owed, what is in trouble."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from sync.central.cases import UNSETTLED
from sync.central.database import Database
from sync.central.reconcile.model import Kind
from sync.central.rest.keys import Role
from sync.central.tables import (
    api_keys,
    case_links,
    cases,
    drops,
    merchants,
    movements,
    webhook_deliveries,
    webhooks,
)

SPAN: Final = timedelta(days=7)
_MOST: Final = 50
_SOURCE: Final = "merchant:"
Row = Mapping[str, Any]
Sums = dict[str, int]
"""Minor units by currency."""


@dataclass(frozen=True, slots=True)
class Shop:
    """One merchant in the last days (SPAN). `hooks` are webhooks, `troubled` those of them whose
    last sending failed or that are gone; `look` names the parts that are its own."""

    merchant_id: str
    name: str
    look: tuple[str, ...] = ()
    drops: int = 0
    promised: Sums = field(default_factory=dict)
    refunded: Sums = field(default_factory=dict)
    cases: int = 0
    hooks: int = 0
    troubled: int = 0
    keys: int = 0


@dataclass(frozen=True, slots=True)
class One:
    """A merchant's page: unsettled cases about its drops, webhooks with how many of their events
    wait or are dead, and keys that are good."""

    shop: Shop
    support: str
    cases: tuple[Row, ...]
    hooks: tuple[Row, ...]
    keys: tuple[Row, ...]


def listed(database: Database, tenant: str, now: datetime, only: str = "") -> tuple[Shop, ...]:
    """By name; `only` one of them."""
    with database.reading() as c:
        mine = [merchants.c.tenant == tenant]
        if only:
            mine.append(merchants.c.merchant_id == only)
        rows = c.execute(sa.select(merchants).where(*mine).order_by(merchants.c.name)).all()
        dropped, promised = _dropped(c, tenant, now, only)
        refunded = _refunded(c, tenant, now)
        open_ = _open(c, tenant)
        hooks, keys = _hooks(c, tenant), _keys(c, tenant, now)
        return tuple(
            Shop(
                row.merchant_id,
                row.name,
                tuple(sorted(msgspec.json.decode(row.look))),
                dropped.get(row.merchant_id, 0),
                promised.get(row.merchant_id, {}),
                refunded.get(row.merchant_id, {}),
                open_.get(row.merchant_id, 0),
                *hooks.get(row.merchant_id, (0, 0)),
                keys.get(row.merchant_id, 0),
            )
            for row in rows
        )


def one(database: Database, tenant: str, merchant_id: str, now: datetime) -> One | None:
    found = listed(database, tenant, now, merchant_id)
    if not found:
        return None
    with database.reading() as c:
        here = sa.and_(merchants.c.tenant == tenant, merchants.c.merchant_id == merchant_id)
        body = c.execute(sa.select(merchants.c.body).where(here)).scalar_one()
        return One(
            found[0],
            str(msgspec.json.decode(body).get("support", "")),
            _cases_of(c, tenant, merchant_id),
            _hooks_of(c, tenant, merchant_id),
            _keys_of(c, tenant, merchant_id, now),
        )


def _dropped(
    c: sa.Connection, tenant: str, now: datetime, only: str
) -> tuple[dict[str, int], dict[str, Sums]]:
    d = drops.c
    lately = [d.tenant == tenant, d.received_at > now - SPAN, ~d.voided]
    if only:
        lately.append(d.merchant_id == only)
    query = sa.select(d.merchant_id, d.currency, sa.func.count(), sa.func.sum(d.refund))
    counts: defaultdict[str, int] = defaultdict(int)
    sums: defaultdict[str, Sums] = defaultdict(dict)
    for who, currency, many, minor in c.execute(
        query.where(*lately).group_by(d.merchant_id, d.currency)
    ):
        counts[who] += many
        if currency:
            sums[who][currency] = int(minor)
    return counts, sums


def _refunded(c: sa.Connection, tenant: str, now: datetime) -> dict[str, Sums]:
    m = movements.c
    lately = sa.and_(m.tenant == tenant, m.received_at > now - SPAN, m.kind == Kind.REFUNDED.value)
    query = sa.select(m.source, m.currency, sa.func.sum(m.amount)).where(lately)
    sums: defaultdict[str, Sums] = defaultdict(dict)
    for source, currency, minor in c.execute(query.group_by(m.source, m.currency)):
        if source.startswith(_SOURCE):
            sums[source.removeprefix(_SOURCE)][currency] = int(minor)
    return sums


def _about(tenant: str) -> sa.Subquery:
    """(case, merchant) of every unsettled case that names a drop, its bag or its return."""
    named = {"drop": drops.c.drop_id, "bag": drops.c.bag_id, "return": drops.c.return_id}
    link = case_links.c
    undone = sa.and_(cases.c.tenant == tenant, cases.c.state.in_(UNSETTLED))
    parts = [
        sa.select(link.case_id, drops.c.merchant_id)
        .select_from(cases)
        .join(case_links, link.case_id == cases.c.case_id)
        .join(drops, sa.and_(drops.c.tenant == tenant, column == link.id))
        .where(undone, link.tenant == tenant, link.thing == thing)
        for thing, column in named.items()
    ]
    return sa.union(*parts).subquery()


def _open(c: sa.Connection, tenant: str) -> dict[str, int]:
    about = _about(tenant)
    query = sa.select(about.c.merchant_id, sa.func.count().label("many")).group_by(
        about.c.merchant_id
    )
    return {row.merchant_id: row.many for row in c.execute(query)}


def _cases_of(c: sa.Connection, tenant: str, merchant_id: str) -> tuple[Row, ...]:
    about = _about(tenant)
    of = (cases.c.case_id, cases.c.kind, cases.c.state, cases.c.site, cases.c.opened_at)
    query = sa.select(*of, cases.c.amount, cases.c.currency).join(
        about, about.c.case_id == cases.c.case_id
    )
    mine = query.where(about.c.merchant_id == merchant_id)
    return _rows(c, mine.order_by(cases.c.opened_at, cases.c.case_id).limit(_MOST))


def _hooks(c: sa.Connection, tenant: str) -> dict[str, tuple[int, int]]:
    h = webhooks.c
    bad = sa.func.sum(sa.case((sa.or_(h.failures > 0, h.state != "active"), 1), else_=0))
    query = sa.select(h.merchant_id, sa.func.count(), bad).where(h.tenant == tenant)
    return {who: (many, int(some)) for who, many, some in c.execute(query.group_by(h.merchant_id))}


def _hooks_of(c: sa.Connection, tenant: str, merchant_id: str) -> tuple[Row, ...]:
    h, d = webhooks.c, webhook_deliveries.c

    def many(state: str) -> sa.ColumnElement[int]:
        its = sa.and_(d.webhook_id == h.webhook_id, d.state == state)
        return sa.select(sa.func.count()).where(its).scalar_subquery()

    query = sa.select(
        *(h.url, h.state, h.failures, h.next_at, h.created_at),
        many("waiting").label("waiting"),
        many("dead").label("dead"),
    )
    mine = query.where(h.tenant == tenant, h.merchant_id == merchant_id)
    return _rows(c, mine.order_by(h.created_at, h.webhook_id))


def _good(tenant: str, now: datetime) -> sa.ColumnElement[bool]:
    k = api_keys.c
    return sa.and_(
        k.tenant == tenant,
        k.role == Role.MERCHANT.value,
        k.revoked_at.is_(None),
        sa.or_(k.expires_at.is_(None), k.expires_at > now),
    )


def _keys(c: sa.Connection, tenant: str, now: datetime) -> dict[str, int]:
    query = sa.select(api_keys.c.subject, sa.func.count().label("many")).where(_good(tenant, now))
    return {row.subject: row.many for row in c.execute(query.group_by(api_keys.c.subject))}


def _keys_of(c: sa.Connection, tenant: str, merchant_id: str, now: datetime) -> tuple[Row, ...]:
    k = api_keys.c
    query = sa.select(k.prefix, k.name, k.read_only, k.created_at, k.used_at)
    mine = query.where(_good(tenant, now), k.subject == merchant_id)
    return _rows(c, mine.order_by(k.created_at, k.prefix))


def _rows(c: sa.Connection, query: sa.Select[Any]) -> tuple[Row, ...]:
    return tuple(dict(row) for row in c.execute(query).mappings())
