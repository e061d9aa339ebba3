"""Kiosks: enrolment by a one-time code, and revocation.

An enrolment code is 50 random bits, kept hashed, good for ten minutes and one key. Asking again
with the same code and the same key answers the same: the first reply may have been lost.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from kiosk.ports import Clock, Ids
from kiosk.seal import keys
from sync.central.audit import Actor, at_console, changed
from sync.central.database import Database, locked
from sync.central.tables import attempts, bundle_keys, devices, enrolments
from sync.wire.messages import Enrol, Enrolled, Problem

CODE_BITS = 50
CODE_LIFE = timedelta(minutes=10)
ATTEMPTS = 10  # failed tries from one address within ATTEMPTS_IN
ATTEMPTS_IN = timedelta(minutes=10)

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford Base32
_FOLD = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True, slots=True)
class Device:
    """The caller, as the database knows it."""

    device_id: str
    tenant: str
    revoked: bool
    public_key: str = ""  # hex; the one that the request was signed with


@dataclass(frozen=True, slots=True)
class Refused:
    """Not let in: an HTTP status and the problem to answer with."""

    status: int
    problem: Problem


def _hash(code: str) -> str:
    plain = "".join(c for c in code.upper() if c.isalnum()).translate(_FOLD)
    return hashlib.sha256(b"takeback enrolment code\0" + plain.encode()).hexdigest()


def create_enrolment(
    database: Database, clock: Clock, ids: Ids, tenant: str, site: str, kiosk_code: str
) -> str:
    """A new code for one kiosk, made by somebody with a shell at the centre."""
    actor = at_console(tenant)
    return database.write(lambda c: put_code(c, ids, clock.now(), actor, site, kiosk_code))


def put_code(
    c: sa.Connection, ids: Ids, now: datetime, actor: Actor, site: str, kiosk_code: str
) -> str:
    """A new code for one kiosk, as a person types it: XXXXX-XXXXX. Only its hash is kept. One
    that was made before for a kiosk of this code and not used is void."""
    value = ids.token(CODE_BITS)
    text = "".join(_ALPHABET[value >> 5 * i & 31] for i in range(CODE_BITS // 5))
    row = {
        "code_hash": _hash(text),
        "tenant": actor.tenant,
        "site": site,
        "kiosk_code": kiosk_code,
        "created_at": now,
        "expires_at": now + CODE_LIFE,
        "ref": ids.uuid(),
        "made_by": actor.name,
    }
    same = sa.and_(open_codes(actor.tenant, now), enrolments.c.kiosk_code == kiosk_code)
    c.execute(enrolments.update().where(same).values(cancelled_at=now))
    c.execute(enrolments.insert(), row)
    after = {"site": site}
    changed(c, actor, now, "kiosk.code_made", kiosk_code, after=after)
    return f"{text[:5]}-{text[5:]}"


def open_codes(tenant: str, now: datetime) -> sa.ColumnElement[bool]:
    """Codes that still let a kiosk in."""
    return sa.and_(
        enrolments.c.tenant == tenant,
        enrolments.c.expires_at > now,
        enrolments.c.used_at.is_(None),
        enrolments.c.cancelled_at.is_(None),
    )


def too_many(c: sa.Connection, kind: str, source: str, now: datetime) -> bool:
    """Whether this address failed too often lately."""
    query = sa.select(sa.func.count()).where(
        attempts.c.kind == kind, attempts.c.source == source, attempts.c.at > now - ATTEMPTS_IN
    )
    return int(c.execute(query).scalar_one()) >= ATTEMPTS


def note_failure(c: sa.Connection, ids: Ids, kind: str, source: str, now: datetime) -> None:
    c.execute(attempts.delete().where(attempts.c.at < now - 2 * ATTEMPTS_IN))
    row = {"attempt_id": ids.uuid(), "kind": kind, "source": source, "at": now}
    c.execute(attempts.insert(), row)


def _proven(ask: Enrol) -> bool:
    """Whether the caller holds the key it names."""
    try:
        public, proof = bytes.fromhex(ask.public_key), bytes.fromhex(ask.proof)
    except ValueError:
        return False
    return len(public) == 32 and keys.verify(public, proof, ask.code.encode())


def enrol(
    database: Database, clock: Clock, ids: Ids, ask: Enrol, source: str
) -> Enrolled | Refused:
    """Trade a code for an identity. The answer is the same for unknown, used, expired and
    cancelled codes."""

    def work(c: sa.Connection) -> Enrolled | Refused:
        now = clock.now()
        if too_many(c, "enrol", source, now):
            return Refused(429, Problem(kind="too_many_tries"))
        row = c.execute(
            locked(sa.select(enrolments).where(enrolments.c.code_hash == _hash(ask.code)))
        ).one_or_none()
        void = row is None or row.expires_at <= now or row.cancelled_at is not None
        if row is None or void or not _proven(ask):
            note_failure(c, ids, "enrol", source, now)
            return Refused(403, Problem(kind="code_refused"))
        if row.used_at is not None:
            return _again(c, row, ask, now, ids, source)
        return _first(c, row, ask, now, ids, source)

    return database.write(work)


def _first(
    c: sa.Connection,
    row: sa.Row[tuple[object, ...]],
    ask: Enrol,
    now: datetime,
    ids: Ids,
    source: str,
) -> Enrolled:
    device_id = ids.uuid()
    c.execute(
        devices.insert(),
        {
            "device_id": device_id,
            "tenant": row.tenant,
            "site": row.site,
            "kiosk_code": row.kiosk_code,
            "public_key": ask.public_key.lower(),
            "enrolled_at": now,
            "version": ask.version[:40],
        },
    )
    c.execute(
        enrolments.update()
        .where(enrolments.c.code_hash == row.code_hash)
        .values(used_at=now, device_id=device_id)
    )
    made_by = Actor(row.tenant, row.made_by, source, "enrolment code")
    after = {"site": row.site, "device": device_id, "version": ask.version[:40]}
    changed(c, made_by, now, "kiosk.enrolled", row.kiosk_code, after=after)
    return _identity(c, device_id, now)


def _again(
    c: sa.Connection,
    row: sa.Row[tuple[object, ...]],
    ask: Enrol,
    now: datetime,
    ids: Ids,
    source: str,
) -> Enrolled | Refused:
    known = c.execute(
        sa.select(devices.c.public_key).where(devices.c.device_id == row.device_id)
    ).scalar_one()
    if known != ask.public_key.lower():
        note_failure(c, ids, "enrol", source, now)
        return Refused(403, Problem(kind="code_refused"))
    return _identity(c, str(row.device_id), now)


def _identity(c: sa.Connection, device_id: str, now: datetime) -> Enrolled:
    device = c.execute(sa.select(devices).where(devices.c.device_id == device_id)).one()
    good = sa.and_(
        bundle_keys.c.tenant == device.tenant,
        bundle_keys.c.revoked_at.is_(None),
        sa.or_(bundle_keys.c.not_after.is_(None), bundle_keys.c.not_after > now),
    )
    pinned = c.execute(sa.select(bundle_keys).where(good))
    return Enrolled(
        device_id=device_id,
        tenant=device.tenant,
        site=device.site,
        kiosk_code=device.kiosk_code,
        bundle_keys={key.kid: key.public_key for key in pinned},
        server_time=now,
    )


def revoke(database: Database, clock: Clock, actor: Actor, device_id: str, why: str) -> bool:
    """From now on what this kiosk sends is kept, but has no effect; for good. False where the
    tenant has no such kiosk, or it is revoked already."""
    mine = sa.and_(
        devices.c.device_id == device_id,
        devices.c.tenant == actor.tenant,
        devices.c.state != "revoked",
    )
    now = clock.now()
    values = {"state": "revoked", "revoked_at": now, "revoked_why": why}

    def work(c: sa.Connection) -> bool:
        ends = devices.update().where(mine).values(values).returning(devices.c.kiosk_code)
        code = c.execute(ends).scalar_one_or_none()
        if code is None:
            return False
        after = {"device": device_id, "why": why}
        changed(c, actor, now, "kiosk.revoked", str(code), after=after)
        return True

    return database.write(work)
