"""What a person needs to believe a difference: the numbers compared, and every fact behind them.

Sorted throughout, so that the same facts make the same evidence in whatever order they came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from sync.central.cases import Compared, Evidence
from sync.central.reconcile.model import Unit
from sync.central.tables import drops
from sync.central.tables.reconcile import movements

MOST: Final = 50
"""Facts named in a case; of more their number alone is told."""
_CHUNK: Final = 400
_LEFT_OUT: Final = ("unit_id", "part_id", "site")
_DROPS: Final = {
    Unit.BAG: drops.c.bag_id,
    Unit.LINE: drops.c.return_id,
    Unit.RETURN: drops.c.return_id,
}
_MOVEMENTS: Final = {
    Unit.BAG: movements.c.bag_id,
    Unit.CONTAINER: movements.c.container_id,
    Unit.MANIFEST: movements.c.manifest_id,
    Unit.LINE: movements.c.return_id,
    Unit.RETURN: movements.c.return_id,
}
_NAMES: Final = ("bag_id", "container_id", "manifest_id", "return_id", "line_id")
Rows = Sequence[Mapping[str, Any]]
Facts = Mapping[str, Rows]


def numbers(standing: Mapping[str, Any]) -> dict[str, str | int]:
    """A standing as it is told: without what nobody said, moments in UTC."""
    return {
        name: plain(value)
        for name, value in sorted(standing.items())
        if name not in _LEFT_OUT and value is not None
    }


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return value


def drops_of(c: sa.Connection, tenant: str, unit: Unit, ids: Iterable[str]) -> Facts:
    """By unit id: the drops that name it."""
    named = _DROPS.get(unit)
    if named is None:
        return {}
    wanted = ("drop_id", "drop_number", "event_id", "bag_id", "return_id", "device_id")
    columns: list[Any] = [drops.c[name] for name in wanted]
    query = sa.select(named.label("unit_id"), *columns, drops.c.corrected_at.label("at"))
    return _grouped(c, query.where(drops.c.tenant == tenant), named, ids)


def movements_of(c: sa.Connection, tenant: str, unit: Unit, ids: Iterable[str]) -> Facts:
    """By unit id: the movements that name it."""
    named = _MOVEMENTS.get(unit)
    if named is None:
        return {}
    wanted = ("source", "source_id", "kind", "count", "amount", "currency", "digest", *_NAMES)
    columns: list[Any] = [movements.c[name] for name in wanted]
    query = sa.select(named.label("unit_id"), *columns, movements.c.told_at.label("at"))
    return _grouped(c, query.where(movements.c.tenant == tenant, named != ""), named, ids)


def _grouped(c: sa.Connection, query: sa.Select[Any], named: Any, ids: Iterable[str]) -> Facts:
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        for row in map(dict, c.execute(query.where(named.in_(chunk))).mappings()):
            found[row.pop("unit_id")].append(row)
    return {unit: sorted(rows, key=_order) for unit, rows in found.items()}


def _order(row: Mapping[str, Any]) -> tuple[str, ...]:
    names = ("source", "source_id", "drop_id")
    return plain(row["at"]), *(str(row.get(name, "")) for name in names)


def evidence(
    dropped: Rows,
    moved: Rows,
    told: Mapping[str, str | int],
    sides: tuple[str, ...] = (),
    compared: tuple[Compared, ...] = (),
) -> Evidence:
    """`dropped` and `moved` as `drops_of` and `movements_of` give them."""
    every = [*dropped, *moved]
    return Evidence(
        drops=_each(dropped, "drop_id"),
        bags=_each(every, "bag_id"),
        events=_each(dropped, "event_id"),
        returns=_each(every, "return_id"),
        lines=_each(moved, "line_id"),
        containers=_each(moved, "container_id"),
        manifests=_each(moved, "manifest_id"),
        hashes=_each(moved, "digest"),
        receipts=_each(dropped, "drop_number"),
        sides=sides,
        compared=compared,
        numbers=dict(told),
        detail=_spoken(moved),
    )


def _each(rows: Rows, name: str) -> tuple[str, ...]:
    """Each once, in the order of their facts; so many as a person can read."""
    return tuple(dict.fromkeys(str(row[name]) for row in rows if row.get(name)))[:MOST]


def _spoken(moved: Rows) -> str:
    """Every movement in a line: its source and the source's own name for it, what, when."""
    lines = [
        " ".join([row["source"], row["source_id"], row["kind"], plain(row["at"]), *_told(row)])
        for row in moved[:MOST]
    ]
    more = [f"and {len(moved) - MOST} more"] if len(moved) > MOST else []
    return "\n".join([*lines, *more])


def _told(row: Mapping[str, Any]) -> list[str]:
    counted = [f"count {row['count']}"] if row["count"] >= 0 else []
    paid = [f"{row['amount']} {row['currency']}"] if row["currency"] else []
    return counted + paid
