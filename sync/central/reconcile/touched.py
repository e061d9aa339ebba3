"""Which units must be looked at again: those that new facts name, and those whose state hangs on
them. Reading is not limited to these: each is judged by all facts there are, so it does not matter
in which order or portions they came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sync.central.reconcile.model import Kind, Unit
from sync.central.reconcile.scratch import TOUCHED, add, known
from sync.central.tables import drops
from sync.central.tables.reconcile import awaited, movements

_BAGS, _CONTAINERS = TOUCHED[Unit.BAG], TOUCHED[Unit.CONTAINER]
_MANIFESTS, _RETURNS = TOUCHED[Unit.MANIFEST], TOUCHED[Unit.RETURN]
_m, _d = movements.c, drops.c
_NAMED = (
    (_BAGS, _m.bag_id),
    (_CONTAINERS, _m.container_id),
    (_MANIFESTS, _m.manifest_id),
    (_RETURNS, _m.return_id),
)
Where = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Window:
    """Facts received after `after` and up to `until`."""

    after: datetime
    until: datetime

    def of(self, column: sa.Column[datetime]) -> Where:
        return sa.and_(column > self.after, column <= self.until)


def by_drops(c: sa.Connection, tenant: str, window: Window) -> None:
    new = sa.and_(_d.tenant == tenant, window.of(_d.received_at))
    add(c, _BAGS, _ids(_d.bag_id, new))
    add(c, _RETURNS, _ids(_d.return_id, new))


def by_voids(c: sa.Connection, tenant: str, window: Window) -> None:
    """Drops that staff took back are in the window of that word, too."""
    new = sa.and_(_d.tenant == tenant, window.of(_d.void_heard_at))
    add(c, _BAGS, _ids(_d.bag_id, new))
    add(c, _RETURNS, _ids(_d.return_id, new))


def by_movements(c: sa.Connection, tenant: str, window: Window) -> None:
    new = sa.and_(_m.tenant == tenant, window.of(_m.received_at))
    for table, name in _NAMED:
        add(c, table, _ids(name, new))
    _of_whole_manifests(c, tenant, new)
    _beside_received_bags(c, tenant, new)
    _of_unpacked_returns(c, tenant, new)


def by_patience(c: sa.Connection, tenant: str, due: Mapping[str, datetime]) -> int:
    """What waits under a rule since before its moment; how many there are."""
    count = 0
    for rule, cut in due.items():
        late = sa.and_(awaited.c.tenant == tenant, awaited.c.rule == rule, awaited.c.since <= cut)
        found = c.execute(
            sa.select(awaited.c.unit_kind, sa.func.count()).where(late).group_by("unit_kind")
        ).all()
        for kind, many in found:
            count += many
            here = sa.and_(late, awaited.c.unit_kind == kind)
            add(c, TOUCHED[Unit(kind)], sa.select(awaited.c.unit_id).where(here))
    return count


def settle(c: sa.Connection, tenant: str) -> None:
    """What every unit brings with it, once all of them are named."""
    known(c, _BAGS)
    with_drop = sa.and_(_d.tenant == tenant, _d.bag_id == _BAGS.c.unit_id)
    add(c, _RETURNS, _ids(_d.return_id, with_drop))
    contained = _in(Kind.CONTAINED, tenant)
    add(c, _CONTAINERS, _ids(_m.container_id, sa.and_(contained, _named(_m.bag_id, _BAGS))))
    known(c, _CONTAINERS, _MANIFESTS, _RETURNS)


def _of_whole_manifests(c: sa.Connection, tenant: str, new: Where) -> None:
    """A word about a manifest is a word about every container on it."""
    whole = sa.and_(new, _m.container_id == "", _m.bag_id == "")
    named = sa.select(_m.manifest_id).where(whole, _m.manifest_id != "").cte("whole")
    listed = sa.and_(_in(Kind.HANDED_OVER, tenant), _m.manifest_id != "")
    on = sa.and_(listed, _m.manifest_id == named.c.manifest_id)
    for table, name in ((_CONTAINERS, _m.container_id), (_BAGS, _m.bag_id)):
        rows = sa.select(name.label("unit_id")).select_from(named)
        add(c, table, rows.where(on, name != ""))


def _beside_received_bags(c: sa.Connection, tenant: str, new: Where) -> None:
    """The first bag that a hub tells out of a container makes it wait for the others."""
    came = sa.and_(new, _m.kind == Kind.RECEIVED.value, _m.bag_id != "")
    bags = sa.select(_m.bag_id).distinct().where(came).cte("came")
    contained = sa.and_(_in(Kind.CONTAINED, tenant), _m.bag_id != "")
    within = sa.select(_m.container_id).distinct().where(contained, _m.bag_id == bags.c.bag_id)
    boxes = within.cte("boxes")
    others = movements.alias("others")
    together = sa.and_(
        others.c.tenant == tenant,
        others.c.kind == Kind.CONTAINED.value,
        others.c.container_id != "",
        others.c.container_id == boxes.c.container_id,
    )
    add(c, _BAGS, sa.select(others.c.bag_id.label("unit_id")).where(together))


def _of_unpacked_returns(c: sa.Connection, tenant: str, new: Where) -> None:
    """Where lines are told, the bag's own count says nothing any more."""
    told = sa.select(_m.return_id).distinct().where(new, _m.line_id != "").cte("told")
    with_them = sa.and_(_d.tenant == tenant, _d.return_id == told.c.return_id, _d.bag_id != "")
    add(c, _BAGS, sa.select(_d.bag_id.label("unit_id")).where(with_them))


def _in(kind: Kind, tenant: str) -> Where:
    return sa.and_(_m.tenant == tenant, _m.kind == kind.value)


def _named(column: sa.Column[str], table: sa.Table) -> Where:
    """Named by a touched unit. That it is not empty is what its index is made for."""
    return sa.and_(column != "", column == table.c.unit_id)


def _ids(column: sa.Column[str], where: Where) -> sa.Select[Any]:
    return sa.select(column.label("unit_id")).where(where, column != "")
