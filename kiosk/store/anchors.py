"""What the centre swore to hold of this kiosk's chain: the newest of each epoch and day.

Each is kept with the public key that it was checked with when it came, as keys are retired. They
outlive the events they speak of, so that also a shortened history can be proven. One that a disk
has changed is no oath any more, and is not handed out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.sql.elements import ColumnElement

from kiosk.seal.keys import PUBLIC_BYTES
from kiosk.seal.sworn import Kind, Sworn, holds
from kiosk.store.tables import anchors

MOST = 1000
"""Rows: one an epoch and day, so nearly three years of an undisturbed kiosk."""
_DAY = len("2026-01-01")
_MOVED = ("sequence", "chain", "time", "kid", "signature", "public_key")


@dataclass(frozen=True, slots=True)
class Kept:
    """An anchor and the raw public key that it was checked with."""

    sworn: Sworn
    public: bytes


def keep(connection: Connection, one: Kept) -> None:
    """In place of the same day's earlier one; the oldest go where there are too many."""
    told = one.sworn
    statement = insert(anchors).values(
        epoch=told.epoch,
        day=told.time[:_DAY],
        device=told.device,
        sequence=told.sequence,
        chain=told.chain,
        time=told.time,
        kid=told.kid,
        signature=told.signature,
        public_key=one.public.hex(),
    )
    changed = {name: statement.excluded[name] for name in _MOVED}
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[anchors.c.epoch, anchors.c.day],
            set_=changed,
            where=statement.excluded.sequence >= anchors.c.sequence,
        )
    )
    stays = select(anchors.c.time).order_by(anchors.c.time.desc()).offset(MOST).limit(1)
    oldest = connection.execute(stays).scalar()
    if oldest is not None:
        connection.execute(delete(anchors).where(anchors.c.time <= oldest))


def of_epoch(connection: Connection, epoch: str) -> Iterator[Kept]:
    """In the order of the chain."""
    yield from _kept(connection, anchors.c.epoch == epoch)


def without(connection: Connection, epochs: Sequence[str]) -> Iterator[Kept]:
    """Those of other epochs: of histories that this ledger has nothing of any more."""
    yield from _kept(connection, anchors.c.epoch.not_in(epochs))


def _kept(connection: Connection, where: ColumnElement[bool]) -> Iterator[Kept]:
    order = (anchors.c.epoch, anchors.c.sequence, anchors.c.time)
    for row in connection.execute(select(anchors).where(where).order_by(*order)):
        sworn = Sworn(
            row.device, row.epoch, row.sequence, row.chain, row.time, row.kid, row.signature
        )
        public = _public(row.public_key)
        if public is not None and holds(Kind.ANCHOR, sworn, public):
            yield Kept(sworn, public)


def keys(connection: Connection) -> list[tuple[str, str]]:
    """(name, public key in hex) of every key that an anchor held was checked with."""
    columns = (anchors.c.kid, anchors.c.public_key)
    found = connection.execute(select(*columns).distinct().order_by(*columns))
    return [(row.kid, row.public_key) for row in found if _public(row.public_key) is not None]


def _public(text: str) -> bytes | None:
    """The raw key; None where the text is not one in its one form."""
    try:
        public = bytes.fromhex(text)
    except ValueError:
        return None
    return public if len(public) == PUBLIC_BYTES and public.hex() == text else None
