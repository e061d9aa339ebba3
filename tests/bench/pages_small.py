"""The little things that a page shows one of: made by the centre's own functions, before the year
is poured in, so that each page has its own address to be asked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from kiosk.domain.returns import Merchant
from kiosk.ports import Clock, Ids
from sync.central import audit, policy
from sync.central.database import Database, upsert
from sync.central.people import create_admin, managing
from sync.central.policy import drafts
from sync.central.policy.rollouts import Share
from sync.central.reconcile import uploading
from sync.central.reconcile.uploading import File
from sync.central.rest import keys
from sync.central.roles import Role
from sync.central.tables import devices, merchants, webhooks
from sync.wire.messages import Manifest
from tests.bench.drain_centre import BUNDLE_KEY, TENANT
from tests.bench.pages_more import HOOK

_RULES: Sequence[Mapping[str, Any]] = ({"rule": "allow", "id": "all"},)
_DRAFT = """[[merchant]]
id = "linden"
name = "Linden"
"""
_MAP = """source = "hub:north"
kind = "hub_received"
[columns]
source_id = "Scan"
told_at = "Time"
bag_id = "Label"
count = "Pieces"
"""
_FILE = b"Scan,Time,Label,Pieces\nh1,2026-05-04T09:00:00Z,BAG-1,1\n"


def fill(database: Database, clock: Clock, ids: Ids, person: str, password: str) -> list[str]:
    """Somebody who may see everything; rules published twice and a draft, a file that waits to be
    taken, a key, a webhook, an invitation. Addresses that no page leads to."""
    create_admin(database, ids, TENANT, person, password, clock)
    actor = audit.Actor(TENANT, person)
    shop = Merchant("linden", "Linden", "help@linden.example", "UTC")
    for rules in ((*_RULES, {"rule": "allow", "id": "old"}), _RULES):
        policy.put_merchant(database, TENANT, shop, rules)
        assert isinstance(policy.publish(database, clock, TENANT, BUNDLE_KEY), Manifest)
    _roll_out(database, clock, actor, shop)
    assert drafts.save(database, clock, actor, _DRAFT, "", "")
    keys.make(database, clock, ids, TENANT, keys.Role.HUB, "north", name="Hall")
    _webhook(database, clock)
    waiting = uploading.look(database, clock, ids, actor, File("north.csv", _FILE, _MAP))
    assert isinstance(waiting, str), waiting
    link = managing.invite(database, clock, ids, actor, "emil", frozenset({Role.AGENT}))
    assert not isinstance(link, managing.NotDone)
    mine = (f"/imports/{waiting}", f"/welcome/{link.token}", f"/keys/webhooks/{HOOK}")
    return [*mine, "/policy/publish", "/policy/versions/1/back"]


def _roll_out(database: Database, clock: Clock, actor: audit.Actor, shop: Merchant) -> None:
    """New rules, for the first site as yet."""
    kiosk = {"device_id": "kiosk-first", "tenant": TENANT, "site": "First", "kiosk_code": "K"}
    kiosk |= {"public_key": "", "enrolled_at": clock.now()}
    database.write(lambda c: c.execute(devices.insert(), kiosk))
    row = {"tenant": TENANT, "merchant_id": shop.merchant_id, "name": shop.name}
    row |= {"body": msgspec.json.encode(shop).decode()}
    row |= {"rules": msgspec.json.encode([*_RULES, {"rule": "allow", "id": "new"}]).decode()}
    told = policy.publish(
        *(database, clock, TENANT, BUNDLE_KEY),
        first=lambda c: upsert(c, merchants, [row]),
        by=actor,
        share=Share(sites=frozenset({"First"})),
    )
    assert isinstance(told, Manifest), told


def _webhook(database: Database, clock: Clock) -> None:
    now = clock.now()
    row = {"webhook_id": HOOK, "tenant": TENANT, "merchant_id": "shop-1", "types": ""}
    row |= {"url": "https://shop.example/in", "secret": "", "state": "gone"}
    times = {"created_at": now, "next_at": now, "held_until": now}
    database.write(lambda c: c.execute(webhooks.insert(), {**row, **times}))
