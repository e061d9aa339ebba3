"""Who is calling: every request of a kiosk is signed, and each token opens one request.

`signed` reads and checks, and writes nothing. That a token was used is kept by `Once`, in the very
transaction of the work that the request asks for: one commit for both, and what waits for the disk
waits once.

So a token is spent by what its request did. Work that fails undoes the use as well: nothing
happened, and whoever sends the same token again within its five minutes gets done, once, what the
kiosk signed and is waiting for. To spend it all the same would take a second commit, on a database
that has just failed. An answer that the work itself gave (a fork, a gap) spends the token like
any other; what is refused before any transaction (a body that is no message) changes nothing,
however often it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import sqlalchemy as sa

from kiosk.ports import Clock
from kiosk.seal import tokens
from sync.central.database import Database, adding
from sync.central.devices import Device, Refused
from sync.central.prepared import Prepared
from sync.central.tables import devices, nonces, old_keys
from sync.wire.messages import Problem

T = TypeVar("T")

NONCE_LIFE = timedelta(minutes=30)  # well past a token's own five minutes and clock tolerance
SCHEME = "Takeback "
DEVICE_HEADER = "takeback-device"
REPLAYED = Refused(401, Problem(kind="replayed"))

_KNOWN = Prepared(
    sa.select(
        devices.c.tenant,
        devices.c.state,
        devices.c.public_key,
        old_keys.c.public_key.label("older"),
    )
    .select_from(
        devices.outerjoin(
            old_keys,
            sa.and_(
                old_keys.c.device_id == devices.c.device_id,
                old_keys.c.until > sa.bindparam("now"),
            ),
        )
    )
    .where(devices.c.device_id == sa.bindparam("device_id"))
    .order_by(old_keys.c.replaced_at.desc())
)
_FORGET = Prepared(
    nonces.delete().where(
        nonces.c.device_id == sa.bindparam("device_id"), nonces.c.seen_at < sa.bindparam("before")
    )
)
_SPEND = {
    dialect: Prepared(
        adding(nonces, dialect).values({one.name: sa.bindparam(one.name) for one in nonces.c})
    )
    for dialect in ("sqlite", "postgresql")
}


class Spent(Exception):
    """This token has opened a request already."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A request that this kiosk signed; whether for the first time, `Once` tells."""

    device: Device
    nonce: str
    at: datetime


def signed(
    database: Database,
    clock: Clock,
    device_id: str,
    authorization: str,
    method: str,
    path: str,
    body: bytes,
) -> Signed | Refused:
    """Who signed this very request. Nothing is read of it before the signature holds."""
    no = Refused(401, Problem(kind="not_signed"))
    if not authorization.startswith(SCHEME) or "\0" in device_id:
        return no
    now = clock.now()
    with database.asking() as c:
        rows = _KNOWN.all(c, {"device_id": device_id, "now": now})
    if not rows:
        return no
    held = [bytes.fromhex(rows[0].public_key)]
    held += [bytes.fromhex(row.older) for row in rows if row.older is not None]
    token = authorization.removeprefix(SCHEME)
    public, claims = _by_any(held, token, method, path, body, now)
    if not isinstance(claims, tokens.Claims):
        return Refused(401, Problem(kind="not_signed", detail=str(claims), server_time=now))
    if claims.device_id != device_id or "\0" in claims.nonce:
        return no
    device = Device(device_id, rows[0].tenant, rows[0].state == "revoked", public.hex())
    return Signed(device, claims.nonce, now)


def _by_any(
    held: list[bytes], token: str, method: str, path: str, body: bytes, now: datetime
) -> tuple[bytes, tokens.Claims | tokens.Fault]:
    """The key that signed it, and what it says; else the first key and the fault."""
    tried = ((one, tokens.verify(token, one, method, path, body, now)) for one in held)
    found = (one for one in tried if one[1] is not tokens.Fault.BAD_SIGNATURE)
    return next(found, (held[0], tokens.Fault.BAD_SIGNATURE))


class Once:
    """The database, for the work of one signed request: its first transaction spends the token.
    That one raises Spent, and does nothing, where another has spent it; both can ask at the same
    instant, as the second then waits for the first to commit."""

    def __init__(self, database: Database, caller: Signed) -> None:
        self.database = database
        self._caller = caller
        self._spent = False

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        if self._spent:
            with self.database.reading() as c:
                yield c
            return
        with self.database.writing() as c:
            self.spend(c)
            yield c
        self._spent = True

    def write(self, work: Callable[[sa.Connection], T]) -> T:
        def first(c: sa.Connection) -> T:
            if not self._spent:
                self.spend(c)
            return work(c)

        done = self.database.write(first)
        self._spent = True
        return done

    def spend(self, c: sa.Connection) -> None:
        """In a transaction of the caller's, who commits."""
        device_id, at = self._caller.device.device_id, self._caller.at
        _FORGET.run(c, {"device_id": device_id, "before": at - NONCE_LIFE})
        row = {"device_id": device_id, "nonce": self._caller.nonce, "seen_at": at}
        if _SPEND[c.dialect.name].first(c, row) is None:
            raise Spent
