"""Keys of machines and webhooks on the pages; a webhook that is given up is a case."""

from __future__ import annotations

import html
import re
import shutil
from datetime import timedelta

import pytest
import requests

from kiosk.domain.returns import Merchant
from sync.central.policy import put_merchant, put_tenant
from sync.central.rest import sender
from sync.central.rest.posting import Answered
from sync.central.tables import api_keys, cases, office_audit, webhook_deliveries, webhooks


@pytest.fixture
def database_url(prepared_file, tmp_path):
    shutil.copy(prepared_file, tmp_path / "pages.db")
    return f"sqlite:///{tmp_path}/pages.db"


@pytest.fixture
def shop(centre):
    put_merchant(centre.database, "acme", Merchant("linden", "Linden & Row", "", "UTC"), [])


def noted(centre):
    found = sorted(centre.rows(office_audit), key=lambda row: row["number"])
    areas = ("keys", "webhook")
    return [(row["what"], row["person"]) for row in found if row["what"].startswith(areas)]


def test_a_key_is_shown_once_opens_its_shop_and_ends_when_it_is_revoked(centre, shop, desk):
    shown = desk.send(
        "/keys/make", name="Linden's ERP", role="merchant", merchant="linden", days="90"
    )
    [token] = set(re.findall(r"tbk_[0-9a-z]{12}_[0-9a-f]{64}", shown.text))
    ask = {"Authorization": f"Bearer {token}"}
    path = centre.url + "/v1/webhooks"
    assert requests.get(path, headers=ask, timeout=20).status_code == 200
    listing = desk.get("/keys")
    assert token not in listing
    assert "Linden's ERP" in listing
    assert "Linden & Row" in listing
    [row] = centre.rows(api_keys)
    assert row["expires_at"] == centre.clock.now() + timedelta(days=90)
    assert "Revoked" in desk.send("/keys/revoke", prefix=row["prefix"]).text
    assert requests.get(path, headers=ask, timeout=20).status_code == 401
    assert noted(centre) == [("keys.made", "ada"), ("keys.revoked", "ada")]


@pytest.mark.parametrize(
    "given",
    [
        {"role": "merchant", "merchant": "nobody"},
        {"role": "merchant", "merchant": ""},
        {"role": "hub", "subject": "two words"},
        {"role": "king"},
        {"role": "exports", "days": "9999"},
    ],
)
def test_a_key_that_is_nobodys_is_not_made_and_what_was_typed_stays(centre, shop, desk, given):
    answer = desk.send("/keys/make", **{"name": "Mine", "days": "90", **given})
    assert answer.status_code == 422
    assert 'value="Mine"' in answer.text
    assert centre.rows(api_keys) == []


@pytest.fixture
def hook(centre, shop, desk):
    """The path of its page."""
    made = desk.send(
        "/keys/webhooks", merchant="linden", url="https://shop.example/in", type="drop.committed"
    )
    assert "whsec_" in html.unescape(made.text)
    [row] = centre.rows(webhooks)
    return f"/keys/webhooks/{row['webhook_id']}"


def state(centre):
    return [row["state"] for row in centre.rows(webhooks)]


def test_a_webhook_is_made_paused_goes_on_and_ends(centre, desk, hook):
    assert "whsec_" not in desk.get(hook) + desk.get("/keys/webhooks")
    assert "Paused" in desk.send(hook, step="pause").text
    assert state(centre) == ["paused"]
    desk.send(hook, step="replay", after="0")
    assert state(centre) == ["paused"]
    desk.send(hook, step="resume")
    assert state(centre) == ["active"]
    desk.send(hook, step="resume")
    desk.send(hook, step="end")
    assert state(centre) == []
    told = ["made", "paused", "replayed", "resumed", "ended"]
    assert noted(centre) == [(f"webhook.{one}", "ada") for one in told]


@pytest.mark.parametrize(
    "url", ["http://shop.example/", "https://127.0.0.1/", "https://u:p@x.example"]
)
def test_nothing_is_sent_into_the_house(centre, shop, desk, url):
    answer = desk.send("/keys/webhooks", merchant="linden", url=url)
    assert (answer.status_code, "Nothing can be sent there" in answer.text) == (422, True)
    assert centre.rows(webhooks) == []


def delivery(centre, row, **changes):
    values = {
        "webhook_id": row["webhook_id"],
        "position": 1,
        "tenant": "acme",
        "event_id": "e1",
        "attempts": 9,
        "first_at": centre.clock.now() - sender.DEAD_AFTER,
        "next_at": centre.clock.now(),
        **changes,
    }
    centre.database.write(lambda c: c.execute(webhook_deliveries.insert(), values))


def fails(centre, row, status):
    told, now = Answered(status, 0), centre.clock.now()
    centre.database.write(lambda c: sender._settle(c, row["webhook_id"], 1, told, now, 0.5))


def test_a_webhook_that_is_given_up_is_a_case_until_it_is_sent_once_more(centre, desk, hook):
    [row] = centre.rows(webhooks)
    delivery(centre, row)
    fails(centre, row, 500)
    fails(centre, row, 500)
    [case] = centre.rows(cases)
    assert (case["kind"], case["state"]) == ("webhook_dead", "open")
    page = desk.get(f"/cases/{case['case_id']}")
    assert "1 messages have not got through" in page
    assert "linden" in page
    assert "1 message was given up" in desk.get(hook)
    desk.send(hook, step="replay", after="0")
    assert [one["state"] for one in centre.rows(cases)] == ["settled"]
    assert [one["state"] for one in centre.rows(webhook_deliveries)] == ["waiting"]


def test_a_receiver_that_is_gone_is_a_case_at_once(centre, desk, hook):
    [row] = centre.rows(webhooks)
    delivery(centre, row, first_at=centre.clock.now())
    fails(centre, row, sender.GONE)
    assert state(centre) == ["gone"]
    assert [one["kind"] for one in centre.rows(cases)] == ["webhook_dead"]
    assert "Receiver is gone" in desk.get("/keys/webhooks")


def test_a_paused_webhook_stays_so_whatever_was_under_way(centre, desk, hook):
    [row] = centre.rows(webhooks)
    delivery(centre, row, first_at=centre.clock.now())
    desk.send(hook, step="pause")
    fails(centre, row, 500)
    assert state(centre) == ["paused"]


def test_another_tenant_reaches_none_of_it(centre, desk_of, hook):
    put_tenant(centre.database, "other", "Other", "other")
    eve = desk_of("eve", tenant="other")
    assert eve.browser.get(centre.url + hook, timeout=20).status_code == 404
    assert eve.send(hook, step="end").status_code == 404
    assert state(centre) == ["active"]
