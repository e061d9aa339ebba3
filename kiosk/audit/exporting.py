"""Writing a ledger down, line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import chain as joined
from typing import TYPE_CHECKING

import msgspec

from kiosk.audit.lines import FORMAT, Anchor, Chain, Event, Head, Key, Line, Seal, sealed
from kiosk.domain import chain
from kiosk.seal.keys import SigningKey

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kiosk.store.anchors import Kept
    from kiosk.store.values import Chain as Held
    from kiosk.store.values import StoredEvent


def export(
    connection: Connection, device_id: str, now: datetime, key: SigningKey | None = None
) -> Iterator[bytes]:
    """The lines of a ledger that is looked into (kiosk.store.beside), without newlines. `key` is
    the device's, which seals them; None for a kiosk that was never enrolled."""
    encode = msgspec.json.Encoder().encode
    digest, lines = hashlib.sha256(), 0
    for line in _lines(connection, device_id, now, key):
        data = encode(line)
        digest.update(data + b"\n")
        lines += 1
        yield data
    told = digest.hexdigest()
    signature = "" if key is None else key.sign(sealed(device_id, lines, told)).hex()
    kid = "" if key is None else key.kid
    yield encode(Seal(lines=lines, digest=told, kid=kid, signature=signature))


def _lines(
    connection: Connection, device_id: str, now: datetime, key: SigningKey | None
) -> Iterator[Line]:
    from kiosk.store import anchors
    from kiosk.store.outbox import chains

    held = chains(connection)
    yield Head(format=FORMAT, device_id=device_id, exported_at=now, chains=len(held))
    if key is not None:
        yield Key(role="device", kid=key.kid, public=key.public.hex())
    for kid, public in anchors.keys(connection):
        yield Key(role="centre", kid=kid, public=public)
    for kept in anchors.without(connection, [one.epoch for one in held]):
        yield _anchor(kept)
    for one in held:
        yield from _chain(connection, one)


def _chain(connection: Connection, one: Held) -> Iterator[Line]:
    from kiosk.store import anchors
    from kiosk.store.outbox import events_of

    yield Chain(
        epoch=one.epoch,
        number=one.number,
        base_sequence=one.base_sequence,
        base_chain=one.base_chain,
        sequence=one.sequence,
        chain=one.chain,
    )
    sworn = anchors.of_epoch(connection, one.epoch)
    waiting = next(sworn, None)
    for event in joined((None,), events_of(connection, one.epoch)):
        place = one.base_sequence if event is None else event.sequence
        if event is not None:
            yield _event(event)
        while waiting is not None and waiting.sworn.sequence <= place:
            yield _anchor(waiting)
            waiting = next(sworn, None)
    while waiting is not None:  # the centre has more than we hold: that is for all to see
        yield _anchor(waiting)
        waiting = next(sworn, None)


def _event(event: StoredEvent) -> Event:
    return Event(
        epoch=event.epoch,
        sequence=event.sequence,
        id=event.id,
        type=event.type,
        time=chain.moment(event.time),
        subject=event.subject,
        hlc=event.hlc,
        monotonic_ms=event.monotonic_ms,
        policyversion=event.policyversion,
        data=event.data,
        chain=event.chain,
        offset_ms=event.offset_ms,
    )


def _anchor(kept: Kept) -> Anchor:
    told = kept.sworn
    return Anchor(
        device=told.device,
        epoch=told.epoch,
        sequence=told.sequence,
        chain=told.chain,
        time=told.time,
        kid=told.kid,
        signature=told.signature,
    )
