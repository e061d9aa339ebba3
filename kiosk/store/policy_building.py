"""The three ways a policy file is made: a whole bundle, a layer of changes, a layer merged in.

Its own file because a bundle of 100,000 rows loaded into the ledger stalled a drop for 0.8 s;
built aside and renamed, a reader sees the old bundle or the new one and never half of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.returns import Authorisation
from kiosk.store import keys
from kiosk.store.errors import failed
from kiosk.store.giving_way import Way, copied
from kiosk.store.policy_info import BundleInfo, file_of
from kiosk.store.policy_schema import FORGET, HIDE, INDEXES, LAYER, TABLES, merge
from kiosk.store.policy_writing import (
    CHUNK,
    Building,
    placing,
    put_info,
    put_returns,
    require_room,
    written,
)


@dataclass(frozen=True, slots=True)
class Below:
    """What a new layer is to lie on: the whole file's number and about how many rows it has, and
    the layer that lies on it now, if there is one."""

    number: int
    rows: int
    layer: Path | None


@dataclass(frozen=True, slots=True)
class Layered:
    """A layer that was written: how many returns it touches since its base, how many of them
    this change did, and how many rows the base has."""

    path: Path
    touched: int
    changed: int
    base_rows: int


def build_whole(
    directory: Path,
    info: BundleInfo,
    content: PolicyContent,
    authorisations: Iterable[Authorisation],
    way: Way,
    needed: int = 0,
) -> Path:
    """A return that is given twice spoils it. Raises StoreFailed; `needed` bytes must be free."""
    part, target = _part(directory, info.number), file_of(directory, info.number)
    part.unlink(missing_ok=True)
    with placing(part, target, needed, way) as building:
        _execute(building, TABLES)
        put_info(building.connection, info, written(content), base=0)
        put_returns(building, authorisations, directory)
        _each(building, INDEXES)
    return target


def build_layer(
    directory: Path,
    info: BundleInfo,
    content: PolicyContent,
    puts: Iterable[Authorisation],
    removes: Iterable[str],
    below: Below,
    way: Way,
) -> Layered:
    """What is in force with the changes on top: removals first, then what is put, the last of
    several. Raises StoreFailed."""
    part, target = _part(directory, info.number), file_of(directory, info.number)
    _begin(part, below.layer, way)
    with placing(part, target, 0, way) as building:
        connection = building.connection
        if below.layer is None:
            _execute(building, (*TABLES, *INDEXES, *LAYER))
        connection.execute("DELETE FROM bundle")
        put_info(connection, info, written(content), base=below.number)
        removed = _hide(building, removes)
        put = put_returns(building, _replacing(connection, puts), directory)
        touched = _count(connection, "returns") + _count(connection, "removed")
    return Layered(target, touched, removed + put, below.rows)


def merge_layer(
    base: Path, layer: Path, part: Path, target: Path, way: Way, stop: Callable[[], bool]
) -> None:
    """One whole file of what a base and its layer say together. SQLite does all of it, so other
    threads go on; it asks `stop` now and then. Raises StoreFailed, also when stopped."""
    part.unlink(missing_ok=True)
    with placing(part, target, _size(base) + _size(layer), way, stop) as building:
        connection = building.connection
        connection.execute("COMMIT")  # nothing is attached inside a transaction
        for name, path in (("base", base), ("layer", layer)):
            attach(connection, name, path)
        connection.execute("BEGIN")
        _execute(building, TABLES)
        connection.execute(
            "INSERT INTO main.bundle SELECT number, previous, tenant, scope, issued, warn_after,"
            " accept_until, content, 0 FROM layer.bundle"
        )
        for table in ("returns", "third_party"):
            below, above = merge(table)
            if has_table(connection, "base", table):
                connection.execute(below)
            connection.execute(above)
            building.portions.chunk(connection)
            require_room(part.parent, 0)
        _each(building, INDEXES)


def lay_on(layer: Path, base: int, way: Way) -> None:
    """The same layer over another whole file, one that was merged from its base and an earlier
    layer: what it repeats of that does no harm. Raises StoreFailed."""
    part = layer.with_suffix(".part")
    _begin(part, layer, way)
    with placing(part, layer, 0, way) as building:
        building.connection.execute("UPDATE bundle SET base = ?", (base,))


def read_only(path: Path) -> str:
    """The file as nobody will change it: no locks, and no look at whether somebody did."""
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def attach(connection: Any, name: str, path: Path) -> None:
    """As it is: encrypted or plain, whatever the file it is attached to."""
    text = f"ATTACH DATABASE ? AS {name} KEY ?"
    connection.execute(text, (read_only(path), keys.key_text(path)))


def has_table(connection: Any, schema: str, table: str) -> bool:
    where = "type = 'table' AND name = ?"
    query = f"SELECT 1 FROM {schema}.sqlite_master WHERE {where}"  # noqa: S608 - our own names
    return connection.execute(query, (table,)).fetchone() is not None


def _part(directory: Path, number: int) -> Path:
    return directory / f"policy-{number}.part"


def _begin(part: Path, layer: Path | None, way: Way) -> None:
    """A copy of the layer that is in force; it stays as it is for those who read it."""
    part.unlink(missing_ok=True)
    if layer is None:
        return
    require_room(part.parent, _size(layer))
    try:
        copied(layer, part, way)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise failed(error) from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise failed(error) from error


def _execute(building: Building, statements: Iterable[str]) -> None:
    for statement in statements:
        building.connection.execute(statement)


def _each(building: Building, statements: Iterable[str]) -> None:
    """What each of them wrote is a portion of its own."""
    for statement in statements:
        building.connection.execute(statement)
        building.portions.chunk(building.connection)


def _hide(building: Building, removes: Iterable[str]) -> int:
    """How many."""
    count = 0
    for count, return_id in enumerate(building.portions.politely(removes), 1):
        _forget(building.connection, return_id)
        building.connection.execute(HIDE, (return_id,))
        if count % CHUNK == 0:
            building.portions.chunk(building.connection)
    return count


def _forget(connection: Any, return_id: str) -> None:
    for statement in FORGET:
        connection.execute(statement, (return_id,))


def _replacing(connection: Any, puts: Iterable[Authorisation]) -> Iterator[Authorisation]:
    """Each one, once what stood in the layer of its return is gone."""
    for one in puts:
        _forget(connection, one.return_id)
        yield one


def _count(connection: Any, table: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM main.{table}").fetchone()  # noqa: S608 - ours
    return int(found[0])
