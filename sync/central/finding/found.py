"""Everything of one tenant that bears a name, by kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from sync.central.database import Database
from sync.central.finding.names import Names
from sync.central.tables import (
    authorisations,
    cases,
    counter_things,
    devices,
    drops,
    merchants,
    movements,
)
from sync.central.tables.base import Moment
from sync.central.views import drops_of

MOST: Final = 20  # of each kind
_KIOSKS: Final = 2000  # whose drop number is meant, where none is named
_AT_COUNTERS: Final = ("parcel", "manifest")
"""Containers go under `_GOODS`, by what reconciliation knows of them."""
_GOODS: Final = ("bag", "container", "manifest")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of each kind, at most MOST of them; `goods` are bags, containers and lists of which
    somebody told, as {what, id, facts, last_at}. `returns` are those without a drop; `parcels`
    what staffed counters have, as {kind, name, plate, site, state}."""

    drops: tuple[Row, ...] = ()
    returns: tuple[Row, ...] = ()
    goods: tuple[Row, ...] = ()
    parcels: tuple[Row, ...] = ()
    kiosks: tuple[Row, ...] = ()
    cases: tuple[Row, ...] = ()
    shops: tuple[Row, ...] = ()
    sites: tuple[str, ...] = field(default=())

    @property
    def nothing(self) -> bool:
        every = (self.drops, self.returns, self.goods, self.parcels, self.kiosks, self.cases)
        return not any((*every, self.shops, self.sites))


@dataclass(frozen=True, slots=True)
class Sees:
    """What whoever asks may see; `merchant` binds them to one shop's rows, "" to none."""

    merchant: str = ""
    kiosks: bool = False
    cases: bool = False
    shops: bool = False


def find(database: Database, tenant: str, names: Names, sees: Sees) -> Found:
    if not names.forms:
        return Found()
    with database.reading() as c:
        house = not sees.merchant
        dropped = _drops(c, tenant, names, sees.merchant)
        goods = _goods(c, tenant, names) if house else ()
        return Found(
            drops=dropped,
            returns=_returns(c, tenant, names, sees.merchant, dropped),
            goods=_apart(goods, dropped),
            parcels=_parcels(c, tenant, names) if sees.shops else (),
            kiosks=_kiosks(c, tenant, names) if sees.kiosks else (),
            cases=_cases(c, tenant, names) if sees.cases else (),
            shops=_shops(c, tenant, names) if sees.shops else (),
            sites=_sites(c, tenant, names) if sees.kiosks else (),
        )


def _drops(c: sa.Connection, tenant: str, names: Names, merchant: str) -> tuple[Row, ...]:
    ids = ids_named(c, tenant, names).subquery()
    query = drops_of(tenant, merchant).where(drops.c.drop_id.in_(sa.select(ids.c.drop_id)))
    return _rows(c, query.order_by(drops.c.received_at.desc(), drops.c.drop_id).limit(MOST))


def ids_named(c: sa.Connection, tenant: str, names: Names) -> sa.CompoundSelect[tuple[str]]:
    """The drops that bear a name. Each has an index of its own, and is asked for by itself: joined
    by OR, databases read the tenant's drops from end to end."""
    d, forms = drops.c, names.forms
    numbers = (*forms, *names.numbers(_codes(c, tenant, names)))
    asked = ((d.drop_number, numbers), (d.bag_id, forms), (d.return_id, forms))
    whole = (*asked, (d.order_number, forms), (d.drop_id, forms))
    named = [
        sa.select(d.drop_id).where(d.tenant == tenant, column.in_(values))
        for column, values in whole
    ]
    if names.short:
        of = sa.select(authorisations.c.return_id).where(_short(tenant, names))
        named.append(sa.select(d.drop_id).where(d.tenant == tenant, d.return_id.in_(of)))
    return sa.union_all(*named)


def _short(tenant: str, names: Names) -> sa.ColumnElement[bool]:
    """The return whose code a shopper types. That it is not empty is what its index is made for."""
    a = authorisations.c
    return sa.and_(a.tenant == tenant, a.short_code != "", a.short_code == names.short)


def _codes(c: sa.Connection, tenant: str, names: Names) -> Sequence[str]:
    if not names.count or names.kiosk:
        return ()
    query = sa.select(devices.c.kiosk_code).where(devices.c.tenant == tenant).distinct()
    return list(c.execute(query.limit(_KIOSKS)).scalars())


def _returns(
    c: sa.Connection, tenant: str, names: Names, merchant: str, dropped: Sequence[Row]
) -> tuple[Row, ...]:
    a = authorisations.c
    there = {row["return_id"] for row in dropped}
    found: dict[str, Row] = {}
    asked = [sa.and_(a.tenant == tenant, a.return_id.in_(names.forms))]
    asked += [sa.and_(a.tenant == tenant, a.order_number.in_(names.forms))]
    asked += [_short(tenant, names)] if names.short else []
    for named in asked:
        query = (
            sa.select(
                a.return_id,
                a.order_number,
                a.state,
                sa.func.coalesce(merchants.c.name, a.merchant_id).label("merchant"),
            )
            .outerjoin(
                merchants,
                sa.and_(merchants.c.tenant == a.tenant, merchants.c.merchant_id == a.merchant_id),
            )
            .where(named)
        )
        if merchant:
            query = query.where(a.merchant_id == merchant)
        for row in _rows(c, query.order_by(a.return_id).limit(MOST)):
            found.setdefault(row["return_id"], row)
    return tuple(row for name, row in sorted(found.items()) if name not in there)[:MOST]


def _goods(c: sa.Connection, tenant: str, names: Names) -> tuple[Row, ...]:
    """One look for each kind: an index holds those facts that name one."""
    m, made = movements.c, list[Row]()
    for what in _GOODS:
        column = m[f"{what}_id"]
        query = (
            sa.select(
                sa.literal(what).label("what"),
                column.label("id"),
                sa.func.count().label("facts"),
                sa.func.max(m.told_at, type_=Moment).label("last_at"),
            )
            .where(m.tenant == tenant, column != "", column.in_(names.forms))
            .group_by(column)
            .order_by(column)
        )
        made += _rows(c, query.limit(MOST))
    return tuple(made)


def _parcels(c: sa.Connection, tenant: str, names: Names) -> tuple[Row, ...]:
    """A label is printed with spaces, and told without."""
    things, forms = counter_things.c, {*names.forms, "".join(names.text.split()).upper()}
    query = sa.select(things.kind, things.name, things.plate, things.site, things.state).where(
        things.tenant == tenant, things.kind.in_(_AT_COUNTERS), things.name.in_(sorted(forms))
    )
    return _rows(c, query.order_by(things.kind, things.name, things.site).limit(MOST))


def _apart(goods: Sequence[Row], dropped: Sequence[Row]) -> tuple[Row, ...]:
    """Without the bags whose drop is told of already."""
    bags = {row["bag_id"] for row in dropped}
    return tuple(row for row in goods if row["what"] != "bag" or row["id"] not in bags)


def _kiosks(c: sa.Connection, tenant: str, names: Names) -> tuple[Row, ...]:
    d = devices.c
    named = sa.or_(d.kiosk_code.in_(names.forms), d.device_id.in_(names.forms))
    query = sa.select(d.device_id, d.kiosk_code, d.site, d.state, d.last_seen_at)
    return _rows(c, query.where(d.tenant == tenant, named).order_by(d.kiosk_code).limit(MOST))


def _cases(c: sa.Connection, tenant: str, names: Names) -> tuple[Row, ...]:
    """By their own number; those about a drop or a bag stand on its page."""
    query = sa.select(cases.c.case_id, cases.c.kind, cases.c.state, cases.c.site, cases.c.opened_at)
    mine = query.where(cases.c.tenant == tenant, cases.c.case_id.in_(names.forms))
    return _rows(c, mine.limit(MOST))


def _shops(c: sa.Connection, tenant: str, names: Names) -> tuple[Row, ...]:
    """A tenant has few: by the beginning of their name, too."""
    m = merchants.c
    named = sa.or_(m.merchant_id.in_(names.forms), m.name.istartswith(names.text, autoescape=True))
    query = sa.select(m.merchant_id, m.name).where(m.tenant == tenant, named)
    return _rows(c, query.order_by(m.name).limit(MOST))


def _sites(c: sa.Connection, tenant: str, names: Names) -> tuple[str, ...]:
    site = devices.c.site
    begins = site.istartswith(names.text, autoescape=True)
    query = sa.select(site).where(devices.c.tenant == tenant, begins, site != "").distinct()
    return tuple(c.execute(query.order_by(site).limit(MOST)).scalars())


def _rows(c: sa.Connection, query: sa.Select[Any]) -> tuple[Row, ...]:
    return tuple(dict(row) for row in c.execute(query).mappings())
