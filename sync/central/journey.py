"""What became of a drop's goods after it, for its page: the bag, what it went in, the refund.

A container goes to and fro: of its own facts only the first of a kind after the bag was in it is
about this bag. Each question names its goods, over the index of that name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from sync.central.reconcile.model import Kind
from sync.central.tables import movements

_MOST: Final = 100
_LATER: Final = (Kind.HANDED_OVER, Kind.ACKNOWLEDGED, Kind.RECEIVED)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """One fact of the goods' way. `thing` is what it was told of: bag, container, manifest or
    return, and `name` which."""

    kind: str
    source: str
    told_at: datetime
    thing: str
    name: str
    row: Row


def of_drop(c: sa.Connection, tenant: str, drop: Row) -> tuple[Moved, ...]:
    """In the order in which it happened; () where nobody told anything yet."""
    own = [
        *_named(c, tenant, "bag", drop["bag_id"]),
        *_named(c, tenant, "return", drop["return_id"], bag_id=drop["bag_id"]),
    ]
    inside = _first(row for row in own if row["kind"] == Kind.CONTAINED)
    around: list[Moved] = [_moved(row) for row in own]
    if inside is not None:
        around += _around(c, tenant, "container", inside["container_id"], inside["told_at"])
    listed = _first(one.row for one in around if one.row["manifest_id"])
    if listed is not None:
        around += _around(c, tenant, "manifest", listed["manifest_id"], listed["told_at"])
    once = {(one.row["source"], one.row["source_id"]): one for one in around}
    return tuple(sorted(once.values(), key=lambda one: (one.told_at, one.kind, one.source)))


def _named(
    c: sa.Connection, tenant: str, thing: str, name: str, bag_id: str | None = None
) -> list[Row]:
    """Facts that name this; of a return's those that are not another bag's."""
    if not name:
        return []
    m = movements.c
    column = m[f"{thing}_id"]
    mine = [m.tenant == tenant, column != "", column == name]
    if bag_id is not None:
        mine.append(m.bag_id.in_(("", bag_id)))
    query = sa.select(movements).where(*mine).order_by(m.told_at, m.source, m.source_id)
    return [dict(row) for row in c.execute(query.limit(_MOST)).mappings()]


def _around(
    c: sa.Connection, tenant: str, thing: str, name: str, since: datetime
) -> Iterator[Moved]:
    """Of what held the bag: the first fact of each kind from then on."""
    m = movements.c
    column = m[f"{thing}_id"]
    for kind in _LATER:
        query = (
            sa.select(movements)
            .where(m.tenant == tenant, column != "", column == name, m.kind == kind.value)
            .where(m.told_at >= since, m.bag_id == "")
            .order_by(m.told_at, m.source, m.source_id)
            .limit(1)
        )
        for row in c.execute(query).mappings():
            yield _moved(dict(row))


def _moved(row: Row) -> Moved:
    things = ("bag", "container", "manifest", "return")
    thing = next((one for one in things if row[f"{one}_id"]), "return")
    return Moved(row["kind"], row["source"], row["told_at"], thing, row[f"{thing}_id"], row)


def _first(rows: Iterable[Row]) -> Row | None:
    return min(rows, key=lambda row: row["told_at"], default=None)
