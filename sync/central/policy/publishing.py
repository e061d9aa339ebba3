"""Publishing: what the centre knows becomes a numbered, signed bundle that kiosks decide by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.domain.policy.bundle import CodeKey
from kiosk.domain.returns import Authorisation, Merchant
from kiosk.ports import Clock, Ids
from kiosk.seal.keys import SigningKey
from sync.central import audit, networks
from sync.central.audit import Actor
from sync.central.database import Database, Transactions, insert_new, upsert
from sync.central.policy import (
    bundling,
    contents,
    keyrings,
    listing,
    outgoing,
    rollouts,
    versions,
)
from sync.central.policy.bundling import ACCEPT_UNTIL, WARN_AFTER, Making, NotPublished, Said, Unfit
from sync.central.policy.contents import Shop
from sync.central.policy.rollouts import Rollout, Share
from sync.central.tables import bundle_files, bundles, revoked_codes, tenants
from sync.wire.messages import Manifest

RENEW_AFTER = timedelta(hours=6)


# --- what goes in ------------------------------------------------------------------------------


def put_tenant(database: Database, tenant: str, name: str, audience: str) -> None:
    row = {"tenant": tenant, "name": name, "audience": audience}
    database.write(lambda c: upsert(c, tenants, [row]))


def put_bundle_key(database: Database, tenant: str, key: SigningKey) -> None:
    """Pin the public half: kiosks enrolled from now on trust it. See keyrings.announce."""
    keyrings.pin(database, tenant, key)


def put_merchant(
    database: Database,
    tenant: str,
    merchant: Merchant,
    specs: Sequence[Mapping[str, Any]],
    look: Mapping[str, Any] | None = None,
) -> None:
    """`look` is what kiosk.domain.look reads; none is the house's."""
    shop = Shop(merchant, specs, look or {})
    database.write(lambda c: contents.put(c, tenant, shop))


def put_code_key(database: Database, tenant: str, key: CodeKey) -> None:
    keyrings.put_code_key(database, tenant, key)


def put_authorisations(database: Database, tenant: str, given: Iterable[Authorisation]) -> None:
    outgoing.put(database, tenant, given)


def remove_authorisations(database: Database, tenant: str, return_ids: Sequence[str]) -> None:
    outgoing.remove(database, tenant, return_ids)


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
    by: Actor | None = None,
    note: str = "",
    share: Share | None = None,
    restored: int = 0,
    renewing: bool = False,
) -> Manifest | NotPublished:
    """Sign and store the next bundle. Kiosks find it at their next heartbeat or poll. `first`
    changes what goes in, in the same transaction: all of it happens, or nothing. With a `share`
    what it changes goes to those kiosks alone, and a roll-out begins. `by` is who publishes, for
    the audit; None is the centre itself.

    A look that kiosks would not use stops whoever changes something. It does not stop `renewing`:
    after a change of the house's own colours the rules must go on, and kiosks leave it out.
    """

    def work(c: sa.Connection) -> Manifest:
        audience, spans = bundling.held(c, tenant), (warn_after, accept_until)
        making = Making(tenant, audience, key, clock.now(), *spans, renewing)
        under_way = rollouts.running(c, tenant)
        if under_way is not None and first is not None:
            raise Unfit(bundling.UNDER_WAY.format(number=under_way.number))
        said = Said("" if by is None else by.name, note, restored)
        if under_way is not None:
            made = _both(c, making, under_way)
        elif first is None or share is None or share.everybody:
            if first is not None:
                first(c)
            made = bundling.make(c, making, said)
        else:
            made = _begin(c, making, said, share, first)
        if by is not None:
            what = "policy.rolled_back" if restored else "policy.published"
            _note(c, by, making, what, made.number, share)
        return made

    try:
        return database.write(work)
    except Unfit as unfit:  # with everything that `first` put in
        return NotPublished(unfit.problems)


def _both(c: sa.Connection, making: Making, under_way: Rollout) -> Manifest:
    """The rules that everybody has, and after them those of the roll-out."""
    coming = versions.read(c, making.tenant, under_way.policy)
    assert coming is not None, "what a roll-out brings is kept for good"
    bundling.make(c, making)
    return bundling.make(c, making, early=coming, rollout=under_way.number)


def _begin(
    c: sa.Connection,
    making: Making,
    said: Said,
    share: Share,
    first: Callable[[sa.Connection], None],
) -> Manifest:
    tenant = making.tenant
    if not bundling.newest_number(c, tenant):
        raise Unfit(bundling.NO_FIRST)
    if not rollouts.counted(c, tenant, share)[0]:
        raise Unfit(bundling.NOBODY)
    standing = versions.standing(c, tenant)
    first(c)
    coming = versions.standing(c, tenant)
    if coming == standing:
        raise Unfit(bundling.SAME)
    versions.restore(c, tenant, standing)
    bundling.make(c, making)
    made = bundling.make(c, making, said, early=coming)
    digest = versions.keep(c, tenant, coming)
    rollouts.begin(c, tenant, made.number, digest, share, making.now, said.by)
    return made


def _note(
    c: sa.Connection, by: Actor, making: Making, what: str, number: int, share: Share | None
) -> None:
    """Into the audit of changes, at the end: changes of a tenant queue there."""
    after = {
        "kiosks": share.told() if share and not share.everybody else "all",
        "changes": listing.in_short(c, by.tenant, number),
    }
    audit.changed(c, by, making.now, what, str(number), after=after)


def publish_these(
    database: Database,
    clock: Clock,
    ids: Ids,
    tenant: str,
    key: SigningKey,
    shops: Sequence[Shop],
    forms: Sequence[ThirdPartyForm] = (),
    *,
    by: Actor | None = None,
    note: str = "",
    share: Share | None = None,
) -> Manifest | NotPublished:
    """Put merchants and forms of other networks, and publish, in one transaction: what is not fit
    to go out is not kept either. Merchants that are not named stay as they are."""

    def first(c: sa.Connection) -> None:
        for shop in shops:
            contents.put(c, tenant, shop)
        for form in forms:
            networks.add_form(c, ids, tenant, form)

    return publish(database, clock, tenant, key, first=first, by=by, note=note, share=share)


def roll_back(
    database: Database,
    clock: Clock,
    tenant: str,
    key: SigningKey,
    number: int,
    *,
    by: Actor | None = None,
    note: str = "",
) -> Manifest | NotPublished:
    """Publish the merchants, rules, looks and forms of bundle `number` under the next number.
    What was revoked stays revoked; keys and returns stay as they are now. LookupError where these
    rules are not known (any more)."""

    def first(c: sa.Connection) -> None:
        version = versions.load(c, tenant, number)
        if version is None:
            raise LookupError(f"{tenant} has no bundle {number} whose rules were kept")
        versions.restore(c, tenant, version)

    return publish(database, clock, tenant, key, first=first, restored=number, by=by, note=note)


# --- as time goes by ---------------------------------------------------------------------------


def renew(
    database: Database, clock: Clock, tenant: str, key: SigningKey
) -> Manifest | NotPublished | None:
    """Publish again where the newest bundle is getting old, so that no kiosk runs out of time.
    None where it is not."""
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
    return publish(database, clock, tenant, key, renewing=True)


def _has(c: sa.Connection, tenant: str, files: Sequence[str]) -> bool:
    """Whether all files of a bundle are there to be sent."""
    query = (
        sa.select(sa.func.count())
        .select_from(bundle_files)
        .where(bundle_files.c.tenant == tenant, bundle_files.c.sha256.in_(files))
    )
    return int(c.execute(query).scalar_one()) == len(set(files))


def _newest(*further: sa.ColumnElement[bool]) -> sa.Select[Any]:
    mine = bundles.c.tenant == sa.bindparam("tenant")
    query = sa.select(bundles.c.envelope, bundles.c.etag, bundles.c.early).where(mine, *further)
    return query.order_by(bundles.c.number.desc()).limit(1)


_OF_ALL, _FOR_ALL = _newest(), _newest(bundles.c.early.is_(False))


def newest(database: Transactions, tenant: str, device_id: str = "") -> tuple[bytes, str] | None:
    """The envelope that this kiosk is to have, and its ETag (without quotes); with no kiosk, the
    one that everybody may have."""
    with database.reading() as c:
        row = c.execute(_OF_ALL, {"tenant": tenant}).one_or_none()
        early = row is not None and row.early
        if early and not rollouts.takes_part(c, tenant, device_id):
            row = c.execute(_FOR_ALL, {"tenant": tenant}).one_or_none()
    return None if row is None else (bytes(row.envelope), row.etag)
