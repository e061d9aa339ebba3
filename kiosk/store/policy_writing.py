"""How a policy file comes to its place: written aside, checked, synced, renamed.

Fast and unsafe on purpose while it is written: nobody sees the file before it is checked and on
the disk. A failure leaves nothing behind.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import msgspec
import sqlcipher3.dbapi2 as driver

from kiosk.domain import codes
from kiosk.domain.codes.model import OrderLookup, ShortCode
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.returns import Authorisation
from kiosk.store import keys, policy_rows
from kiosk.store.errors import StoreCause, StoreFailed, failed
from kiosk.store.giving_way import Portions, Way
from kiosk.store.policy_info import BundleInfo
from kiosk.store.policy_schema import PUT_INFO, PUT_NAMED, PUT_RETURN
from kiosk.store.space import LOW_BYTES, free_bytes
from kiosk.store.values import stamp

CHUNK = 1_000
CACHE_KIB = 4_096
"""Bounds the memory of a build, also that of sorting an index; the rest goes through files. What
is in it when a statement ends is written at once, so it is also about the largest portion that the
disk ever gets."""

Row = tuple[str, str | None, str | None, str | None, bytes]


@dataclass(frozen=True, slots=True)
class Building:
    """A new file: the driver's connection to it, and how it gets to the disk."""

    connection: Any
    portions: Portions


@contextmanager
def placing(
    part: Path,
    target: Path,
    needed: int,
    way: Way,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[Building]:
    """The new file; when the block is left without an error it stands at `target`. `part` is
    opened if it is there, else created. It is given up once `stop` says so. Raises StoreFailed:
    FULL already where less than `needed` bytes, and what the kiosk itself needs, are free."""
    try:
        require_room(part.parent, needed)
        with _writing(part, way, stop) as building:
            yield building
            _check(building.connection, part)
        sync(part)
        part.replace(target)
        sync(part.parent)
    except (driver.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise failed(error) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextmanager
def _writing(path: Path, way: Way, stop: Callable[[], bool]) -> Iterator[Building]:
    key = keys.key_text(path)
    # Stays open for as long as SQLite has the file: closing it would let go of SQLite's locks.
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        portions = Portions(fd, way, stop)
        with _connected(path, key) as connection:
            portions.watch(connection)
            try:
                yield Building(connection, portions)
            except driver.Error:
                if portions.met is not None:
                    raise portions.met from None
                raise
    finally:
        os.close(fd)


@contextmanager
def _connected(path: Path, key: str) -> Iterator[Any]:
    uri = path.absolute().as_uri()  # so that ATTACH understands one too
    connection = driver.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        keys.use(connection, key)
        for pragma in (
            "journal_mode=OFF",
            "synchronous=OFF",
            f"cache_size=-{CACHE_KIB}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        if not key:  # this library's default is memory, where an encrypted store's sorting stays
            connection.execute("PRAGMA temp_store=FILE")
        connection.execute("BEGIN")
        yield connection
    finally:
        connection.close()


def _check(connection: Any, part: Path) -> None:
    """The whole of it, once, by whoever wrote it: in the background, while nobody waits."""
    connection.execute("COMMIT")
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise StoreFailed(StoreCause.CORRUPT, f"{part} failed its check")


def require_room(directory: Path, needed: int) -> None:
    """Raises StoreFailed(FULL) where `needed` bytes more would leave the kiosk too little for
    its own records."""
    free = free_bytes(directory)
    if free < needed + LOW_BYTES:
        raise StoreFailed(StoreCause.FULL, f"{needed} bytes are needed beside {LOW_BYTES}: {free}")


def sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def put_info(connection: Any, info: BundleInfo, content: str, base: int) -> None:
    """`content` as JSON; `base` 0 for a whole file."""
    connection.execute(
        PUT_INFO,
        (
            info.number,
            info.previous,
            info.tenant,
            info.scope,
            stamp(info.issued),
            stamp(info.warn_after),
            stamp(info.accept_until),
            content,
            base,
        ),
    )


def written(content: PolicyContent) -> str:
    return msgspec.json.encode(content).decode("utf-8")


def put_returns(building: Building, given: Iterable[Authorisation], directory: Path) -> int:
    """How many. As they stream in: never all in memory, never the last of the disk."""
    connection = building.connection
    count, named = 0, dict[str, str]()
    rows = (_row(one, named) for one in building.portions.politely(given))
    for first in rows:
        chunk = chain((first,), islice(rows, CHUNK - 1))
        count += connection.executemany(PUT_RETURN, chunk).rowcount
        if named:
            connection.executemany(PUT_NAMED, named.items())
            named.clear()
        building.portions.chunk(connection)
        require_room(directory, 0)
    return count


def _row(authorisation: Authorisation, named: dict[str, str]) -> Row:
    """Look-up keys are made by the very functions that read what a shopper types."""
    named.pop(authorisation.return_id, None)
    if authorisation.third_party:
        named[authorisation.return_id] = authorisation.third_party
    short = codes.parse_short(authorisation.short_code)
    order = codes.parse_order(authorisation.order_number, authorisation.postal_code)
    typed = order if isinstance(order, OrderLookup) else None
    return (
        authorisation.return_id,
        short.text if isinstance(short, ShortCode) else None,
        typed.order_number if typed else None,
        typed.postal_code if typed else None,
        policy_rows.encode(authorisation),
    )
