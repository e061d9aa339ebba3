"""One bundle made, signed and stored, within a transaction that holds the tenant's row."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
import sqlalchemy as sa

from kiosk.domain.policy.bundle import PolicyContent
from kiosk.seal.keys import SigningKey
from sync.central.database import locked
from sync.central.policy import (
    contents,
    keyrings,
    outgoing,
    packing,
    versions,
)
from sync.central.policy.versions import Changes, Version
from sync.central.tables import bundles, tenants
from sync.wire import bundle, codec
from sync.wire.messages import Manifest

WARN_AFTER: Final = timedelta(hours=24)
ACCEPT_UNTIL: Final = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class NotPublished:
    """The rules are not fit to go out; one sentence each."""

    problems: tuple[str, ...]


UNDER_WAY = (
    "the roll-out of bundle {number} is not through: give it to everybody, or stop it, before "
    "other rules are published"
)
NO_FIRST = "no bundle is published yet: the first one is for everybody"
SAME = "these are the rules that everybody has already"
NOBODY = "no kiosk would have it: take a larger share, or name a site"
NONE_RUNS = "no roll-out is under way"
NARROWER = "a roll-out only grows: it has {share} already; stop it to take the new rules back"


class Unfit(Exception):
    """Ends the transaction, with everything that was put in."""

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Making:
    """What the bundles of one publication share. `renewing` lets odd looks pass."""

    tenant: str
    audience: str
    key: SigningKey
    now: datetime
    warn_after: timedelta
    accept_until: timedelta
    renewing: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What people say of a bundle. `restored` and `stopped` are the bundles whose rules it brings
    back, and whose roll-out it ends."""

    by: str = ""
    note: str = ""
    restored: int = 0
    stopped: int = 0


NOTHING = Said()


def held(c: sa.Connection, tenant: str) -> str:
    """The tenant's audience; whoever else publishes for it waits until this one has committed."""
    query = sa.select(tenants.c.audience).where(tenants.c.tenant == tenant)
    return str(c.execute(locked(query)).scalar_one())


def newest_number(c: sa.Connection, tenant: str) -> int:
    query = sa.select(sa.func.max(bundles.c.number)).where(bundles.c.tenant == tenant)
    return int(c.execute(query).scalar_one() or 0)


@dataclass(frozen=True, slots=True)
class _Older:
    """The bundle before it for the same kiosks."""

    number: int = 0
    version: int = 0
    policy: str = ""


def make(
    c: sa.Connection,
    making: Making,
    said: Said = NOTHING,
    *,
    early: Version | None = None,
    rollout: int = 0,
) -> Manifest:
    """The next bundle, with what merchants hold; or with `early` rules, for the kiosks of a
    roll-out whose first bundle is `rollout` (0 where this is the first)."""
    tenant, now = making.tenant, making.now
    previous = newest_number(c, tenant)
    content = contents.assemble(c, tenant, making.audience, previous + 1)
    if early is not None:
        content = versions.worn(content, early)
    _fit(c, making, content)
    before = keyrings.before(c, tenant, previous, making.key)
    returns = outgoing.waiting(c, tenant)
    text = packing.put(c, tenant, [codec.encode(content)], bundle.POLICY, bundle.FULL)
    manifest = Manifest(
        tenant=tenant,
        scope=bundle.SCOPE_ALL,
        number=previous + 1,
        previous=previous,
        issued=now,
        warn_after=now + making.warn_after,
        accept_until=now + making.accept_until,
        files=(text, *outgoing.files(c, tenant, previous + 1, before)),
        keys_version=keyrings.version(c, tenant),
    )
    version = versions.of(content)
    older = _older(c, tenant, rollout)
    told = msgspec.structs.replace(
        _changes(c, tenant, version, older),
        returns=returns,
        keys=len(content.code_keys),
        revoked=len(content.revoked_codes),
        restored=said.restored,
        stopped=said.stopped,
        against=older.number,
    )
    policy = versions.keep(c, tenant, version)
    renews = older.policy == policy and not said.restored and (early is None or rollout > 0)
    row = _row(manifest, bundle.seal(manifest, making.key), said)
    row |= {
        "policy": policy,
        "changes": codec.encode(told).decode(),
        "version": older.version if renews else manifest.number,
        "early": early is not None,
    }
    c.execute(bundles.insert(), row)
    _prune(c, manifest)
    return manifest


def _fit(c: sa.Connection, making: Making, content: PolicyContent) -> None:
    unfit = keyrings.unfit(c, making.tenant, making.key.kid, making.now)
    problems = ((unfit,) if unfit else ()) + contents.problems(content)
    if not making.renewing:
        problems += contents.odd_looks(content)
    if problems:
        raise Unfit(*problems)


def _older(c: sa.Connection, tenant: str, rollout: int) -> _Older:
    columns = bundles.c.number, bundles.c.version, bundles.c.policy
    its = bundles.c.version == rollout if rollout else bundles.c.early.is_(False)
    query = sa.select(*columns).where(bundles.c.tenant == tenant, its)
    row = c.execute(query.order_by(bundles.c.number.desc()).limit(1)).one_or_none()
    return _Older() if row is None else _Older(row.number, row.version, row.policy)


def _changes(c: sa.Connection, tenant: str, version: Version, older: _Older) -> Changes:
    before = versions.load(c, tenant, older.number)
    if before is None:  # a bundle of before these were kept, which tells nothing
        before = version if older.number else Version()
    return versions.changes(version, before)


def _row(manifest: Manifest, envelope: bytes, said: Said) -> dict[str, object]:
    return {
        "tenant": manifest.tenant,
        "number": manifest.number,
        "previous": manifest.previous,
        "issued": manifest.issued,
        "warn_after": manifest.warn_after,
        "accept_until": manifest.accept_until,
        "envelope": envelope,
        "files": sorted({file.sha256 for file in manifest.files}),
        "etag": hashlib.sha256(envelope).hexdigest(),
        "published_by": said.by,
        "note": said.note,
    }


def _prune(c: sa.Connection, manifest: Manifest) -> None:
    kept = c.execute(
        sa.select(bundles.c.files).where(
            bundles.c.tenant == manifest.tenant,
            bundles.c.number > manifest.number - packing.KEPT_BUNDLES,
        )
    ).scalars()
    packing.prune(c, manifest.tenant, {sha256 for files in kept for sha256 in files})
