"""Merchants, as people of the house look at them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.domain.returns import Merchant
from kiosk.world import SystemIds
from sync.central import policy, shops
from sync.central.reconcile.model import Kind
from sync.central.rest import keys
from sync.central.tables import webhook_deliveries, webhooks
from tests.sync.reconcile.shop import Shop
from tests.sync.test_case_pages import sits

IDS = SystemIds()
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def street(centre, clock):
    """Two shops; a promised refund of one is paid, of the other twice: that is a case."""
    for name in ("linden", "voltaro"):
        merchant = Merchant(name, name.title(), "help@example.org", "Europe/Berlin")
        policy.put_merchant(centre.database, "acme", merchant, [])
    made = Shop(centre.database, now=clock.now() - timedelta(days=2))
    made.dropped("B1", "R1", units=2)
    made.dropped("B2", "R2", merchant_id="voltaro")
    for name, return_id, amount in (("linden", "R1", 2000), ("voltaro", "R2", 2500)):
        paid = {"return_id": return_id, "amount": amount, "currency": "EUR"}
        made.told(Kind.REFUNDED, source=f"merchant:{name}", **paid)
    made.later(hours=1)
    return made


def test_what_they_took_back_and_what_is_open(centre, clock, street):
    linden, voltaro = shops.listed(centre.database, "acme", clock.now())
    assert (linden.drops, linden.promised, linden.refunded) == (1, {"EUR": 2000}, {"EUR": 2000})
    assert (linden.cases, voltaro.cases) == (0, 1)
    assert voltaro.refunded == {"EUR": 2500}
    later = clock.now() + timedelta(days=8)
    assert [one.drops for one in shops.listed(centre.database, "acme", later)] == [0, 0]
    assert shops.listed(centre.database, "rival", clock.now()) == ()


@SQLITE
def test_a_webhook_in_trouble_and_a_key(centre, clock, street):
    now = clock.now()
    hook = {
        "webhook_id": "W1",
        "tenant": "acme",
        "merchant_id": "linden",
        "url": "https://hooks.linden.example/returns",
        "types": "",
        "secret": "",
        "failures": 3,
        **dict.fromkeys(("created_at", "next_at", "held_until"), now),
    }
    dead = {
        "webhook_id": "W1",
        "position": 1,
        "tenant": "acme",
        "event_id": "E1",
        "state": "dead",
        "first_at": now,
        "next_at": now,
    }

    def write(c):
        c.execute(webhooks.insert(), hook)
        c.execute(webhook_deliveries.insert(), dead)

    centre.database.write(write)
    keys.make(centre.database, clock, IDS, "acme", keys.Role.MERCHANT, "linden", name="till")
    found = shops.one(centre.database, "acme", "linden", now)
    assert (found.shop.hooks, found.shop.troubled, found.shop.keys) == (1, 1, 1)
    assert [(row["failures"], row["dead"], row["waiting"]) for row in found.hooks] == [(3, 1, 0)]
    desk = sits(centre, "ada")
    assert "In trouble" in desk.get("/merchants")
    page = desk.get("/merchants/linden")
    for text in ("1 event was given up", "3 failures in a row", "till", "K1-000001-X"):
        assert text in page, text
    assert "Amounts differ" in desk.get("/merchants/voltaro")
    assert desk.browser.get(desk.url + "/merchants/nobody", timeout=20).status_code == 404
    desk.browser.close()
