"""Which rules a bundle had: kept for good, compared with those before, and brought back.

Bundles are renewed every few hours, mostly with the same rules, so rules are kept once under their
hash and each bundle names one. They are a record, and small; a bundle's files go after a while.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.returns import Merchant
from sync.central import networks
from sync.central.database import insert_new
from sync.central.policy import contents
from sync.central.policy.contents import Shop
from sync.central.tables import bundles, policies
from sync.wire import codec


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One merchant as it was."""

    merchant: Merchant
    rules: tuple[dict[str, Any], ...]
    look: dict[str, Any] = {}


class Version(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What people wrote: merchants by id, and other networks' forms. Keys, revocations and returns
    are not of it: nothing brings back what was revoked."""

    shops: dict[str, Kept] = {}
    forms: tuple[ThirdPartyForm, ...] = ()


class Rules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Rule ids of one merchant."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


class Changes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a bundle changed. `details` are merchants whose name, support or way of counting days
    is another; `returns` were added, changed or taken away. `keys` and `revoked` count all that
    the bundle holds."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    looks: tuple[str, ...] = ()
    rules: dict[str, Rules] = {}
    forms: tuple[str, ...] = ()
    returns: int = 0
    keys: int = 0
    revoked: int = 0
    restored: int = 0  # the bundle whose rules were brought back
    stopped: int = 0  # the roll-out that it ended
    against: int = 0  # the bundle that it is compared with; 0 for none, or not written down


def of(content: PolicyContent) -> Version:
    shops = {
        one.merchant_id: Kept(
            merchant=one,
            rules=content.rules.get(one.merchant_id, ()),
            look=content.looks.get(one.merchant_id, {}),
        )
        for one in content.merchants
    }
    return Version(shops=shops, forms=content.third_party)


def worn(content: PolicyContent, version: Version) -> PolicyContent:
    """The same keys and revocations with these rules."""
    shops = [version.shops[name] for name in sorted(version.shops)]
    return replace(
        content,
        merchants=tuple(one.merchant for one in shops),
        rules={one.merchant.merchant_id: one.rules for one in shops},
        looks={one.merchant.merchant_id: one.look for one in shops if one.look},
        third_party=version.forms,
    )


def standing(c: sa.Connection, tenant: str) -> Version:
    """What merchants hold now."""
    shops = {
        one.merchant.merchant_id: Kept(
            merchant=one.merchant, rules=tuple(map(dict, one.specs)), look=dict(one.look)
        )
        for one in contents.shops(c, tenant)
    }
    return Version(shops=shops, forms=networks.forms(c, tenant))


def read(c: sa.Connection, tenant: str, digest: str) -> Version | None:
    """By the hash under which they were kept."""
    query = sa.select(policies.c.body).where(
        policies.c.tenant == tenant, policies.c.digest == digest
    )
    body = c.execute(query).scalar_one_or_none()
    return None if body is None else msgspec.json.decode(body, type=Version)


def keep(c: sa.Connection, tenant: str, version: Version) -> str:
    """The hash under which it is found again."""
    body = codec.encode(version)
    digest = hashlib.sha256(body).hexdigest()
    insert_new(c, policies, {"tenant": tenant, "digest": digest, "body": body.decode()})
    return digest


def load(c: sa.Connection, tenant: str, number: int) -> Version | None:
    """The rules of a bundle; None where there is no such bundle, or it is older than this."""
    body = _body(c, tenant, number)
    return None if body is None else msgspec.json.decode(body, type=Version)


def _body(c: sa.Connection, tenant: str, number: int) -> str | None:
    query = (
        sa.select(policies.c.body)
        .join(
            bundles,
            sa.and_(bundles.c.tenant == policies.c.tenant, bundles.c.policy == policies.c.digest),
        )
        .where(bundles.c.tenant == tenant, bundles.c.number == number)
    )
    body: str | None = c.execute(query).scalar_one_or_none()
    return body


class Lacks(StrEnum):
    """Why the rules of a shop cannot be had."""

    BUNDLE = "bundle"  # there is no such bundle, or it is older than this record
    SHOP = "shop"  # the bundle had no such shop


class _Shelf(msgspec.Struct):
    """A version of which one shop is wanted: the others are not decoded."""

    shops: dict[str, msgspec.Raw] = {}


def shop(c: sa.Connection, tenant: str, number: int, merchant_id: str) -> Kept | Lacks:
    """One shop as a bundle had it, without the cost of all others."""
    body = _body(c, tenant, number)
    if body is None:
        return Lacks.BUNDLE
    found = msgspec.json.decode(body, type=_Shelf).shops.get(merchant_id)
    return Lacks.SHOP if found is None else msgspec.json.decode(found, type=Kept)


def restore(c: sa.Connection, tenant: str, version: Version) -> None:
    """Merchants and forms exactly as they were then; one that came later is gone."""
    contents.drop_all(c, tenant)
    for kept in version.shops.values():
        contents.put(c, tenant, Shop(kept.merchant, kept.rules, kept.look))
    networks.replace_forms(c, tenant, version.forms)


def changes(now: Version, before: Version) -> Changes:
    """Rules, merchants and forms; the counts are the caller's to add."""
    both = sorted(now.shops.keys() & before.shops.keys())
    pairs = [(name, now.shops[name], before.shops[name]) for name in both]
    rules = {name: _rules(new.rules, old.rules) for name, new, old in pairs}
    forms = {one.name: one for one in now.forms}
    old_forms = {one.name: one for one in before.forms}
    return Changes(
        added=tuple(sorted(now.shops.keys() - before.shops.keys())),
        removed=tuple(sorted(before.shops.keys() - now.shops.keys())),
        details=tuple(name for name, new, old in pairs if new.merchant != old.merchant),
        looks=tuple(name for name, new, old in pairs if new.look != old.look),
        rules={name: one for name, one in rules.items() if one != Rules()},
        forms=tuple(
            name
            for name in sorted(forms.keys() | old_forms.keys())
            if forms.get(name) != old_forms.get(name)
        ),
    )


def _rules(now: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]) -> Rules:
    new, old = _by_id(now), _by_id(before)
    return Rules(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(name for name in new.keys() & old.keys() if new[name] != old[name])),
    )


def _by_id(specs: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """In any order: it never matters. Two of one name are told as one."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for spec in specs:
        found.setdefault(str(spec.get("id", "")), []).append(spec)
    return found
