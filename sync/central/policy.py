"""Publishing: what the centre knows becomes a numbered, signed bundle that kiosks decide by."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.domain.policy.bundle import CodeKey
from kiosk.domain.returns import Authorisation, Merchant
from kiosk.ports import Clock, Ids
from kiosk.seal.keys import SigningKey
from sync.central import (
    networks,
    policy_content,
    policy_files,
    policy_keys,
    policy_rows,
    policy_versions,
)
from sync.central.database import Database, Transactions, insert_new, locked, upsert
from sync.central.policy_content import Shop
from sync.central.policy_versions import Changes
from sync.central.tables import (
    bundle_files,
    bundles,
    devices,
    revoked_codes,
    tenants,
)
from sync.wire import bundle, codec
from sync.wire.messages import Manifest

WARN_AFTER = timedelta(hours=24)
ACCEPT_UNTIL = timedelta(hours=72)
RENEW_AFTER = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class NotPublished:
    """The rules are not fit to go out; one sentence each."""

    problems: tuple[str, ...]


# --- what goes in ------------------------------------------------------------------------------


def put_tenant(database: Database, tenant: str, name: str, audience: str) -> None:
    row = {"tenant": tenant, "name": name, "audience": audience}
    database.write(lambda c: upsert(c, tenants, [row]))


def put_bundle_key(database: Database, tenant: str, key: SigningKey) -> None:
    """Pin the public half: kiosks enrolled from now on trust it. See policy_keys.announce."""
    policy_keys.pin(database, tenant, key)


def put_merchant(
    database: Database,
    tenant: str,
    merchant: Merchant,
    specs: Sequence[Mapping[str, Any]],
    look: Mapping[str, Any] | None = None,
) -> None:
    """`look` is what kiosk.domain.look reads; none is the house's."""
    shop = Shop(merchant, specs, look or {})
    database.write(lambda c: policy_content.put(c, tenant, shop))


def put_code_key(database: Database, tenant: str, key: CodeKey) -> None:
    policy_keys.put_code_key(database, tenant, key)


def put_authorisations(database: Database, tenant: str, given: Iterable[Authorisation]) -> None:
    policy_rows.put(database, tenant, given)


def remove_authorisations(database: Database, tenant: str, return_ids: Sequence[str]) -> None:
    policy_rows.remove(database, tenant, return_ids)


def revoke_code(database: Database, tenant: str, code_id: str) -> None:
    row = {"tenant": tenant, "code_id": code_id}
    database.write(lambda c: insert_new(c, revoked_codes, row))


# --- what comes out ----------------------------------------------------------------------------


def publish(
    database: Database,
    clock: Clock,
    tenant: str,
    key: SigningKey,
    *,
    warn_after: timedelta = WARN_AFTER,
    accept_until: timedelta = ACCEPT_UNTIL,
    first: Callable[[sa.Connection], None] | None = None,
    restored: int = 0,
    renewing: bool = False,
) -> Manifest | NotPublished:
    """Sign and store the next bundle. Kiosks find it at their next heartbeat or poll. `first`
    changes what goes in, in the same transaction: all of it happens, or nothing.

    A look that kiosks would not use stops whoever changes something. It does not stop `renewing`:
    after a change of the house's own colours the rules must go on, and kiosks leave it out.
    """

    def work(c: sa.Connection) -> Manifest:
        audience = c.execute(
            locked(sa.select(tenants.c.audience).where(tenants.c.tenant == tenant))
        ).scalar_one()
        if first is not None:
            first(c)
        previous, now = _newest_number(c, tenant), clock.now()
        content = policy_content.assemble(c, tenant, audience, previous + 1)
        unfit = policy_keys.unfit(c, tenant, key.kid, now)
        problems = ((unfit,) if unfit else ()) + policy_content.problems(content)
        if not renewing:
            problems += policy_content.odd_looks(content)
        if problems:
            raise _Unfit(problems)
        before = policy_keys.before(c, tenant, previous, key)
        returns = policy_rows.waiting(c, tenant)
        text = policy_files.put(c, tenant, [codec.encode(content)], bundle.POLICY, bundle.FULL)
        manifest = Manifest(
            tenant=tenant,
            scope=bundle.SCOPE_ALL,
            number=previous + 1,
            previous=previous,
            issued=now,
            warn_after=now + warn_after,
            accept_until=now + accept_until,
            files=(text, *policy_rows.files(c, tenant, previous + 1, before)),
            keys_version=policy_keys.version(c, tenant),
        )
        version = policy_versions.of(content)
        older = policy_versions.load(c, tenant, previous)
        if older is None:  # a bundle of before these were kept, which tells nothing
            older = version if previous else policy_versions.Version()
        told = msgspec.structs.replace(
            policy_versions.changes(version, older),
            returns=returns,
            keys=len(content.code_keys),
            revoked=len(content.revoked_codes),
            restored=restored,
        )
        digest = policy_versions.keep(c, tenant, version)
        _store(c, manifest, bundle.seal(manifest, key), digest, told)
        return manifest

    try:
        return database.write(work)
    except _Unfit as unfit:  # with everything that `first` put in
        return NotPublished(unfit.problems)


class _Unfit(Exception):
    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(*problems)
        self.problems = problems


def _newest_number(c: sa.Connection, tenant: str) -> int:
    query = sa.select(sa.func.max(bundles.c.number)).where(bundles.c.tenant == tenant)
    return int(c.execute(query).scalar_one() or 0)


def publish_these(
    database: Database,
    clock: Clock,
    ids: Ids,
    tenant: str,
    key: SigningKey,
    shops: Sequence[Shop],
    forms: Sequence[ThirdPartyForm] = (),
) -> Manifest | NotPublished:
    """Put merchants and forms of other networks, and publish, in one transaction: what is not fit
    to go out is not kept either. Merchants that are not named stay as they are."""

    def first(c: sa.Connection) -> None:
        for shop in shops:
            policy_content.put(c, tenant, shop)
        for form in forms:
            networks.add_form(c, ids, tenant, form)

    return publish(database, clock, tenant, key, first=first)


def roll_back(
    database: Database, clock: Clock, tenant: str, key: SigningKey, number: int
) -> Manifest | NotPublished:
    """Publish the merchants, rules, looks and forms of bundle `number` under the next number.
    What was revoked stays revoked; keys and returns stay as they are now. LookupError where these
    rules are not known (any more)."""

    def first(c: sa.Connection) -> None:
        version = policy_versions.load(c, tenant, number)
        if version is None:
            raise LookupError(f"{tenant} has no bundle {number} whose rules were kept")
        policy_versions.restore(c, tenant, version)

    return publish(database, clock, tenant, key, first=first, restored=number)


def renew(database: Database, clock: Clock, tenant: str, key: SigningKey) -> Manifest | None:
    """Publish again where the newest bundle is getting old, so that no kiosk runs out of time."""
    with database.reading() as c:
        newest = c.execute(
            sa.select(bundles.c.issued, bundles.c.files)
            .where(bundles.c.tenant == tenant)
            .order_by(bundles.c.number.desc())
            .limit(1)
        ).one_or_none()
        whole = newest is not None and _has(c, tenant, newest.files)
    if whole and newest is not None and newest.issued + RENEW_AFTER > clock.now():
        return None
    made = publish(database, clock, tenant, key, renewing=True)
    return made if isinstance(made, Manifest) else None


def _has(c: sa.Connection, tenant: str, files: Sequence[str]) -> bool:
    """Whether all files of a bundle are there to be sent."""
    query = (
        sa.select(sa.func.count())
        .select_from(bundle_files)
        .where(bundle_files.c.tenant == tenant, bundle_files.c.sha256.in_(files))
    )
    return int(c.execute(query).scalar_one()) == len(set(files))


def _store(
    c: sa.Connection, manifest: Manifest, envelope: bytes, policy: str, told: Changes
) -> None:
    c.execute(
        bundles.insert(),
        {
            "tenant": manifest.tenant,
            "number": manifest.number,
            "previous": manifest.previous,
            "issued": manifest.issued,
            "warn_after": manifest.warn_after,
            "accept_until": manifest.accept_until,
            "envelope": envelope,
            "files": sorted({file.sha256 for file in manifest.files}),
            "etag": hashlib.sha256(envelope).hexdigest(),
            "policy": policy,
            "changes": codec.encode(told).decode(),
        },
    )
    _prune(c, manifest)


def _prune(c: sa.Connection, manifest: Manifest) -> None:
    kept = c.execute(
        sa.select(bundles.c.files).where(
            bundles.c.tenant == manifest.tenant,
            bundles.c.number > manifest.number - policy_files.KEPT_BUNDLES,
        )
    ).scalars()
    policy_files.prune(c, manifest.tenant, {sha256 for files in kept for sha256 in files})


def latest(database: Database, tenant: str, most: int = 10) -> list[dict[str, Any]]:
    """The last bundles, newest first: what each changed, and how many kiosks last said that they
    decide by it."""
    kiosks = (
        sa.select(sa.func.count())
        .select_from(devices)
        .where(devices.c.tenant == tenant, devices.c.policy_number == bundles.c.number)
        .scalar_subquery()
    )
    query = (
        sa.select(
            bundles.c.number,
            bundles.c.issued,
            bundles.c.accept_until,
            bundles.c.policy,
            bundles.c.changes,
            kiosks,
        )
        .where(bundles.c.tenant == tenant)
        .order_by(bundles.c.number.desc())
        .limit(most)
    )
    with database.reading() as c:
        rows = c.execute(query).all()
    return [
        {
            "number": number,
            "issued": f"{issued:%Y-%m-%dT%H:%MZ}",
            "until": f"{until:%Y-%m-%dT%H:%MZ}",
            "policy": policy,
            "changes": msgspec.json.decode(changes, type=Changes),
            "kiosks": count,
        }
        for number, issued, until, policy, changes, count in rows
    ]


_NEWEST = (
    sa.select(bundles.c.envelope, bundles.c.etag)
    .where(bundles.c.tenant == sa.bindparam("tenant"))
    .order_by(bundles.c.number.desc())
    .limit(1)
)


def newest(database: Transactions, tenant: str) -> tuple[bytes, str] | None:
    """The current envelope and its ETag (without quotes)."""
    with database.reading() as c:
        row = c.execute(_NEWEST, {"tenant": tenant}).one_or_none()
    return None if row is None else (bytes(row.envelope), row.etag)
