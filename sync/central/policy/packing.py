"""A bundle's files in the centre's database: written and read in parts, never as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from sync.central.database import Database, Transactions, insert_new
from sync.central.tables import bundle_chunks, bundle_files
from sync.wire.lines import Packer
from sync.wire.messages import BundleFile

KEPT_BUNDLES = 5


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that can be sent: how many bytes it has."""

    sha256: str
    size: int


def put(
    c: sa.Connection,
    tenant: str,
    rows: Iterable[bytes],
    name: str,
    kind: str,
    base: int = 0,
    at: int = 0,
) -> BundleFile:
    """Pack and keep rows as they come. The same content is kept once."""
    making = f"making {name} {kind}"  # no hash looks like this
    start = 0

    def take(part: bytes) -> None:
        nonlocal start
        row = {"tenant": tenant, "sha256": making, "start": start, "size": len(part)}
        c.execute(bundle_chunks.insert(), {**row, "data": part})
        start += len(part)

    packer = Packer(take)
    for row in rows:
        packer.add(row)
    file = packer.close(name, kind, base, at)
    made = sa.and_(bundle_chunks.c.tenant == tenant, bundle_chunks.c.sha256 == making)
    known = {"tenant": tenant, "sha256": file.sha256, "size": file.size}
    if insert_new(c, bundle_files, known):
        c.execute(bundle_chunks.update().where(made).values(sha256=file.sha256))
    else:
        c.execute(bundle_chunks.delete().where(made))
    return file


def find(database: Transactions, tenant: str, sha256: str) -> Stored | None:
    query = sa.select(bundle_files.c.size).where(
        bundle_files.c.tenant == tenant, bundle_files.c.sha256 == sha256
    )
    with database.reading() as c:
        size = c.execute(query).scalar_one_or_none()
    return None if size is None else Stored(sha256, size)


def read(database: Database, tenant: str, sha256: str, start: int, end: int) -> Iterator[bytes]:
    """The bytes from `start` up to `end`, a part at a time and each in a transaction of its own:
    a slow reader holds nothing."""
    table = bundle_chunks
    while start < end:
        query = (
            sa.select(table.c.start, table.c.data)
            .where(
                table.c.tenant == tenant,
                table.c.sha256 == sha256,
                table.c.start <= start,
                table.c.start + table.c.size > start,
            )
            .limit(1)
        )
        with database.reading() as c:
            row = c.execute(query).one_or_none()
        if row is None:
            return  # pruned meanwhile: the reader sees a cut answer and asks anew
        part = bytes(row.data)[start - row.start : end - row.start]
        yield part
        start += len(part)


def prune(c: sa.Connection, tenant: str, named: Iterable[str]) -> None:
    """Old envelopes stay as a record; files that none of the last few bundles names go."""
    keep = list(named)
    for table in (bundle_files, bundle_chunks):
        c.execute(table.delete().where(table.c.tenant == tenant, table.c.sha256.not_in(keep)))
