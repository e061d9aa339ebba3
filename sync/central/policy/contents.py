"""What goes into a bundle beside its returns: merchants with rules and looks, keys, revocations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk import house
from kiosk.domain import look
from kiosk.domain.codes import third_party
from kiosk.domain.policy import rules
from kiosk.domain.policy.bundle import CodeKey, PolicyContent
from kiosk.domain.returns import Merchant
from sync.central import networks
from sync.central.database import upsert
from sync.central.tables import code_keys, merchants, revoked_codes
from sync.wire import codec


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant, its rule specifications, and its look as it was written."""

    merchant: Merchant
    specs: Sequence[Mapping[str, Any]]
    look: Mapping[str, Any] = field(default_factory=dict)


def put(c: sa.Connection, tenant: str, shop: Shop) -> None:
    """New, or instead of what the merchant had."""
    row = {
        "tenant": tenant,
        "merchant_id": shop.merchant.merchant_id,
        "name": shop.merchant.name,
        "body": codec.encode(shop.merchant).decode(),
        "rules": codec.encode(shop.specs).decode(),
        "look": codec.encode(shop.look).decode(),
    }
    upsert(c, merchants, [row])


def drop_all(c: sa.Connection, tenant: str) -> None:
    c.execute(merchants.delete().where(merchants.c.tenant == tenant))


def shops(c: sa.Connection, tenant: str) -> list[Shop]:
    """All merchants, by id."""
    rows = c.execute(
        sa.select(merchants).where(merchants.c.tenant == tenant).order_by(merchants.c.merchant_id)
    ).all()
    return [
        Shop(
            msgspec.json.decode(row.body, type=Merchant),
            msgspec.json.decode(row.rules, type=list[dict[str, Any]]),
            msgspec.json.decode(row.look, type=dict[str, Any]),
        )
        for row in rows
    ]


def assemble(c: sa.Connection, tenant: str, audience: str, number: int) -> PolicyContent:
    given = shops(c, tenant)
    keys = c.execute(
        sa.select(code_keys.c.body).where(code_keys.c.tenant == tenant).order_by(code_keys.c.kid)
    ).scalars()
    revoked = c.execute(
        sa.select(revoked_codes.c.code_id)
        .where(revoked_codes.c.tenant == tenant)
        .order_by(revoked_codes.c.code_id)
    ).scalars()
    return PolicyContent(
        number=number,
        audience=audience,
        merchants=tuple(shop.merchant for shop in given),
        rules={shop.merchant.merchant_id: tuple(map(dict, shop.specs)) for shop in given},
        code_keys=tuple(msgspec.json.decode(body, type=CodeKey) for body in keys),
        revoked_codes=tuple(revoked),
        third_party=networks.forms(c, tenant),
        code_pepper=networks.pepper(c, tenant),
        looks={shop.merchant.merchant_id: dict(shop.look) for shop in given if shop.look},
    )


def problems(content: PolicyContent) -> tuple[str, ...]:
    """Why this must not go out, one sentence each."""
    forms = (f"other networks, {problem}" for problem in third_party.problems(content.third_party))
    return (*_wrong_rules(content), *forms)


def odd_looks(content: PolicyContent) -> tuple[str, ...]:
    """What kiosks would leave out of merchants' looks, one sentence each."""
    return tuple(
        f"{merchant_id}, {problem}"
        for merchant_id, told in sorted(content.looks.items())
        for problem in look.read(told, house.schemes())[1]
    )


def _wrong_rules(content: PolicyContent) -> tuple[str, ...]:
    return tuple(
        f"{merchant_id}, rule {place}: {problem}"
        for merchant_id, specs in sorted(content.rules.items())
        for place, spec in enumerate(specs, 1)
        for problem in rules.problems(spec)
    )
