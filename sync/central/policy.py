"""Publishing: what the centre knows becomes a numbered, signed bundle that kiosks decide by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.domain.codes import third_party
from kiosk.domain.policy import rules
from kiosk.domain.policy.bundle import CodeKey, PolicyContent
from kiosk.domain.returns import Authorisation, Merchant
from kiosk.ports import Clock
from kiosk.seal.keys import SigningKey
from sync.central import networks, policy_files, policy_keys, policy_rows
from sync.central.database import Database, insert_new, locked, upsert
from sync.central.tables import (
    bundle_files,
    bundles,
    code_keys,
    devices,
    merchants,
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
    database: Database, tenant: str, merchant: Merchant, specs: Sequence[Mapping[str, Any]]
) -> None:
    row = {
        "tenant": tenant,
        "merchant_id": merchant.merchant_id,
        "name": merchant.name,
        "body": codec.encode(merchant).decode(),
        "rules": codec.encode(specs).decode(),
    }
    database.write(lambda c: upsert(c, merchants, [row]))


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
) -> Manifest | NotPublished:
    """Sign and store the next bundle. Kiosks find it at their next heartbeat or poll."""

    def work(c: sa.Connection) -> Manifest | NotPublished:
        audience = c.execute(
            locked(sa.select(tenants.c.audience).where(tenants.c.tenant == tenant))
        ).scalar_one()
        previous = (
            c.execute(
                sa.select(sa.func.max(bundles.c.number)).where(bundles.c.tenant == tenant)
            ).scalar_one()
            or 0
        )
        now = clock.now()
        content = _content(c, tenant, audience, previous + 1)
        unfit = policy_keys.unfit(c, tenant, key.kid, now)
        problems = ((unfit,) if unfit else ()) + _problems(content)
        if problems:
            return NotPublished(problems)
        before = policy_keys.before(c, tenant, previous, key)
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
        _store(c, manifest, bundle.seal(manifest, key))
        return manifest

    return database.write(work)


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
    made = publish(database, clock, tenant, key)
    return made if isinstance(made, Manifest) else None


def _content(c: sa.Connection, tenant: str, audience: str, number: int) -> PolicyContent:
    shops = c.execute(
        sa.select(merchants).where(merchants.c.tenant == tenant).order_by(merchants.c.merchant_id)
    ).all()
    keys = c.execute(
        sa.select(code_keys.c.body).where(code_keys.c.tenant == tenant).order_by(code_keys.c.kid)
    ).scalars()
    revoked = c.execute(
        sa.select(revoked_codes.c.code_id)
        .where(revoked_codes.c.tenant == tenant)
        .order_by(revoked_codes.c.code_id)
    ).scalars()
    specs = list[dict[str, Any]]
    return PolicyContent(
        number=number,
        audience=audience,
        merchants=tuple(msgspec.json.decode(shop.body, type=Merchant) for shop in shops),
        rules={
            shop.merchant_id: tuple(msgspec.json.decode(shop.rules, type=specs)) for shop in shops
        },
        code_keys=tuple(msgspec.json.decode(body, type=CodeKey) for body in keys),
        revoked_codes=tuple(revoked),
        third_party=networks.forms(c, tenant),
        code_pepper=networks.pepper(c, tenant),
    )


def _problems(content: PolicyContent) -> tuple[str, ...]:
    forms = (f"other networks, {problem}" for problem in third_party.problems(content.third_party))
    return (*_wrong_rules(content), *forms)


def _wrong_rules(content: PolicyContent) -> tuple[str, ...]:
    return tuple(
        f"{merchant_id}, rule {place}: {problem}"
        for merchant_id, specs in sorted(content.rules.items())
        for place, spec in enumerate(specs, 1)
        for problem in rules.problems(spec)
    )


def _has(c: sa.Connection, tenant: str, files: Sequence[str]) -> bool:
    """Whether all files of a bundle are there to be sent."""
    query = (
        sa.select(sa.func.count())
        .select_from(bundle_files)
        .where(bundle_files.c.tenant == tenant, bundle_files.c.sha256.in_(files))
    )
    return int(c.execute(query).scalar_one()) == len(set(files))


def _store(c: sa.Connection, manifest: Manifest, envelope: bytes) -> None:
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
    """The last bundles, newest first, and how many kiosks last said that they decide by each."""
    kiosks = (
        sa.select(sa.func.count())
        .select_from(devices)
        .where(devices.c.tenant == tenant, devices.c.policy_number == bundles.c.number)
        .scalar_subquery()
    )
    query = (
        sa.select(bundles.c.number, bundles.c.issued, bundles.c.accept_until, kiosks)
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
            "kiosks": count,
        }
        for number, issued, until, count in rows
    ]


def newest(database: Database, tenant: str) -> tuple[bytes, str] | None:
    """The current envelope and its ETag (without quotes)."""
    query = (
        sa.select(bundles.c.envelope, bundles.c.etag)
        .where(bundles.c.tenant == tenant)
        .order_by(bundles.c.number.desc())
        .limit(1)
    )
    with database.reading() as c:
        row = c.execute(query).one_or_none()
    return None if row is None else (bytes(row.envelope), row.etag)
