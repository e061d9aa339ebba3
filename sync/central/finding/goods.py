"""The way of one bag, container, hand-over list or return: who told what of it, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from sync.central.database import Database
from sync.central.reconcile.model import Kind
from sync.central.tables import case_links, cases, drops, movements
from sync.central.views import drops_of

MOST: Final = 200
Row = Mapping[str, Any]


class Thing(StrEnum):
    """What has a way. The value is also the movements' column, with `_id` behind it."""

    BAG = "bag"
    CONTAINER = "container"
    MANIFEST = "manifest"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Way:
    """`told` are movements in the order in which they happened; `inside` the drops whose bags
    belong to it; `holds` what else does: containers of a list, as (thing, id)."""

    thing: Thing
    name: str
    told: tuple[Row, ...]
    inside: tuple[Row, ...]
    holds: tuple[tuple[Thing, str], ...]
    cases: tuple[Row, ...]
    more: bool


def way_of(
    database: Database, tenant: str, thing: Thing, name: str, merchant: str = ""
) -> Way | None:
    """None for what nobody ever told of. A merchant's person sees bags and returns of that
    merchant's drops; containers and lists are shared, and the house's."""
    if merchant and thing not in (Thing.BAG, Thing.RETURN):
        return None
    with database.reading() as c:
        inside = _inside(c, tenant, thing, name, merchant)
        if merchant and not inside:
            return None
        told = _told(c, tenant, thing, name)
        if not told and not inside:
            return None
        held = dict.fromkeys(
            (other, row[f"{other.value}_id"])
            for row in told
            for other in (Thing.MANIFEST, Thing.CONTAINER, Thing.BAG)
            if row[f"{other.value}_id"] and other is not thing
        )
        bags = {row["bag_id"] for row in inside}
        holds = tuple((what, one) for what, one in held if what is not Thing.BAG or one not in bags)
        about = () if merchant else _cases(c, tenant, thing, name)
        return Way(thing, name, told[:MOST], inside, holds, about, len(told) > MOST)


def _named(thing: Thing, name: str) -> sa.ColumnElement[bool]:
    """That it is not empty is what its index is made for."""
    column = movements.c[f"{thing.value}_id"]
    return sa.and_(column != "", column == name)


def _told(c: sa.Connection, tenant: str, thing: Thing, name: str) -> tuple[Row, ...]:
    m = movements.c
    query = sa.select(movements).where(m.tenant == tenant, _named(thing, name))
    return _rows(c, query.order_by(m.told_at, m.source, m.source_id).limit(MOST + 1))


def _inside(
    c: sa.Connection, tenant: str, thing: Thing, name: str, merchant: str
) -> tuple[Row, ...]:
    query = drops_of(tenant, merchant).where(_mine(tenant, thing, name))
    newest = (drops.c.received_at.desc(), drops.c.drop_id)
    return _rows(c, query.order_by(*newest).limit(MOST))


def _mine(tenant: str, thing: Thing, name: str) -> sa.ColumnElement[bool]:
    d, m = drops.c, movements.c
    if thing is Thing.BAG:
        return d.bag_id == name
    if thing is Thing.RETURN:
        return d.return_id == name
    boxes = _named(Thing.CONTAINER, name)
    if thing is Thing.MANIFEST:
        boxes = sa.and_(m.container_id != "", m.container_id.in_(_listed(tenant, name)))
    contained = sa.and_(m.tenant == tenant, m.kind == Kind.CONTAINED.value, boxes)
    return sa.and_(d.bag_id != "", d.bag_id.in_(sa.select(m.bag_id).where(contained)))


def _listed(tenant: str, name: str) -> sa.Select[tuple[str]]:
    on = movements.alias("on_list")
    return sa.select(on.c.container_id).where(
        on.c.tenant == tenant, on.c.manifest_id != "", on.c.manifest_id == name
    )


def _cases(c: sa.Connection, tenant: str, thing: Thing, name: str) -> tuple[Row, ...]:
    query = (
        sa.select(cases.c.case_id, cases.c.kind, cases.c.state, cases.c.opened_at)
        .join(case_links, case_links.c.case_id == cases.c.case_id)
        .where(
            case_links.c.tenant == tenant,
            case_links.c.thing == thing.value,
            case_links.c.id == name,
        )
        .order_by(cases.c.opened_at, cases.c.case_id)
    )
    return _rows(c, query.limit(MOST))


def _rows(c: sa.Connection, query: sa.Select[Any]) -> tuple[Row, ...]:
    return tuple(dict(row) for row in c.execute(query).mappings())
