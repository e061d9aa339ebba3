"""The cases that what kiosks tell opens by itself, while it is taken in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kiosk.domain import events as facts
from sync.central.cases import (
    Evidence,
    Found,
    Gone,
    Kind,
    key_of,
    open_many,
    settle_many,
)
from sync.central.received import Received


def drop_known(c: sa.Connection, came: Received, fact: facts.DropCommitted) -> None:
    """Another event tells of a drop that is known already."""
    evidence = Evidence(
        drops=(fact.drop_id,),
        bags=_named(fact.bag_id),
        events=(came.event_id,),
        returns=(fact.return_id,),
        detail="drop id known",
    )
    _open(c, came, Kind.CLASH, "event", came.event_id, evidence)


def unusable(c: sa.Connection, came: Received, kind: Kind, digest: str, detail: str) -> None:
    """A record that could not be used, or that comes with another content than before."""
    evidence = Evidence(events=(came.event_id,), hashes=(digest,), detail=detail)
    _open(c, came, kind, "event", came.event_id, evidence)


def came_after_all(c: sa.Connection, came: Received, digest: str) -> None:
    """A record that could not be used came again, and can be: nobody need settle anything."""
    evidence = Evidence(events=(came.event_id,), hashes=(digest,), detail="came again, and good")
    key = key_of(Kind.QUARANTINED_EVENT, "event", came.event_id)
    settle_many(c, came.tenant, [Gone(key, came.received_at, evidence)])


def began_again(c: sa.Connection, came: Received, epoch: str) -> None:
    """A kiosk that has told before begins a new epoch."""
    evidence = Evidence(
        events=(came.event_id,), detail="the kiosk began again: restored, copied or repaired"
    )
    _open(c, came, Kind.FORK, "epoch", f"{came.device_id}/{epoch}", evidence)


def store_mended(c: sa.Connection, came: Received, fact: facts.StoreRecovered) -> None:
    """A ledger that mended itself wholly is told on the page of kiosks; where something may be
    missing, somebody must compare bags and drops."""
    if not (fact.missing or fact.damaged or fact.left_out or fact.uncounted):
        return
    numbers: dict[str, str | int] = {
        "kept": fact.events,
        "missing": fact.missing,
        "damaged": fact.damaged,
        "left_out": fact.left_out,
        "uncounted": "yes" if fact.uncounted else "no",
    }
    detail = (
        f"events kept {fact.events}, missing {fact.missing}{' or more' if fact.uncounted else ''}, "
        f"without content {fact.damaged}; rows left out {fact.left_out}"
    )
    evidence = Evidence(events=(came.event_id,), numbers=numbers, detail=detail)
    _open(c, came, Kind.STORE_MENDED, "event", came.event_id, evidence)


def photo_lost(c: sa.Connection, came: Received, sha256: str, of: Sequence[sa.Row[Any]]) -> None:
    """Nobody has a photograph any more. `of` are the drops that name it, and for which line."""
    for row in of:
        evidence = Evidence(
            drops=(row.drop_id,),
            bags=_named(row.bag_id),
            events=(came.event_id,),
            returns=(row.return_id,),
            lines=(row.line_id,),
            hashes=(sha256,),
            receipts=(row.drop_number,),
        )
        _open(c, came, Kind.PHOTO_LOST, "photo", f"{row.drop_id}/{sha256}", evidence)


def photo_found(
    c: sa.Connection, tenant: str, at: datetime, sha256: str, of: Sequence[str]
) -> None:
    """It came after all, from another disk: `of` are the drops that name it."""
    settle_many(
        c,
        tenant,
        [
            Gone(
                key_of(Kind.PHOTO_LOST, "photo", f"{drop_id}/{sha256}"),
                at,
                Evidence(drops=(drop_id,), hashes=(sha256,), detail="the photograph came"),
            )
            for drop_id in of
        ],
    )


def _named(*ids: str) -> tuple[str, ...]:
    return tuple(one for one in ids if one)


def _open(
    c: sa.Connection,
    came: Received,
    kind: Kind,
    subject_kind: str,
    subject: str,
    evidence: Evidence,
    amount: int = 0,
    currency: str = "",
) -> None:
    found = Found(
        kind,
        subject_kind,
        subject,
        came.received_at,
        evidence,
        device_id=came.device_id,
        amount=amount,
        currency=currency,
    )
    open_many(c, came.tenant, [found])
