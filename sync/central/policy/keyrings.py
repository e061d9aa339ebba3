"""Keys that sign bundles: announced by those before them, retired, revoked.

The private halves are never here: whoever holds them signs. A ring is signed by a key that kiosks
trust already and, when it brings a new key, by that key as well, which shows that it is held. So a
kiosk that was away for any number of changes goes from ring to ring, and the centre can tell with
its present key which key was right before.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from kiosk.domain.policy.bundle import CodeKey
from kiosk.ports import Clock
from kiosk.seal.keys import SigningKey
from sync.central.audit import Actor, changed
from sync.central.database import Database, Transactions, locked, upsert
from sync.central.tables import bundle_keys, bundles, code_keys, key_rings, tenants
from sync.wire import bundle, codec, rings
from sync.wire.messages import BundleKey, KeyRing, Manifest

OVERLAP = timedelta(days=30)
"""So long both keys are good by default; a kiosk that was off for longer still finds its way."""


def pin(database: Database, tenant: str, key: SigningKey) -> None:
    """The first key: kiosks enrolled from now on trust it. Later ones are announced."""
    row = {"tenant": tenant, "kid": key.kid, "public_key": key.public.hex()}
    database.write(lambda c: upsert(c, bundle_keys, [row]))


def known(c: sa.Connection, tenant: str) -> frozenset[str]:
    """The names of all keys that a tenant ever had."""
    found = c.execute(sa.select(bundle_keys.c.kid).where(bundle_keys.c.tenant == tenant))
    return frozenset(found.scalars())


def begin(database: Database, clock: Clock, by: Actor, key: SigningKey) -> bool:
    """`pin` for whoever set the tenant up; False where it has a key already: an announcement by
    that one is what kiosks believe."""

    def work(c: sa.Connection) -> bool:
        mine = sa.select(tenants.c.tenant).where(tenants.c.tenant == by.tenant)
        c.execute(locked(mine)).scalar_one()
        if known(c, by.tenant):
            return False
        row = {"tenant": by.tenant, "kid": key.kid, "public_key": key.public.hex()}
        c.execute(bundle_keys.insert(), row)
        changed(
            c, by, clock.now(), "policy.first_key", key.kid, after={"public": row["public_key"]}
        )
        return True

    return database.write(work)


def announce(
    database: Database,
    clock: Clock,
    tenant: str,
    new: SigningKey,
    signer: SigningKey,
    overlap: timedelta = OVERLAP,
) -> int:
    """`new` is good from now on and `signer` for `overlap` more; the ring's version."""

    def work(c: sa.Connection) -> int:
        now = clock.now()
        row = {"tenant": tenant, "kid": new.kid, "public_key": new.public.hex()}
        upsert(c, bundle_keys, [{**row, "not_before": now}])
        _change(c, tenant, signer.kid, not_after=now + overlap)
        return _ring(c, tenant, now, (signer, new))

    return database.write(work)


def revoke(database: Database, clock: Clock, tenant: str, kid: str, signer: SigningKey) -> int:
    """Nothing that `kid` signed is ever taken again; the ring's version. ValueError where it
    would revoke itself: another key must say it, or no kiosk could tell who speaks."""
    if kid == signer.kid:
        raise ValueError("a key cannot revoke itself")

    def work(c: sa.Connection) -> int:
        _change(c, tenant, kid, revoked_at=clock.now())
        return _ring(c, tenant, clock.now(), (signer,))

    return database.write(work)


def _change(c: sa.Connection, tenant: str, kid: str, **values: datetime) -> None:
    mine = sa.and_(bundle_keys.c.tenant == tenant, bundle_keys.c.kid == kid)
    if not c.execute(bundle_keys.update().where(mine).values(**values)).rowcount:
        raise LookupError(f"{tenant} has no bundle key {kid}")


def _ring(c: sa.Connection, tenant: str, now: datetime, signers: tuple[SigningKey, ...]) -> int:
    c.execute(locked(sa.select(tenants.c.tenant).where(tenants.c.tenant == tenant))).scalar_one()
    known = c.execute(
        sa.select(bundle_keys).where(bundle_keys.c.tenant == tenant).order_by(bundle_keys.c.kid)
    ).all()
    ring = KeyRing(
        tenant=tenant,
        version=version(c, tenant) + 1,
        issued=now,
        keys=tuple(
            BundleKey(
                kid=key.kid,
                public=key.public_key,
                not_before=key.not_before,
                not_after=key.not_after,
            )
            for key in known
            if key.revoked_at is None and (key.not_after is None or key.not_after > now)
        ),
        revoked=tuple(key.kid for key in known if key.revoked_at is not None),
    )
    row = {"tenant": tenant, "version": ring.version, "envelope": rings.seal(ring, signers)}
    c.execute(key_rings.insert(), row)
    return ring.version


def newest(tenant: str | sa.BindParameter[str]) -> sa.Select[int]:
    """The version of the newest ring, NULL before the first."""
    return sa.select(sa.func.max(key_rings.c.version)).where(key_rings.c.tenant == tenant)


def version(c: sa.Connection, tenant: str) -> int:
    """Of the newest ring; 0 before the first."""
    return int(c.execute(newest(tenant)).scalar_one() or 0)


def envelopes(c: sa.Connection, tenant: str) -> list[bytes]:
    """The latest rings, oldest first."""
    found = c.execute(
        sa.select(key_rings.c.envelope)
        .where(key_rings.c.tenant == tenant)
        .order_by(key_rings.c.version.desc())
        .limit(rings.MAX_RINGS)
    ).scalars()
    return [bytes(one) for one in found][::-1]


def all_rings(database: Transactions, tenant: str) -> list[bytes]:
    with database.reading() as c:
        return envelopes(c, tenant)


def unfit(c: sa.Connection, tenant: str, kid: str, now: datetime) -> str:
    """Why nothing should be signed by this key, "" where nothing is known against it."""
    row = c.execute(
        sa.select(
            bundle_keys.c.not_before, bundle_keys.c.not_after, bundle_keys.c.revoked_at
        ).where(bundle_keys.c.tenant == tenant, bundle_keys.c.kid == kid)
    ).one_or_none()
    if row is None:
        return f"no kiosk knows the key {kid}"
    if row.revoked_at is not None:
        return f"the key {kid} is revoked"
    early = row.not_before is not None and now < row.not_before
    late = row.not_after is not None and now >= row.not_after
    return f"the key {kid} is not valid at this time" if early or late else ""


def before(c: sa.Connection, tenant: str, number: int, key: SigningKey) -> Manifest | None:
    """The bundle to build the next one upon. What lies in the database is believed no more than a
    kiosk would: only with a signature, by this key or by one that it follows."""
    sealed = c.execute(
        sa.select(bundles.c.envelope).where(bundles.c.tenant == tenant, bundles.c.number == number)
    ).scalar_one_or_none()
    if sealed is None:
        return None
    trusted = {key.kid: key.public}
    for data in reversed(envelopes(c, tenant)):
        ring = rings.open_ring(data, trusted)
        if ring is not None and ring.tenant == tenant:
            good = (one for one in ring.keys if one.kid not in ring.revoked)
            trusted |= {one.kid: bytes.fromhex(one.public) for one in good}
            break
    found = bundle.open_manifest(bytes(sealed), trusted)
    return found if isinstance(found, Manifest) and found.tenant == tenant else None


def put_code_key(database: Database, tenant: str, key: CodeKey) -> None:
    """A merchant's key for signed return codes; its validity travels with it."""
    row = {"tenant": tenant, "kid": key.kid, "body": codec.encode(key).decode()}
    database.write(lambda c: upsert(c, code_keys, [row]))


def drop_code_key(database: Database, tenant: str, kid: str) -> None:
    """From the next bundle on no code that it signed is taken."""
    same = sa.and_(code_keys.c.tenant == tenant, code_keys.c.kid == kid)
    database.write(lambda c: c.execute(code_keys.delete().where(same)))
